/**
 * The functions of numbers on plain numbers: at most one unit in the last place off, with the same bits on every machine.
 *
 * `log(0)` is -Infinity, and below 0 it is NaN; `log2` is exact for powers of 2; `power` has the special values of `**`; `normalQuantile`
 * is -Infinity at 0, Infinity at 1 and NaN outside [0, 1]; `normalCdf(z)` is the probability that a standard normal value is at most z.
 */
import { logOf, powerByLog } from "./plain-functions.ts";

export { exp, log, log1p, log2, normalCdf, normalQuantile, power } from "./plain-functions.ts";

/** Powers of one base; the base's logarithm is computed once. */
export function powersOf(base: number): (exponent: number) => number {
  const { high, low } = logOf(Math.abs(base));
  return (exponent) => powerByLog(base, high, low, exponent);
}
