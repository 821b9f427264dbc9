/**
 * Exponential, logarithms and powers, each at most one unit in the last place from the exact value, with the same bits in
 * every reader of `Arithmetic` and on every machine. Special values are those of `Math.exp`, `Math.log` and `**`.
 */
import type { Arithmetic } from "./arithmetic.ts";
import { type Pair, polynomial, productOf, productOfPairs, sumOf } from "./pair.ts";

/** The logarithm of 2 in two: products of the first with whole numbers up to 2^20 are exact. */
const LN2 = { high: 0.6931471804855391, low: 7.440617110012397e-11 } as const;

/** One over the logarithm of 2, and the thirds and fifths of the logarithm's series, to 106 bits. */
const LOG2_E = { high: Math.LOG2E, low: 2.0355273740931033e-17 } as const;
const TWO_THIRDS = { high: 2 / 3, low: 3.700743415417188e-17 } as const;
const TWO_FIFTHS = { high: 0.4, low: -2.2204460492503132e-17 } as const;

/** Taylor's series of (e^r - 1 - r) / r^2; what follows is below 2^-57 for r up to half the logarithm of 2. */
const EXP_SERIES = inverseFactorials(2, 13);

/** The series of ln((1 + s) / (1 - s)) / s in s^2, from s^6 on; what follows is below 2^-70 for m up to the root of 2. */
const LOG_SERIES = Array.from({ length: 11 }, (_, n) => 2 / (2 * n + 7));

/** Adding it leaves the nearest whole number, of two the even one, in the last bits. */
const ROUNDER = 6755399441055744;

/** Beyond these e^x is infinite, or 0. */
const LARGEST_EXPONENT = 710;
const LEAST_EXPONENT = -746;

/** Powers by larger exponents than this are 0, 1 or infinite. */
const LARGEST_POWER = 1e20;

/** The least number of full precision, 2^-1022, and a power of 2 that lifts all below it there. */
const LEAST_NORMAL = 2.2250738585072014e-308;
const LIFT = { factor: 18014398509481984, exponent: 54 } as const;

function inverseFactorials(from: number, to: number): readonly number[] {
  const all: number[] = [];
  let factorial = 1;
  for (let n = 1; n <= to; n++) {
    factorial *= n;
    if (n >= from) all.push(1 / factorial);
  }
  return all;
}

/** e^x. */
export function exp<N, T>(o: Arithmetic<N, T>, x: N): N {
  return expOfPair(o, { high: x, low: o.constant(0) });
}

/**
 * e^(high + low).
 *
 * The exponent is k ln 2 + r with r at most half of ln 2; 1 + r is kept in full, so that nearly all of the error is that of the last rounding.
 */
function expOfPair<N, T>(o: Arithmetic<N, T>, exponent: Pair<N>): N {
  const isSmall = o.less(exponent.high, o.constant(LEAST_EXPONENT));
  const bounded = o.select(isSmall, o.constant(LEAST_EXPONENT), exponent.high);
  const isLarge = o.less(o.constant(LARGEST_EXPONENT), bounded);
  const high = o.select(isLarge, o.constant(LARGEST_EXPONENT), bounded);
  const low = o.select(o.either(isLarge, isSmall), o.constant(0), exponent.low);
  const rounder = o.constant(ROUNDER);
  const k = o.subtract(o.add(o.multiply(high, o.constant(LOG2_E.high)), rounder), rounder);
  const exact = o.subtract(high, o.multiply(k, o.constant(LN2.high)));
  const small = o.subtract(low, o.multiply(k, o.constant(LN2.low)));
  const r = o.add(exact, small);
  const rest = o.add(o.subtract(exact, r), small);
  const series = o.multiply(o.multiply(r, r), polynomial(o, r, EXP_SERIES));
  const one = sumOf(o, o.constant(1), r);
  const value = o.add(one.high, o.add(one.low, o.add(series, o.add(rest, o.multiply(rest, r)))));
  // In two steps, because 2^1024 is not a double and the smallest doubles lack full precision.
  const half = o.floor(o.multiply(k, o.constant(0.5)));
  return o.multiply(o.multiply(value, o.powerOfTwo(half)), o.powerOfTwo(o.subtract(k, half)));
}

/**
 * The logarithm of a positive finite number to about 68 bits; of others something without meaning.
 *
 * x = 2^k m with m from the root of a half to the root of 2, and ln m = ln((1 + s) / (1 - s)) with s = (m - 1) / (m + 1).
 */
export function logOf<N, T>(o: Arithmetic<N, T>, x: N): Pair<N> {
  const isTiny = o.less(x, o.constant(LEAST_NORMAL));
  const full = o.select(isTiny, o.multiply(x, o.constant(LIFT.factor)), x);
  const isUpper = o.less(o.constant(Math.SQRT2), o.mantissaOf(full));
  const exponent = o.add(o.exponentOf(full), o.select(isUpper, o.constant(1), o.constant(0)));
  const k = o.subtract(exponent, o.select(isTiny, o.constant(LIFT.exponent), o.constant(0)));
  const mantissa = o.mantissaOf(full);
  const m = o.select(isUpper, o.multiply(mantissa, o.constant(0.5)), mantissa);
  const inMantissa = logOfMantissa(o, o.subtract(m, o.constant(1)));
  const sum = sumOf(o, o.multiply(k, o.constant(LN2.high)), inMantissa.high);
  const low = o.add(sum.low, o.add(inMantissa.low, o.multiply(k, o.constant(LN2.low))));
  return sumOf(o, sum.high, low);
}

/** ln(1 + f): the first three terms of the series to 106 bits, the others as they come. */
function logOfMantissa<N, T>(o: Arithmetic<N, T>, f: N): Pair<N> {
  const divisor = sumOf(o, o.constant(2), f);
  const high = o.divide(f, divisor.high);
  const product = productOf(o, high, divisor.high);
  const left = o.subtract(o.subtract(f, product.high), product.low);
  const low = o.divide(o.subtract(left, o.multiply(high, divisor.low)), divisor.high);
  const s = { high, low };
  const z = productOfPairs(o, s, s);
  const fifths = addConstant(o, TWO_FIFTHS, {
    high: o.multiply(z.high, polynomial(o, z.high, LOG_SERIES)),
    low: o.constant(0),
  });
  const thirds = addConstant(o, TWO_THIRDS, productOfPairs(o, z, fifths));
  const curve = productOfPairs(o, s, productOfPairs(o, z, thirds));
  const two = o.constant(2);
  const sum = sumOf(o, o.multiply(two, high), curve.high);
  return { high: sum.high, low: o.add(sum.low, o.add(o.multiply(two, low), curve.low)) };
}

/** A constant of 106 bits plus a smaller pair. */
function addConstant<N, T>(o: Arithmetic<N, T>, constant: Pair<number>, x: Pair<N>): Pair<N> {
  const sum = sumOf(o, o.constant(constant.high), x.high);
  return { high: sum.high, low: o.add(sum.low, o.add(x.low, o.constant(constant.low))) };
}

/** Logarithm to base e: -infinity at 0, NaN below. */
export function log<N, T>(o: Arithmetic<N, T>, x: N): N {
  return ofPositive(o, x, logOf(o, x).high);
}

/** Logarithm to base 2, exact for powers of 2. */
export function log2<N, T>(o: Arithmetic<N, T>, x: N): N {
  const scale = { high: o.constant(LOG2_E.high), low: o.constant(LOG2_E.low) };
  const product = productOfPairs(o, logOf(o, x), scale);
  return ofPositive(o, x, o.add(product.high, product.low));
}

/** The logarithm of 1 + x, exact in what x adds to 1. */
export function log1p<N, T>(o: Arithmetic<N, T>, x: N): N {
  const one = o.constant(1);
  const high = o.add(one, x);
  // What the sum leaves out of x, and of 1.
  const part = o.subtract(high, one);
  const low = o.add(o.subtract(x, part), o.subtract(one, o.subtract(high, part)));
  const logarithm = logOf(o, high);
  return ofPositive(o, high, o.add(logarithm.high, o.add(logarithm.low, o.divide(low, high))));
}

function ofPositive<N, T>(o: Arithmetic<N, T>, x: N, logarithm: N): N {
  const zero = o.constant(0);
  const isBounded = o.less(x, o.constant(Number.POSITIVE_INFINITY));
  // Infinite for infinity; NaN for NaN and below 0.
  const large = o.select(o.less(x, zero), o.constant(Number.NaN), o.select(isBounded, logarithm, x));
  return o.select(o.equal(x, zero), o.constant(Number.NEGATIVE_INFINITY), large);
}

/** x to the power y. */
export function power<N, T>(o: Arithmetic<N, T>, x: N, y: N): N {
  return powerByLog(o, x, logOf(o, o.abs(x)), y);
}

/** x to the power y, given the logarithm of |x| as `logOf` has it, which many powers of one base share. */
export function powerByLog<N, T>(o: Arithmetic<N, T>, x: N, logarithm: Pair<N>, y: N): N {
  const zero = o.constant(0);
  const infinity = o.constant(Number.POSITIVE_INFINITY);
  const isSmall = o.less(y, o.constant(-LARGEST_POWER));
  const bounded = o.select(isSmall, o.constant(-LARGEST_POWER), y);
  const isLarge = o.less(o.constant(LARGEST_POWER), bounded);
  const exponent = o.select(isLarge, o.constant(LARGEST_POWER), bounded);
  const product = productOf(o, exponent, logarithm.high);
  const low = o.add(product.low, o.multiply(exponent, logarithm.low));
  const usual = expOfPair(o, { high: product.high, low });
  const size = o.abs(x);
  const isPositive = o.both(o.less(zero, x), o.less(x, infinity));
  const isUsual = o.both(isPositive, o.less(o.abs(y), infinity));
  return o.where(o.not(isUsual), usual, () => {
    const rises = o.less(zero, y);
    // Of 0 and infinity, and their inverses.
    const ofZero = o.select(rises, zero, infinity);
    const ofInfinity = o.select(rises, infinity, zero);
    const sized = o.select(o.equal(size, zero), ofZero, o.select(o.equal(size, infinity), ofInfinity, usual));
    const isWhole = o.equal(o.floor(y), y);
    const half = o.multiply(y, o.constant(0.5));
    const isOdd = o.both(isWhole, o.not(o.equal(o.floor(half), half)));
    const isNegative = o.either(o.less(x, zero), o.less(o.divide(o.constant(1), x), zero));
    const signed = o.select(o.both(isNegative, isOdd), o.multiply(sized, o.constant(-1)), sized);
    // A root of a negative number; a power of 1 by infinity; NaN.
    const isRoot = o.both(o.both(o.less(x, zero), o.less(size, infinity)), o.not(isWhole));
    const isOpen = o.both(o.equal(size, o.constant(1)), o.equal(o.abs(y), infinity));
    const isNone = o.either(o.not(o.equal(x, x)), o.not(o.equal(y, y)));
    const real = o.select(o.either(o.either(isRoot, isOpen), isNone), o.constant(Number.NaN), signed);
    return o.select(o.equal(y, zero), o.constant(1), real);
  });
}
