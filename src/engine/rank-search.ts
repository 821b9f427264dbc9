import { type RankScratch, selectRank, selectRanks } from "./order-statistics.ts";

/** Numbers of the search for one order statistic. */
export const SEARCH = 12;

/** What is known of one order statistic while chunks go by; offsets in `searches`. An end that is NaN is none. */
export const Search = {
  /** In a pass after the first only values above `floor` and below `ceiling` count: it lies among them. */
  floor: 0,
  ceiling: 1,
  /** How many values of all trials count, which rank is wanted among them, and how many of them have been seen. */
  size: 2,
  wanted: 3,
  seen: 4,
  /** It is looked for in [low, high]; the result stands in `low`. */
  low: 5,
  high: 6,
  /** How many of the values seen are below, at either end, and between the ends, where they are held. */
  below: 7,
  atLow: 8,
  inside: 9,
  atHigh: 10,
  done: 11,
} as const;

/** Searches of one figure, for ranks among all `trials`; the figure's are the first of both arrays. */
export type RankSearches = {
  readonly ranks: readonly number[];
  readonly trials: number;
  /** [rank][Search] */
  readonly searches: Float64Array;
  /** [rank][slot]: values held; a rank's begin at `slotStarts[rank]`, and end where the next one's begin. */
  readonly slots: Float64Array;
  readonly slotStarts: readonly number[];
};

/** Half the width of a search's interval, in standard deviations of the rank: one search in 500 million fails. */
const SEARCH_DEVIATIONS = 6;

/** Part of a search's slots that are taken after it was narrowed, so that it is not narrowed at every chunk. */
const FILL = 0.75;

/** Cells that the span of a figure's searches is divided into, and what lies above it; cell 0 is what lies below. */
const CELLS = 256;
const ABOVE = CELLS + 2;

/** Memory of `collectRanks`. */
export type SearchScratch = {
  /** The cell of each value. */
  readonly cellOf: Uint16Array;
  /** Values in each cell, and the group of searches that look at them, -1: none. */
  readonly counts: Int32Array;
  readonly groups: Int16Array;
  /** [group][value]: values that the searches of a group look at. */
  readonly near: Float64Array;
  readonly nearCounts: Int32Array;
  /** What one search holds, and what a chunk adds to it. */
  readonly held: Float64Array;
};

/** Allocates memory for `collectRanks`, for chunks of up to `capacity` values and searches of up to `slots` slots. */
export function createSearchScratch(rankCount: number, capacity: number, slots: number): SearchScratch {
  return {
    cellOf: new Uint16Array(capacity),
    counts: new Int32Array(ABOVE + 1),
    groups: new Int16Array(ABOVE + 1),
    near: new Float64Array(rankCount * capacity),
    nearCounts: new Int32Array(rankCount),
    held: new Float64Array(slots + capacity),
  };
}

/** Ranks among the `seen` of `size` values between which the one of rank `wanted` among all of them almost surely lies. */
function ranksAround(wanted: number, size: number, seen: number): { low: number; high: number } {
  const share = wanted / size;
  // What was seen is drawn from all, so that the larger its part of them is the closer its ranks are to theirs.
  const variance = share * (1 - share) * seen * Math.max(0, 1 - seen / size);
  const apart = SEARCH_DEVIATIONS * Math.sqrt(variance) + 2;
  return { low: Math.floor(share * seen - apart), high: Math.ceil(share * seen + apart) + 1 };
}

/**
 * How many values a search has to hold so that one pass over all trials almost surely ends it: its interval is widest, in
 * ranks, when half of the trials were seen.
 */
export function slotsToHold(wanted: number, trials: number, chunkTrials: number): number {
  const { low, high } = ranksAround(wanted, trials, Math.max(chunkTrials, trials / 2));
  // Half as much again as it keeps lets it be narrowed seldom.
  return Math.ceil((high - low + 1) / FILL + (high - low) / 6);
}

/**
 * Chooses for each rank the interval in which it almost surely lies, by the first chunk.
 *
 * @param least   smallest value of the chunk
 * @param largest its largest that is not infinite
 */
export function openSearches(
  { ranks, trials, searches }: RankSearches,
  values: Float64Array,
  count: number,
  least: number,
  largest: number,
  scratch: RankScratch,
): void {
  const ends = ranks.map((wanted) => ranksAround(wanted, trials, count));
  const near = ends.flatMap(({ low, high }) => [Math.max(1, low), Math.min(count, high)]);
  const found = new Float64Array(near.length);
  selectRanks(values, count, near, least, largest, scratch, found);
  for (const [rank, { low, high }] of ends.entries()) {
    const own = searches.subarray(rank * SEARCH, (rank + 1) * SEARCH);
    openWindow(own, { floor: Number.NaN, ceiling: Number.NaN, size: trials, wanted: ranks[rank] });
    if (low >= 1) own[Search.low] = found[2 * rank];
    if (high <= count) own[Search.high] = found[2 * rank + 1];
  }
}

/** The values that count, how many they are among all trials, and the rank that is wanted among them. */
type Window = {
  readonly floor: number;
  readonly ceiling: number;
  readonly size: number;
  readonly wanted: number;
};

/** Sets a search up for a pass over all trials. */
function openWindow(search: Float64Array, { floor, ceiling, size, wanted }: Window): void {
  search.fill(0);
  search[Search.floor] = floor;
  search[Search.ceiling] = ceiling;
  search[Search.size] = size;
  search[Search.wanted] = wanted;
  search[Search.low] = Number.NaN;
  search[Search.high] = Number.NaN;
}

/** Between which values a figure's lie: the least, the largest that is not infinite, and one that none is above. */
export type Bounds = { readonly least: number; readonly largest: number; readonly highest: number };

/**
 * Takes a chunk's values into the searches, in the first pass.
 *
 * Most values lie in none of the intervals: a grid of cells over all of them tells by one product which search must look at
 * a value, and how many values are below each. A cell does not fall as the value rises, so that nothing is missed.
 */
export function collectRanks(
  state: RankSearches,
  values: Float64Array,
  count: number,
  bounds: Bounds,
  scratch: SearchScratch,
): void {
  const { ranks, searches } = state;
  // An end that is NaN makes the least or largest of them NaN.
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let rank = 0; rank < ranks.length; rank++) {
    low = Math.min(low, searches[rank * SEARCH + Search.low]);
    high = Math.max(high, searches[rank * SEARCH + Search.high]);
  }
  if (low === high && low === bounds.least && low === bounds.highest) {
    for (let rank = 0; rank < ranks.length; rank++) {
      searches[rank * SEARCH + Search.atLow] += count;
      searches[rank * SEARCH + Search.seen] += count;
    }
    return;
  }
  if (Number.isNaN(low)) low = bounds.least;
  if (Number.isNaN(high)) high = bounds.largest;
  const cells = ranks.map((_, rank) => cellsOf(searches, rank, low, high));
  const { counts, groups, near, nearCounts } = scratch;
  groups.fill(-1);
  // Searches that share a cell are one group with all the others, which they seldom do.
  const areApart = cells.every(({ lowest }, index) => index === 0 || lowest > cells[index - 1].highest);
  for (const [index, { lowest, highest }] of cells.entries()) {
    groups.fill(areApart ? index : 0, lowest, highest + 1);
  }
  sortIntoGrid(values, count, low, high, scratch);
  const capacity = near.length / nearCounts.length;
  for (const [rank, { lowest }] of cells.entries()) {
    const group = areApart ? rank : 0;
    let below = 0;
    for (let cell = 0; cell < lowest; cell++) if (groups[cell] !== group) below += counts[cell];
    searches[rank * SEARCH + Search.below] += below;
    searches[rank * SEARCH + Search.seen] += count;
    collect(state, rank, near, group * capacity, nearCounts[group], scratch.held);
  }
}

/** Takes a chunk's values into the searches that are not done, in a pass after the first. */
export function collectRanksAgain(
  state: RankSearches,
  values: Float64Array,
  count: number,
  { near, held }: SearchScratch,
): void {
  const { ranks, searches } = state;
  for (let rank = 0; rank < ranks.length; rank++) {
    const at = rank * SEARCH;
    if (searches[at + Search.done] === 1) continue;
    const [floor, ceiling] = searches.subarray(at, at + SEARCH);
    let seen = 0;
    // Either comparison fails where the end is NaN.
    for (let i = 0; i < count; i++) {
      if (!(values[i] <= floor) && !(values[i] >= ceiling)) near[seen++] = values[i];
    }
    searches[at + Search.seen] += seen;
    collect(state, rank, near, 0, seen, held);
  }
}

/** The cells in which a search looks: all below or above where it has no end there. */
function cellsOf(
  searches: Float64Array,
  rank: number,
  low: number,
  high: number,
): { lowest: number; highest: number } {
  const ownLow = searches[rank * SEARCH + Search.low];
  const ownHigh = searches[rank * SEARCH + Search.high];
  return {
    lowest: Number.isNaN(ownLow) ? 0 : findCell(ownLow, low, high),
    highest: Number.isNaN(ownHigh) ? ABOVE : findCell(ownHigh, low, high),
  };
}

function findCell(value: number, low: number, high: number): number {
  if (value < low) return 0;
  // A width of 0 or beyond all numbers makes every cell of the span the first.
  return value > high ? ABOVE : 1 + (((value - low) * (CELLS / (high - low))) | 0);
}

/** Counts the values by cell, and copies those that a group looks at. */
function sortIntoGrid(
  values: Float64Array,
  count: number,
  low: number,
  high: number,
  { cellOf, counts, groups, near, nearCounts }: SearchScratch,
): void {
  const perUnit = CELLS / (high - low);
  const capacity = near.length / nearCounts.length;
  counts.fill(0);
  nearCounts.fill(0);
  for (let i = 0; i < count; i++) {
    const value = values[i];
    cellOf[i] = value < low ? 0 : value > high ? ABOVE : 1 + (((value - low) * perUnit) | 0);
  }
  // Loops of their own: counted as soon as it is known, a cell would hold up the next value (measured, twice as slow).
  for (let i = 0; i < count; i++) counts[cellOf[i]]++;
  for (let i = 0; i < count; i++) {
    const group = groups[cellOf[i]];
    if (group >= 0) near[group * capacity + nearCounts[group]++] = values[i];
  }
}

/** Counts values below, at and between the ends of a search, and holds those between; narrows it where they are too many. */
function collect(
  { searches, slots, slotStarts }: RankSearches,
  rank: number,
  values: Float64Array,
  first: number,
  count: number,
  held: Float64Array,
): void {
  const search = searches.subarray(rank * SEARCH, (rank + 1) * SEARCH);
  const own = slots.subarray(slotStarts[rank], slotStarts[rank + 1]);
  const low = search[Search.low];
  const high = search[Search.high];
  const heldBefore = search[Search.inside];
  let below = 0;
  let atLow = 0;
  let atHigh = 0;
  let added = 0;
  for (let i = first; i < first + count; i++) {
    const value = values[i];
    if (value > high) continue;
    if (value < low) below++;
    else if (value === low) atLow++;
    else if (value === high) atHigh++;
    else held[added++] = value;
  }
  search[Search.below] += below;
  search[Search.atLow] += atLow;
  search[Search.atHigh] += atHigh;
  search[Search.inside] += added;
  if (heldBefore + added <= own.length) {
    for (let i = 0; i < added; i++) own[heldBefore + i] = held[i];
    return;
  }
  held.set(own.subarray(0, heldBefore), added);
  narrow(search, own, held);
}

/**
 * Narrows a search to where the rank almost surely lies by what has been seen, and to what its slots hold in any case.
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
  // Whatever has no room moves one end at least: there are more values than slots.
  if (first >= 1) {
    search[Search.low] = selectRank(held, 0, count, Math.min(first, count));
    search[Search.below] = before;
    search[Search.atLow] = 0;
  }
  if (last <= count) {
    search[Search.high] = selectRank(held, 0, count, Math.max(last, 1));
    search[Search.atHigh] = 0;
  }
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

/**
 * Ends the searches in whose interval the rank lies, after a pass over all trials. One that missed it knows on which side it
 * lies and how far, so that another pass almost surely finds it.
 */
export function closeSearches({ ranks, searches, slots, slotStarts }: RankSearches): void {
  for (let rank = 0; rank < ranks.length; rank++) {
    const search = searches.subarray(rank * SEARCH, (rank + 1) * SEARCH);
    if (search[Search.done] === 0) close(search, slots.subarray(slotStarts[rank], slotStarts[rank + 1]));
  }
}

function close(search: Float64Array, slots: Float64Array): void {
  const [floor, ceiling, size, wanted, , low, high, below, atLow, inside, atHigh] = search;
  const throughLow = below + atLow;
  const throughHigh = throughLow + inside + atHigh;
  if (wanted <= below) openWindow(search, { floor, ceiling: low, size: below, wanted });
  else if (wanted <= throughLow) finish(search, low);
  else if (wanted <= throughLow + inside) finish(search, selectRank(slots, 0, inside, wanted - throughLow));
  else if (wanted <= throughHigh) finish(search, high);
  else openWindow(search, { floor: high, ceiling, size: size - throughHigh, wanted: wanted - throughHigh });
}

/** Notes a result; the search is done. */
export function finish(search: Float64Array, value: number): void {
  search[Search.low] = value;
  search[Search.done] = 1;
}
