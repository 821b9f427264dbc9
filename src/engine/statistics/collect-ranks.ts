import { selectRank } from "./order-statistics.ts";
import {
  mostHeld,
  placesToHold,
  type RankSearches,
  ranksAround,
  SEARCH,
  Search,
  searchOf,
  slotsOf,
} from "./rank-search.ts";
import { SIFTED, SIFTED_RANKS, Sifted } from "./sift.ts";

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

/**
 * Takes what was sifted of a chunk's tiles into the search of one rank. Memory: overwrites `held`. Fails: never.
 *
 * Called for each figure, rank and chunk, so that it makes no views of arrays.
 */
export function takeSifted(
  state: RankSearches,
  rank: number,
  { sifted, entries, entry, near, tiles, trials }: SiftedTiles,
  held: Float64Array,
): void {
  const { searches, slots, slotStarts } = state;
  const search = rank * SEARCH;
  const place = rank % SIFTED_RANKS;
  const [firstRecord, apart] = [entry * SIFTED + place, entries * SIFTED];
  let [below, atLow, within] = [0, 0, 0];
  for (let tile = 0, record = firstRecord; tile < tiles; tile++, record += apart) {
    const count = sifted[record + Sifted.near];
    if (sifted[record + Sifted.starts] < 0) {
      searches[search + Search.isLost] = 1;
      continue;
    }
    below += sifted[record + Sifted.below];
    if (count < 0) atLow -= count;
    else within += count;
  }
  const before = searches[search + Search.inside];
  searches[search + Search.seen] += trials;
  searches[search + Search.below] += below;
  searches[search + Search.atLow] += atLow;
  if (within === 0) return;
  const [firstSlot, endSlot] = [slotStarts[rank], slotStarts[rank + 1]];
  const hasRoom = firstSlot + before + within <= endSlot;
  const target = hasRoom ? slots : held;
  let next = hasRoom ? firstSlot + before : 0;
  for (let tile = 0, record = firstRecord; tile < tiles; tile++, record += apart) {
    const start = sifted[record + Sifted.starts];
    const end = start < 0 ? start : start + sifted[record + Sifted.near];
    for (let i = start; i < end; i++) target[next++] = near[i];
  }
  if (hasRoom) searches[search + Search.inside] = before + within;
  else makeRoom(searchOf(searches, rank), slotsOf(state, rank), held, within);
}

/**
 * Takes a chunk's values into the searches that are not done, in a pass after the first.
 *
 * Memory: overwrites `held`. Fails: never; values are numbers, no NaN. Cost: the values, for each rank.
 */
export function collectRanksAgain(
  state: RankSearches,
  values: Float64Array,
  count: number,
  held: Float64Array,
): void {
  const { ranks, searches } = state;
  for (let rank = 0; rank < ranks.length; rank++) {
    const search = searchOf(searches, rank);
    if (search[Search.done] === 1) continue;
    const [floor, ceiling] = search;
    const [low, high] = [search[Search.low], search[Search.high]];
    let [seen, below, within] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const value = values[i];
      // Either comparison fails where there is no such end.
      if (value <= floor || value >= ceiling) continue;
      seen++;
      if (value < low) below++;
      else if (value <= high) held[within++] = value;
    }
    search[Search.seen] += seen;
    search[Search.below] += below;
    take(search, slotsOf(state, rank), held, within);
  }
}

/** Takes the first values of `held`, which are within the interval of a search, and holds them. */
function take(search: Float64Array, slots: Float64Array, held: Float64Array, within: number): void {
  const before = search[Search.inside];
  if (before + within > slots.length) {
    makeRoom(search, slots, held, within);
    return;
  }
  for (let i = 0; i < within; i++) slots[before + i] = held[i];
  search[Search.inside] = before + within;
}

/**
 * Holds what a search has room for of its values and of the first values of `held`: counts those at its ends, which need not be held, and
 * narrows the search where the others are still too many.
 */
function makeRoom(search: Float64Array, slots: Float64Array, held: Float64Array, within: number): void {
  const before = search[Search.inside];
  for (let i = 0; i < before; i++) held[within + i] = slots[i];
  search[Search.inside] = countEnds(search, held, within + before);
  if (search[Search.inside] > slots.length) narrow(search, held, slots.length);
  for (let i = 0; i < search[Search.inside]; i++) slots[i] = held[i];
}

/**
 * Counts values held below a search's interval, and puts those within it in front.
 *
 * Without branches, which the processor could not foresee: each value is written where the next one is to stand, and stays there if it
 * is one of them.
 */
function dropOutside(search: Float64Array, held: Float64Array): void {
  const count = search[Search.inside];
  const [low, high] = [search[Search.low], search[Search.high]];
  let [below, within] = [0, 0];
  for (let i = 0; i < count; i++) {
    const value = held[i];
    held[within] = value;
    const isBelow = Number(value < low);
    below += isBelow;
    within += 1 - isBelow - Number(value > high);
  }
  search[Search.below] += below;
  search[Search.inside] = within;
}

/** Counts values within a search's interval at its ends, and puts those between in front, as `dropOutside`; returns how many these are. */
function countEnds(search: Float64Array, held: Float64Array, count: number): number {
  const [low, high] = [search[Search.low], search[Search.high]];
  let [atLow, between] = [0, 0];
  for (let i = 0; i < count; i++) {
    const value = held[i];
    held[between] = value;
    const isLow = Number(value === low);
    atLow += isLow;
    between += 1 - (isLow | Number(value === high));
  }
  search[Search.atLow] += atLow;
  search[Search.atHigh] += count - atLow - between;
  return between;
}

/** Cells that the values of an interval are counted in to narrow it. */
const CELLS = 64;
const counts = new Int32Array(CELLS);

/**
 * Narrows a search to where the rank almost surely lies by what has been seen, and to what its slots hold in any case.
 *
 * Ends need not be values: they are those of cells of equal width. Where most values stand in few cells, they are order statistics, and
 * are counted.
 *
 * @param held all values between the ends, in any order; those that stay stand in front
 */
function narrow(search: Float64Array, held: Float64Array, slots: number): void {
  const around = ranksAround(search[Search.wanted], search[Search.size], search[Search.seen]);
  const { low, high } = placesToHold(around, slots);
  const limit = mostHeld(slots);
  const before = search[Search.below] + search[Search.atLow];
  if (narrowToCells(search, held, low - before, high - before, limit)) dropOutside(search, held);
  // A value at an end may, as it is rounded, have been counted in the cell beside it; many may be equal.
  if (search[Search.inside] <= limit) return;
  const beforeRanks = search[Search.below] + search[Search.atLow];
  narrowToRanks(search, held, low - beforeRanks, high - beforeRanks);
  dropOutside(search, held);
  search[Search.inside] = countEnds(search, held, search[Search.inside]);
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
