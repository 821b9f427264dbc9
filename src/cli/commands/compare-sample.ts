import type { Comparison } from "../../analysis/compare/comparison.ts";
import {
  type PairedOptions,
  pairSamples,
  preparePairedSample,
  type SampledFigures,
  samplePaired,
} from "../../analysis/compare/paired-sample.ts";
import { placesOf, RENT_FIGURES, sampleRentOrOwn } from "../../analysis/compare/rent-or-own.ts";
import type { Book } from "../../analysis/results/book.ts";
import { findColumn, type Results } from "../../analysis/results/results.ts";
import { countText } from "../../export/number-text.ts";
import type { Runner } from "../../run/runner.ts";
import type { Progress } from "../../run/sample.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Environment } from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import { UsageError } from "../io/exit-code.ts";
import { openProgressBar } from "../io/progress-bar.ts";
import { openRunner, type SampleOptions } from "../io/sample-options.ts";
import { MANY_TRIALS, probeSample, sayOrRefuse } from "../io/take-sample.ts";
import { type Comparisons, Reported } from "./compare-entries.ts";

/** All trials' figures of all scenarios of a basis are in memory at once, up to this size [bytes]. */
const mostBytes = 1024 * 2 ** 20;

/** From this many trials of all scenarios together, the cost is estimated first. A trial with few figures is cheap. */
const manyRuns = 4 * MANY_TRIALS;

/** What is sampled for a comparison, and its options. */
export type CompareSampleRequest = {
  /** Figures kept for every trial. */
  readonly names: readonly string[];
  readonly book: Book;
  readonly trials: number;
  readonly options: SampleOptions;
  readonly isQuiet: boolean;
  /** The options, for the format of diagnostics. */
  readonly given: Readonly<Record<string, unknown>>;
};

/**
 * Samples the scenarios of each basis with the same draws and pairs them with the first, with a progress bar on a terminal.
 *
 * Memory: 8 bytes per figure, scenario and trial of one basis. Fails: throws `UsageError` for a sample that would take very long,
 * and `Reported` for draws outside their range.
 */
export async function sampleComparisons(
  comparisons: Comparisons,
  request: CompareSampleRequest,
  environment: Environment,
): Promise<Comparisons> {
  const { trials, options, isQuiet } = request;
  await checkCost(comparisons, request, environment);
  const { runner, close } = openRunner(options, trials, environment);
  const bar = await openProgressBar(!isQuiet);
  const all = trials * comparisons.reduce((sum, { runs }) => sum + runs.length, 0);
  const known = new Map<Scenario, SampledFigures>();
  let done = 0;
  const onProgress = (progress: Progress) => bar.update({ ...progress, done: done + progress.done, all });
  try {
    const [first, ...others] = comparisons;
    const take = async (comparison: Comparison): Promise<Comparison> => {
      const onRun = () => {
        done += trials;
      };
      const sample = await sampleOne(comparison, request, runner, onProgress, onRun, known);
      return { ...comparison, sample };
    };
    const sampled: [Comparison, ...Comparison[]] = [await take(first)];
    for (const comparison of others) sampled.push(await take(comparison));
    return sampled;
  } finally {
    bar.stop();
    await close();
  }
}

async function sampleOne(
  { runs }: Comparison,
  { names, book, trials, options: { seed }, given }: CompareSampleRequest,
  runner: Runner,
  onProgress: (progress: Progress) => void,
  onRun: () => void,
  known: Map<Scenario, SampledFigures>,
) {
  const options: PairedOptions = { trials, seed };
  const sampled: SampledFigures[] = [];
  for (const { scenario, results } of runs) {
    // The first scenario of a basis is often that of the previous one.
    const earlier = known.get(scenario);
    if (earlier) {
      sampled.push(earlier);
      onRun();
      continue;
    }
    const kept = [...names, ...rentFiguresOf(results)];
    const prepared = preparePairedSample(scenario, results, kept, options);
    const { sampled: own, diagnostics } = await samplePaired(prepared, runner, onProgress);
    if (!own) {
      throw new Reported(reportDiagnostics(diagnostics, given, scenario.files));
    }
    if (sampled.length === 0) known.set(scenario, own);
    sampled.push(own);
    onRun();
  }
  const paired = pairSamples(sampled, names, options, book);
  const places = placesOf(runs);
  if (!places) return paired;
  const trialsOf = (run: number, figure: string): Float64Array => {
    const kept = [...names, ...rentFiguresOf(runs[run].results)];
    const start = sampled[run].positions[kept.indexOf(figure)] * trials;
    return sampled[run].values.subarray(start, start + trials);
  };
  return { ...paired, rentOrOwn: sampleRentOrOwn(places, trialsOf) };
}

/** Figures of rent that a scenario has. */
function rentFiguresOf(results: Results): readonly string[] {
  return RENT_FIGURES.filter((name) => findColumn(results, "run", name));
}

/** Memory of a trial of all scenarios of a basis [bytes]. */
const bytesOfTrial = (runs: readonly unknown[], names: readonly string[]) => 8 * names.length * runs.length;

/** Fails: throws `UsageError` for a sample whose figures do not fit; call it before anything is searched or sampled. */
export function checkMemory(runs: readonly unknown[], names: readonly string[], trials: number): void {
  const kept = trials * bytesOfTrial(runs, names);
  if (kept <= mostBytes) return;
  const most = Math.floor(mostBytes / bytesOfTrial(runs, names));
  const size = (bytes: number) => `${countText(Math.ceil(bytes / 1e6))} MB`;
  throw new UsageError(
    `${countText(trials)} trials of ${runs.length} scenarios keep ${names.length} figures per trial: ${size(kept)}; the limit is ${size(mostBytes)}\ntake up to ${countText(most)} trials`,
  );
}

/** Announces the cost of a large sample, and rejects one that takes very long. */
async function checkCost(
  comparisons: Comparisons,
  { names, trials, options, isQuiet }: CompareSampleRequest,
  environment: Environment,
): Promise<void> {
  const { runs } = comparisons[0];
  const kept = trials * bytesOfTrial(runs, names);
  const samples = comparisons.reduce((sum, comparison) => sum + comparison.runs.length, 0);
  if (trials * samples < manyRuns) return;
  const [{ scenario, results }] = runs;
  const prepared = preparePairedSample(scenario, results, names, { trials, seed: options.seed });
  const one = await probeSample(prepared, options, environment);
  const estimate = { ...one, seconds: one.seconds * samples, bytes: one.bytes + kept };
  sayOrRefuse(`${countText(trials)} trials of ${samples} runs`, estimate, options, isQuiet);
}
