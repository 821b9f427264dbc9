import { MONTHS_PER_YEAR } from "../../metrics/unit-factors.ts";

export const MONTHS_PER_QUARTER = 3;

/** The end of a quarter that a text such as `2026-Q1` stands for. */
export type QuarterEnd = "first" | "last";

/** English names of the months; three letters or more of one are enough. */
export const MONTH_NAMES = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

/**
 * Reads a month `2027-01` or a quarter `2027-Q1` as an absolute month.
 *
 * A step happens in the first month of a quarter; what lasts `to` a quarter ends in its last.
 *
 * @return year * 12 + (month - 1), or `undefined` for any other text
 *
 * Fails: never.
 */
export function readMonth(text: string, quarterEnd: QuarterEnd = "first"): number | undefined {
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (month) return Number(month[1]) * MONTHS_PER_YEAR + Number(month[2]) - 1;
  const quarter = /^(\d{4})-Q([1-4])$/.exec(text);
  if (!quarter) return undefined;
  const first = Number(quarter[1]) * MONTHS_PER_YEAR + (Number(quarter[2]) - 1) * MONTHS_PER_QUARTER;
  return quarterEnd === "first" ? first : first + MONTHS_PER_QUARTER - 1;
}

/** Other ways to write a month or quarter; each gives the text that is read. */
const otherForms: readonly (readonly [pattern: RegExp, meant: (...parts: string[]) => string | undefined])[] =
  [
    [/^((?:19|20|21)\d\d)[-\s/]?[qQ]\s?([1-4])$/, (year, quarter) => `${year}-Q${quarter}`],
    [/^[qQ]\s?([1-4])[-\s/]*((?:19|20|21)\d\d)$/, (quarter, year) => `${year}-Q${quarter}`],
    [/^((?:19|20|21)\d\d)[-\s/]?[hH]\s?([12])$/, (year, half) => `${year}-Q${half === "1" ? 1 : 3}`],
    [/^[hH]\s?([12])[-\s/]*((?:19|20|21)\d\d)$/, (half, year) => `${year}-Q${half === "1" ? 1 : 3}`],
    [/^\d{1,2}\.(\d{1,2})\.((?:19|20|21)\d\d)$/, (month, year) => monthText(year, Number(month))],
    [/^(\d{1,2})\/((?:19|20|21)\d\d)$/, (month, year) => monthText(year, Number(month))],
    [/^((?:19|20|21)\d\d)\/(\d{1,2})$/, (year, month) => monthText(year, Number(month))],
    [/^([A-Za-z]{3,9})\.?[-\s,]*((?:19|20|21)\d\d)$/, (name, year) => monthText(year, monthOfName(name))],
    [/^((?:19|20|21)\d\d)[-\s,]*([A-Za-z]{3,9})\.?$/, (year, name) => monthText(year, monthOfName(name))],
  ];

/**
 * The text that a month or quarter in another notation should have: `Q2 2026` is `2026-Q2`, `Jan 2026` is `2026-01`.
 *
 * @return `undefined` for a text that is not a month in any of these notations
 *
 * Fails: never.
 */
export function meantMonth(text: string): string | undefined {
  for (const [pattern, meant] of otherForms) {
    const match = pattern.exec(text.trim());
    if (match) return meant(...match.slice(1));
  }
  return undefined;
}

function monthText(year: string, month: number): string | undefined {
  return month >= 1 && month <= MONTHS_PER_YEAR ? `${year}-${String(month).padStart(2, "0")}` : undefined;
}

/** The number of a month from its English name or the beginning of it; 0 for any other word. */
function monthOfName(name: string): number {
  const word = name.toLowerCase();
  return MONTH_NAMES.findIndex((month) => month.toLowerCase().startsWith(word)) + 1;
}
