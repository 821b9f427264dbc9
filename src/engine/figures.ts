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
  /** position of the first month that is not 0, infinite where there is none */
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

/** Where a sample's columns lie: [row][trial], a column's months in rows one after another from `rows[column]` on. */
export type SampleStore = {
  readonly values: Float64Array;
  readonly rows: Int32Array;
  /** Trials that fit. */
  readonly capacity: number;
};

/**
 * The number that each trial gives for a figure.
 *
 * Memory: overwrites `target` up to `trials`. Fails: never. Cost: months x trials.
 */
export function reduceFigure(
  { values, rows, capacity }: SampleStore,
  { column, first, end, reduction, code }: Figure,
  trials: number,
  target: Float64Array,
): void {
  const start = (rows[column] + first) * capacity;
  if (reduction === Reduction.sum) {
    // The first month is copied, so that a single one keeps every bit; -0 + 0 would lose the sign.
    target.set(values.subarray(start, start + trials));
    rankMissingLast(target, trials);
    for (let month = 1; month < end - first; month++) {
      const row = start + month * capacity;
      for (let trial = 0; trial < trials; trial++) target[trial] += values[row + trial];
    }
    return;
  }
  for (let trial = 0; trial < trials; trial++) {
    target[trial] = reduceTrial(values, start + trial, capacity, end - first, reduction, code);
  }
}

/** What does not exist (a payback that never comes) ranks behind everything that does. */
function rankMissingLast(values: Float64Array, count: number): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  if (!Number.isNaN(sum)) return;
  for (let i = 0; i < count; i++) if (Number.isNaN(values[i])) values[i] = Number.POSITIVE_INFINITY;
}

function reduceTrial(
  values: Float64Array,
  start: number,
  stride: number,
  months: number,
  reduction: Reduction,
  code: number,
): number {
  if (reduction === Reduction.isMostFrequent)
    return mostFrequent(values, start, stride, months) === code ? 1 : 0;
  let peak = 0;
  let count = 0;
  let firstMonth = months;
  for (let month = 0; month < months; month++) {
    const value = values[start + month * stride];
    if (value > peak) peak = value;
    if (value === code) count++;
    if (value !== 0 && firstMonth === months) firstMonth = month;
  }
  if (reduction === Reduction.peak) return peak;
  if (reduction === Reduction.count) return count;
  const happens = firstMonth < months;
  if (reduction === Reduction.firstMonth) return happens ? firstMonth : Number.POSITIVE_INFINITY;
  return happens ? 1 : 0;
}

function mostFrequent(values: Float64Array, start: number, stride: number, months: number): number {
  let best = values[start];
  let bestCount = 0;
  for (let month = 0; month < months; month++) {
    const value = values[start + month * stride];
    let count = 0;
    for (let other = 0; other < months; other++) if (values[start + other * stride] === value) count++;
    if (count > bestCount) [best, bestCount] = [value, count];
  }
  return best;
}
