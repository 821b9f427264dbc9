import {
  createSummary,
  createSummaryScratch,
  Reduction,
  rankOf,
  readStatistics,
  type Statistics,
  summariseChunk,
} from "../../engine/index.ts";

/**
 * Statistics of one number a trial, as a run has them of its figures: sums by random block in block order, quantiles as order
 * statistics (docs/model.md section 11). What is NaN or infinite does not exist in its trial.
 *
 * Memory: a copy of the values. Fails: never.
 */
export function summariseValues(values: Float64Array, probabilities: readonly number[]): Statistics {
  const trials = values.length;
  const figure = { column: 0, first: 0, end: 1, reduction: Reduction.sum, code: 0, ranked: true };
  const ranks = probabilities.map((probability) => rankOf(probability, trials));
  const allocate = (length: number) => new Float64Array(length);
  const state = createSummary([figure], ranks, trials, {
    slotCounts: ranks.map(() => 0),
    keep: false,
    allocate,
  });
  const store = { values, rows: Int32Array.of(0), rowCount: 1 };
  summariseChunk(state, store, { firstTrial: 0, trials, pass: 0 }, 0, 1, createSummaryScratch(state, trials));
  return readStatistics(state, 0);
}
