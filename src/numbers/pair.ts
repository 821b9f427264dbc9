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

/**
 * c0 + c1 x + c2 x^2 + …, added by twos, fours and so on: term after term, each step would wait for the one before.
 *
 * Source: G. Estrin, "Organization of computer systems: the fixed plus variable structure computer", Western Joint IRE-AIEE-ACM
 * Computer Conference (1960) 33.
 */
export function polynomial<N, T>(o: Arithmetic<N, T>, x: N, coefficients: readonly number[]): N {
  const sumOfTerms = (terms: readonly N[], power: N): N => {
    if (terms.length === 1) return terms[0];
    const twos: N[] = [];
    for (let i = 0; i < terms.length; i += 2)
      twos.push(i + 1 < terms.length ? o.add(terms[i], o.multiply(terms[i + 1], power)) : terms[i]);
    return sumOfTerms(twos, twos.length > 1 ? o.multiply(power, power) : power);
  };
  return sumOfTerms(
    coefficients.map((coefficient) => o.constant(coefficient)),
    x,
  );
}
