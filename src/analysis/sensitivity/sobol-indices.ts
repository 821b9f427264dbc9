import seedrandom from "seedrandom";

/** Share of the variance explained by a factor, with a 95 % interval. */
export type Index = { readonly value: number; readonly low: number; readonly high: number };

/** Indices of one factor: alone, and with all its interactions. */
export type FactorIndices = { readonly first: Index; readonly total: Index };

/** Values of a function at the rows of two samples, and at those of the first with one factor taken from the second. */
export type SaltelliValues = {
  /** f(A), f(B): [row] */
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** f(A with factor j from B): [factor][row] */
  readonly mixed: readonly Float64Array[];
};

/** Resamples of rows for an interval. */
export const RESAMPLES = 200;

/**
 * First-order and total Sobol indices with bootstrap intervals (2.5 % to 97.5 % of 200 resamples of rows).
 *
 *     first: mean of f(B) (f(AB_j) - f(A)) / V,   total: mean of (f(A) - f(AB_j))^2 / 2V
 *
 * V is the variance of f(A) and f(B) together; the mean is subtracted first, which affects only rounding. Estimates may
 * fall below 0 or above 1 by chance. A function without variance has indices 0.
 *
 * Fails: never. Cost: factors x rows x resamples.
 * Source: A. Saltelli et al., Computer Physics Communications 181 (2010) 259-270, table 2 (b) and (f); the latter is M. J. W.
 * Jansen, Computer Physics Communications 117 (1999) 35-43.
 */
export function estimateIndices({ a, b, mixed }: SaltelliValues, seed: string): readonly FactorIndices[] {
  const rows = a.length;
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const generator = seedrandom.tychei(`${seed}|bootstrap`);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    Int32Array.from({ length: rows }, () => Math.floor(generator.double() * rows)),
  );
  const center = (sum(a) + sum(b)) / (2 * rows);
  const [fa, fb] = [a, b].map((values) => values.map((value) => value - center));
  const variances = [all, ...drawn].map((chosen) => varianceOf(fa, fb, chosen));
  return mixed.map((values) => {
    const fm = values.map((value) => value - center);
    const estimates = [all, ...drawn].map((chosen, index) => indicesOf(fa, fb, fm, chosen, variances[index]));
    return {
      first: intervalOf(estimates.map(([first]) => first)),
      total: intervalOf(estimates.map(([, total]) => total)),
    };
  });
}

function indicesOf(
  a: Float64Array,
  b: Float64Array,
  mixed: Float64Array,
  rows: Int32Array,
  variance: number,
): readonly [number, number] {
  if (!(variance > 0)) return [0, 0];
  let first = 0;
  let total = 0;
  for (const row of rows) {
    const change = mixed[row] - a[row];
    first += b[row] * change;
    total += change * change;
  }
  return [first / rows.length / variance, total / (2 * rows.length) / variance];
}

function varianceOf(a: Float64Array, b: Float64Array, rows: Int32Array): number {
  let sumOf = 0;
  let squares = 0;
  for (const row of rows) {
    sumOf += a[row] + b[row];
    squares += a[row] * a[row] + b[row] * b[row];
  }
  const mean = sumOf / (2 * rows.length);
  return squares / (2 * rows.length) - mean * mean;
}

/** The estimate of all rows, with the interval of the resamples. */
function intervalOf([value, ...others]: readonly number[]): Index {
  const sorted = [...others].sort((x, y) => x - y);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  return { value, low: at(0.025), high: at(0.975) };
}

function sum(values: Float64Array): number {
  return values.reduce((x, y) => x + y, 0);
}
