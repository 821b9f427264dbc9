/** Numbers of a trace as a reader sees them. */

/** Most significant digits of a value in words. */
const SHOWN_DIGITS = 6;

/** From this size on, a number is written with its power of ten. */
const PLAIN_BELOW = 1e9;

/** Writes a number with at most six significant digits and commas between thousands. */
export function sixDigits(value: number): string {
  if (Number.isNaN(value)) return "none";
  const rounded = Number(value.toPrecision(SHOWN_DIGITS)) + 0;
  const isLarge = Math.abs(rounded) >= PLAIN_BELOW;
  const text = isLarge ? rounded.toExponential() : String(rounded);
  if (text.includes("e")) return text.replace("e+", "e");
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Less than this of a dollar or a chip counts as rounding. */
const rounding = 1e-6;

/** Large amounts are shown in millions and billions. */
export function inMagnitude(value: number, unit: string): { readonly value: number; readonly unit: string } {
  const size = Math.abs(value);
  if ((unit === "USD" || unit === "chips") && size < rounding) return { value: 0, unit };
  if (unit === "USD" && size >= 1e6) {
    return size < 1e9 ? { value: value / 1e6, unit: "M USD" } : { value: value / 1e9, unit: "B USD" };
  }
  const isHours = unit.startsWith("chip-hour") && size >= 1e9;
  return isHours ? { value: value / 1e9, unit: `billion ${unit}` } : { value, unit };
}
