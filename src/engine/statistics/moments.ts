/**
 * Numbers of a figure's moments: trials in which it exists, their mean, sum of squared deviations, least and largest value,
 * and trials in all.
 */
export const MOMENTS = 6;

/** Where each of them stands. */
export const Moment = { count: 0, mean: 1, squares: 2, least: 3, largest: 4, all: 5 } as const;

/**
 * Adds one random block, `values[first .. end)`, to the moments at `at`; what is infinite does not exist and is only counted.
 *
 * Deviations are taken from the block's first value, so that a sample without spread has its value as mean, bit for bit, and
 * so that little is lost of a spread that is small beside the values: the first value is a draw like the others.
 * Fails: never. Cost: the values, once.
 * Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for Computing the Sample Variance", The American
 * Statistician 37 (1983) 242-247, for joining two blocks.
 */
export function addBlock(
  moments: Float64Array,
  at: number,
  values: Float64Array,
  first: number,
  end: number,
): void {
  moments[at + Moment.all] += end - first;
  if (addValues(moments, at, values, first, end)) return;
  const existing = values.subarray(first, end).filter((value) => value !== Number.POSITIVE_INFINITY);
  if (existing.length > 0) addValues(moments, at, existing, 0, existing.length);
}

/** Adds values that all exist; where one does not, it adds nothing and returns false. */
function addValues(
  moments: Float64Array,
  at: number,
  values: Float64Array,
  first: number,
  end: number,
): boolean {
  const base = values[first];
  let sum = 0;
  let squaresFromBase = 0;
  let least = base;
  let largest = base;
  for (let i = first; i < end; i++) {
    const value = values[i];
    const deviation = value - base;
    sum += deviation;
    squaresFromBase += deviation * deviation;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  if (largest === Number.POSITIVE_INFINITY) return false;
  const count = end - first;
  const mean = base + sum / count;
  const squares = Math.max(0, squaresFromBase - sum * (sum / count));
  const before = moments[at + Moment.count];
  const all = before + count;
  const shift = mean - moments[at + Moment.mean];
  moments[at + Moment.count] = all;
  if (before === 0) {
    moments[at + Moment.mean] = mean;
    moments[at + Moment.squares] = squares;
    moments[at + Moment.least] = least;
    moments[at + Moment.largest] = largest;
    return true;
  }
  moments[at + Moment.mean] += shift * (count / all);
  moments[at + Moment.squares] += squares + shift * shift * ((before * count) / all);
  if (least < moments[at + Moment.least]) moments[at + Moment.least] = least;
  if (largest > moments[at + Moment.largest]) moments[at + Moment.largest] = largest;
  return true;
}
