/** Numbers and words as pictures, reports and sentences write them: one place, so that title, axis, tooltip and table never disagree. */
import { exponentIn } from "../../numbers/decimal.ts";

/** Narrow no-break space, between thousands and before units. */
export const NARROW_SPACE = "\u202f";
/** A true minus. */
export const MINUS = "\u2212";
/** Places after the point at most. */
const MOST_DECIMALS = 6;
/** What stands where there is no number. */
const NO_NUMBER = "\u2013";

/** A number with fixed decimals, narrow spaces between thousands and a true minus. Fails: never. */
export function fixed(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return NO_NUMBER;
  if (Math.abs(value) >= 1e15) return value.toExponential(2).replace("e+", "e").replace("-", MINUS);
  const size = Math.abs(value);
  const digits = size < 999 ? size.toFixed(decimals) : inThousands(size.toFixed(decimals));
  return value < 0 && /[1-9]/.test(digits) ? MINUS + digits : digits;
}

function inThousands(text: string): string {
  const [whole = "0", part] = text.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE) + (part === undefined ? "" : `.${part}`);
}

/** Decimals with which a number has so many significant digits; trailing places beyond `most` are dropped. */
export function decimalsOf(value: number, digits = 3, most = MOST_DECIMALS): number {
  return value !== 0 && Number.isFinite(value)
    ? decimalsIn(value.toExponential(digits - 1), digits, most)
    : 0;
}

/** Decimals of a number in exponential notation, where it stands with so many digits. */
function decimalsIn(text: string, digits: number, most: number): number {
  return Math.min(most, Math.max(0, digits - 1 - exponentIn(text)));
}

/** Three significant digits: `2 480`, `64.2`, `0.348`. Fails: never. */
export function significant(value: number, digits = 3): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return NO_NUMBER;
  const rounded = value.toExponential(digits - 1);
  return fixed(Number(rounded), decimalsIn(rounded, digits, MOST_DECIMALS));
}

/** Up to three significant digits, as a person writes a rate or a floor: `8`, `10.8`, `1.15`. Fails: never. */
export function brief(value: number): string {
  return significant(value)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** Figures that stand together share the decimals that the largest needs for three digits. */
export function alike(values: readonly number[]): readonly string[] {
  const decimals = decimalsOf(largestOf(values), 3, 3);
  return values.map((value) => fixed(value, decimals));
}

/** The largest size among the numbers that are finite, 0 where there is none. */
export function largestOf(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** A difference with its sign; nothing before a number that shows as 0. */
export function signed(value: number, show: (value: number) => string): string {
  const text = show(value);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A share in per cent: whole from 10, one decimal below, never 0 % or 100 % for what is neither. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return NO_NUMBER;
  return `${percentDigits(share * 100)}${NARROW_SPACE}%`;
}

function percentDigits(value: number): string {
  if (value > 99.95 && value < 100) return ">99.9";
  if (value > 0 && value < 0.05) return "<0.1";
  const size = Math.abs(value);
  const isFine = (size > 0 && size < 9.95) || (size > 99 && size < 100);
  return fixed(value, isFine ? 1 : 0);
}

/** Capital first letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Words as a list: `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? "")
    : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
