import { PAIRED_PROBABILITIES } from "../compare/paired.ts";
import { summariseValues } from "../compare/summarise-values.ts";

/** What a sample found: how often a value does, and which. */
export type SolvedSample = {
  readonly trials: number;
  /** Share of the trials in which a value does. */
  readonly share: number;
  /** At 5, 50 and 95 % of the trials in which a value does. */
  readonly quantiles: readonly number[];
};

/**
 * Sums up the values found in trials. Trials in which no value does count in no quantile: docs/model.md section 14.
 *
 * @param values one a trial, NaN where none does
 */
export function summariseSolved(values: Float64Array): SolvedSample {
  const found = values.filter((value) => Number.isFinite(value));
  const { quantiles } = summariseValues(found, PAIRED_PROBABILITIES);
  return { trials: values.length, share: found.length / values.length, quantiles };
}
