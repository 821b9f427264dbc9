import { InternalError } from "../diagnostics/diagnostic.ts";

/**
 * Writes a number for a file: the shortest decimals that read back to the same number, with an exponent from `1e21` on.
 *
 * Fails: throws `InternalError` for a number that is not finite, which no table may contain.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new InternalError(`a table holds ${value}`);
  // `String` writes minus zero as 0.
  const text = String(value);
  return value < 1e21 && value > -1e21 ? text : text.replace("e+", "e");
}

/** Significant digits of the largest number of a column on the screen. */
const shownDigits = 4;

/**
 * The number of decimals with which the largest number of a column on the screen shows four digits.
 *
 * Fails: never.
 */
export function decimalsFor(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  const whole = Math.max(1, Math.floor(Math.log10(largest)) + 1);
  return Math.max(0, shownDigits - whole);
}

/**
 * Writes a number for the screen with fixed decimals and commas between thousands.
 *
 * Fails: never.
 */
export function screenNumber(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const shown = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(shown) ? `-${shown}` : shown;
}
