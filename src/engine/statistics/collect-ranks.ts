import { selectRank } from "./order-statistics.ts";
import { type RankSearches, ranksAround, SEARCH, Search, searchOf, slotsOf } from "./rank-search.ts";
import { SIFTED, SIFTED_RANKS, Sifted } from "./sift.ts";

/** Part of a search's slots that are taken after it was narrowed, so that it is not narrowed at every chunk. */
const FILL = 0.9;

/** Searches whose intervals are looked at together. */
const GROUP = SIFTED_RANKS;

/** Memory of `collectRanks`. */
export type SearchScratch = {
  /** Ends of the intervals of a group, one after the other, and how many values are below each. */
  readonly ends: Float64Array;
  readonly below: Int32Array;
  /** Values of a chunk that count in a later pass, and those in any interval of a group. */
  readonly window: Float64Array;
  readonly near: Float64Array;
  /** What one search holds, and what a chunk adds to it. */
  readonly held: Float64Array;
};

/** Allocates memory for `collectRanks`, for chunks of up to `capacity` values and searches of up to `slots` slots. */
export function createSearchScratch(capacity: number, slots: number): SearchScratch {
  return {
    ends: new Float64Array(2 * GROUP),
    below: new Int32Array(GROUP),
    window: new Float64Array(capacity),
    // One more than values: every value is written; only near ones advance the index.
    near: new Float64Array(capacity + 1),
    held: new Float64Array(slots + capacity + 1),
  };
}

/**
 * Takes the first values into the searches.
 *
 * Memory: overwrites the scratch. Fails: never; values are numbers, no NaN. Cost: the values, once for three ranks.
 */
export function collectRanks(
  state: RankSearches,
  values: Float64Array,
  count: number,
  scratch: SearchScratch,
): void {
  const { ranks, searches } = state;
  for (let first = 0; first < ranks.length; first += GROUP) {
    const end = Math.min(ranks.length, first + GROUP);
    for (let rank = first; rank < end; rank++) searches[rank * SEARCH + Search.seen] += count;
    collectGroup(state, first, end, values, count, scratch);
  }
}

/** What was sifted of an entry in the tiles of a chunk. */
export type SiftedTiles = {
  /** [tile][entry][SIFTED] */
  readonly sifted: Float64Array;
  readonly entries: number;
  readonly entry: number;
  readonly near: Float64Array;
  readonly tiles: number;
  /** Trials of the chunk. */
  readonly trials: number;
};

/** Takes what was sifted of a chunk's tiles into the search of one rank. Memory: overwrites `held`. Fails: never. */
export function takeSifted(
  state: RankSearches,
  rank: number,
  { sifted, entries, entry, near, tiles, trials }: SiftedTiles,
  { held }: SearchScratch,
): void {
  const search = rank * SEARCH;
  const { searches } = state;
  const place = rank % SIFTED_RANKS;
  let nearCount = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const from = (tile * entries + entry) * SIFTED;
    const start = sifted[from + Sifted.starts + place];
    if (start < 0) {
      searches[search + Search.isLost] = 1;
      continue;
    }
    const count = sifted[from + Sifted.near + place];
    searches[search + Search.below] += sifted[from + Sifted.below + place];
    if (count < 0) searches[search + Search.atLow] -= count;
    for (let i = start; i < start + count; i++) held[nearCount++] = near[i];
  }
  searches[search + Search.seen] += trials;
  if (nearCount > 0) take(searches, search, slotsOf(state, rank), held, nearCount);
}

/** Takes a chunk's values into the searches that are not done, in a pass after the first. As `collectRanks`. */
export function collectRanksAgain(
  state: RankSearches,
  values: Float64Array,
  count: number,
  scratch: SearchScratch,
): void {
  const { ranks, searches } = state;
  const { window } = scratch;
  for (let rank = 0; rank < ranks.length; rank++) {
    const search = searchOf(searches, rank);
    if (search[Search.done] === 1) continue;
    const [floor, ceiling] = search;
    let seen = 0;
    // Either comparison fails where there is no such end.
    for (let i = 0; i < count; i++) {
      if (!(values[i] <= floor) && !(values[i] >= ceiling)) window[seen++] = values[i];
    }
    search[Search.seen] += seen;
    collectGroup(state, rank, rank + 1, window, seen, scratch);
  }
}

/** Takes values into a group of searches. */
function collectGroup(
  state: RankSearches,
  first: number,
  end: number,
  values: Float64Array,
  count: number,
  scratch: SearchScratch,
): void {
  const { searches } = state;
  const { ends, below, near, held } = scratch;
  ends.fill(Number.POSITIVE_INFINITY);
  for (let rank = first; rank < end; rank++) {
    ends[2 * (rank - first)] = searches[rank * SEARCH + Search.low];
    ends[2 * (rank - first) + 1] = searches[rank * SEARCH + Search.high];
  }
  const nearCount = sift(values, count, scratch);
  for (let rank = first; rank < end; rank++) {
    const search = searchOf(searches, rank);
    search[Search.below] += below[rank - first];
    collect(search, slotsOf(state, rank), near, nearCount, held);
  }
}

/**
 * Counts the values below each interval of a group, and copies those in any of them.
 *
 * Without branches, which the processor could not foresee, this takes a fifth of the time (measured): comparisons are added up,
 * and each value is written where the next one near is to stand.
 */
function sift(values: Float64Array, count: number, { ends, below, near }: SearchScratch): number {
  const [low0, high0, low1, high1, low2, high2] = ends;
  let below0 = 0;
  let below1 = 0;
  let below2 = 0;
  let nearCount = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    const isBelow0 = Number(value < low0);
    const isBelow1 = Number(value < low1);
    const isBelow2 = Number(value < low2);
    below0 += isBelow0;
    below1 += isBelow1;
    below2 += isBelow2;
    near[nearCount] = value;
    const isInside = (1 - isBelow0 - Number(value > high0)) | (1 - isBelow1 - Number(value > high1));
    nearCount += isInside | (1 - isBelow2 - Number(value > high2));
  }
  below[0] = below0;
  below[1] = below1;
  below[2] = below2;
  return nearCount;
}

/** Puts values in the interval of a search in front of `held`. */
function collect(
  search: Float64Array,
  slots: Float64Array,
  near: Float64Array,
  nearCount: number,
  held: Float64Array,
): void {
  const low = search[Search.low];
  const high = search[Search.high];
  let within = 0;
  for (let i = 0; i < nearCount; i++) {
    const value = near[i];
    held[within] = value;
    within += 1 - Number(value < low) - Number(value > high);
  }
  take(search, 0, slots, held, within);
}

/** Counts values at the ends of a search, and holds those between; narrows the search where they are too many. */
function take(
  searches: Float64Array,
  at: number,
  slots: Float64Array,
  held: Float64Array,
  within: number,
): void {
  const low = searches[at + Search.low];
  const high = searches[at + Search.high];
  let atLow = 0;
  let atHigh = 0;
  let added = 0;
  for (let i = 0; i < within; i++) {
    const value = held[i];
    if (value === low) atLow++;
    else if (value === high) atHigh++;
    else held[added++] = value;
  }
  searches[at + Search.atLow] += atLow;
  searches[at + Search.atHigh] += atHigh;
  const heldBefore = searches[at + Search.inside];
  searches[at + Search.inside] += added;
  if (heldBefore + added <= slots.length) {
    for (let i = 0; i < added; i++) slots[heldBefore + i] = held[i];
    return;
  }
  held.set(slots.subarray(0, heldBefore), added);
  narrow(searches.subarray(at, at + SEARCH), slots, held);
}

/** Cells that the values of an interval are counted in to narrow it. */
const CELLS = 64;
const counts = new Int32Array(CELLS);

/**
 * Narrows a search to where the rank almost surely lies by what has been seen, and to what its slots hold in any case.
 *
 * Ends need not be values: at first they are those of cells of equal width. Where most values stand in few cells, they are
 * order statistics.
 *
 * @param slots receives the values that stay
 * @param held  all values between the ends, in any order; reordered
 */
function narrow(search: Float64Array, slots: Float64Array, held: Float64Array): void {
  const count = search[Search.inside];
  const before = search[Search.below] + search[Search.atLow];
  const around = ranksAround(search[Search.wanted], search[Search.size], search[Search.seen]);
  const limit = Math.floor(FILL * slots.length);
  let first = around.low - before;
  let last = around.high - before;
  if (last - first >= limit) {
    first = Math.round((first + last - limit) / 2);
    last = first + limit - 1;
  }
  if (!narrowToCells(search, held, first, last, limit)) narrowToRanks(search, held, first, last);
  const [low, high] = [search[Search.low], search[Search.high]];
  let inside = 0;
  for (let i = 0; i < count; i++) {
    const value = held[i];
    if (value > high) continue;
    if (value < low) search[Search.below]++;
    else if (value === low) search[Search.atLow]++;
    else if (value === high) search[Search.atHigh]++;
    else slots[inside++] = value;
  }
  search[Search.inside] = inside;
}

/** Moves the ends to those of the cells in which ranks `first` and `last` of the values lie; false where more than `limit` stay. */
function narrowToCells(
  search: Float64Array,
  held: Float64Array,
  first: number,
  last: number,
  limit: number,
): boolean {
  const [low, high, count] = [search[Search.low], search[Search.high], search[Search.inside]];
  const perUnit = CELLS / (high - low);
  const width = (high - low) / CELLS;
  // Infinite ends have no cells, nor have those that are hardly apart.
  if (!(width > 0 && width < Number.POSITIVE_INFINITY && perUnit < Number.POSITIVE_INFINITY)) return false;
  counts.fill(0);
  for (let i = 0; i < count; i++) counts[((held[i] - low) * perUnit) & (CELLS - 1)]++;
  let lower = 0;
  let below = 0;
  while (lower < CELLS - 1 && below + counts[lower] < first) below += counts[lower++];
  let upper = lower;
  let through = below + counts[lower];
  while (upper < CELLS - 1 && through < last) through += counts[++upper];
  if (through - below > limit) return false;
  if (lower > 0) {
    search[Search.below] += search[Search.atLow];
    search[Search.atLow] = 0;
    search[Search.low] = low + lower * width;
  }
  if (upper < CELLS - 1) {
    search[Search.high] = low + (upper + 1) * width;
    search[Search.atHigh] = 0;
  }
  return true;
}

/** Moves the ends to the values of ranks `first` and `last`, one of them at least: there are more values than slots. */
function narrowToRanks(search: Float64Array, held: Float64Array, first: number, last: number): void {
  const count = search[Search.inside];
  const start = Math.min(count, Math.max(1, first)) - 1;
  if (first >= 1) {
    search[Search.below] += search[Search.atLow];
    search[Search.atLow] = 0;
    search[Search.low] = selectRank(held, 0, count, start + 1);
  }
  if (last <= count) {
    // Nothing before `start` is larger now.
    search[Search.high] = selectRank(held, start, count, Math.max(1, last - start));
    search[Search.atHigh] = 0;
  }
}
