import { annualKey } from "../../compile/annual-ratios.ts";
import { Reduction, type Statistics } from "../../engine/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { metricsAt, type Results } from "../results/results.ts";
import { quantileName, type Spread } from "../results/spread.ts";
import { monthsOf, yearsColumn } from "./columns.ts";
import { type Period, yearsOf } from "./periods.ts";

/** One row: a metric, or one word of a metric, in a period. */
type RangeRow = {
  readonly period: string | number;
  readonly metric: string;
  readonly unit: string;
  readonly word?: string;
  readonly statistics: Statistics;
};

/**
 * Statistics of a sample for every metric of the whole by month, and for every word of a code its probability: one row for a
 * month and a metric, as pivot tables and databases read it.
 */
export function makeMonthlyRanges(results: Results, spread: Spread): Table {
  const months = monthsOf(results);
  const periods = months.map((_, index) => ({ label: "", first: index, end: index + 1 }));
  const labels = months.map(formatMonth);
  const column = { name: "month", type: "month", text: "Calendar month." } as const;
  const rows = metricsAt(results, "total").flatMap((metric) => rowsOf(spread, metric, periods, labels));
  const unserved = periods.flatMap(({ first, end }, index) =>
    rowOf(labels[index], { name: "demand_unserved_probability", unit: "1" }, undefined, () =>
      spread.read({
        level: "total",
        metric: "demand_unserved_share",
        first,
        end,
        reduction: Reduction.any,
        ranked: false,
      }),
    ),
  );
  return rangesTable("monthly_ranges", "month by month", column, [...rows, ...unserved], spread);
}

/** The same by year: flows are sums, stocks those of the last month, ratios of the year's sums. */
export function makeAnnualRanges(results: Results, spread: Spread): Table {
  const periods = yearsOf(results);
  const years = periods.map(({ label }) => Number(label));
  const { name, type, text } = yearsColumn([], results);
  const rows = metricsAt(results, "total").flatMap((metric) =>
    metric.time === "ratio"
      ? years.flatMap((year) => {
          const request = { level: "total", metric: metric.name, entity: annualKey("", year) } as const;
          return rowOf(year, metric, undefined, () => spread.read({ ...request, first: 0, end: 1 }));
        })
      : rowsOf(spread, metric, periods, years),
  );
  return rangesTable("annual_ranges", "by year", { name, type, text }, rows, spread);
}

/** Rows of a metric: a flow over the months of each period, a stock in its last month, a code by its words. */
function rowsOf(
  spread: Spread,
  metric: Metric,
  periods: readonly Period[],
  labels: readonly (string | number)[],
): readonly RangeRow[] {
  const { name, time, words = [] } = metric;
  return periods.flatMap(({ first, end }, index) => {
    const request = { level: "total", metric: name, first, end } as const;
    if (time !== "code") {
      const from = time === "flow" ? first : end - 1;
      return rowOf(labels[index], metric, undefined, () => spread.read({ ...request, first: from }));
    }
    const reduction = end - first === 1 ? Reduction.count : Reduction.isMostFrequent;
    return words.flatMap((word, code) =>
      rowOf(labels[index], metric, word, () => spread.read({ ...request, reduction, code, ranked: false })),
    );
  });
}

function rowOf(
  period: string | number,
  { name, unit }: Pick<Metric, "name" | "unit">,
  word: string | undefined,
  read: () => Statistics | undefined,
): readonly RangeRow[] {
  const statistics = read();
  return statistics ? [{ period, metric: name, unit, ...(word ? { word } : {}), statistics }] : [];
}

function rangesTable(
  name: string,
  by: string,
  period: Pick<Column, "name" | "type" | "text">,
  rows: readonly RangeRow[],
  { probabilities }: Spread,
): Table {
  const isProbability = ({ word, metric }: RangeRow) =>
    word !== undefined || metric === "demand_unserved_probability";
  const number = (column: string, text: string, numberOf: (one: Statistics) => number): Column => ({
    name: column,
    type: "number",
    text,
    values: rows.map((row) => (isProbability(row) ? null : finiteOrNull(numberOf(row.statistics)))),
  });
  const share = (row: RangeRow) => (isProbability(row) ? row.statistics.mean : row.statistics.share);
  return {
    name,
    text: `What the trials of a sample say of the whole plan ${by}: one row for a period and a metric.`,
    columns: [
      { ...period, values: rows.map((row) => row.period) },
      { name: "metric", type: "string", text: "Name of the figure.", values: rows.map((row) => row.metric) },
      {
        name: "word",
        type: "string",
        text: "The word whose probability the row gives; empty for a number.",
        values: rows.map(({ word }) => word ?? null),
      },
      { name: "unit", type: "string", text: "Unit of the figure.", values: rows.map(({ unit }) => unit) },
      number("mean", "Mean over the trials.", ({ mean }) => mean),
      number("se", "Standard error of the mean.", ({ standardError }) => standardError),
      ...probabilities.map((probability, index) =>
        number(
          quantileName(probability),
          `Value that the figure stays at or below in ${Number((probability * 100).toPrecision(10))} % of the trials.`,
          ({ quantiles }) => quantiles[index],
        ),
      ),
      {
        name: "share",
        type: "number",
        text: "Share of the trials in which the figure exists; for a word or a probability, in which it is true.",
        values: rows.map((row) => finiteOrNull(share(row))),
      },
    ],
    rowCount: rows.length,
    primaryKey: [],
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
