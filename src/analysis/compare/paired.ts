/**
 * Statistics of scenarios that were run with the same draws. A matrix is [scenario][trial]: value `scenario * trials + trial`.
 * Pairs are by trial, so what all scenarios share cancels.
 */

/** Which way is better. */
export type Sense = "less" | "more";

/** The paired difference of a scenario from the first: mean, its standard error, and the 5th and 95th percentile. */
export type PairedDifference = {
  readonly mean: number;
  readonly standardError: number;
  readonly p5: number;
  readonly p95: number;
};

/**
 * Differences of each scenario from the first, trial by trial.
 *
 * Quantiles are the order statistic of rank ceil(p n), as everywhere (docs/model.md section 11). A scenario against itself
 * gives exactly zero. Fails: never. Cost: sorting.
 */
export function pairedDifferences(
  values: Float64Array,
  scenarios: number,
  trials: number,
): readonly PairedDifference[] {
  return Array.from({ length: scenarios }, (_, scenario) => {
    const differences = new Float64Array(trials);
    for (let trial = 0; trial < trials; trial++)
      differences[trial] = values[scenario * trials + trial] - values[trial];
    const mean = meanOf(differences);
    const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const sorted = differences.sort();
    return {
      mean,
      standardError: trials > 1 ? Math.sqrt(squares / (trials - 1) / trials) : 0,
      p5: orderStatistic(sorted, 0.05),
      p95: orderStatistic(sorted, 0.95),
    };
  });
}

/**
 * Chance that each scenario is the best; scenarios that tie share a trial evenly, so that the chances add to one.
 *
 * Fails: never.
 */
export function probabilitiesBest(
  values: Float64Array,
  scenarios: number,
  trials: number,
  sense: Sense,
): readonly number[] {
  const shares = new Array<number>(scenarios).fill(0);
  for (let trial = 0; trial < trials; trial++) {
    const best = bestOf(values, scenarios, trials, trial, sense);
    const winners = shares.flatMap((_, scenario) =>
      values[scenario * trials + trial] === best ? [scenario] : [],
    );
    for (const winner of winners) shares[winner] += 1 / winners.length;
  }
  return shares.map((share) => share / trials);
}

/**
 * Mean of what is lost by having chosen each scenario instead of the one that turns out best: never below 0, and
 * the smallest is the choice that a planner without further knowledge makes.
 *
 * Fails: never.
 */
export function expectedRegrets(
  values: Float64Array,
  scenarios: number,
  trials: number,
  sense: Sense,
): readonly number[] {
  const sums = new Array<number>(scenarios).fill(0);
  for (let trial = 0; trial < trials; trial++) {
    const best = bestOf(values, scenarios, trials, trial, sense);
    for (let scenario = 0; scenario < scenarios; scenario++)
      sums[scenario] += Math.abs(values[scenario * trials + trial] - best);
  }
  return sums.map((sum) => sum / trials);
}

function bestOf(
  values: Float64Array,
  scenarios: number,
  trials: number,
  trial: number,
  sense: Sense,
): number {
  let best = values[trial];
  for (let scenario = 1; scenario < scenarios; scenario++) {
    const value = values[scenario * trials + trial];
    if (sense === "less" ? value < best : value > best) best = value;
  }
  return best;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function orderStatistic(sorted: Float64Array, probability: number): number {
  return sorted[Math.max(0, Math.ceil(probability * sorted.length) - 1)];
}
