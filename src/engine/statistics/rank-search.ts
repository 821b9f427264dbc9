import { type RankScratch, selectRank, selectRanks } from "./order-statistics.ts";

/** Numbers of the search for one order statistic. */
export const SEARCH = 13;

/** What is known of one order statistic while chunks go by; offsets in `searches`. */
export const Search = {
  /** In a pass after the first only values above `floor` and below `ceiling` count, NaN: no such end. */
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
  /** 1 where values near it found no room, so that nothing is known of the rank. */
  isLost: 12,
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

/** The numbers of one search. */
export function searchOf(searches: Float64Array, rank: number): Float64Array {
  return searches.subarray(rank * SEARCH, (rank + 1) * SEARCH);
}

/** The slots of one search. */
export function slotsOf({ slots, slotStarts }: RankSearches, rank: number): Float64Array {
  return slots.subarray(slotStarts[rank], slotStarts[rank + 1]);
}

/** Half the width of a search's interval, in standard deviations of the rank: one search in 500 million fails. */
const SEARCH_DEVIATIONS = 6;

/** Ranks among the `seen` of `size` values between which the one of rank `wanted` among all of them almost surely lies. */
export function ranksAround(wanted: number, size: number, seen: number): { low: number; high: number } {
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
  return Math.ceil(1.5 * (high - low + 1));
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
    const own = searchOf(searches, rank);
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
  search[Search.low] = Number.NEGATIVE_INFINITY;
  search[Search.high] = Number.POSITIVE_INFINITY;
}

/**
 * Ends the searches in whose interval the rank lies, after a pass over all trials. One that missed it knows on which side it
 * lies and how far, so that another pass almost surely finds it.
 */
export function closeSearches(state: RankSearches, from: number, end: number): void {
  for (let rank = from; rank < end; rank++) {
    const search = searchOf(state.searches, rank);
    if (search[Search.done] === 0) close(search, slotsOf(state, rank));
  }
}

function close(search: Float64Array, slots: Float64Array): void {
  const [floor, ceiling, size, wanted, , low, high, below, atLow, inside, atHigh, , isLost] = search;
  if (isLost === 1) {
    openWindow(search, { floor, ceiling, size, wanted });
    return;
  }
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
