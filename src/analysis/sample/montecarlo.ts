import { type CompileOptions, compile, compileWithReads } from "../../compile/compile.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Plan, rankOf } from "../../engine/index.ts";
import type { Runner } from "../../run/runner.ts";
import { type Progress, planSample, type SampleRequest } from "../../run/sample.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "../results/faults.ts";
import type { Results } from "../results/results.ts";
import type { RankedInput, Spread } from "../results/spread.ts";
import { readSampleTables } from "../tables/index.ts";
import { FigureCollector } from "./figure-collector.ts";
import { rankInputsBy } from "./rank-inputs.ts";
import { requestFigures, spreadOf } from "./sample-request.ts";

/** Default quantiles of tables. */
export const STANDARD_PROBABILITIES = [0.05, 0.5, 0.95] as const;

/** Default number of trials. */
export const STANDARD_TRIALS = 10_000;

/** Default seed: runs are equal unless another is requested. */
export const STANDARD_SEED = "1";

/** Figures of which the first trials are kept: how they fall, and which input they follow, no quantile tells. */
export const KEPT = ["cost_provider_pv_usd", "npv_provider_usd"] as const;

export type MonteCarloOptions = {
  readonly trials: number;
  readonly seed: string;
  /** Probabilities of the quantiles, ascending, between 0 and 1. */
  readonly probabilities?: readonly number[];
  /** Memory for columns [bytes]. */
  readonly memory?: number;
  readonly onProgress?: (progress: Progress) => void;
};

/** A sample that is prepared but not yet run, so that its cost can be announced first. */
export type PreparedSample = {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly figures: FigureCollector;
  readonly request: SampleRequest;
  /** Figures of the whole run of which the first trials are kept. */
  readonly kept?: readonly string[];
  readonly options: MonteCarloOptions & { readonly probabilities: readonly number[] };
};

/** Results with their spread, unless draws are out of range. */
export type MonteCarloRun = { readonly results?: Results; readonly diagnostics: readonly Diagnostic[] };

/** What a sample of all tables simulates. */
const SAMPLED: Pick<CompileOptions, "levels" | "months"> = {
  levels: ["contract", "tranche", "loan", "total", "run"],
  months: "horizon",
};

/**
 * Compiles a scenario for a plain run and for a sample of all tables, whose Plan is a part of the other.
 *
 * Fails: never, for a scenario without errors.
 */
export function compileForSample(scenario: Scenario): {
  readonly plain: Plan;
  readonly sample: Plan | undefined;
} {
  const { plan, first } = compileWithReads(scenario, { first: SAMPLED });
  return { plain: plan, sample: first };
}

/**
 * Prepares a sample with the statistics of every figure in the tables.
 *
 * @param plain results of the plain run, whose columns stay unchanged
 * @param plan  that of `compileForSample`, where there is one
 *
 * Fails: never, for a scenario without errors.
 */
export function prepareSample(
  scenario: Scenario,
  plain: Results,
  given: MonteCarloOptions,
  plan: Plan = compile(scenario, SAMPLED),
): PreparedSample {
  const options = { probabilities: STANDARD_PROBABILITIES, ...given };
  const { trials, seed, probabilities } = options;
  const figures = new FigureCollector(plan, probabilities);
  const read: Spread["read"] = (request) => figures.collect(request);
  readSampleTables({ ...plain, spread: { probabilities, trials, seed, read } });
  return sampleOf(scenario, plan, figures, options);
}

/** A sample of the figures collected for a Plan, with the first trials of those in `KEPT`. */
export function sampleOf(
  scenario: Scenario,
  plan: Plan,
  figures: FigureCollector,
  options: PreparedSample["options"],
): PreparedSample {
  const { memory, onProgress } = options;
  const kept = KEPT.flatMap((metric) => {
    const position = figures.indexOf({ level: "run", metric, first: 0, end: 1 });
    return position === undefined ? [] : [{ metric, position }];
  });
  const request = {
    ...requestFigures(scenario, plan, figures, options),
    first: kept.map(({ position }) => position),
    ...(memory === undefined ? {} : { memory }),
    ...(onProgress ? { onProgress } : {}),
  };
  return { scenario, plan, figures, options, kept: kept.map(({ metric }) => metric), request };
}

/**
 * Runs a sample and adds its statistics to the plain run's results, which stay unchanged bit for bit.
 *
 * The same scenario, seed and number of trials give the same figures on any runner and with any memory.
 *
 * Fails: as the runner does; a draw outside its field's range is returned as a diagnostic.
 */
export async function runMonteCarlo(
  { scenario, plan, figures, request, options, kept = [] }: PreparedSample,
  plain: Results,
  runner: Runner,
): Promise<MonteCarloRun> {
  const { statistics, first, faults } = await runner.sample(plan, request);
  const diagnostics = describeFaults(scenario, faults, options.trials);
  if (diagnostics.length > 0) return { diagnostics };
  const trialsOf = (metric: string): Float64Array | undefined => first[kept.indexOf(metric)];
  // Screen and report both need it, and it takes all draws of all inputs.
  const ranked = new Map<string, readonly RankedInput[]>();
  const rankInputs = (metric: string) => {
    const own = trialsOf(metric);
    const inputs = ranked.get(metric) ?? (own ? rankInputsBy(plan, request.fill, own) : []);
    ranked.set(metric, inputs);
    return inputs;
  };
  const spread = { ...spreadOf(figures, statistics, options), trialsOf, rankInputs };
  return { results: { ...plain, spread }, diagnostics };
}

/** What an estimate needs of a sample. */
export type SampleToEstimate = Pick<PreparedSample, "plan" | "request"> & {
  readonly options: Pick<PreparedSample["options"], "trials" | "probabilities">;
};

/** The cost of a sample. */
export type SampleEstimate = {
  readonly seconds: number;
  readonly bytes: number;
  /** Whether trials are simulated twice because their columns do not fit the memory. */
  readonly isTwice: boolean;
};

/**
 * Estimates time and memory of a sample from two short ones of the same Plan. Their difference gives the cost of a trial,
 * because setting up a sample may take as long as thousands of trials of a small Plan.
 *
 * @param now     a clock [ms]
 * @param threads number of threads for the sample
 */
export async function estimateSample(
  { plan, request, options }: SampleToEstimate,
  runner: Runner,
  now: () => number,
  threads: number,
): Promise<SampleEstimate> {
  const measure = async (trials: number): Promise<number> => {
    const started = now();
    await runner.sample(plan, {
      ...request,
      trials,
      ranks: options.probabilities.map((probability) => rankOf(probability, trials)),
      onProgress: () => {},
    });
    return now() - started;
  };
  const [fewer, more] = PROBE_TRIALS.map((trials) => Math.min(trials, options.trials));
  await measure(fewer);
  const [least, most] = [await measure(fewer), await measure(more)];
  // On a busy machine the longer sample may finish sooner; then all its time counts.
  const isTold = more > fewer && most > least;
  const milliseconds = isTold ? (most - least) / (more - fewer) : most / more;
  const { bytes, passes } = planSample(request);
  // Only order statistics need another search.
  const isRanked = request.ranks.length > 0;
  const isTwice = isRanked && passes > 1;
  return {
    seconds: (milliseconds * options.trials * (isTwice ? 2 : 1)) / 1000 / threads,
    bytes,
    isTwice,
  };
}

/** Trials of the two short samples. */
const PROBE_TRIALS = [256, 2048] as const;
