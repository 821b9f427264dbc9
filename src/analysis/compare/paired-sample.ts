import { compile } from "../../compile/compile.ts";
import { type Diagnostic, InternalError } from "../../diagnostics/diagnostic.ts";
import type { Statistics } from "../../engine/index.ts";
import type { Runner } from "../../run/runner.ts";
import type { Progress } from "../../run/sample.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Book } from "../results/book.ts";
import { describeFaults } from "../results/faults.ts";
import type { Results } from "../results/results.ts";
import { FigureCollector } from "../sample/figure-collector.ts";
import { findFigureRequests } from "../sample/figure-requests.ts";
import type { PreparedSample } from "../sample/montecarlo.ts";
import { requestFigures } from "../sample/sample-request.ts";
import { COMPUTE, COST_OF, maybeNegative, senseOf } from "./headlines.ts";
import {
  ownStatistics,
  type PairedValues,
  pairedDifferences,
  pairedRatios,
  paretoShares,
  rankScenarios,
  type Sense,
} from "./paired.ts";
import type { SampledRentOrOwn } from "./rent-or-own.ts";

/** The number of trials and their draws, for a comparison. */
export type PairedOptions = { readonly trials: number; readonly seed: string };

/** Statistics of one figure of one scenario, beside the first. */
export type PairedFigure = {
  readonly value: Statistics;
  readonly difference: Statistics;
  /** Absent for a figure that may be negative. */
  readonly ratio?: Statistics;
  /** Absent for a figure of which neither more nor less is better. */
  readonly rank?: {
    readonly sense: Sense;
    readonly probabilityBest: number;
    readonly probabilityBeatsFirst: number;
    readonly expectedRegret: number;
  };
};

/** Results of a sample with the same draws for all scenarios. */
export type PairedSample = PairedOptions & {
  /** By name of the figure, then in the order of the scenarios. */
  readonly figures: ReadonlyMap<string, readonly PairedFigure[]>;
  /** Share of trials in which each scenario is in the Pareto set. */
  readonly paretoShares: readonly number[];
  /** Where one scenario rents its chips and another owns them. */
  readonly rentOrOwn?: SampledRentOrOwn;
};

/** A paired sample that is prepared but not yet run. */
export type PreparedPairedSample = PreparedSample & {
  /** Position among the simulated figures, by requested name: names of one register share a figure. */
  readonly positions: readonly number[];
};

/** A scenario's figures in every trial. */
export type SampledFigures = {
  /** [figure][trial], infinite if a figure does not exist in the trial. */
  readonly values: Float64Array;
  /** Position of the figure of each requested name, which may differ between scenarios. */
  readonly positions: readonly number[];
};

/**
 * Prepares a sample that keeps every trial's value of some figures of the whole run.
 *
 * @param results of the plain run, which define the figures
 * @param names   figures that the run has
 *
 * Memory: the sample keeps 8 bytes per figure and trial. Fails: never, for a scenario without errors.
 */
export function preparePairedSample(
  scenario: Scenario,
  results: Results,
  names: readonly string[],
  { trials, seed }: PairedOptions,
): PreparedPairedSample {
  const requests = findFigureRequests(results);
  const wanted = names.map((name) => {
    const request = requests.get(name);
    if (!request) throw new InternalError(`${name} has no statistics`);
    return request;
  });
  const plan = compile(scenario, {
    months: "horizon",
    metrics: wanted.map(({ metric }) => metric),
    levels: [...new Set(wanted.map(({ level }) => level))],
  });
  const figures = new FigureCollector(plan, []);
  const positions = wanted.map((request, index) => {
    const position = figures.indexOf({ ...request, ranked: false });
    if (position === undefined) throw new InternalError(`${names[index]} is not simulated`);
    return position;
  });
  // Quantiles are taken of the pairs.
  const options = { trials, seed, probabilities: [] };
  const request = { ...requestFigures(scenario, plan, figures, options), keep: true };
  return { scenario, plan, figures, options, request, positions };
}

/**
 * Runs one scenario's sample.
 *
 * Fails: as the runner does; a draw outside its field's range is returned as a diagnostic.
 */
export async function samplePaired(
  { scenario, plan, request, options, positions }: PreparedPairedSample,
  runner: Runner,
  onProgress: (progress: Progress) => void,
): Promise<{ readonly sampled?: SampledFigures; readonly diagnostics: readonly Diagnostic[] }> {
  const { kept, faults } = await runner.sample(plan, { ...request, onProgress });
  const diagnostics = describeFaults(scenario, faults, options.trials);
  return diagnostics.length > 0 ? { diagnostics } : { sampled: { values: kept, positions }, diagnostics };
}

/**
 * Compares sampled scenarios with the first, trial by trial.
 *
 * @param sampled figures `names` of each scenario
 *
 * Memory: a matrix of one figure at a time. Fails: never. Cost: figures x scenarios x trials.
 */
export function pairSamples(
  sampled: readonly SampledFigures[],
  names: readonly string[],
  options: PairedOptions,
  book: Book,
): PairedSample {
  const valuesOf = (name: string) => gather(sampled, names.indexOf(name), options.trials);
  const figures = new Map(names.map((name) => [name, pairFigure(name, valuesOf(name))]));
  const hasBoth = names.includes(COST_OF[book]) && names.includes(COMPUTE);
  return {
    ...options,
    figures,
    paretoShares: hasBoth ? paretoShares(valuesOf(COST_OF[book]), valuesOf(COMPUTE)) : [],
  };
}

function pairFigure(name: string, figure: PairedValues): readonly PairedFigure[] {
  const values = ownStatistics(figure);
  const differences = pairedDifferences(figure);
  const ratios = maybeNegative(name) ? [] : pairedRatios(figure);
  const sense = senseOf(name);
  const ranking = sense && rankScenarios(figure, sense);
  return values.map((value, run) => ({
    value,
    difference: differences[run],
    ...(ratios[run] && ratios[run].share > 0 ? { ratio: ratios[run] } : {}),
    ...(sense && ranking
      ? {
          rank: {
            sense,
            probabilityBest: ranking.probabilityBest[run],
            probabilityBeatsFirst: ranking.probabilityBeatsFirst[run],
            expectedRegret: ranking.expectedRegret[run],
          },
        }
      : {}),
  }));
}

/** One figure of all scenarios as a matrix; `name` is its index among the requested names. */
function gather(sampled: readonly SampledFigures[], name: number, trials: number): PairedValues {
  const values = new Float64Array(sampled.length * trials);
  for (const [scenario, own] of sampled.entries()) {
    const start = own.positions[name] * trials;
    values.set(own.values.subarray(start, start + trials), scenario * trials);
  }
  return { values, scenarios: sampled.length, trials };
}
