import type { Metric } from "../../metrics/metric.ts";
import type { Column } from "../../metrics/table.ts";
import type { Results } from "../results/results.ts";
import { monthsOf, wordOf } from "./columns.ts";

/** Months reported that one row stands for: indices from `first` up to and without `end`. */
export type Period = { readonly label: string; readonly first: number; readonly end: number };

/** Splits the months reported into calendar periods, in order; the first and last may be short. */
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

/** How many months reported lie in each period. */
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
 * Columns of a metric by period: a flow is the sum of its months, a stock its last month's with the plain mean of the months
 * beside it (`_average`), a code the word that most months hold, the earlier of the period where two are as frequent.
 *
 * A running sum over the horizon has no mean. A ratio is no sum of its months and is left out: there is none at the
 * level of the whole.
 */
export function periodColumns(
  metric: Metric,
  values: Float64Array,
  periods: readonly Period[],
): readonly Column[] {
  const { name, text, unit } = metric;
  const number = { name, type: "number" as const, unit };
  const sumOf = ({ first, end }: Period) =>
    values.subarray(first, end).reduce((sum, value) => sum + value, 0);
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
          text: `${text} The word that most months hold.`,
          values: periods.map(({ first, end }) => wordOf(metric, mostFrequent(values.subarray(first, end)))),
        },
      ];
    case "ratio":
      return [];
  }
}

/** A sum that grows from the start of the horizon on, of which a mean says nothing. */
function isRunningSum({ formula }: Metric): boolean {
  return formula?.kind === "running" && formula.from === "horizon";
}

function mostFrequent(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  // Keys of a map keep the order in which they were met, so the first of equal counts is the earlier.
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}
