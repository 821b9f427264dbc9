import { type Figure, TILE } from "./figures.ts";
import { type HeldValues, holdPlainly } from "./held-values.ts";
import { MOMENTS } from "./moments.ts";
import { createRankScratch, type RankScratch } from "./order-statistics.ts";
import { type RankSearches, SEARCH } from "./rank-search.ts";
import { countEntries, SIFT, SIFT_GROUP, SIFTED, SIFTED_RANKS, Sift } from "./sift.ts";

/** Values near ranks that a task has room for, for each figure and three ranks. */
const NEAR_ROOM = 96;
/** Figures that have room for all their values, where there are few. */
const FEW_FIGURES = 64;

/**
 * What a summary is made with; cloneable, with shared memory where threads take part.
 *
 * The first trials are held, and searches begin from them; of all later ones tiles are sifted. Figures stand once for each
 * three ranks among what is sifted ("entries"), and the first time for their moments.
 */
export type SummaryState = {
  readonly figures: readonly Figure[];
  /** Ranks wanted of every ranked figure, ascending, and trials in all. */
  readonly ranks: readonly number[];
  readonly trials: number;
  /** [tile][figure][TILE] of the first trials, all of them where the caller wants them; `sifted` and `near` overwrite them. */
  readonly held: Float64Array;
  readonly heldTrials: number;
  /** [figure][moment] */
  readonly moments: Float64Array;
  /** [figure][rank][Search] */
  readonly searches: Float64Array;
  /** [figure][rank][slot]: values held; within a figure's, where each rank's begin, and the end of all. */
  readonly slots: Float64Array;
  readonly slotStarts: readonly number[];
  /** Row of each figure in a tile. */
  readonly figureRows: Int32Array;
  /** [entry][SIFT]: what to sift of each; and of each tile of a chunk [tile][entry][SIFTED] what came of it. */
  readonly sifts: Float64Array;
  readonly sifted: Float64Array;
  /** [tile][…] values near. */
  readonly near: Float64Array;
  readonly nearRoom: number;
  /** [figure] the figure whose statistics it shares, itself if none; and whether it has parted from it in the chunk, 1 or 0. */
  readonly owners: Float64Array;
  readonly parted: Float64Array;
  /** Tiles of a chunk. */
  readonly chunkTiles: number;
};

export type SummaryOptions = {
  /** Values that the search for each rank may hold. */
  readonly slotCounts: readonly number[];
  /** Trials that are held, and tiles of a chunk of later ones. */
  readonly heldTrials: number;
  readonly chunkTiles: number;
  /** Row of each figure in a tile. */
  readonly figureRows: Int32Array;
  /** Allocates the memory, shared or not. */
  readonly allocate: (length: number) => Float64Array;
};

/** Groups of entries that are sifted in one go. */
export function countGroups({ sifts }: SummaryState): number {
  return Math.ceil(sifts.length / SIFT / SIFT_GROUP);
}

/** Memory of a summary. Fails: never, but for a lack of memory. */
export function createSummary(
  figures: readonly Figure[],
  ranks: readonly number[],
  trials: number,
  { slotCounts, heldTrials, chunkTiles, figureRows, allocate }: SummaryOptions,
): SummaryState {
  const slotStarts = [0];
  for (const count of slotCounts) slotStarts.push(slotStarts[slotStarts.length - 1] + count);
  const isSifted = heldTrials < trials;
  const entries = countEntries(figures.length, ranks.length);
  const tiles = isSifted ? chunkTiles : 0;
  const nearRoom = Math.max(entries * NEAR_ROOM, Math.min(entries, FEW_FIGURES) * SIFTED_RANKS * TILE);
  const heldCount = figures.length * Math.ceil(heldTrials / TILE) * TILE;
  const siftedCount = tiles * entries * SIFTED;
  const nearCount = tiles * nearRoom;
  // What is held and what is sifted are never needed at the same time, so they share memory.
  const passing = allocate(Math.max(heldCount, siftedCount + nearCount));
  const owners = allocate(figures.length);
  for (let figure = 0; figure < figures.length; figure++) owners[figure] = figure;
  const sifts = allocate(entries * SIFT);
  for (let entry = 0; entry < entries; entry++) {
    const at = entry * SIFT;
    sifts[at + Sift.row] = figureRows[entry % figures.length];
    setEnds(sifts, at, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    setEnds(sifts, at, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    setEnds(sifts, at, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  }
  return {
    figures,
    ranks,
    trials,
    held: passing.subarray(0, heldCount),
    heldTrials,
    moments: allocate(figures.length * MOMENTS),
    searches: allocate(figures.length * ranks.length * SEARCH),
    slots: allocate(isSifted ? figures.length * slotStarts[ranks.length] : 0),
    slotStarts,
    figureRows,
    sifts,
    sifted: passing.subarray(0, siftedCount),
    near: passing.subarray(siftedCount, siftedCount + nearCount),
    nearRoom,
    owners,
    parted: allocate(figures.length),
    chunkTiles: tiles,
  };
}

/** Copies the trials of a figure that are held to `target`, which has room for them. */
export function copyHeld(
  { figures, held, heldTrials }: Pick<SummaryState, "figures" | "held" | "heldTrials">,
  figure: number,
  target: Float64Array,
): void {
  for (let first = 0; first < heldTrials; first += TILE) {
    const from = first * figures.length + figure * TILE;
    target.set(held.subarray(from, from + Math.min(TILE, heldTrials - first)), first);
  }
}

/** A thread's own memory for a summary. */
export type SummaryScratch = {
  /** The trials of one figure that are held. */
  readonly values: Float64Array;
  readonly ranks: RankScratch;
  /** What a search holds, and what a chunk adds to it. */
  readonly held: HeldValues;
};

/** Allocates it, but takes values that are there to hold those of a search, if they are enough. */
export function createSummaryScratch(state: SummaryState, held?: HeldValues): SummaryScratch {
  const { ranks, slotStarts, heldTrials, chunkTiles } = state;
  const mostSlots = ranks.reduce(
    (most, _, rank) => Math.max(most, slotStarts[rank + 1] - slotStarts[rank]),
    0,
  );
  // Where all trials are held, nothing is searched.
  const mostAdded = chunkTiles > 0 ? Math.max(heldTrials, chunkTiles * TILE) : 0;
  const room = mostSlots + mostAdded;
  return {
    values: new Float64Array(heldTrials),
    ranks: createRankScratch(heldTrials),
    held: held && held.numbers.length >= room ? held : holdPlainly(new Float64Array(room)),
  };
}

/** Sets between which values one of the ranks of an entry is looked for. */
export function setEnds(sifts: Float64Array, at: number, place: number, low: number, high: number): void {
  sifts[at + Sift.ends + 2 * place] = low;
  sifts[at + Sift.ends + 2 * place + 1] = high;
}

/** The searches of one figure. */
export function searchesOf(
  { ranks, trials, searches, slots, slotStarts }: SummaryState,
  figure: number,
): RankSearches {
  const [first, end] = [figure * ranks.length, (figure + 1) * ranks.length];
  const slotCount = slotStarts[ranks.length];
  return {
    ranks,
    trials,
    searches: searches.subarray(first * SEARCH, end * SEARCH),
    slots: slots.subarray(figure * slotCount, (figure + 1) * slotCount),
    slotStarts,
  };
}
