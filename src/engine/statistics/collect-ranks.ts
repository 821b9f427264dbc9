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
  const high = searches[search + Search.high];
  const low = searches[search + Search.low];
  let added = 0;
  let atLow = 0;
  let atHigh = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const from = (tile * entries + entry) * SIFTED;
    const start = sifted[from + Sifted.starts + place];
    if (start < 0) {
      searches[search + Search.isLost] = 1;
      continue;
    }
    const count = sifted[from + Sifted.near + place];
    searches[search + Search.below] += sifted[from + Sifted.below + place];
    if (count < 0) atLow -= count;
    for (let i = start; i < start + count; i++) {
      const value = near[i];
      if (value === low) atLow++;
      else if (value === high) atHigh++;
      else held[added++] = value;
    }
  }
  searches[search + Search.seen] += trials;
  searches[search + Search.atLow] += atLow;
  searches[search + Search.atHigh] += atHigh;
  if (added > 0) add(searches.subarray(search, search + SEARCH), slotsOf(state, rank), held, added);
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

/** Takes values near into a search: counts those at its ends, and holds those between. */
function collect(
  search: Float64Array,
  slots: Float64Array,
  near: Float64Array,
  nearCount: number,
  held: Float64Array,
): void {
  const low = search[Search.low];
  const high = search[Search.high];
  let added = 0;
  let atLow = 0;
  let atHigh = 0;
  for (let i = 0; i < nearCount; i++) {
    const value = near[i];
    held[added] = value;
    added += Number(value > low) & Number(value < high);
    atLow += Number(value === low);
    atHigh += Number(value === high && low < high);
  }
  search[Search.atLow] += atLow;
  search[Search.atHigh] += atHigh;
  add(search, slots, held, added);
}

/** Holds values between the ends of a search; narrows the search where they are too many. */
function add(search: Float64Array, slots: Float64Array, added: Float64Array, count: number): void {
  const heldBefore = search[Search.inside];
  search[Search.inside] += count;
  if (heldBefore + count > slots.length) narrow(search, slots, heldBefore, added, count);
  else for (let i = 0; i < count; i++) slots[heldBefore + i] = added[i];
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
 * @param slots    the first `occupied` hold values between the ends; receives those that stay
 * @param added    `count` values more, in any order; overwritten
 */
function narrow(
  search: Float64Array,
  slots: Float64Array,
  occupied: number,
  added: Float64Array,
  count: number,
): void {
  const before = search[Search.below] + search[Search.atLow];
  const around = ranksAround(search[Search.wanted], search[Search.size], search[Search.seen]);
  const limit = Math.floor(FILL * slots.length);
  let first = around.low - before;
  let last = around.high - before;
  if (last - first >= limit) {
    first = Math.round((first + last - limit) / 2);
    last = first + limit - 1;
  }
  search[Search.inside] = 0;
  if (narrowToCells(search, slots, occupied, added, count, first, last, limit)) {
    keep(search, slots, slots, occupied);
    keep(search, slots, added, count);
    return;
  }
  added.set(slots.subarray(0, occupied), count);
  narrowToRanks(search, added, occupied + count, first, last);
  keep(search, slots, added, occupied + count);
}

/**
 * Puts the values that lie between the ends behind those in the slots, and counts the others.
 *
 * Without branches, as `sift`.
 *
 * @param values may be the slots themselves: no value is written behind the one that is read
 */
function keep(search: Float64Array, slots: Float64Array, values: Float64Array, count: number): void {
  const low = search[Search.low];
  const high = search[Search.high];
  let inside = search[Search.inside];
  let below = 0;
  let atLow = 0;
  let atHigh = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    slots[inside] = value;
    inside += Number(value > low) & Number(value < high);
    below += Number(value < low);
    atLow += Number(value === low);
    atHigh += Number(value === high);
  }
  // Rounding of the ends may keep more than was counted.
  if (inside > slots.length) search[Search.isLost] = 1;
  search[Search.inside] = Math.min(inside, slots.length);
  search[Search.below] += below;
  search[Search.atLow] += atLow;
  search[Search.atHigh] += low < high ? atHigh : 0;
}

/** Moves the ends to those of the cells in which ranks `first` and `last` of the values lie; false where more than `limit` stay. */
function narrowToCells(
  search: Float64Array,
  slots: Float64Array,
  occupied: number,
  added: Float64Array,
  count: number,
  first: number,
  last: number,
  limit: number,
): boolean {
  const low = search[Search.low];
  const high = search[Search.high];
  const perUnit = CELLS / (high - low);
  const width = (high - low) / CELLS;
  // Infinite ends have no cells, nor have those that are hardly apart.
  if (!(width > 0 && width < Number.POSITIVE_INFINITY && perUnit < Number.POSITIVE_INFINITY)) return false;
  counts.fill(0);
  for (let i = 0; i < occupied; i++) counts[((slots[i] - low) * perUnit) & (CELLS - 1)]++;
  for (let i = 0; i < count; i++) counts[((added[i] - low) * perUnit) & (CELLS - 1)]++;
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
function narrowToRanks(
  search: Float64Array,
  held: Float64Array,
  count: number,
  first: number,
  last: number,
): void {
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
