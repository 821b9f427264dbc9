import * as exponential from "./exponential.ts";
import * as normal from "./normal.ts";
import { plain } from "./plain-arithmetic.ts";

/** e^x: at most one unit in the last place off, with the same bits on every machine, as all functions here. */
export function exp(x: number): number {
  return exponential.exp(plain, x);
}

/** Logarithm to base e: -Infinity at 0, NaN below. */
export function log(x: number): number {
  return exponential.log(plain, x);
}

/** Logarithm to base 2, exact for powers of 2. */
export function log2(x: number): number {
  return exponential.log2(plain, x);
}

/** x to the power y, with the special values of `**`. */
export function power(x: number, y: number): number {
  return exponential.power(plain, x, y);
}

/** Powers of one base; the base's logarithm is computed once. */
export function powersOf(base: number): (exponent: number) => number {
  const logarithm = exponential.logOf(plain, Math.abs(base));
  return (exponent) => exponential.powerByLog(plain, base, logarithm, exponent);
}

/** Quantile of the standard normal distribution: -Infinity at 0, Infinity at 1, NaN outside [0, 1]. */
export function normalQuantile(probability: number): number {
  return normal.normalQuantile(plain, probability);
}

/** Probability that a standard normal value is at most z. */
export function normalCdf(z: number): number {
  return normal.normalCdf(plain, z);
}
