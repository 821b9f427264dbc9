import {
  collectRanks,
  collectRanksAgain,
  createSearchScratch,
  type SearchScratch,
  takeSifted,
} from "./collect-ranks.ts";
import { type Figure, reduceRows, TILE } from "./figures.ts";
import { addTile, addValues, beginMoments, MOMENTS, Moment } from "./moments.ts";
import { createRankScratch, type RankScratch, selectRanks } from "./order-statistics.ts";
import {
  closeSearches,
  finish,
  openSearches,
  type RankSearches,
  SEARCH,
  Search,
  searchOf,
} from "./rank-search.ts";
import { SIFT, SIFT_GROUP, SIFTED, SIFTED_RANKS, Sift, Sifted, type TilePlaces } from "./sift.ts";
import type { TileLayout } from "./tile.ts";

/** Trials whose uniforms are drawn together, and from which searches for order statistics begin. */
export const RANDOM_BLOCK = 1024;

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
  /** [figure][trial] of the first trials, all of them where the caller wants them; `sifted` and `near` overwrite them. */
  readonly held: Float64Array;
  readonly heldTrials: number;
  /** [figure][moment] */
  readonly moments: Float64Array;
  /** [figure][rank][Search] */
  readonly searches: Float64Array;
  /** [figure][rank][slot]: values held; within a figure's, where each rank's begin, and the end of all. */
  readonly slots: Float64Array;
  readonly slotStarts: readonly number[];
  /** [entry][SIFT]: what to sift of each; and of each tile of a chunk [tile][entry][SIFTED] what came of it. */
  readonly sifts: Float64Array;
  readonly sifted: Float64Array;
  /** [tile][…] values near, and where those of each rank begin in it, [tile][group][rank], -1 where there was no room. */
  readonly near: Float64Array;
  readonly nearStarts: Float64Array;
  readonly nearRoom: number;
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

/** Figures once for each three ranks. */
export function countEntries(figures: number, ranks: number): number {
  return figures * Math.max(1, Math.ceil(ranks / SIFTED_RANKS));
}

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
  const groups = Math.ceil(entries / SIFT_GROUP);
  const tiles = isSifted ? chunkTiles : 0;
  const nearRoom = Math.max(entries * NEAR_ROOM, Math.min(entries, FEW_FIGURES) * SIFTED_RANKS * TILE);
  const heldCount = figures.length * heldTrials;
  const siftedCount = tiles * entries * SIFTED;
  const nearCount = tiles * nearRoom;
  // What is held and what is sifted are never needed at the same time, so they share memory.
  const passing = allocate(Math.max(heldCount, siftedCount + nearCount));
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
    sifts,
    sifted: passing.subarray(0, siftedCount),
    near: passing.subarray(siftedCount, siftedCount + nearCount),
    nearStarts: allocate(tiles * groups * SIFTED_RANKS),
    nearRoom,
    chunkTiles: tiles,
  };
}

function setEnds(sifts: Float64Array, at: number, place: number, low: number, high: number): void {
  sifts[at + Sift.ends + 2 * place] = low;
  sifts[at + Sift.ends + 2 * place + 1] = high;
}

/** A thread's own memory for a summary. */
export type SummaryScratch = {
  readonly ranks: RankScratch;
  readonly search: SearchScratch;
};

/** Allocates a thread's own memory. */
export function createSummaryScratch({
  ranks,
  slotStarts,
  heldTrials,
  chunkTiles,
}: SummaryState): SummaryScratch {
  const mostSlots = ranks.reduce(
    (most, _, rank) => Math.max(most, slotStarts[rank + 1] - slotStarts[rank]),
    0,
  );
  return {
    ranks: createRankScratch(heldTrials),
    // Where all trials are held, nothing is searched.
    search: createSearchScratch(chunkTiles > 0 ? Math.max(heldTrials, chunkTiles * TILE) : 0, mostSlots),
  };
}

/** Makes the rows of figures that are no sums. */
export function reduceFigures(
  { figures }: Pick<SummaryState, "figures">,
  { columnRows, figureRows, reduced }: TileLayout,
  memory: Float64Array,
  rows: number,
): void {
  for (const index of reduced) {
    const figure = figures[index];
    const source = rows + (columnRows[figure.column] + figure.first) * TILE;
    reduceRows(memory, figure, source, rows + figureRows[index] * TILE);
  }
}

/**
 * Keeps the figures of a tile, as trials `at` and behind of those held: all of them, or those still looked for.
 *
 * What does not exist (a payback that never comes) ranks behind everything that does.
 */
export function holdTile(
  state: SummaryState,
  { figureRows }: TileLayout,
  memory: Float64Array,
  rows: number,
  { at, trials, pass }: { readonly at: number; readonly trials: number; readonly pass: number },
): void {
  const { figures, held, heldTrials } = state;
  for (let figure = 0; figure < figures.length; figure++) {
    if (pass > 0 && !isOpen(state, figure)) continue;
    const row = rows + figureRows[figure] * TILE;
    const target = figure * heldTrials + at;
    for (let trial = 0; trial < trials; trial++) {
      const value = memory[row + trial];
      held[target + trial] = Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
    }
  }
}

/**
 * Takes the first trials, which are held, into the summary of figures `from` .. `end` - 1: moments, and order statistics
 * where these are all trials; else an interval for each in which it almost surely lies, and the values in it.
 *
 * Memory: overwrites `scratch`. Fails: never. Cost: figures x trials held.
 */
export function openFigures(state: SummaryState, from: number, end: number, scratch: SummaryScratch): void {
  const { figures, ranks, trials, held, heldTrials, moments } = state;
  for (let figure = from; figure < end; figure++) {
    const values = held.subarray(figure * heldTrials, (figure + 1) * heldTrials);
    const at = figure * MOMENTS;
    beginMoments(moments, at, values.subarray(0, RANDOM_BLOCK));
    addValues(moments, at, values, heldTrials);
    if (figures[figure].ranked && ranks.length > 0) {
      const [least, largest] = [moments[at + Moment.least], moments[at + Moment.largest]];
      const own = searchesOf(state, figure);
      if (heldTrials === trials) {
        const found = new Float64Array(ranks.length);
        selectRanks(values, trials, ranks, least, largest, scratch.ranks, found);
        for (const [rank, value] of found.entries()) finish(searchOf(own.searches, rank), value);
      } else {
        openSearches(own, values, heldTrials, least, largest, scratch.ranks);
        collectRanks(own, values, heldTrials, scratch.search);
      }
    }
    noteSifts(state, figure);
  }
}

/** Sets what is sifted of a figure from now on by its searches. */
function noteSifts({ figures, ranks, sifts, searches, moments }: SummaryState, figure: number): void {
  const entries = sifts.length / SIFT;
  for (let entry = figure, rank = 0; entry < entries; entry += figures.length) {
    sifts[entry * SIFT + Sift.base] = moments[figure * MOMENTS + Moment.base];
    if (!figures[figure].ranked) continue;
    for (let place = 0; place < SIFTED_RANKS && rank < ranks.length; place++, rank++) {
      const search = (figure * ranks.length + rank) * SEARCH;
      setEnds(sifts, entry * SIFT, place, searches[search + Search.low], searches[search + Search.high]);
    }
  }
}

/** A thread's tile: where it stands in its memory, and what sifts a group of it (`sift.ts`, or WebAssembly). */
export type SiftedTile = {
  readonly memory: Float64Array;
  readonly places: TilePlaces;
  readonly sift: (figures: number, trials: number) => void;
};

/** Sifts a tile of a chunk, and keeps what comes of it. Memory: overwrites the tile's. Fails: never. Cost: figures x trials. */
export function siftTile(
  state: SummaryState,
  { memory, places, sift }: SiftedTile,
  tile: number,
  trials: number,
): void {
  const { sifts, sifted, near, nearStarts, nearRoom } = state;
  const entries = sifts.length / SIFT;
  const groups = countGroups(state);
  let end = 0;
  for (let group = 0; group < groups; group++) {
    const from = group * SIFT_GROUP;
    const count = Math.min(SIFT_GROUP, entries - from);
    memory.set(sifts.subarray(from * SIFT, (from + count) * SIFT), places.sifts);
    sift(count, trials);
    sifted.set(
      memory.subarray(places.sifted, places.sifted + count * SIFTED),
      (tile * entries + from) * SIFTED,
    );
    for (let rank = 0; rank < SIFTED_RANKS; rank++) {
      let length = 0;
      for (let entry = 0; entry < count; entry++)
        length += Math.max(0, memory[places.sifted + entry * SIFTED + Sifted.near + rank]);
      const start = places.near + rank * SIFT_GROUP * TILE;
      const hasRoom = end + length <= nearRoom;
      nearStarts[(tile * groups + group) * SIFTED_RANKS + rank] = hasRoom ? tile * nearRoom + end : -1;
      if (!hasRoom) continue;
      near.set(memory.subarray(start, start + length), tile * nearRoom + end);
      end += length;
    }
  }
}

/** Trials of a chunk: from which on, how many, and in which pass over all trials. */
export type Chunk = { readonly firstTrial: number; readonly trials: number; readonly pass: number };

/**
 * Takes what was sifted of a chunk's tiles into the summary, for one group of figures.
 *
 * Values near a rank are held; where they are too many, its interval is narrowed. The last chunk finds the rank there, or
 * sets up a search in another pass (`needsAnotherPass`), so that the result is the order statistic itself, whatever the chunks.
 *
 * Memory: overwrites `scratch`. Fails: never. Cost: figures x tiles, and values near.
 */
export function takeTiles(state: SummaryState, chunk: Chunk, group: number, scratch: SummaryScratch): void {
  const { figures, ranks, trials, sifts, sifted, moments, near, nearStarts } = state;
  const entries = sifts.length / SIFT;
  const groups = countGroups(state);
  const tiles = Math.ceil(chunk.trials / TILE);
  const isLast = chunk.firstTrial + chunk.trials === trials;
  const starts = new Float64Array(tiles * SIFTED_RANKS);
  for (let tile = 0; tile < tiles; tile++) {
    const from = (tile * groups + group) * SIFTED_RANKS;
    starts.set(nearStarts.subarray(from, from + SIFTED_RANKS), tile * SIFTED_RANKS);
  }
  const end = Math.min(entries, (group + 1) * SIFT_GROUP);
  for (let entry = group * SIFT_GROUP; entry < end; entry++) {
    const figure = entry % figures.length;
    const firstRank = Math.floor(entry / figures.length) * SIFTED_RANKS;
    if (firstRank === 0) {
      for (let tile = 0; tile < tiles; tile++) {
        const from = (tile * entries + entry) * SIFTED;
        addTile(moments, figure * MOMENTS, sifted, from, Math.min(TILE, chunk.trials - tile * TILE));
      }
    }
    if (!figures[figure].ranked) continue;
    const own = searchesOf(state, figure);
    const endRank = Math.min(ranks.length, firstRank + SIFTED_RANKS);
    const found = { sifted, entries, entry, near, starts, tiles, trials: chunk.trials };
    for (let rank = firstRank; rank < endRank; rank++) takeSifted(own, rank, found, scratch.search);
    if (isLast) closeSearches(own, firstRank, endRank);
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
  const { ranks, trials, held, heldTrials } = state;
  for (let figure = from; figure < end; figure++) {
    if (!isOpen(state, figure)) continue;
    const own = searchesOf(state, figure);
    collectRanksAgain(
      own,
      held.subarray(figure * heldTrials, (figure + 1) * heldTrials),
      count,
      scratch.search,
    );
    if (firstTrial + count === trials) closeSearches(own, 0, ranks.length);
  }
}

function searchesOf(
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

function isOpen({ figures, searches, ranks }: SummaryState, figure: number): boolean {
  if (!figures[figure].ranked) return false;
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
  const { figures, ranks, moments, searches } = state;
  const [all, existing, base, sum, squares, least, largest] = moments.subarray(
    figure * MOMENTS,
    (figure + 1) * MOMENTS,
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
      ? ranks.map((_, rank) => searches[(figure * ranks.length + rank) * SEARCH + Search.low])
      : [],
  };
}
