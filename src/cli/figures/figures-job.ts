import { runPlain } from "../../analysis/results/plain-run.ts";
import type { Results } from "../../analysis/results/results.ts";
import { prepareSample } from "../../analysis/sample/montecarlo.ts";
import { type NamedFigures, prepareFigures } from "../../analysis/sample/named-figures.ts";
import { countText } from "../../export/number-text.ts";
import { createThreadRunner } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { type Environment, type Given, textOf, textsOf } from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import { type ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile } from "../io/load.ts";
import { readSampleOptions, type SampleOptions, trialsFor } from "../io/sample-options.ts";
import { identifyJob, type JobIdentity } from "../shards/job-identity.ts";

/** Memory of the trials of all figures, when parts are merged [bytes]. */
export const MOST_BYTES = 2 * 2 ** 30;

/** Memory of all trials of named figures [bytes]. */
export function bytesOfTrials({ figures, options }: NamedFigures): number {
  return figures.figures.length * options.trials * Float64Array.BYTES_PER_ELEMENT;
}

/** A run of named figures that can be sampled, with its plain results. */
export type FiguresJob = {
  readonly scenario: Scenario;
  readonly plain: Results;
  /** Undefined where nothing is uncertain, or no trials are wanted. */
  readonly figures: NamedFigures | undefined;
  readonly names: readonly string[];
  readonly options: SampleOptions;
  readonly given: Given;
  readonly environment: Environment;
};

/**
 * Loads a run of named figures and reports its faults.
 *
 * @return an exit code if there are any
 */
export async function openFigures(given: Given, environment: Environment): Promise<FiguresJob | ExitCode> {
  const options = readSampleOptions(given);
  const { scenario, diagnostics, sources } = loadFile(textOf(given, "file") ?? "", given, environment);
  const run = scenario && (await runPlain(scenario, createThreadRunner()));
  const faults = [...diagnostics, ...(run?.diagnostics ?? [])];
  if (!scenario || !run?.results) return reportDiagnostics(faults, given, sources);
  const plain = run.results;
  const trials = trialsFor(options, plain.notes.uncertainCount);
  const names = textsOf(given, "metric");
  if (names.length === 0) throw new UsageError(describeWhole(scenario, plain, trials));
  const { seed, probabilities } = options;
  const { prepared, diagnostics: unknown } = prepareFigures(scenario, plain, names, {
    trials,
    seed,
    probabilities,
  });
  const code = reportDiagnostics([...faults, ...unknown], given, sources);
  if (!prepared) return code;
  const figures = trials > 0 ? prepared : undefined;
  return { scenario, plain, figures, names: prepared.names, options, given, environment };
}

/** Why the parts of a whole run are too large, and what to name instead. */
function describeWhole(scenario: Scenario, plain: Results, trials: number): string {
  const { figures } = prepareSample(scenario, plain, { trials: Math.max(1, trials), seed: "" }).figures;
  const bytes = figures.length * trials * Float64Array.BYTES_PER_ELEMENT;
  return `a shard needs \`--metric\`: all ${countText(figures.length)} figures of ${countText(trials)} trials would fill ${sizeText(bytes)}\nname figures of summary.csv, as in \`--metric cost_provider_pv_usd --metric npv_provider_usd\``;
}

/** What decides the trials of named figures. */
export function identifyFigures({ scenario, figures, names, given, environment }: FiguresJob): JobIdentity {
  return identifyJob(
    "run",
    { scenario, sample: figures?.options, given, environment },
    { figures: names.join(" ") },
  );
}

/** A size in words that fit its magnitude. */
export function sizeText(bytes: number): string {
  return bytes < 1e9
    ? `${countText(Math.ceil(bytes / 1e6))} MB`
    : `${countText(Math.ceil(bytes / 1e8) / 10)} GB`;
}
