/**
 * Statistics of scenarios that were run with the same draws. A matrix is [scenario][trial]: value `scenario * trials + trial`,
 * infinite where the figure does not exist in that trial. Pairs are by trial, so what all scenarios share cancels.
 */
import type { Statistics } from "../../engine/index.ts";
import { isBelow, paretoSet } from "./pareto.ts";
import { summariseValues } from "./summarise-values.ts";

/** Which way is better. */
export type Sense = "less" | "more";

/** Values of one figure in every trial of every scenario. */
export type PairedValues = {
  readonly values: Float64Array;
  readonly scenarios: number;
  readonly trials: number;
};

/** Probabilities of the quantiles, in the order in which statistics give them. */
export const PAIRED_PROBABILITIES = [0.05, 0.5, 0.95] as const;

/**
 * Statistics of each scenario's difference from the first, trial by trial.
 *
 * A trial counts where the figure exists in both (docs/model.md section 11 for what does not). A scenario against itself gives
 * exactly zero. Fails: never. Cost: trials x scenarios.
 */
export function pairedDifferences(figure: PairedValues): readonly Statistics[] {
  return pairWithFirst(figure, (value, first) => value - first);
}

/**
 * Statistics of each scenario's ratio to the first, trial by trial; a trial counts where the first is above 0 and neither is
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

/**
 * Chance that each scenario is the best; scenarios that tie share a trial evenly, so that the chances add to one.
 *
 * Only trials in which the figure exists in all scenarios count. Fails: never; all are 0 where there is no such trial.
 */
export function probabilitiesBest(figure: PairedValues, sense: Sense): readonly number[] {
  const shares = new Array<number>(figure.scenarios).fill(0);
  const counted = forEachTrial(figure, (row) => {
    const best = bestOf(row, sense);
    const winners = row.flatMap((value, scenario) => (isBetter(best, value, sense) ? [] : [scenario]));
    for (const winner of winners) shares[winner] += 1 / winners.length;
  });
  return shares.map((share) => share / Math.max(1, counted));
}

/** Chance that each scenario is better than the first; a tie is not. Fails: never. */
export function probabilitiesBeatFirst(figure: PairedValues, sense: Sense): readonly number[] {
  const wins = new Array<number>(figure.scenarios).fill(0);
  const counted = forEachTrial(figure, (row) => {
    for (const [scenario, value] of row.entries()) if (isBetter(value, row[0], sense)) wins[scenario]++;
  });
  return wins.map((count) => count / Math.max(1, counted));
}

/**
 * Mean of what is lost by having chosen each scenario instead of the one that turns out best: never below 0, and
 * the smallest is the choice that a planner without further knowledge makes.
 *
 * Fails: never.
 */
export function expectedRegrets(figure: PairedValues, sense: Sense): readonly number[] {
  const sums = new Array<number>(figure.scenarios).fill(0);
  const counted = forEachTrial(figure, (row) => {
    const best = bestOf(row, sense);
    for (const [scenario, value] of row.entries()) sums[scenario] += Math.abs(value - best);
  });
  return sums.map((sum) => sum / Math.max(1, counted));
}

/** Share of the trials in which each scenario is one that no other beats in cost and yield together. Fails: never. */
export function paretoShares(costs: PairedValues, yields: PairedValues): readonly number[] {
  const { scenarios, trials } = costs;
  const counts = new Array<number>(scenarios).fill(0);
  for (let trial = 0; trial < trials; trial++) {
    const best = paretoSet(rowOf(costs, trial), rowOf(yields, trial));
    for (const [scenario, isBest] of best.entries()) if (isBest) counts[scenario]++;
  }
  return counts.map((count) => count / trials);
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

/** Calls back for each trial in which the figure exists in all scenarios; gives their number. */
function forEachTrial(figure: PairedValues, take: (row: readonly number[]) => void): number {
  let counted = 0;
  for (let trial = 0; trial < figure.trials; trial++) {
    const row = rowOf(figure, trial);
    if (!row.every(Number.isFinite)) continue;
    counted++;
    take(row);
  }
  return counted;
}

function rowOf({ values, scenarios, trials }: PairedValues, trial: number): number[] {
  return Array.from({ length: scenarios }, (_, scenario) => values[scenario * trials + trial]);
}

function bestOf(row: readonly number[], sense: Sense): number {
  return row.reduce((best, value) => ((sense === "less" ? value < best : value > best) ? value : best));
}

/** Better by more than rounding. */
function isBetter(value: number, other: number, sense: Sense): boolean {
  return sense === "less" ? isBelow(value, other) : isBelow(other, value);
}
