import { PAIRED_PROBABILITIES } from "../compare/paired.ts";
import { summariseValues } from "../compare/summarise-values.ts";
import type { SolvedTrials } from "./solve.ts";

/** What a sample found: how often a value does, and which. */
export type SolvedSample = {
  readonly trials: number;
  /** Share of the trials in which a value does. */
  readonly share: number;
  /** Share of the trials in which the figure only jumps over the target. */
  readonly jumps: number;
  /** At 5, 50 and 95 % of the trials in which a value does. */
  readonly quantiles: readonly number[];
};

/**
 * Sums up the values found in trials. Trials in which no value does count in no quantile: docs/model.md section 14.
 *
 * Fails: never.
 */
export function summariseSolved({ values, jumps }: SolvedTrials): SolvedSample {
  const found = values.filter((value) => Number.isFinite(value));
  const { quantiles } = summariseValues(found, PAIRED_PROBABILITIES);
  const trials = values.length;
  return { trials, share: found.length / trials, jumps: jumps / trials, quantiles };
}
