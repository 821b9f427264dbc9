import { compile, EVENT } from "../../compile/compile.ts";
import { type Diagnostic, InternalError } from "../../diagnostics/diagnostic.ts";
import { Reduction, type Statistics } from "../../engine/index.ts";
import type { Runner } from "../../run/runner.ts";
import type { Progress } from "../../run/sample.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Book } from "../results/book.ts";
import { type EventChances, eventsOf } from "../results/events.ts";
import { describeFaults } from "../results/faults.ts";
import type { Results } from "../results/results.ts";
import type { FigureRequest } from "../results/spread.ts";
import { FigureCollector } from "../sample/figure-collector.ts";
import { findFigureRequests } from "../sample/figure-requests.ts";
import type { PreparedSample } from "../sample/montecarlo.ts";
import { requestFigures } from "../sample/sample-request.ts";
import { type DecidingInput, type Draws, findDecidingInputs } from "./deciding-input.ts";
import { COMPUTE, COST_OF, DECIDED, maybeNegative, senseOf } from "./headlines.ts";
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
import { chancesOfTrials } from "./sampled-events.ts";

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
    /** Trials that these shares and means are of: those in which the figure exists in all scenarios. */
    readonly trials: number;
    /** The first scenario with the same figure in every trial, which may be this one. */
    readonly sameAs: number;
  };
};

/** Results of a sample with the same draws for all scenarios. */
export type PairedSample = PairedOptions & {
  /** By name of the figure, then in the order of the scenarios. */
  readonly figures: ReadonlyMap<string, readonly PairedFigure[]>;
  /** Share of trials in which each scenario is in the Pareto set. */
  readonly paretoShares: readonly number[];
  /** Chances of each scenario's events. */
  readonly events: readonly (readonly EventChances[])[];
  /** What decides between the scenario that is best most often and the next, in each of `DECIDED`. */
  readonly decisions: readonly Decision[];
  /** Where one scenario rents its chips and another owns them. */
  readonly rentOrOwn?: SampledRentOrOwn;
};

/** The two scenarios that lead in a figure, and the inputs that decide between them, the clearest first. */
export type Decision = {
  readonly metric: string;
  readonly leader: number;
  readonly next: number;
  readonly inputs: readonly DecidingInput[];
};

/** A paired sample that is prepared but not yet run. */
export type PreparedPairedSample = PreparedSample & {
  readonly results: Results;
  /** Position of the first month of each event. */
  readonly events: ReadonlyMap<string, number>;
  /** Position among the simulated figures, by requested name: names of one register share a figure. */
  readonly positions: readonly number[];
};

/** A scenario's figures in every trial. */
export type SampledFigures = {
  /** [figure][trial], infinite if a figure does not exist in the trial. */
  readonly values: Float64Array;
  /** Position of the figure of each requested name, which may differ between scenarios. */
  readonly positions: readonly number[];
  readonly events: readonly EventChances[];
  readonly draws: Draws;
};

/**
 * Prepares a sample that keeps every trial's value of some figures of the whole run, and the first month of each event.
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
    events: "all",
  });
  const figures = new FigureCollector(plan, []);
  const positions = wanted.map((request, index) => {
    const position = figures.indexOf({ ...request, ranked: false });
    if (position === undefined) throw new InternalError(`${names[index]} is not simulated`);
    return position;
  });
  const events = new Map(
    eventsOf(results).flatMap((entity) => {
      const position = figures.indexOf({ ...firstMonthOf(entity, results), ranked: false });
      return position === undefined ? [] : [[entity, position] as const];
    }),
  );
  // Quantiles are taken of the pairs.
  const options = { trials, seed, probabilities: [] };
  const request = { ...requestFigures(scenario, plan, figures, options), keep: true };
  return { scenario, results, plan, figures, options, request, positions, events };
}

/** The first month of an event, within the months reported. */
function firstMonthOf(entity: string, { monthCount }: Results): FigureRequest {
  return {
    level: "total",
    metric: EVENT,
    entity,
    first: 0,
    end: monthCount,
    reduction: Reduction.firstMonth,
  };
}

/**
 * Runs one scenario's sample.
 *
 * Fails: as the runner does; a draw outside its field's range is returned as a diagnostic.
 */
export async function samplePaired(
  { scenario, results, plan, request, options, positions, events }: PreparedPairedSample,
  runner: Runner,
  onProgress: (progress: Progress) => void,
): Promise<{ readonly sampled?: SampledFigures; readonly diagnostics: readonly Diagnostic[] }> {
  const { kept, faults } = await runner.sample(plan, { ...request, onProgress });
  const diagnostics = describeFaults(scenario, faults, options.trials);
  if (diagnostics.length > 0) return { diagnostics };
  const { trials } = options;
  const firstMonths = new Map(
    [...events].map(([event, at]) => [event, kept.subarray(at * trials, (at + 1) * trials)]),
  );
  const sampled = {
    values: kept,
    positions,
    events: chancesOfTrials(results, firstMonths, options),
    draws: { plan, fill: request.fill },
  };
  return { sampled, diagnostics };
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
  const decisions = DECIDED[book].flatMap((metric) => {
    const leaders = leadersIn(figures.get(metric) ?? []);
    return leaders ? [decide(metric, leaders, valuesOf(metric), sampled)] : [];
  });
  return {
    ...options,
    figures,
    paretoShares: hasBoth ? paretoShares(valuesOf(COST_OF[book]), valuesOf(COMPUTE)) : [],
    events: sampled.map(({ events }) => events),
    decisions,
  };
}

/**
 * The scenario that is best most often, and the next. The first of several with the same figure in every trial stands for all of
 * them. Undefined where all scenarios have the same figure, so that none leads.
 */
export function leadersIn(
  figures: readonly PairedFigure[],
): { readonly leader: number; readonly next: number } | undefined {
  const shares = figures.map((_, run) => shareBest(figures, run));
  const [leader, next] = figures
    .flatMap(({ rank }, run) => (rank?.sameAs === run ? [run] : []))
    .sort((a, b) => shares[b] - shares[a]);
  return leader === undefined || next === undefined ? undefined : { leader, next };
}

/** In how many trials no scenario is better: those with the same figure in every trial count together. */
export function shareBest(figures: readonly PairedFigure[], run: number): number {
  const own = figures[run]?.rank?.sameAs;
  return figures.reduce(
    (sum, { rank }) => (rank && rank.sameAs === own ? sum + rank.probabilityBest : sum),
    0,
  );
}

/** Whether all scenarios have the same figure in every trial, so that none is best. */
export function areSame(figures: readonly PairedFigure[]): boolean {
  return figures.length > 1 && figures.every(({ rank }) => rank?.sameAs === 0);
}

function decide(
  metric: string,
  { leader, next }: { readonly leader: number; readonly next: number },
  { values, trials }: PairedValues,
  sampled: readonly SampledFigures[],
): Decision {
  const [best, other] = [leader, next].map((run) => values.subarray(run * trials, (run + 1) * trials));
  const sign = senseOf(metric) === "less" ? 1 : -1;
  const gains = best.map((value, trial) => sign * (value - other[trial]));
  const inputs = findDecidingInputs(gains, [sampled[leader].draws, sampled[next].draws]);
  return { metric, leader, next, inputs };
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
            trials: ranking.trials,
            sameAs: ranking.sameAs[run],
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
