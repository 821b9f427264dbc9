import { annualKey } from "../../compile/annual-ratios.ts";
import type { Metric, MetricLevel } from "../../metrics/metric.ts";
import type { Column } from "../../metrics/table.ts";
import { findColumn, type Results } from "../results/results.ts";
import { emptyWhereNone } from "./columns.ts";
import { statisticsColumns } from "./spread-columns.ts";

/**
 * A ratio by calendar year, computed from the year's sums, with its statistics; nothing if it is made of anything but
 * flows.
 *
 * @param level  `total`, or `workload` with its name
 */
export function ratioColumns(
  results: Results,
  metric: Metric,
  years: readonly number[],
  level: MetricLevel,
  entity = "",
): readonly Column[] {
  const { name, unit, text } = metric;
  const keys = years.map((year) => annualKey(entity, year));
  const values = keys.flatMap((key) => Array.from(findColumn(results, level, name, key) ?? []));
  if (values.length < years.length) return [];
  const shown = emptyWhereNone(Float64Array.from(values));
  const { spread } = results;
  return [
    { name, type: "number", unit, text: `${text} Of the year's sums.`, values: shown },
    ...(spread
      ? statisticsColumns(
          spread,
          name,
          unit,
          keys.map((key) => spread.read({ level, metric: name, entity: key, first: 0, end: 1 })),
        )
      : []),
  ];
}
