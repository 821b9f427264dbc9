import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { periodWords } from "../../scenario/calendar.ts";
import { findColumn, metricsAt, type Results } from "../results/results.ts";
import {
  metricColumn,
  monthColumn,
  quarterColumn,
  quartersColumn,
  yearColumn,
  yearsColumn,
} from "./columns.ts";
import { countColumn, listPeriods, type Period, periodColumns, quartersOf, yearsOf } from "./periods.ts";
import { annualRatio, ratioOfPeriods } from "./ratios.ts";
import { STANDARD_METRICS } from "./standard-columns.ts";

/** Every metric of the whole by month. */
export function makeMonthly(results: Results): Table {
  const periods = listPeriods(results, String);
  return {
    name: "monthly",
    text: "The whole plan, month by month, at medians.",
    columns: [
      monthColumn(results),
      countColumn(periods),
      ...totalColumns(results, (metric) => [metricColumn(metric, totalOf(results, metric))]),
    ],
    rowCount: results.monthCount,
    primaryKey: ["month"],
  };
}

/** Every metric of the whole by quarter. */
export function makeQuarterly(results: Results): Table {
  const periods = quartersOf(results);
  return {
    name: "quarterly",
    text: `The whole plan by ${periodWords("quarter", results.yearStart)}, at medians: ${RULES}`,
    columns: [
      quartersColumn(
        periods.map(({ label }) => label),
        results,
      ),
      countColumn(periods),
      ...totalColumns(results, (metric) => columnsByPeriod(results, metric, periods)),
    ],
    rowCount: periods.length,
    primaryKey: ["quarter"],
  };
}

/** Every metric of the whole by year. */
export function makeAnnual(results: Results): Table {
  const periods = yearsOf(results);
  const years = periods.map(({ label }) => Number(label));
  return {
    name: "annual",
    text: `The whole plan by ${periodWords("year", results.yearStart)}, at medians: ${RULES}`,
    columns: [
      yearsColumn(years, results),
      countColumn(periods),
      ...totalColumns(results, (metric) =>
        metric.time === "ratio"
          ? annualRatio(results, metric, years, "total")
          : columnsByPeriod(results, metric, periods),
      ),
    ],
    rowCount: periods.length,
    primaryKey: ["year"],
  };
}

const RULES = "flows are sums, stocks those of the last month with their mean beside them.";

/** The provider's cost and book by month and category. */
export function makeCosts(results: Results): Table {
  const metrics = metricsAt(results, "total").filter(({ group }) => group === "cost" || group === "book");
  return {
    name: "costs",
    text: "The provider's cost by category and its book values, month by month, in nominal USD before tax.",
    columns: [
      monthColumn(results),
      yearColumn(results),
      quarterColumn(results),
      ...metrics.map((metric) => metricColumn(metric, totalOf(results, metric))),
    ],
    rowCount: results.monthCount,
    primaryKey: ["month"],
  };
}

function columnsByPeriod(results: Results, metric: Metric, periods: readonly Period[]): readonly Column[] {
  if (metric.time === "ratio") return ratioOfPeriods(results, metric, periods);
  return periodColumns(metric, totalOf(results, metric), periods);
}

/**
 * The columns of every metric of the whole, those of `STANDARD_METRICS` first. A standard metric that the scenario lacks, such
 * as tokens without a workload, is an empty column, so that a cell of a spreadsheet keeps its place from run to run.
 */
function totalColumns(results: Results, columnsOf: (metric: Metric) => readonly Column[]): readonly Column[] {
  const metrics = metricsAt(results, "total");
  const standard = STANDARD_METRICS.flatMap((name) => {
    const present = metrics.find((metric) => metric.name === name);
    return present ? columnsOf(present) : emptyColumn(name, columnsOf);
  });
  const others = metrics.filter(({ name }) => !STANDARD_METRICS.includes(name));
  return [...standard, ...others.flatMap(columnsOf)];
}

/** A column like that of a metric, without a value in any row. */
function emptyColumn(name: string, columnsOf: (metric: Metric) => readonly Column[]): readonly Column[] {
  const metric = findMetric(name);
  if (!metric) return [];
  // The columns of a flow, for their number of rows: a metric that does not exist has no ratio of a year.
  const [{ values }] = columnsOf({ ...metric, time: "flow" });
  const { text, unit } = metric;
  return [{ name, type: "number", unit, text, values: Array.from(values, () => null) }];
}

function totalOf(results: Results, { name }: Metric): Float64Array {
  return findColumn(results, "total", name) ?? new Float64Array(results.monthCount);
}
