import { type HeldValues, selectHeld } from "./held-values.ts";

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

/** Ranks of two values; below 1 or above their number where there is none. */
type Places = { readonly low: number; readonly high: number };

/** Ranks among the `seen` of `size` values between which the one of rank `wanted` among all of them almost surely lies. */
export function ranksAround(wanted: number, size: number, seen: number): Places {
  const share = wanted / size;
  // What was seen is drawn from all, so that the larger its part of them is the closer its ranks are to theirs.
  const variance = share * (1 - share) * seen * Math.max(0, 1 - seen / size);
  const apart = SEARCH_DEVIATIONS * Math.sqrt(variance) + 2;
  return { low: Math.floor(share * seen - apart), high: Math.ceil(share * seen + apart) + 1 };
}

/**
 * How many values a search has to hold so that one pass over all trials almost surely ends it: half as much again as its interval has
 * ranks where it is widest, which is when half of the trials were seen.
 */
export function slotsToHold(wanted: number, trials: number, chunkTrials: number): number {
  const { low, high } = ranksAround(wanted, trials, Math.max(chunkTrials, trials / 2));
  return Math.ceil(1.5 * (high - low + 1));
}

/** Values that a search holds where it begins, and after it was narrowed: not all it could, so that it is not narrowed at every chunk. */
function mostHeld(slots: number): number {
  return Math.floor(0.9 * slots);
}

/** Places among the values seen of those between which a search goes on: the ranks `around`, or the middle of them if it could not hold all. */
export function placesToHold({ low, high }: Places, slots: number): Places {
  const most = mostHeld(slots);
  if (high - low < most) return { low, high };
  const first = Math.round((low + high - most) / 2);
  return { low: first, high: first + most - 1 };
}

/**
 * Begins the searches with the first values: chooses for each rank the interval in which it almost surely lies, and holds what is in it.
 *
 * @param sorted the values, ascending
 */
export function openSearches(state: RankSearches, sorted: Float64Array): void {
  const { ranks, trials, searches } = state;
  const count = sorted.length;
  for (let rank = 0; rank < ranks.length; rank++) {
    const own = searchOf(searches, rank);
    const slots = slotsOf(state, rank);
    openWindow(own, { floor: Number.NaN, ceiling: Number.NaN, size: trials, wanted: ranks[rank] });
    const places = placesToHold(ranksAround(ranks[rank], trials, count), slots.length);
    const low = places.low >= 1 ? sorted[places.low - 1] : Number.NEGATIVE_INFINITY;
    const high = places.high <= count ? sorted[places.high - 1] : Number.POSITIVE_INFINITY;
    const below = firstFrom(sorted, low, places.low - 1);
    const throughLow = endOf(sorted, low, below);
    const belowHigh = Math.max(throughLow, firstFrom(sorted, high, places.high - 1));
    own[Search.seen] = count;
    own[Search.low] = low;
    own[Search.high] = high;
    own[Search.below] = below;
    own[Search.atLow] = throughLow - below;
    own[Search.inside] = belowHigh - throughLow;
    own[Search.atHigh] = endOf(sorted, high, belowHigh) - belowHigh;
    slots.set(sorted.subarray(throughLow, belowHigh));
  }
}

/** Where the first of ascending values that are not below a value stands, near a place that is not in front of it. */
function firstFrom(sorted: Float64Array, value: number, near: number): number {
  let first = Math.max(0, Math.min(sorted.length, near));
  while (first > 0 && sorted[first - 1] >= value) first--;
  return first;
}

/** Where those end that are equal to a value, from the first of them on. */
function endOf(sorted: Float64Array, value: number, first: number): number {
  let end = first;
  while (end < sorted.length && sorted[end] === value) end++;
  return end;
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
 * lies and how far, so that another pass almost surely finds it. Memory: overwrites `held`.
 */
export function closeSearches(state: RankSearches, from: number, end: number, held: HeldValues): void {
  for (let rank = from; rank < end; rank++) {
    const search = searchOf(state.searches, rank);
    if (search[Search.done] === 0) close(search, slotsOf(state, rank), held);
  }
}

function close(search: Float64Array, slots: Float64Array, held: HeldValues): void {
  const [floor, ceiling, size, wanted, , low, high, below, atLow, inside, atHigh, , isLost] = search;
  if (isLost === 1) {
    openWindow(search, { floor, ceiling, size, wanted });
    return;
  }
  const throughLow = below + atLow;
  const throughHigh = throughLow + inside + atHigh;
  if (wanted <= below) openWindow(search, { floor, ceiling: low, size: below, wanted });
  else if (wanted <= throughLow) finish(search, low);
  else if (wanted <= throughLow + inside) {
    held.numbers.set(slots.subarray(0, inside));
    finish(search, selectHeld(held, inside, wanted - throughLow, [low, high]));
  } else if (wanted <= throughHigh) finish(search, high);
  else openWindow(search, { floor: high, ceiling, size: size - throughHigh, wanted: wanted - throughHigh });
}

/** Notes a result; the search is done. */
export function finish(search: Float64Array, value: number): void {
  search[Search.low] = value;
  search[Search.done] = 1;
}
