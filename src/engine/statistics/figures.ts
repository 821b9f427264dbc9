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

/** Trials side by side in a store: rows of a block are written near each other, and a row is read in long pieces. */
export const TILE = 128;

/** Where a sample's columns lie: [tile of trials][row][trial], a column's months in rows one after another from `rows[column]` on. */
export type SampleStore = {
  readonly values: Float64Array;
  readonly rows: Int32Array;
  readonly rowCount: number;
};

/** Numbers that a store of so many rows and trials has. */
export function storeLength(rowCount: number, trials: number): number {
  return rowCount * Math.ceil(trials / TILE) * TILE;
}

/** Place of a trial in a row; the next row, where it has one, is `TILE` further. */
export function placeInStore({ rowCount }: SampleStore, row: number, trial: number): number {
  const within = trial % TILE;
  return (trial - within) * rowCount + row * TILE + within;
}

/**
 * The number that each trial gives for a figure.
 *
 * Memory: overwrites `target` up to `trials`. Fails: never. Cost: months x trials.
 */
export function reduceFigure(
  store: SampleStore,
  { column, first, end, reduction, code }: Figure,
  trials: number,
  target: Float64Array,
): void {
  const { values, rows } = store;
  const months = end - first;
  for (let tile = 0; tile < trials; tile += TILE) {
    const start = placeInStore(store, rows[column] + first, tile);
    const count = Math.min(TILE, trials - tile);
    if (reduction === Reduction.sum) sumTile(values, start, months, count, target, tile);
    else {
      for (let trial = 0; trial < count; trial++) {
        target[tile + trial] = reduceTrial(values, start + trial, months, reduction, code);
      }
    }
  }
}

/** What does not exist (a payback that never comes) ranks behind everything that does. */
function sumTile(
  values: Float64Array,
  start: number,
  months: number,
  count: number,
  target: Float64Array,
  to: number,
): void {
  if (months === 1) {
    for (let trial = 0; trial < count; trial++) target[to + trial] = orMissing(values[start + trial]);
    return;
  }
  for (let trial = 0; trial < count; trial++)
    target[to + trial] = values[start + trial] + values[start + TILE + trial];
  for (let month = 2; month < months; month++) {
    const row = start + month * TILE;
    for (let trial = 0; trial < count; trial++) target[to + trial] += values[row + trial];
  }
  for (let trial = 0; trial < count; trial++) target[to + trial] = orMissing(target[to + trial]);
}

function orMissing(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
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
  let count = 0;
  let firstMonth = months;
  for (let month = 0; month < months; month++) {
    const value = values[start + month * TILE];
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
