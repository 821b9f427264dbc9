import { type HeldValues, seekNumber } from "./held-values.ts";
import { selectRank } from "./order-statistics.ts";
import {
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
  held: HeldValues,
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
  const target = hasRoom ? slots : held.numbers;
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
  held: HeldValues,
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
      else if (value <= high) held.numbers[within++] = value;
    }
    search[Search.seen] += seen;
    search[Search.below] += below;
    take(search, slotsOf(state, rank), held, within);
  }
}

/** Takes the first values of `held`, which are within the interval of a search, and holds them. */
function take(search: Float64Array, slots: Float64Array, held: HeldValues, within: number): void {
  const before = search[Search.inside];
  if (before + within > slots.length) {
    makeRoom(search, slots, held, within);
    return;
  }
  for (let i = 0; i < within; i++) slots[before + i] = held.numbers[i];
  search[Search.inside] = before + within;
}

/**
 * Holds what a search has room for of its values and of the first values of `held`: counts those at its ends, which need not be held, and
 * narrows the search where the others are still too many.
 */
function makeRoom(search: Float64Array, slots: Float64Array, held: HeldValues, within: number): void {
  const before = search[Search.inside];
  held.numbers.set(slots.subarray(0, before), within);
  search[Search.inside] = countEnds(search, held, within + before);
  if (search[Search.inside] > slots.length) narrow(search, held, slots.length);
  slots.set(held.numbers.subarray(0, search[Search.inside]));
}

/** Counts values within a search's interval at its ends, and puts those between in front; returns how many these are. */
function countEnds(search: Float64Array, held: HeldValues, count: number): number {
  const { numbers } = held;
  const [low, high] = [search[Search.low], search[Search.high]];
  if (held.countThrough(count, low) === 0 && held.countBelow(count, high) === count) return count;
  let [atLow, between] = [0, 0];
  for (let i = 0; i < count; i++) {
    const value = numbers[i];
    if (value === low) atLow++;
    else if (value !== high) numbers[between++] = value;
  }
  search[Search.atLow] += atLow;
  search[Search.atHigh] += count - atLow - between;
  return between;
}

/** Values to either side, to those that a narrowed search holds, by which its ends may miss the ranks that they are to enclose. */
const SLACK = 0.03;

/**
 * Narrows a search to where the rank almost surely lies by what has been seen, and to what its slots hold in any case.
 *
 * Ends need not be values. Where many are equal, or an end is infinite, they are order statistics, and are counted.
 *
 * @param held all values between the ends, in any order; those that stay stand in front
 */
function narrow(search: Float64Array, held: HeldValues, slots: number): void {
  const around = ranksAround(search[Search.wanted], search[Search.size], search[Search.seen]);
  const { low, high } = placesToHold(around, slots);
  const before = search[Search.below] + search[Search.atLow];
  if (!narrowBetween(search, held, low - before, high - before))
    narrowToRanks(search, held, low - before, high - before);
  // Many may be equal to an end.
  if (search[Search.inside] > slots) search[Search.inside] = countEnds(search, held, search[Search.inside]);
}

/** Moves the ends to numbers between which ranks `first` to `last` of the values lie, and few others; false where there are none. */
function narrowBetween(search: Float64Array, held: HeldValues, first: number, last: number): boolean {
  const count = search[Search.inside];
  const ends = [search[Search.low], search[Search.high]] as const;
  const slack = Math.ceil(SLACK * (last - first + 1));
  let [low, high] = ends;
  if (first > 1) low = seekNumber(held, count, ends, [Math.max(1, first - 1 - slack), first - 1]);
  if (last < count) high = seekNumber(held, count, ends, [last, Math.min(count - 1, last + slack)]);
  if (Number.isNaN(low) || Number.isNaN(high)) return false;
  moveEnds(search, held, low, high);
  return true;
}

/** Moves the ends to the values of ranks `first` and `last`, one of them at least: there are more values than slots. */
function narrowToRanks(search: Float64Array, held: HeldValues, first: number, last: number): void {
  const count = search[Search.inside];
  const start = Math.min(count, Math.max(1, first)) - 1;
  let [low, high] = [search[Search.low], search[Search.high]];
  if (first >= 1) low = selectRank(held.numbers, 0, count, start + 1);
  // Nothing before `start` is larger now.
  if (last <= count) high = selectRank(held.numbers, start, count, Math.max(1, last - start));
  moveEnds(search, held, low, high);
}

/** Moves the ends of a search inwards, counts what is below, and drops what is outside. */
function moveEnds(search: Float64Array, held: HeldValues, low: number, high: number): void {
  const count = search[Search.inside];
  if (low > search[Search.low]) {
    search[Search.below] += search[Search.atLow] + held.countBelow(count, low);
    search[Search.atLow] = 0;
    search[Search.low] = low;
  }
  if (high < search[Search.high]) {
    search[Search.atHigh] = 0;
    search[Search.high] = high;
  }
  search[Search.inside] = held.keepWithin(count, low, high);
}
