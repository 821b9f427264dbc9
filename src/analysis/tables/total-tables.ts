import type { Formula } from "../../metrics/formula.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { quarterText, yearOf } from "../results/calendar.ts";
import { unservedChances } from "../results/chances.ts";
import { findColumn, metricsAt, type Results } from "../results/results.ts";
import { metricColumn, monthColumn, quarterColumn, yearColumn } from "./columns.ts";
import { countColumn, listPeriods, periodColumns } from "./periods.ts";
import { ratioColumns } from "./ratios.ts";
import { spreadColumns } from "./spread-columns.ts";

/** Columns that every reader looks for, before the others. */
const FIRST_METRICS = [
  "chips_installed",
  "chips_energised",
  "chips_stranded",
  "it_power_mw",
  "facility_power_mw",
  "peak_fp4_eflops",
  "effective_fp4_eflops",
  "hbm_pb",
  "hbm_bandwidth_pb_per_s",
  "energy_gwh",
  "binding",
  "provider_cash_usd",
  "demand_unserved_share",
  "output_tokens_served_billion",
  "inference_usd_per_million_input_tokens",
  "inference_usd_per_million_output_tokens",
  "training_usd_per_run",
  "inference_tokens_per_mwh",
  "chips_idle",
];

/** Every metric of the whole by month. */
export function makeMonthly(results: Results): Table {
  const months = Array.from({ length: results.monthCount }, (_, month) => ({ first: month, end: month + 1 }));
  return {
    name: "monthly",
    text: "The whole plan, month by month.",
    columns: [
      monthColumn(results),
      ...totalMetrics(results).flatMap((metric) => [
        metricColumn(metric, totalOf(results, metric)),
        ...spreadColumns(results, metric, months),
      ]),
      ...unservedChance(results),
    ],
    rowCount: results.monthCount,
    primaryKey: ["month"],
  };
}

/** How likely it is that work goes unserved, by month; nothing without a sample or workloads. */
function unservedChance(results: Results): readonly Column[] {
  const values = unservedChances(results);
  const text = "Share of the trials in which any work goes unserved in the month.";
  return values ? [{ name: "demand_unserved_probability", type: "number", unit: "1", text, values }] : [];
}

/** Every metric of the whole by calendar year. */
export function makeAnnual(results: Results): Table {
  const periods = listPeriods(results, (month) => String(yearOf(month)));
  const years = periods.map(({ label }) => Number(label));
  return {
    name: "annual",
    text: "The whole plan by calendar year: flows are sums, stocks those of the last month with their mean beside them.",
    columns: [
      { name: "year", type: "year", text: "Calendar year.", values: years },
      countColumn(periods),
      ...totalMetrics(results).flatMap((metric) => {
        if (metric.time === "ratio") return ratioColumns(results, metric, years, "total");
        return [
          ...periodColumns(metric, totalOf(results, metric), periods),
          ...spreadColumns(results, metric, periods),
        ];
      }),
    ],
    rowCount: periods.length,
    primaryKey: ["year"],
  };
}

/** Capital spending, running cost and cash of the whole by calendar quarter, with the parts of each total before it. */
export function makeQuarterly(results: Results): Table {
  const periods = listPeriods(results, quarterText);
  const names = ["provider_capex_usd", "provider_opex_usd"].flatMap((name) => [...termsOf(name), name]);
  const metrics = [...names, "provider_cash_usd"].flatMap((name) => findMetric(name) ?? []);
  return {
    name: "quarterly",
    text: "Capital spending, running cost and cash of the whole plan by calendar quarter, as sums.",
    columns: [
      {
        name: "quarter",
        type: "quarter",
        text: "Calendar quarter.",
        values: periods.map(({ label }) => label),
      },
      countColumn(periods),
      ...metrics.flatMap((metric) => periodColumns(metric, totalOf(results, metric), periods)),
    ],
    rowCount: periods.length,
    primaryKey: ["quarter"],
  };
}

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

function totalMetrics(results: Results): readonly Metric[] {
  const metrics = metricsAt(results, "total");
  const first = FIRST_METRICS.flatMap((name) => metrics.find((metric) => metric.name === name) ?? []);
  return [...first, ...metrics.filter((metric) => !first.includes(metric))];
}

function totalOf(results: Results, { name }: Metric): Float64Array {
  return findColumn(results, "total", name) ?? new Float64Array(results.monthCount);
}

/** Metrics that a sum adds up, according to the metric table. */
function termsOf(name: string): readonly string[] {
  const formula: Formula | undefined = findMetric(name)?.formula;
  if (formula?.kind !== "operation") return [];
  return formula.operands.flatMap((operand) => (operand.kind === "metric" ? [operand.name] : []));
}
