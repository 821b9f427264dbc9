import { Reduction, type Statistics } from "../../engine/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Column } from "../../metrics/table.ts";
import type { Results } from "../results/results.ts";
import { quantileName, type Spread } from "../results/spread.ts";

/** Reported months covered by one row. */
type Months = { readonly first: number; readonly end: number };

/**
 * Columns that a sample adds after a metric of the whole: mean, its standard error and quantiles; for a code the
 * probability of each word. None without a sample.
 *
 * @param rows months of each row: a flow is their sum, a stock that of the last one, a code the most frequent word
 */
export function spreadColumns(
  { spread }: Results,
  metric: Metric,
  rows: readonly Months[],
): readonly Column[] {
  if (!spread) return [];
  if (metric.time === "code") return probabilityColumns(spread, metric, rows);
  const { name } = metric;
  const statistics = rows.map((row) => {
    const months = metric.time === "flow" ? row : { first: row.end - 1, end: row.end };
    return spread.read({ level: "total", metric: name, ...months });
  });
  return statisticsColumns(spread, name, metric.unit, statistics);
}

/** Mean, standard error and quantiles as columns, empty if there are none. */
export function statisticsColumns(
  { probabilities }: Spread,
  name: string,
  unit: string | undefined,
  statistics: readonly (Statistics | undefined)[],
): readonly Column[] {
  if (statistics.every((each) => each === undefined)) return [];
  const column = (suffix: string, text: string, numberOf: (each: Statistics) => number): Column => ({
    name: `${name}_${suffix}`,
    type: "number",
    ...(unit === undefined ? {} : { unit }),
    text,
    values: statistics.map((each) => (each ? finiteOrNull(numberOf(each)) : null)),
  });
  return [
    column("mean", `Mean of ${name} over the trials.`, ({ mean }) => mean),
    column("se", `Standard error of the mean of ${name}.`, ({ standardError }) => standardError),
    ...probabilities.map((probability, index) =>
      column(
        quantileName(probability),
        `Value that ${name} stays at or below in ${Number((probability * 100).toPrecision(10))} % of the trials.`,
        ({ quantiles }) => quantiles[index],
      ),
    ),
  ];
}

function probabilityColumns(
  spread: Spread,
  { name, words = [] }: Metric,
  rows: readonly Months[],
): readonly Column[] {
  return words.flatMap((word, code) => {
    const statistics = rows.map(({ first, end }) =>
      spread.read({
        level: "total",
        metric: name,
        first,
        end,
        reduction: end - first === 1 ? Reduction.count : Reduction.isMostFrequent,
        code,
        ranked: false,
      }),
    );
    if (statistics.every((each) => each === undefined)) return [];
    return {
      name: `${name}_probability_${word}`,
      type: "number" as const,
      unit: "1",
      text: `Share of trials in which ${name} is ${word}.`,
      values: statistics.map((each) => (each ? finiteOrNull(each.mean) : null)),
    };
  });
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
