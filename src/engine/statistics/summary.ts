import { collectRanksAgain } from "./collect-ranks.ts";
import { Reduction, reduceRows, STRIP, TILE } from "./figures.ts";
import { addValues, beginMoments, MOMENTS, Moment } from "./moments.ts";
import { selectRanks } from "./order-statistics.ts";
import { closeSearches, finish, openSearches, SEARCH, Search, searchOf } from "./rank-search.ts";
import { placeOf, type TilePlaces } from "./sift.ts";
import { type Chunk, noteSifts } from "./sift-tiles.ts";
import { copyHeld, type SummaryScratch, type SummaryState, searchesOf } from "./summary-state.ts";
import type { TileLayout } from "./tile.ts";

/** Trials whose uniforms are drawn together, and from which searches for order statistics begin. */
export const RANDOM_BLOCK = 1024;

/** Values in ascending order, none of them NaN, in memory that the next call overwrites; they themselves stay. */
export type SortValues = (values: Float64Array) => Float64Array;

/** Without WebAssembly, which takes a tenth of the time (`wasm/encode-sort.ts`). */
export function sortPlainly(values: Float64Array): Float64Array {
  return values.slice().sort();
}

/** A thread's tile, as figures are made of it: its memory, and what counts rows of all strips (`countRows`, or WebAssembly). */
export type ReducedTile = {
  readonly memory: Float64Array;
  readonly places: TilePlaces;
  readonly countRows: (row: number, months: number, target: number, code: number) => void;
};

/** Makes the rows of figures that are no sums. */
export function reduceFigures(
  { figures }: Pick<SummaryState, "figures">,
  { columnRows, figureRows, reduced }: TileLayout,
  { memory, places, countRows }: ReducedTile,
): void {
  for (const index of reduced) {
    const figure = figures[index];
    const { column, first, end, reduction, code } = figure;
    const [row, target] = [columnRows[column] + first, figureRows[index]];
    if (reduction === Reduction.count || reduction === Reduction.isMostFrequent)
      countRows(row, end - first, target, code);
    if (reduction === Reduction.count) continue;
    for (let trial = 0; trial < TILE; trial += STRIP)
      reduceRows(memory, figure, placeOf(places, row, trial), placeOf(places, target, trial));
  }
}

/**
 * The rows of figures `first` to before `end`, at most `READ_TOGETHER`, [figure][TILE], in memory that the next call overwrites. What
 * does not exist (NaN: a payback that never comes) is infinite there.
 */
export type RowsReader = (first: number, end: number) => Float64Array;

/** Figures whose rows are read in one go. */
export const READ_TOGETHER = 512;

/** Keeps the figures of a tile, as the trials of one of the tiles held. */
export function holdTile(
  { figures, held }: Pick<SummaryState, "figures" | "held">,
  readRows: RowsReader,
  tile: number,
): void {
  const count = figures.length;
  for (let first = 0; first < count; first += READ_TOGETHER)
    held.set(readRows(first, Math.min(count, first + READ_TOGETHER)), (tile * count + first) * TILE);
}

/**
 * Takes the first trials, which are held, into the summary of figures `from` .. `end` - 1: moments, and order statistics
 * where these are all trials; else an interval for each in which it almost surely lies, and the values in it. Those that share
 * statistics of another are left out.
 *
 * Memory: overwrites `scratch` and that of `sort`. Fails: never. Cost: figures x trials held.
 */
export function openFigures(
  state: SummaryState,
  from: number,
  end: number,
  scratch: SummaryScratch,
  sort: SortValues = sortPlainly,
): void {
  const { figures, ranks, trials, owners, heldTrials, moments } = state;
  const { values } = scratch;
  for (let figure = from; figure < end; figure++) {
    if (owners[figure] !== figure) continue;
    copyHeld(state, figure, values);
    const at = figure * MOMENTS;
    beginMoments(moments, at, values.subarray(0, RANDOM_BLOCK));
    addValues(moments, at, values, heldTrials);
    if (figures[figure].ranked && ranks.length > 0) {
      const own = searchesOf(state, figure);
      if (heldTrials === trials) {
        const [least, largest] = [moments[at + Moment.least], moments[at + Moment.largest]];
        const found = selectRanks(values, trials, ranks, least, largest, scratch.ranks);
        for (const [rank, value] of found.entries()) finish(searchOf(own.searches, rank), value);
      } else {
        openSearches(own, sort(values));
      }
    }
    noteSifts(state, figure);
  }
}

/** In a pass after the first: takes a chunk's values, which are held, into the searches that are not done. */
export function searchAgain(
  state: SummaryState,
  { firstTrial, trials: count }: Chunk,
  from: number,
  end: number,
  scratch: SummaryScratch,
): void {
  const { ranks, trials } = state;
  for (let figure = from; figure < end; figure++) {
    if (!isOpen(state, figure)) continue;
    const own = searchesOf(state, figure);
    copyHeld(state, figure, scratch.values);
    collectRanksAgain(own, scratch.values, count, scratch.held);
    if (firstTrial + count === trials) closeSearches(own, 0, ranks.length, scratch.held);
  }
}

function isOpen({ figures, owners, searches, ranks }: SummaryState, figure: number): boolean {
  if (!figures[figure].ranked || owners[figure] !== figure) return false;
  for (let rank = 0; rank < ranks.length; rank++) {
    if (searches[(figure * ranks.length + rank) * SEARCH + Search.done] === 0) return true;
  }
  return false;
}

/** Whether order statistics are still looked for, in another pass over all trials. */
export function needsAnotherPass(state: SummaryState): boolean {
  return state.figures.some((_, figure) => isOpen(state, figure));
}

/** Statistics of one figure: mean and error over the trials in which it exists, order statistics over all. */
export type Statistics = {
  /** Share of the trials in which the figure exists. */
  readonly share: number;
  /** NaN for a figure that exists in no trial. */
  readonly mean: number;
  /** Standard error of the mean: 0 for a single trial, NaN for none. */
  readonly standardError: number;
  readonly least: number;
  readonly largest: number;
  /** Order statistics, in the order of the ranks; infinite where the figure does not exist. */
  readonly quantiles: readonly number[];
};

/** What the summary says of a figure, once no other pass is needed. */
export function readStatistics(state: SummaryState, figure: number): Statistics {
  const { figures, ranks, owners, moments, searches } = state;
  const owner = owners[figure];
  const [all, existing, base, sum, squares, least, largest] = moments.subarray(
    owner * MOMENTS,
    (owner + 1) * MOMENTS,
  );
  const spread = Math.max(0, squares - sum * (sum / existing));
  const error = existing > 1 ? Math.sqrt(spread / (existing - 1) / existing) : 0;
  return {
    share: all > 0 ? existing / all : 0,
    mean: existing > 0 ? base + sum / existing : Number.NaN,
    standardError: existing > 0 ? error : Number.NaN,
    least,
    largest,
    quantiles: figures[figure].ranked
      ? ranks.map((_, rank) => searches[(owner * ranks.length + rank) * SEARCH + Search.low])
      : [],
  };
}
