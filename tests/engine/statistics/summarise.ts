import {
  areRowsEqual,
  countGroups,
  createSummary,
  createSummaryScratch,
  type Figure,
  holdTile,
  layOutTile,
  needsAnotherPass,
  openFigures,
  PlanBuilder,
  partFigures,
  placeOf,
  placeTile,
  Reduction,
  rankOf,
  readRows,
  readStatistics,
  type SiftedTile,
  type Statistics,
  searchAgain,
  shareEqualFigures,
  sift,
  siftTile,
  slotsToHold,
  TILE,
  takeTiles,
} from "../../../src/engine/index.ts";

/** A Plan of `count` numbers a trial, and a figure for each. */
function planOf(count: number) {
  const builder = new PlanBuilder({ monthCount: 1, originMonth: 0, horizonMonths: 1 });
  const figures = Array.from({ length: count }, (_, column): Figure => {
    const register = builder.variable(`x${column}`, "value", 0);
    builder.column({ metric: `x${column}`, level: "run", entity: "", isScalar: true, register });
    return { column, first: 0, end: 1, reduction: Reduction.sum, code: 0, ranked: true };
  });
  return { plan: builder.build(), figures };
}

export type SummaryOptions = {
  readonly probabilities: readonly number[];
  readonly heldTrials: number;
  /** Values that the search for each rank may hold. */
  readonly slotCount: number | "as many as one pass needs";
  readonly chunkTiles?: number;
  /** Whether figures that are equal in the trials held share statistics. */
  readonly isShared?: boolean;
};

/**
 * Summarises several figures, [figure][trial], as a sample does.
 *
 * @return the statistics of each figure, the number of passes over the trials, and the figure whose statistics each one shares
 */
export function summariseAll(
  rows: readonly Float64Array[],
  { probabilities, heldTrials, slotCount, chunkTiles = 16, isShared = true }: SummaryOptions,
): { statistics: Statistics[]; passes: number; owners: number[] } {
  const total = rows[0].length;
  const ranks = probabilities.map((probability) => rankOf(probability, total));
  const slotCounts = ranks.map((rank) =>
    typeof slotCount === "number" ? slotCount : slotsToHold(rank, total, heldTrials),
  );
  const { plan, figures } = planOf(rows.length);
  const layout = layOutTile(plan, figures, ranks.length);
  const places = placeTile(0, { ...layout, variables: 0, columns: 0, figures: 0 });
  const memory = new Float64Array(places.end);
  const state = createSummary(figures, ranks, total, {
    slotCounts,
    heldTrials,
    chunkTiles,
    figureRows: layout.figureRows,
    allocate: (length) => new Float64Array(length),
  });
  const scratch = createSummaryScratch(state);
  const eachTile = (from: number, end: number, body: (first: number, trials: number) => void): void => {
    for (let first = from; first < end; first += TILE) {
      const trials = Math.min(TILE, end - first);
      for (const [figure, values] of rows.entries())
        for (let trial = 0; trial < trials; trial++)
          memory[placeOf(places, layout.figureRows[figure], trial)] = values[first + trial];
      body(first, trials);
    }
  };
  const readTile = (first: number, end: number) => readRows(memory, places, layout.figureRows, first, end);
  eachTile(0, heldTrials, (at) => holdTile(state, readTile, at / TILE));
  if (isShared && heldTrials < total) shareEqualFigures(state);
  openFigures(state, 0, rows.length, scratch);
  const tile: SiftedTile = {
    memory,
    places,
    sift: (range, nearStart) => sift(memory, places, range, nearStart),
    areEqual: (row, other, trials) => areRowsEqual(memory, places, row, other, trials),
  };
  for (let firstTrial = heldTrials; firstTrial < total; firstTrial += chunkTiles * TILE) {
    const trials = Math.min(chunkTiles * TILE, total - firstTrial);
    eachTile(firstTrial, firstTrial + trials, (first, count) =>
      siftTile(state, tile, (first - firstTrial) / TILE, count),
    );
    partFigures(state);
    for (let group = 0; group < countGroups(state); group++)
      takeTiles(state, { firstTrial, trials, pass: 0 }, group, scratch);
  }
  let passes = 1;
  for (; needsAnotherPass(state) && passes < 500; passes++) {
    for (let firstTrial = 0; firstTrial < total; firstTrial += heldTrials) {
      const trials = Math.min(heldTrials, total - firstTrial);
      eachTile(firstTrial, firstTrial + trials, (first) =>
        holdTile(state, readTile, (first - firstTrial) / TILE),
      );
      searchAgain(state, { firstTrial, trials, pass: passes }, 0, rows.length, scratch);
    }
  }
  return {
    statistics: rows.map((_, figure) => readStatistics(state, figure)),
    passes,
    owners: [...state.owners],
  };
}

/** A small generator of its own, so that a failure can be repeated. */
export function numbers(count: number, seed: number, shape: (u: number) => number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return shape((state + 0.5) / 2 ** 32);
  });
}
