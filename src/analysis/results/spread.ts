import type { Reduction, Statistics } from "../../engine/index.ts";
import type { MetricLevel } from "../../metrics/metric.ts";

/** A figure by the name of its column, as tables request it. */
export type FigureRequest = {
  readonly level: MetricLevel;
  readonly metric: string;
  readonly entity?: string;
  /** Reported months, from `first` up to but excluding `end`. */
  readonly first: number;
  readonly end: number;
  readonly reduction?: Reduction;
  readonly code?: number;
  /** False if only the mean is shown, as for a probability. */
  readonly ranked?: boolean;
};

/** Statistics of a sample for figures, beside the plain run's columns. */
export type Spread = {
  /** Probabilities of the quantiles, ascending. */
  readonly probabilities: readonly number[];
  readonly trials: number;
  readonly seed: string;
  /** Statistics of a figure, or undefined for a column that was not simulated. */
  readonly read: (request: FigureRequest) => Statistics | undefined;
  /** The first trials of a figure of the whole run, for those that are kept: what the plan costs and what it is worth. */
  readonly trialsOf?: (metric: string) => Float64Array | undefined;
  /** What each uncertain input has to do with a figure of which trials are kept, the closest first. */
  readonly rankInputs?: (metric: string) => readonly RankedInput[];
};

/** An uncertain input beside a figure, over the trials of a sample. */
export type RankedInput = {
  /** Path that declares it. */
  readonly key: string;
  /** Rank correlation of the input and the figure. */
  readonly correlation: number;
  /** Mean of the figure over the trials with the input in its lowest tenth, in its highest, and over all. */
  readonly lowest: number;
  readonly highest: number;
  readonly mean: number;
};

/** Placeholder statistics with the right shape, for requests before there is a sample. */
export function placeholderStatistics(quantileCount: number): Statistics {
  const quantiles = new Array<number>(quantileCount).fill(0);
  return { share: 1, mean: 0, standardError: 0, least: 0, largest: 0, quantiles };
}

/** The name of a quantile in a column: 0.05 is `p5`, 0.975 is `p97_5`. */
export function quantileName(probability: number): string {
  return `p${String(Number((probability * 100).toPrecision(10))).replace(".", "_")}`;
}
