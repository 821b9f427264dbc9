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

/** Trials that are one task of a sample. */
export const TILE = 128;

/**
 * Trials of a tile whose values stand side by side; the tile has a strip of rows for each so many trials, one after the other.
 *
 * A row of a strip is a cache line. Were rows longer, a block of trials, which writes to all of them, would touch more pages of memory
 * (measured: the sample took 2.5 % longer with 16, 5 % with 128).
 */
export const STRIP = 8;

/**
 * Makes a figure's number of each trial of a strip from its months, for figures that are neither sums nor counts.
 *
 * Memory: overwrites `STRIP` values from `target` on, where for the most frequent value stands how many months have it (`countRows`).
 * Fails: never. Cost: months x trials.
 *
 * @param source place of the figure's first month; the next one is `STRIP` further
 */
export function reduceRows(
  values: Float64Array,
  { first, end, reduction, code }: Figure,
  source: number,
  target: number,
): void {
  const months = end - first;
  if (reduction === Reduction.isMostFrequent) findMostFrequent(values, source, months, code, target);
  else if (reduction === Reduction.peak) peakRows(values, source, months, target);
  else findFirst(values, source, months, target, reduction === Reduction.any);
}

/**
 * Months whose value is `code`, of each trial of a strip; memory as `reduceRows`. A row of trials at a time, as all of these: months stand
 * apart in memory.
 */
export function countRows(
  values: Float64Array,
  source: number,
  months: number,
  target: number,
  code: number,
): void {
  values.fill(0, target, target + STRIP);
  for (let month = 0; month < months; month++) {
    const row = source + month * STRIP;
    for (let trial = 0; trial < STRIP; trial++)
      values[target + trial] += Number(values[row + trial] === code);
  }
}

/** Sums of months of each trial of a strip, as `countRows`; the sum of the first two comes first. */
export function sumRows(values: Float64Array, source: number, months: number, target: number): void {
  for (let trial = 0; trial < STRIP; trial++) {
    let sum = values[source + trial];
    for (let month = 1; month < months; month++) sum += values[source + month * STRIP + trial];
    values[target + trial] = sum;
  }
}

function peakRows(values: Float64Array, source: number, months: number, target: number): void {
  values.fill(0, target, target + STRIP);
  for (let month = 0; month < months; month++) {
    const row = source + month * STRIP;
    for (let trial = 0; trial < STRIP; trial++) {
      if (values[row + trial] > values[target + trial]) values[target + trial] = values[row + trial];
    }
  }
}

/** The first month that is not 0, infinite if there is none; or 1 and 0 for whether there is one. */
function findFirst(
  values: Float64Array,
  source: number,
  months: number,
  target: number,
  isAny: boolean,
): void {
  values.fill(isAny ? 0 : Number.POSITIVE_INFINITY, target, target + STRIP);
  for (let month = months - 1; month >= 0; month--) {
    const row = source + month * STRIP;
    for (let trial = 0; trial < STRIP; trial++) {
      if (values[row + trial] !== 0) values[target + trial] = isAny ? 1 : month;
    }
  }
}

/** 1 where `code` is the value of most months: nearly always it has most of them, or none, so that others need no count. */
function findMostFrequent(
  values: Float64Array,
  source: number,
  months: number,
  code: number,
  target: number,
): void {
  for (let trial = 0; trial < STRIP; trial++) {
    const own = values[target + trial];
    const isClear = own === 0 || 2 * own > months;
    const isMost = isClear ? own > 0 : isMostFrequent(values, source + trial, months, code, own);
    values[target + trial] = Number(isMost);
  }
}

/** Whether no value has more months than the `own` of `code`, and none before its first as many. */
function isMostFrequent(
  values: Float64Array,
  start: number,
  months: number,
  code: number,
  own: number,
): boolean {
  let firstOwn = 0;
  while (values[start + firstOwn * STRIP] !== code) firstOwn++;
  for (let month = 0; month < months; month++) {
    const value = values[start + month * STRIP];
    let count = 0;
    for (let other = month; other < months; other++) if (values[start + other * STRIP] === value) count++;
    if (count > own || (count === own && month < firstOwn)) return false;
  }
  return true;
}
