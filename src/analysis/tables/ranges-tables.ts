import { annualKey } from "../../compile/annual-ratios.ts";
import { Reduction, type Statistics } from "../../engine/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { finiteOrNull } from "../../metrics/table.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { metricsAt, type Results } from "../results/results.ts";
import { type FigureRequest, quantileName, type Spread } from "../results/spread.ts";
import { monthsOf, yearsColumn } from "./columns.ts";
import { type Period, yearsOf } from "./periods.ts";
import { mixedNumbers, tableOf, words } from "./table-of.ts";

/** One row: a metric, or one word of a metric, in a period. */
type RangeRow = {
  readonly period: string | number;
  readonly metric: string;
  readonly unit: string;
  readonly word: string | undefined;
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
  const rows = new RangeRows(spread);
  for (const metric of metricsAt(results, "total")) rows.add(metric, periods, labels);
  for (const [index, { first, end }] of periods.entries())
    rows.read(labels[index], { name: "demand_unserved_probability", unit: "1" }, undefined, {
      level: "total",
      metric: "demand_unserved_share",
      first,
      end,
      reduction: Reduction.any,
      ranked: false,
    });
  return rangesTable("monthly_ranges", "month by month", column, rows.rows, spread);
}

/** The same by year: flows are sums, stocks those of the last month, ratios of the year's sums. */
export function makeAnnualRanges(results: Results, spread: Spread): Table {
  const periods = yearsOf(results);
  const years = periods.map(({ label }) => Number(label));
  const { name, type, text } = yearsColumn([], results);
  const rows = new RangeRows(spread);
  for (const metric of metricsAt(results, "total")) {
    if (metric.time !== "ratio") rows.add(metric, periods, years);
    else
      for (const year of years)
        rows.read(year, metric, undefined, {
          level: "total",
          metric: metric.name,
          entity: annualKey("", year),
          first: 0,
          end: 1,
        });
  }
  return rangesTable("annual_ranges", "by year", { name, type, text }, rows.rows, spread);
}

/** Collects rows of figures that a sample has; there are so many that each is one object and nothing else. */
class RangeRows {
  readonly rows: RangeRow[] = [];
  readonly #spread: Spread;

  constructor(spread: Spread) {
    this.#spread = spread;
  }

  /** A metric: a flow over the months of each period, a stock in its last month, a code by its words. */
  add(metric: Metric, periods: readonly Period[], labels: readonly (string | number)[]): void {
    const { name, time, words = [] } = metric;
    for (let index = 0; index < periods.length; index++) {
      const { first, end } = periods[index];
      if (time !== "code") {
        const from = time === "flow" ? first : end - 1;
        this.read(labels[index], metric, undefined, { level: "total", metric: name, first: from, end });
        continue;
      }
      const reduction = end - first === 1 ? Reduction.count : Reduction.isMostFrequent;
      for (let code = 0; code < words.length; code++) {
        const request = { level: "total", metric: name, first, end, reduction, code, ranked: false } as const;
        this.read(labels[index], metric, words[code], request);
      }
    }
  }

  read(
    period: string | number,
    { name, unit }: Pick<Metric, "name" | "unit">,
    word: string | undefined,
    request: FigureRequest,
  ): void {
    const statistics = this.#spread.read(request);
    if (statistics) this.rows.push({ period, metric: name, unit, word, statistics });
  }
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
  const statistic = (column: string, text: string, numberOf: (one: Statistics) => number) =>
    mixedNumbers(column, text, (row: RangeRow) =>
      isProbability(row) ? null : finiteOrNull(numberOf(row.statistics)),
    );
  return tableOf(
    name,
    `What the trials of a sample say of the whole plan ${by}: one row for a period and a metric.`,
    [],
    rows,
    [
      { ...period, of: (row) => row.period },
      words("metric", "Name of the figure.", ({ metric }) => metric),
      words("word", "The word whose probability the row gives; empty for a number.", ({ word }) => word),
      words("unit", "Unit of the figure.", ({ unit }) => unit),
      statistic("mean", "Mean over the trials.", ({ mean }) => mean),
      statistic("se", "Standard error of the mean.", ({ standardError }) => standardError),
      ...probabilities.map((probability, index) =>
        statistic(
          quantileName(probability),
          `Value that the figure stays at or below in ${Number((probability * 100).toPrecision(10))} % of the trials.`,
          ({ quantiles }) => quantiles[index],
        ),
      ),
      mixedNumbers(
        "share",
        "Share of the trials in which the figure exists; for a word or a probability, in which it is true.",
        (row) => finiteOrNull(isProbability(row) ? row.statistics.mean : row.statistics.share),
      ),
    ],
  );
}
