import { InternalError } from "../../diagnostics/diagnostic.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Column } from "../../metrics/table.ts";
import { periodWords, quarterText, yearOf } from "../../scenario/calendar.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import type { Results } from "../results/results.ts";

/** A column of a metric's values; the values of a code become its words. */
export function metricColumn(metric: Metric, values: Float64Array): Column {
  const { name, text, unit } = metric;
  if (metric.time === "ratio") return { name, type: "number", unit, text, values: emptyWhereNone(values) };
  if (metric.time !== "code") return { name, type: "number", unit, text, values };
  return { name, type: "string", text, values: Array.from(values, (value) => wordOf(metric, value)) };
}

/** Cells of ratios: a rate per unit without units does not exist, and its cell is empty. */
export function emptyWhereNone(values: Float64Array): readonly (number | null)[] {
  const cells = new Array<number | null>(values.length);
  // Not `Array.from` with a function, which would be called for each of tens of thousands of cells.
  for (let row = 0; row < cells.length; row++) cells[row] = Number.isNaN(values[row]) ? null : values[row];
  return cells;
}

/** The word for a value of a coded metric. */
export function wordOf(metric: Metric, value: number): string {
  const word = metric.words?.[value];
  if (word === undefined) throw new InternalError(`${metric.name} has no word for ${value}`);
  return word;
}

/** A column of texts. */
export function textColumn(name: string, text: string, values: readonly (string | null)[]): Column {
  return { name, type: "string", text, values };
}

/** The reported months, each repeated for every row of the month. */
export function monthColumn(results: Results, rowsPerMonth = 1): Column {
  const values = monthsOf(results).flatMap((month) =>
    new Array<string>(rowsPerMonth).fill(formatMonth(month)),
  );
  return { name: "month", type: "month", text: "Calendar month.", values };
}

/** Year of each month reported. */
export function yearColumn(results: Results): Column {
  const { yearStart } = results;
  return yearsColumn(
    monthsOf(results).map((month) => yearOf(month, yearStart)),
    results,
  );
}

/** A column of years. */
export function yearsColumn(values: readonly number[], { yearStart }: Pick<Results, "yearStart">): Column {
  return { name: "year", type: "year", text: sentenceOf(periodWords("year", yearStart)), values };
}

/** Quarter of each month reported. */
export function quarterColumn(results: Results): Column {
  const { yearStart } = results;
  return quartersColumn(
    monthsOf(results).map((month) => quarterText(month, yearStart)),
    results,
  );
}

/** A column of quarters. */
export function quartersColumn(values: readonly string[], { yearStart }: Pick<Results, "yearStart">): Column {
  return { name: "quarter", type: "quarter", text: sentenceOf(periodWords("quarter", yearStart)), values };
}

function sentenceOf(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Absolute months reported. */
export function monthsOf({ startMonth, monthCount }: Results): number[] {
  return Array.from({ length: monthCount }, (_, index) => startMonth + index);
}
