import {
  createSummary,
  createSummaryScratch,
  openFigures,
  Reduction,
  rankOf,
  readStatistics,
  type Statistics,
} from "../../engine/index.ts";

/**
 * Statistics of one number a trial, as a run has them of its figures: sums by tile in the order of tiles, quantiles as order
 * statistics (docs/model.md section 11). What is NaN or infinite does not exist in its trial.
 *
 * Memory: a copy of the values. Fails: never.
 */
export function summariseValues(values: Float64Array, probabilities: readonly number[]): Statistics {
  const trials = values.length;
  const figure = { column: 0, first: 0, end: 1, reduction: Reduction.sum, code: 0, ranked: true };
  const ranks = probabilities.map((probability) => rankOf(probability, trials));
  const state = createSummary([figure], ranks, trials, {
    slotCounts: ranks.map(() => 0),
    heldTrials: trials,
    chunkTiles: 0,
    figureRows: new Int32Array(1),
    allocate: (length) => new Float64Array(length),
  });
  for (const [trial, value] of values.entries())
    state.held[trial] = Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  openFigures(state, 0, 1, createSummaryScratch(state));
  return readStatistics(state, 0);
}
