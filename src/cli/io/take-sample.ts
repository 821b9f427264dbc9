import type { Results } from "../../analysis/results/results.ts";
import { makeDraws } from "../../analysis/sample/draws.ts";
import {
  estimateSample,
  type MonteCarloRun,
  type PreparedSample,
  prepareSample,
  runMonteCarlo,
  type SampleEstimate,
  type SampleToEstimate,
} from "../../analysis/sample/montecarlo.ts";
import type { Plan } from "../../engine/index.ts";
import { countText } from "../../export/number-text.ts";
import type { Table } from "../../metrics/table.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { Environment } from "./command.ts";
import { UsageError } from "./exit-code.ts";
import { openProgressBar } from "./progress-bar.ts";
import { hearSignals, openRunner, type SampleOptions } from "./sample-options.ts";
import { printError } from "./streams.ts";

/** From this many trials, the cost is estimated first. */
export const MANY_TRIALS = 200_000;

/** Most trials that `--draws` writes. */
const MOST_DRAWS = 1_000_000;

/** A sample, with a table of every trial if requested. */
export type TakenSample = MonteCarloRun & { readonly draws?: Table };

/** A longer run needs confirmation [s]. */
const LONGEST_SECONDS = 1800;

/**
 * Takes a sample for the tables of a run, with a progress bar on a terminal.
 *
 * @param isQuiet whether to print only results
 * @param plan    that of `compileForSample`, where there is one
 *
 * Fails: throws `UsageError` for a sample that would take very long and was not confirmed, and for too many draws to write.
 */
export async function takeSample(
  scenario: Scenario,
  plain: Results,
  options: SampleOptions & { readonly trials: number },
  environment: Environment,
  isQuiet: boolean,
  plan?: Plan,
): Promise<TakenSample> {
  const { trials, seed, probabilities } = options;
  if (options.draws !== undefined && trials > MOST_DRAWS)
    throw new UsageError(`\`--draws\` writes at most ${countText(MOST_DRAWS)} trials; take fewer`);
  const taken = { trials, seed, probabilities };
  const bar = await openProgressBar(!isQuiet);
  // Opened first, so that its threads start while the sample is prepared.
  const { runner, close } = openRunner(options, trials, environment);
  try {
    const prepared = prepareSample(scenario, plain, { ...taken, onProgress: bar.update }, plan);
    if (trials >= MANY_TRIALS) await announce(prepared, options, environment, isQuiet);
    const run = await runMonteCarlo(prepared, plain, runner);
    if (!run.results || options.draws === undefined) return run;
    const { name, fileType } = options.draws;
    const drawn = { name, trials, seed, pause: hearSignals };
    return { ...run, draws: { ...(await makeDraws(scenario, runner, drawn)), fileType } };
  } finally {
    bar.stop();
    // Not awaited: threads end while tables are made.
    void close();
  }
}

/** Announces the cost of a large sample, and rejects one that takes very long. */
async function announce(
  prepared: PreparedSample,
  options: SampleOptions,
  environment: Environment,
  isQuiet: boolean,
): Promise<void> {
  const estimate = await probeSample(prepared, options, environment);
  sayOrRefuse(`${countText(prepared.options.trials)} trials`, estimate, options, isQuiet);
}

/** Estimates the cost of a sample, in this thread, and leaves no memory of it. */
export async function probeSample(
  prepared: SampleToEstimate,
  options: SampleOptions,
  environment: Environment,
): Promise<SampleEstimate> {
  const probe = (): Promise<SampleEstimate> => {
    const { runner } = openRunner({ ...options, threads: 1 }, 0, environment);
    const now = (): number => performance.now();
    return estimateSample(prepared, runner, now, options.threads);
  };
  const estimate = await probe();
  // What was referred to weakly in a turn of the loop is held until its end.
  await hearSignals();
  collectGarbage();
  return estimate;
}

/**
 * Announces the cost of `subject`.
 *
 * Fails: throws `UsageError` for an unconfirmed cost that is very long.
 */
export function sayOrRefuse(
  subject: string,
  { seconds, bytes, isTwice }: SampleEstimate,
  options: Pick<SampleOptions, "isConfirmed">,
  isQuiet: boolean,
): void {
  const twice = isTwice ? ", simulated twice because their columns do not fit" : "";
  const cost = `${subject} take about ${durationText(seconds)} and ${Math.ceil(bytes / 1e6)} MB${twice}`;
  if (seconds > LONGEST_SECONDS && !options.isConfirmed) {
    throw new UsageError(
      `${cost}\nrun it with \`--yes\`, or take fewer: errors fall with the square root of the number of trials; docs/cluster.md shows how to divide a sweep or a run among machines`,
    );
  }
  if (!isQuiet) printError(`${cost}\n`);
}

function durationText(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  if (seconds < 7200) return `${Math.ceil(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.ceil(seconds / 3600)} hours` : `${Math.ceil(seconds / 86_400)} days`;
}
