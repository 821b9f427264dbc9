import type { Arithmetic } from "./arithmetic.ts";

/** A number of about 106 bits as a sum of two: `low` is what `high` leaves out. */
export type Pair<N> = { readonly high: N; readonly low: N };

/** x + y without rounding, where y is no larger than x, or x is 0 (Dekker). */
export function sumOf<N, T>(o: Arithmetic<N, T>, x: N, y: N): Pair<N> {
  const high = o.add(x, y);
  return { high, low: o.add(o.subtract(x, high), y) };
}

/** x y without rounding, for numbers below 2^996 (Veltkamp, Dekker). */
export function productOf<N, T>(o: Arithmetic<N, T>, x: N, y: N): Pair<N> {
  const high = o.multiply(x, y);
  const a = halvesOf(o, x);
  const b = halvesOf(o, y);
  const rest = o.subtract(o.multiply(a.high, b.high), high);
  const crossed = o.add(o.add(rest, o.multiply(a.high, b.low)), o.multiply(a.low, b.high));
  return { high, low: o.add(crossed, o.multiply(a.low, b.low)) };
}

/** The product of two pairs, to about 100 bits. */
export function productOfPairs<N, T>(o: Arithmetic<N, T>, x: Pair<N>, y: Pair<N>): Pair<N> {
  const { high, low } = productOf(o, x.high, y.high);
  return { high, low: o.add(low, o.add(o.multiply(x.high, y.low), o.multiply(x.low, y.high))) };
}

/** A number as two of at most 26 bits. */
function halvesOf<N, T>(o: Arithmetic<N, T>, x: N): Pair<N> {
  const wide = o.multiply(x, o.constant(134217729));
  const high = o.subtract(wide, o.subtract(wide, x));
  return { high, low: o.subtract(x, high) };
}

/** c0 + c1 x + c2 x^2 + … */
export function polynomial<N, T>(o: Arithmetic<N, T>, x: N, coefficients: readonly number[]): N {
  const last = coefficients.length - 1;
  let sum = o.constant(coefficients[last]);
  for (let degree = last - 1; degree >= 0; degree--)
    sum = o.add(o.multiply(sum, x), o.constant(coefficients[degree]));
  return sum;
}
