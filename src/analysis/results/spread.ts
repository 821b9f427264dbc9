import type { Reduction, Statistics } from "../../engine/index.ts";
import type { MetricLevel } from "../../metrics/metric.ts";

/** A figure by the name of its column: what tables ask for. */
export type FigureRequest = {
  readonly level: MetricLevel;
  readonly metric: string;
  readonly entity?: string;
  /** Months reported, from `first` up to and without `end`. */
  readonly first: number;
  readonly end: number;
  readonly reduction?: Reduction;
  readonly code?: number;
  /** False where only the mean is shown, as of a probability. */
  readonly ranked?: boolean;
};

/** What a sample says of figures: the statistics beside the plain run's columns. */
export type Spread = {
  /** Probabilities of the quantiles, ascending. */
  readonly probabilities: readonly number[];
  readonly trials: number;
  readonly seed: string;
  /** Statistics of a figure, or undefined for a column that the sample did not simulate. */
  readonly read: (request: FigureRequest) => Statistics | undefined;
};

/** Statistics of the right shape before there are any: what asks for them takes the answer for real. */
export function placeholderStatistics(quantileCount: number): Statistics {
  const quantiles = new Array<number>(quantileCount).fill(0);
  return { share: 1, mean: 0, standardError: 0, least: 0, largest: 0, quantiles };
}

/** How a quantile is called in the name of a column: 0.05 is `p5`, 0.975 `p97_5`. */
export function quantileName(probability: number): string {
  return `p${String(Number((probability * 100).toPrecision(10))).replace(".", "_")}`;
}
