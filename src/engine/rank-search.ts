import { type RankScratch, selectRank, selectRanks } from "./order-statistics.ts";

/** Numbers of the search for one order statistic. */
export const SEARCH = 10;

/** What is known of one order statistic while chunks go by; offsets in `searches`. */
export const Search = {
  /** The statistic is looked for in [low, high]; the result stands in `low`. */
  low: 0,
  high: 1,
  /** How many values are below, at either end, and between the ends, where they are held or counted in bins. */
  below: 2,
  atLow: 3,
  inside: 4,
  atHigh: 5,
  /** 0: hold the values inside; 1: count them in bins */
  mode: 6,
  done: 7,
  /** What is known of the result from earlier passes: it lies between these. */
  least: 8,
  most: 9,
} as const;

/** Searches of one figure, for ranks among all `trials`; the figure's are the first of both arrays. */
export type RankSearches = {
  readonly ranks: readonly number[];
  readonly trials: number;
  /** [rank][Search] */
  readonly searches: Float64Array;
  /** [rank][slot]: values held, or bins; a rank's begin at `slotStarts[rank]`, and end where the next one's begin. */
  readonly slots: Float64Array;
  readonly slotStarts: readonly number[];
};

/** Half the width of a search's first interval, in standard deviations of the rank. */
const SEARCH_DEVIATIONS = 5;

/** Cells that the span of a figure's searches is divided into, and what lies above it; cell 0 is what lies below. */
const CELLS = 256;
const ABOVE = CELLS + 2;

/** Memory of `collectRanks`. */
export type SearchGrid = {
  /** The cell of each value. */
  readonly cellOf: Uint16Array;
  /** Values in each cell, and the group of searches that look at them, -1: none. */
  readonly counts: Int32Array;
  readonly groups: Int16Array;
  /** [group][value]: values that the searches of a group look at. */
  readonly near: Float64Array;
  readonly nearCounts: Int32Array;
};

/** Allocates memory for `collectRanks`, for chunks of up to `capacity` values. */
export function createSearchGrid(rankCount: number, capacity: number): SearchGrid {
  return {
    cellOf: new Uint16Array(capacity),
    counts: new Int32Array(ABOVE + 1),
    groups: new Int16Array(ABOVE + 1),
    near: new Float64Array(rankCount * capacity),
    nearCounts: new Int32Array(rankCount),
  };
}

/** Ranks within a first chunk of `count` values between which the one that is `wanted` among all `trials` almost surely lies. */
function ranksAround(wanted: number, trials: number, count: number): { low: number; high: number } {
  const share = wanted / trials;
  // The chunk is drawn from the trials, so that the larger its part of them is the closer its ranks are to theirs.
  const apart = share * (1 - share) * count * Math.max(0, 1 - count / trials);
  const deviation = SEARCH_DEVIATIONS * Math.sqrt(apart) + 2;
  return { low: Math.floor(share * count - deviation), high: Math.ceil(share * count + deviation) + 1 };
}

/**
 * How many values a search has to hold so that one pass over all trials almost surely ends it.
 *
 * As many as lie in its first interval, and what chance adds to them: a share f of a chunk of n values is that of all
 * trials within a deviation of root(f / n).
 */
export function slotsToHold(wanted: number, trials: number, chunkTrials: number): number {
  const { low, high } = ranksAround(wanted, trials, chunkTrials);
  const inside = Math.min(high, chunkTrials) - Math.max(low, 0);
  return Math.ceil(((inside + SEARCH_DEVIATIONS * Math.sqrt(inside)) / chunkTrials) * trials);
}

/**
 * Chooses for each rank the interval in which it lies but for one case in a million, by the first chunk.
 *
 * @param least   smallest value of the chunk
 * @param largest its largest that is not infinite
 */
export function openSearches(
  { ranks, trials, searches, slotStarts }: RankSearches,
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
    const at = rank * SEARCH;
    const isBounded = low >= 1 && high <= count && found[2 * rank + 1] < Number.POSITIVE_INFINITY;
    const held = ((high - low + 1) / count) * trials;
    searches[at + Search.low] = low >= 1 ? found[2 * rank] : Number.NEGATIVE_INFINITY;
    searches[at + Search.high] = high <= count ? found[2 * rank + 1] : Number.POSITIVE_INFINITY;
    searches[at + Search.least] = Number.NEGATIVE_INFINITY;
    searches[at + Search.most] = Number.POSITIVE_INFINITY;
    const slotCount = slotStarts[rank + 1] - slotStarts[rank];
    searches[at + Search.mode] = held > slotCount && isBounded ? 1 : 0;
  }
}

/**
 * Takes a chunk's values into the searches that are not done.
 *
 * Most values lie in none of the intervals: a grid of cells over all of them tells by one product which search must look at
 * a value, and how many values are below each. A cell does not fall as the value rises, so that nothing is missed.
 *
 * @param bounds between which all values lie
 */
export function collectRanks(
  state: RankSearches,
  values: Float64Array,
  count: number,
  bounds: readonly [number, number],
  grid: SearchGrid,
): void {
  const { searches } = state;
  const open = state.ranks
    .map((_, rank) => rank)
    .filter((rank) => searches[rank * SEARCH + Search.done] === 0);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const rank of open) {
    low = Math.min(low, searches[rank * SEARCH + Search.low]);
    high = Math.max(high, searches[rank * SEARCH + Search.high]);
  }
  if (low === high && low === bounds[0] && low === bounds[1]) {
    for (const rank of open) searches[rank * SEARCH + Search.atLow] += count;
    return;
  }
  const cells = open.map((rank) => ({
    lowest: findCell(searches[rank * SEARCH + Search.low], low, high),
    highest: findCell(searches[rank * SEARCH + Search.high], low, high),
  }));
  const { counts, groups, near, nearCounts } = grid;
  groups.fill(-1);
  // Searches that share a cell are one group with all the others, which they seldom do.
  const areApart = cells.every(({ lowest }, index) => index === 0 || lowest > cells[index - 1].highest);
  for (const [index, { lowest, highest }] of cells.entries()) {
    groups.fill(areApart ? index : 0, lowest, highest + 1);
  }
  sortIntoGrid(values, count, low, high, grid);
  const capacity = near.length / nearCounts.length;
  for (const [index, rank] of open.entries()) {
    const group = areApart ? index : 0;
    let below = 0;
    for (let cell = 0; cell < cells[index].lowest; cell++) if (groups[cell] !== group) below += counts[cell];
    searches[rank * SEARCH + Search.below] += below;
    collect(state, rank, near, group * capacity, nearCounts[group]);
  }
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
  { cellOf, counts, groups, near, nearCounts }: SearchGrid,
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

/** Counts values below, at and between the ends of a search, and holds or bins what is between. */
function collect(
  { searches, slots, slotStarts }: RankSearches,
  rank: number,
  values: Float64Array,
  first: number,
  count: number,
): void {
  const at = rank * SEARCH;
  const low = searches[at + Search.low];
  const high = searches[at + Search.high];
  const isBinned = searches[at + Search.mode] === 1;
  const start = slotStarts[rank];
  const slotCount = slotStarts[rank + 1] - start;
  const binsPerUnit = slotCount / (high - low);
  let below = 0;
  let atLow = 0;
  let atHigh = 0;
  let inside = searches[at + Search.inside];
  for (let i = first; i < first + count; i++) {
    const value = values[i];
    if (value > high) continue;
    if (value < low) below++;
    else if (value === low) atLow++;
    else if (value === high) atHigh++;
    else {
      if (isBinned) slots[start + Math.min(slotCount - 1, Math.floor((value - low) * binsPerUnit))]++;
      else if (inside < slotCount) slots[start + inside] = value;
      inside++;
    }
  }
  searches[at + Search.below] += below;
  searches[at + Search.atLow] += atLow;
  searches[at + Search.atHigh] += atHigh;
  searches[at + Search.inside] = inside;
}

/**
 * Ends the searches that a pass over all trials has brought together what they need, and narrows the others to where the
 * rank lies: the values there are seen again in another pass.
 *
 * @param lowest  a value that no trial is below
 * @param highest a value that no trial is above
 */
export function narrowSearches(state: RankSearches, lowest: number, highest: number): void {
  for (let rank = 0; rank < state.ranks.length; rank++) {
    if (state.searches[rank * SEARCH + Search.done] === 0) narrow(state, rank, lowest, highest);
  }
}

function narrow(state: RankSearches, rank: number, lowest: number, highest: number): void {
  const { ranks, searches } = state;
  const at = rank * SEARCH;
  const [low, high, below, atLow, inside, atHigh] = searches.subarray(at, at + SEARCH);
  const least = Math.max(searches[at + Search.least], lowest);
  const most = Math.min(searches[at + Search.most], highest);
  const wanted = ranks[rank] - below;
  if (wanted < 1) searchAgain(state, rank, [least, low], false, [least, low]);
  else if (wanted <= atLow) finish(state, rank, low);
  else if (wanted <= atLow + inside)
    narrowInside(state, rank, wanted - atLow, [Math.max(low, least), Math.min(high, most)]);
  else if (wanted <= atLow + inside + atHigh) finish(state, rank, high);
  else searchAgain(state, rank, [high, most], false, [high, most]);
}

/**
 * Narrows a search to the values between its ends, of which the one of rank `wanted` is looked for.
 *
 * A value that very many trials share would fill any bin; it is known by standing twice among those held, and becomes
 * both ends of the next interval.
 */
function narrowInside(
  state: RankSearches,
  rank: number,
  wanted: number,
  within: readonly [number, number],
): void {
  const { searches, slots, slotStarts } = state;
  const at = rank * SEARCH;
  const start = slotStarts[rank];
  const slotCount = slotStarts[rank + 1] - start;
  if (searches[at + Search.mode] === 0) {
    const inside = searches[at + Search.inside];
    const held = Math.min(inside, slotCount);
    const value = selectRank(slots, start, start + held, Math.max(1, Math.round((wanted / inside) * held)));
    if (inside <= slotCount) {
      finish(state, rank, value);
      return;
    }
    let copies = 0;
    for (let slot = start; slot < start + held; slot++) if (slots[slot] === value) copies++;
    if (copies > 1) searchAgain(state, rank, [value, value], false, within);
    else searchAgain(state, rank, within, true, within);
    return;
  }
  let bin = 0;
  let before = 0;
  while (before + slots[start + bin] < wanted) before += slots[start + bin++];
  const [low, high] = [searches[at + Search.low], searches[at + Search.high]];
  const width = (high - low) / slotCount;
  // Bins are told apart by rounded products, so the edges are taken a little wider.
  const edges = [
    Math.max(low, low + (bin - 1e-6) * width),
    Math.min(high, low + (bin + 1 + 1e-6) * width),
  ] as const;
  searchAgain(state, rank, edges, false, edges);
}

function finish({ searches }: RankSearches, rank: number, value: number): void {
  searches[rank * SEARCH + Search.low] = value;
  searches[rank * SEARCH + Search.done] = 1;
}

/** Sets a search up for another pass: what to look at, and between which values the result is known to lie. */
function searchAgain(
  { searches, slots, slotStarts }: RankSearches,
  rank: number,
  [low, high]: readonly [number, number],
  isBinned: boolean,
  [least, most]: readonly [number, number],
): void {
  const at = rank * SEARCH;
  searches.fill(0, at, at + SEARCH);
  searches[at + Search.low] = low;
  searches[at + Search.high] = high;
  searches[at + Search.mode] = isBinned ? 1 : 0;
  searches[at + Search.least] = least;
  searches[at + Search.most] = most;
  slots.fill(0, slotStarts[rank], slotStarts[rank + 1]);
}
