import type { Metric } from "../../metrics/metric.ts";
import type { Column } from "../../metrics/table.ts";
import { quarterText, yearOf } from "../../scenario/calendar.ts";
import type { Results } from "../results/results.ts";
import { monthsOf, wordOf } from "./columns.ts";

/** Reported months covered by one row: indices from `first` up to but excluding `end`. */
export type Period = { readonly label: string; readonly first: number; readonly end: number };

/** The years, or quarters, of the reported months; the first and last may be short. */
export function yearsOf(results: Results): readonly Period[] {
  return listPeriods(results, (month) => String(yearOf(month, results.yearStart)));
}

/** The quarters of the reported months. */
export function quartersOf(results: Results): readonly Period[] {
  return listPeriods(results, (month) => quarterText(month, results.yearStart));
}

/** Splits the reported months into periods, in order; the first and last may be short. */
export function listPeriods(results: Results, labelOf: (absoluteMonth: number) => string): readonly Period[] {
  const periods: Period[] = [];
  for (const [index, month] of monthsOf(results).entries()) {
    const label = labelOf(month);
    const last = periods.at(-1);
    if (last?.label === label) periods[periods.length - 1] = { ...last, end: index + 1 };
    else periods.push({ label, first: index, end: index + 1 });
  }
  return periods;
}

/** Number of reported months in each period. */
export function countColumn(periods: readonly Period[]): Column {
  return {
    name: "months",
    type: "integer",
    unit: "months",
    text: "Months of the horizon in the period.",
    values: periods.map(({ first, end }) => end - first),
  };
}

/**
 * Columns of a metric by period: the sum of the months for a flow; the last month and the plain mean of the months
 * (`_average`) for a stock; for a code the most frequent word, or the earlier of two equally frequent ones.
 *
 * A running sum over the horizon has no mean. Ratios cannot be added over months and are left out: there are none at the
 * level of the whole.
 */
export function periodColumns(
  metric: Metric,
  values: Float64Array,
  periods: readonly Period[],
): readonly Column[] {
  const { name, text, unit } = metric;
  const number = { name, type: "number" as const, unit };
  const sumOf = ({ first, end }: Period) => {
    let sum = 0;
    for (let month = first; month < end; month++) sum += values[month];
    return sum;
  };
  switch (metric.time) {
    case "flow":
      return [{ ...number, text: `${text} Sum of the months.`, values: Float64Array.from(periods, sumOf) }];
    case "stock": {
      const ends = Float64Array.from(periods, ({ end }) => values[end - 1]);
      const stock = { ...number, text: `${text} In the last month.`, values: ends };
      if (isRunningSum(metric)) return [stock];
      const means = Float64Array.from(periods, (period) => sumOf(period) / (period.end - period.first));
      return [
        stock,
        { ...number, name: `${name}_average`, text: `${text} Plain mean of the months.`, values: means },
      ];
    }
    case "code":
      return [
        {
          name,
          type: "string",
          text: `${text} The most frequent word of the months.`,
          values: periods.map(({ first, end }) => wordOf(metric, mostFrequent(values.subarray(first, end)))),
        },
      ];
    case "ratio":
      return [];
  }
}

/** A sum that grows from the start of the horizon, so a mean is meaningless. */
function isRunningSum({ formula }: Metric): boolean {
  return formula?.kind === "running" && formula.from === "horizon";
}

function mostFrequent(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  // Keys of a map keep their order of insertion, so the first of equal counts is the earlier.
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}
