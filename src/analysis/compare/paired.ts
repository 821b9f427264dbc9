/**
 * Statistics of scenarios run with the same draws. A matrix is [scenario][trial]: value `scenario * trials + trial`,
 * infinite if the figure does not exist in that trial. Pairs are formed by trial, so that effects common to all scenarios
 * cancel.
 */
import type { Statistics } from "../../engine/index.ts";
import { isBelow, paretoSet } from "./pareto.ts";
import { summariseValues } from "./summarise-values.ts";

/** Whether more or less is better. */
export type Sense = "less" | "more";

/** Values of one figure in every trial of every scenario. */
export type PairedValues = {
  readonly values: Float64Array;
  readonly scenarios: number;
  readonly trials: number;
};

/** Probabilities of the quantiles, in the order of the statistics. */
export const PAIRED_PROBABILITIES = [0.05, 0.5, 0.95] as const;

/**
 * Statistics of each scenario's difference from the first, trial by trial.
 *
 * A trial counts if the figure exists in both scenarios (docs/model.md section 11 covers the others). A scenario against
 * itself gives exactly zero. Fails: never. Cost: trials x scenarios.
 */
export function pairedDifferences(figure: PairedValues): readonly Statistics[] {
  return pairWithFirst(figure, (value, first) => value - first);
}

/**
 * Statistics of each scenario's ratio to the first, trial by trial; a trial counts if the first is above 0 and neither is
 * negative. Fails: never.
 */
export function pairedRatios(figure: PairedValues): readonly Statistics[] {
  return pairWithFirst(figure, (value, first) => (first > 0 && value >= 0 ? value / first : Number.NaN));
}

/** Statistics of each scenario by itself. Fails: never. */
export function ownStatistics({ values, scenarios, trials }: PairedValues): readonly Statistics[] {
  return Array.from({ length: scenarios }, (_, scenario) =>
    summariseValues(values.subarray(scenario * trials, (scenario + 1) * trials), PAIRED_PROBABILITIES),
  );
}

/** How scenarios rank against each other by one figure, each in the order of the scenarios. */
export type Ranking = {
  /** Chance of being the best; tied scenarios share a trial evenly, so that the chances add to one. */
  readonly probabilityBest: readonly number[];
  /** Chance of being better than the first; ties do not count. */
  readonly probabilityBeatsFirst: readonly number[];
  /**
   * Mean loss from choosing the scenario instead of the best one of the trial: never negative, and smallest for the choice
   * of a planner without further knowledge.
   */
  readonly expectedRegret: readonly number[];
  /** Trials that count: those in which the figure exists in all scenarios. */
  readonly trials: number;
  /** The first scenario with the same figure in every trial, within rounding: itself where none before it has. */
  readonly sameAs: readonly number[];
};

/**
 * Ranks scenarios by a figure, trial by trial; figures equal within rounding are tied.
 *
 * Only trials in which the figure exists in all scenarios count. Fails: never; everything is 0 without such a trial.
 * Cost: trials x scenarios.
 */
export function rankScenarios(figure: PairedValues, sense: Sense): Ranking {
  const { scenarios, trials } = figure;
  const [best, beats, regrets] = [0, 1, 2].map(() => new Float64Array(scenarios));
  const row = new Float64Array(scenarios);
  let counted = 0;
  for (let trial = 0; trial < trials; trial++) {
    if (!readTrial(figure, trial, row)) continue;
    counted++;
    const most = bestOf(row, sense);
    let ties = 0;
    for (let scenario = 0; scenario < scenarios; scenario++) {
      regrets[scenario] += Math.abs(row[scenario] - most);
      if (isBetter(row[scenario], row[0], sense)) beats[scenario]++;
      if (!isBetter(most, row[scenario], sense)) ties++;
    }
    for (let scenario = 0; scenario < scenarios; scenario++)
      if (!isBetter(most, row[scenario], sense)) best[scenario] += 1 / ties;
  }
  const shareOf = (sums: Float64Array) => Array.from(sums, (sum) => sum / Math.max(1, counted));
  return {
    probabilityBest: shareOf(best),
    probabilityBeatsFirst: shareOf(beats),
    expectedRegret: shareOf(regrets),
    trials: counted,
    sameAs: findSame(figure),
  };
}

function findSame({ values, scenarios, trials }: PairedValues): readonly number[] {
  const own = (scenario: number) => values.subarray(scenario * trials, (scenario + 1) * trials);
  const isSame = (one: Float64Array, other: Float64Array) =>
    one.every((value, trial) => {
      const [first, second] = [value, other[trial]];
      // A figure is infinite in a trial in which it does not exist.
      if (!Number.isFinite(first) || !Number.isFinite(second)) return first === second;
      return !isBelow(first, second) && !isBelow(second, first);
    });
  const found: number[] = [];
  for (let scenario = 0; scenario < scenarios; scenario++)
    found.push(found.find((one, index) => one === index && isSame(own(one), own(scenario))) ?? scenario);
  return found;
}

/** Share of trials in which no other scenario dominates each one in cost and yield. Fails: never. */
export function paretoShares(costs: PairedValues, yields: PairedValues): readonly number[] {
  const { scenarios, trials } = costs;
  const counts = new Array<number>(scenarios).fill(0);
  const [cost, computed] = [new Float64Array(scenarios), new Float64Array(scenarios)];
  let counted = 0;
  for (let trial = 0; trial < trials; trial++) {
    if (!readTrial(costs, trial, cost) || !readTrial(yields, trial, computed)) continue;
    counted++;
    for (const [scenario, isBest] of paretoSet([...cost], [...computed]).entries())
      if (isBest) counts[scenario]++;
  }
  return counts.map((count) => count / Math.max(1, counted));
}

function pairWithFirst(
  { values, scenarios, trials }: PairedValues,
  pair: (value: number, first: number) => number,
): readonly Statistics[] {
  return Array.from({ length: scenarios }, (_, scenario) => {
    const paired = new Float64Array(trials);
    for (let trial = 0; trial < trials; trial++) {
      const [value, first] = [values[scenario * trials + trial], values[trial]];
      paired[trial] = Number.isFinite(value) && Number.isFinite(first) ? pair(value, first) : Number.NaN;
    }
    return summariseValues(paired, PAIRED_PROBABILITIES);
  });
}

/** Copies one trial of all scenarios into `row`; false if the figure does not exist in one of them. */
function readTrial({ values, scenarios, trials }: PairedValues, trial: number, row: Float64Array): boolean {
  let exists = true;
  for (let scenario = 0; scenario < scenarios; scenario++) {
    row[scenario] = values[scenario * trials + trial];
    if (!Number.isFinite(row[scenario])) exists = false;
  }
  return exists;
}

function bestOf(row: Float64Array, sense: Sense): number {
  let best = row[0];
  for (const value of row) if (sense === "less" ? value < best : value > best) best = value;
  return best;
}

/** Better by more than rounding. */
function isBetter(value: number, other: number, sense: Sense): boolean {
  return sense === "less" ? isBelow(value, other) : isBelow(other, value);
}
