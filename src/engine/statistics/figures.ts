/**
 * Figures of a sample: each takes what the trials gave for one column and makes one number a trial of it, and of those
 * numbers mean, standard error and order statistics.
 */

/** How the months `first` .. `end` - 1 of a column become one number a trial. */
export const Reduction = {
  /** sum of the months, so also the value of a single one */
  sum: 0,
  /** largest of the months, at least 0 */
  peak: 1,
  /** number of months whose value is `code` */
  count: 2,
  /** 1 where `code` is the value that most months have, the earlier of equally frequent ones */
  isMostFrequent: 3,
  /** position of the first month that is not 0, infinite if there is no such month */
  firstMonth: 4,
  /** 1 where any month is not 0 */
  any: 5,
} as const;
export type Reduction = (typeof Reduction)[keyof typeof Reduction];

/** A figure: cloneable data. */
export type Figure = {
  /** Index of the Plan's column. */
  readonly column: number;
  readonly first: number;
  readonly end: number;
  readonly reduction: Reduction;
  readonly code: number;
  /** Whether order statistics are wanted of it. */
  readonly ranked: boolean;
};

/** Trials whose values stand side by side, and that are one task of a sample. */
export const TILE = 128;

/**
 * Makes a figure's number of each trial of a tile from its months, for figures that are no sums.
 *
 * Memory: overwrites `TILE` values from `target` on. Fails: never. Cost: months x trials.
 *
 * @param source place of the figure's first month; the next one is `TILE` further
 */
export function reduceRows(
  values: Float64Array,
  { first, end, reduction, code }: Figure,
  source: number,
  target: number,
): void {
  if (reduction === Reduction.count) countRows(values, source, end - first, code, target);
  else {
    for (let trial = 0; trial < TILE; trial++)
      values[target + trial] = reduceTrial(values, source + trial, end - first, reduction, code);
  }
}

/** Months whose value is `code`, by far the most frequent of these figures, a row at a time. */
function countRows(values: Float64Array, source: number, months: number, code: number, target: number): void {
  values.fill(0, target, target + TILE);
  for (let month = 0; month < months; month++) {
    const row = source + month * TILE;
    for (let trial = 0; trial < TILE; trial++) values[target + trial] += Number(values[row + trial] === code);
  }
}

/** Sums of months, as `reduceRows`; the sum of the first two comes first. */
export function sumRows(values: Float64Array, source: number, months: number, target: number): void {
  for (let trial = 0; trial < TILE; trial++) {
    let sum = values[source + trial];
    for (let month = 1; month < months; month++) sum += values[source + month * TILE + trial];
    values[target + trial] = sum;
  }
}

function reduceTrial(
  values: Float64Array,
  start: number,
  months: number,
  reduction: Reduction,
  code: number,
): number {
  if (reduction === Reduction.isMostFrequent) return isMostFrequent(values, start, months, code) ? 1 : 0;
  let peak = 0;
  let firstMonth = months;
  for (let month = 0; month < months; month++) {
    const value = values[start + month * TILE];
    if (value > peak) peak = value;
    if (value !== 0 && firstMonth === months) firstMonth = month;
  }
  if (reduction === Reduction.peak) return peak;
  const happens = firstMonth < months;
  if (reduction === Reduction.firstMonth) return happens ? firstMonth : Number.POSITIVE_INFINITY;
  return happens ? 1 : 0;
}

/** Whether no value has more months than `code`, and none before its first as many. */
function isMostFrequent(values: Float64Array, start: number, months: number, code: number): boolean {
  let own = 0;
  let firstOwn = months;
  for (let month = 0; month < months; month++) {
    if (values[start + month * TILE] !== code) continue;
    own++;
    if (month < firstOwn) firstOwn = month;
  }
  if (own === 0 || 2 * own > months) return own > 0;
  for (let month = 0; month < months; month++) {
    const value = values[start + month * TILE];
    let count = 0;
    for (let other = month; other < months; other++) if (values[start + other * TILE] === value) count++;
    if (count > own || (count === own && month < firstOwn)) return false;
  }
  return true;
}
