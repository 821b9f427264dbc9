import { MONTHS_PER_YEAR } from "../metrics/unit-factors.ts";
import { MONTH_NAMES, MONTHS_PER_QUARTER } from "./language/month-text.ts";
import type { Scenario } from "./scenario.ts";

/** The month that years begin with, 1 for January: those of tables, yearly and quarterly limits and `--year`. */
export type YearStart = number;

/** Years are calendar years unless a scenario says when its fiscal years begin. */
const JANUARY: YearStart = 1;

/** The month that a scenario's years begin with. */
export function yearStartOf({ fields }: Pick<Scenario, "fields">): YearStart {
  return fields.get("fiscal_year_start")?.integer ?? JANUARY;
}

/** The year of an absolute month. A fiscal year is named for the calendar year it ends in. */
export function yearOf(absoluteMonth: number, start: YearStart): number {
  return Math.floor(moved(absoluteMonth, start) / MONTHS_PER_YEAR);
}

/** The quarter of an absolute month: `2026Q1`, or `FY2027Q1` of a fiscal year. */
export function quarterText(absoluteMonth: number, start: YearStart): string {
  const quarter = Math.floor((moved(absoluteMonth, start) % MONTHS_PER_YEAR) / MONTHS_PER_QUARTER) + 1;
  const year = String(yearOf(absoluteMonth, start)).padStart(4, "0");
  return `${start === JANUARY ? "" : "FY"}${year}Q${quarter}`;
}

/** The year of an absolute month as a reader sees it: `2026`, or `FY2027`. */
export function yearText(year: number, start: YearStart): string {
  return start === JANUARY ? String(year) : `FY${year}`;
}

/** First absolute month of a year. */
export function firstMonthOf(year: number, start: YearStart): number {
  return year * MONTHS_PER_YEAR - shiftOf(start);
}

/** First absolute month of the quarter that a month is in. */
export function firstMonthOfQuarter(absoluteMonth: number, start: YearStart): number {
  return absoluteMonth - (moved(absoluteMonth, start) % MONTHS_PER_QUARTER);
}

/** What the years, or quarters, of a table are, in words. */
export function periodWords(period: "year" | "quarter", start: YearStart): string {
  if (start === JANUARY) return `calendar ${period}`;
  const year = `named for the year it ends in, from ${MONTH_NAMES[start - 1]} on`;
  return period === "year" ? `fiscal year, ${year}` : `quarter of a fiscal year, ${year}`;
}

/** A month as far into a calendar year as it is into its fiscal year. */
function moved(absoluteMonth: number, start: YearStart): number {
  return absoluteMonth + shiftOf(start);
}

function shiftOf(start: YearStart): number {
  return (MONTHS_PER_YEAR + 1 - start) % MONTHS_PER_YEAR;
}
