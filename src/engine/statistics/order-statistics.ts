/** Cells that values are sorted into, and where larger ones than were announced go. */
const CELLS = 256;
const BEYOND = CELLS + 1;

/** Memory of `selectRanks`, for samples of up to `capacity` values. */
export type RankScratch = {
  readonly cellOf: Uint16Array;
  /** Values before each cell, and where those of a wanted cell are put, -1 for the others. */
  readonly before: Int32Array;
  readonly place: Int32Array;
  readonly held: Float64Array;
};

/** Allocates memory for `selectRanks`. */
export function createRankScratch(capacity: number): RankScratch {
  return {
    cellOf: new Uint16Array(capacity),
    before: new Int32Array(BEYOND + 2),
    place: new Int32Array(BEYOND + 1),
    held: new Float64Array(capacity),
  };
}

/**
 * Order statistics of `values[0 .. count)`: for each rank (1 the smallest, in any order) the value of that rank.
 *
 * Values are counted in cells of equal width between the least and the largest. The cell does not fall as the value rises,
 * rounding included, so that a rank lies in the cell that the counts say; among the few values of that cell it is selected.
 *
 * Memory: overwrites `scratch`; `values` stay. Fails: never; values are numbers, no NaN.
 * Cost: three passes over the values; where nearly all lie in one cell, that of `selectRank` besides.
 *
 * @param least   the smallest value
 * @param largest a value below which, or at which, all are that are not infinite
 */
export function selectRanks(
  values: Float64Array,
  count: number,
  ranks: readonly number[],
  least: number,
  largest: number,
  { cellOf, before, place, held }: RankScratch,
): number[] {
  const perUnit = CELLS / (largest - least);
  before.fill(0);
  for (let i = 0; i < count; i++) {
    const value = values[i];
    // A width of 0 or beyond all numbers makes every cell the first.
    cellOf[i] = value <= largest ? ((value - least) * perUnit) | 0 : BEYOND;
  }
  // A loop of its own: counted as soon as it is known, a cell would hold up the next value (measured, twice as slow).
  for (let i = 0; i < count; i++) before[cellOf[i] + 1]++;
  if (least === largest && before[BEYOND + 1] === 0) {
    return ranks.map(() => values[0]);
  }
  for (let cell = 0; cell <= BEYOND; cell++) before[cell + 1] += before[cell];
  place.fill(-1);
  let end = 0;
  for (const rank of ranks) {
    const cell = findCell(before, rank);
    if (place[cell] >= 0) continue;
    place[cell] = end;
    end += before[cell + 1] - before[cell];
  }
  for (let i = 0; i < count; i++) {
    const cell = cellOf[i];
    if (place[cell] >= 0) held[place[cell]++] = values[i];
  }
  return ranks.map((rank) => {
    const cell = findCell(before, rank);
    const start = place[cell] - (before[cell + 1] - before[cell]);
    return selectRank(held, start, place[cell], rank - before[cell]);
  });
}

/** The cell of a rank, by the number of values before each. */
function findCell(before: Int32Array, rank: number): number {
  let low = 0;
  let high = BEYOND;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (before[middle] < rank) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The order statistic of a rank, with the values around it put in their place: after it, `values[from + rank - 1]` is the
 * result, nothing before it is larger and nothing behind it smaller.
 *
 * Memory: reorders `values[from .. end)`. Fails: never; values are numbers, no NaN.
 * Cost: proportional to the number of values, on average.
 *
 * @param rank 1 for the smallest
 * Source: C. A. R. Hoare, "Algorithm 65: Find", Communications of the ACM 4 (1961) 321; the middle of three as pivot.
 */
export function selectRank(values: Float64Array, from: number, end: number, rank: number): number {
  const at = from + rank - 1;
  let low = from;
  let high = end - 1;
  while (low < high) {
    const pivot = middleOf(values[low], values[(low + high) >> 1], values[high]);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left <= right) {
        const swapped = values[left];
        values[left++] = values[right];
        values[right--] = swapped;
      }
    }
    if (at <= right) high = right;
    else if (at >= left) low = left;
    else break;
  }
  return values[at];
}

function middleOf(a: number, b: number, c: number): number {
  if (a < b) return b < c ? b : a < c ? c : a;
  return a < c ? a : b < c ? c : b;
}

/** Rank of the quantile of a probability among n values: the order statistic ceil(pN), at least the first. */
export function rankOf(probability: number, count: number): number {
  // 0.95 x 100 is 94.99999999999999 or 95.00000000000001 as it falls; a rank is meant to be exact.
  const exact = probability * count;
  const near = Math.round(exact);
  return Math.min(count, Math.max(1, Math.abs(exact - near) < 1e-9 * count ? near : Math.ceil(exact)));
}
