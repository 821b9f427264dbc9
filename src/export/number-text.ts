import { InternalError } from "../diagnostics/diagnostic.ts";
import { findMetric } from "../metrics/index.ts";
import type { Column } from "../metrics/table.ts";
import { UNITS } from "../metrics/units.ts";
import { decimalExponentOf } from "../numbers/decimal.ts";

/** Significant digits that a spreadsheet keeps of a number. */
const SHEET_DIGITS = 15;

/** Below this size, a whole number has at most `SHEET_DIGITS` digits. */
const MOST_WHOLE = 1e15;

/** Between these sizes, `SHEET_DIGITS` digits are a decimal number with a point and without an exponent. */
const LEAST_USUAL = 1e-6;
const MOST_USUAL = 1e13;

/**
 * Writes a number for a file with 15 significant digits, as many as a spreadsheet keeps, or exactly: the shortest decimals that
 * read back to the same number. An exponent appears only below 1e-6 and from 1e21 on.
 *
 * Fails: throws `InternalError` for a number that is not finite, which no table may contain.
 */
export function numberText(value: number, isExact = false): string {
  const size = Math.abs(value);
  const isWhole = Math.floor(size) === size && size < MOST_WHOLE;
  // Tables have hundreds of thousands of such numbers, which need no reading back.
  if (!isExact && !isWhole && size >= LEAST_USUAL && size < MOST_USUAL)
    return withoutZeros(value.toPrecision(SHEET_DIGITS));
  if (!Number.isFinite(value)) throw new InternalError(`a table holds ${value}`);
  // `String` writes minus zero as 0.
  const text = String(isExact || isWhole ? value : Number(value.toPrecision(SHEET_DIGITS)));
  return size < 1e21 ? text : text.replace("e+", "e");
}

/** A decimal number without the zeros at its end. */
function withoutZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, digits[end - 1] === "." ? end - 1 : end);
}

/** A share of the largest number of one unit in a column below which a number is what rounding left of 0. */
const dust = 1e-12;

/**
 * The size below which a number of a column is what rounding left of 0; 0 in a column that is no metric's, such as the values of
 * summary.csv and compare.csv, where a small number of another unit may be meant. A column of tokens or FLOP has the unit of the
 * row's workload, and FLOP are so many that beside them all tokens would be dust: its sizes are by row.
 *
 * Fails: never.
 */
export function dustOf(
  { name, unit = "", values }: Column,
  workloads: Column | undefined,
): number | Float64Array {
  if (!findMetric(name)) return 0;
  const ofRow = unit.startsWith(UNITS.unit) ? workloads?.values : undefined;
  const largest = new Map<unknown, number>();
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    const before = largest.get(ofRow?.[row]) ?? 0;
    if (typeof value === "number" && Math.abs(value) > before) largest.set(ofRow?.[row], Math.abs(value));
  }
  if (!ofRow) return dust * (largest.get(undefined) ?? 0);
  return Float64Array.from(values, (_, row) => dust * (largest.get(ofRow[row]) ?? 0));
}

/** Significant digits of the largest number of a column on the screen. */
const SHOWN_DIGITS = 4;

/**
 * The number of decimals with which the largest number of a column on the screen shows four digits.
 *
 * Fails: never.
 */
export function decimalsFor(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  const whole = Math.max(1, decimalExponentOf(largest) + 1);
  return Math.max(0, SHOWN_DIGITS - whole);
}

/** The number of decimals with which a number shows so many digits; none for a longer one. Fails: never. */
export function decimalsOf(value: number, digits: number): number {
  return Math.max(0, digits - 1 - decimalExponentOf(Math.abs(value) || 1));
}

/**
 * Writes a number for the screen with fixed decimals and commas between thousands.
 *
 * Fails: never.
 */
export function screenNumber(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = withCommas(whole);
  const shown = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(shown) ? `-${shown}` : shown;
}

/** Writes a count for a message, with commas between thousands. Not with Intl, whose data takes 10 ms to load. */
export function countText(count: number): string {
  const [whole, ...fraction] = String(count).split(".");
  return [withCommas(whole), ...fraction].join(".");
}

function withCommas(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ",");
}
