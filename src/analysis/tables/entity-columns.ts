import type { Metric, MetricLevel } from "../../metrics/metric.ts";
import type { Column } from "../../metrics/table.ts";
import { findColumn, metricsAt, type Results } from "../results/results.ts";
import { textColumn } from "./columns.ts";

/** A text of every entity, repeated `times` times: once for each month or year of a table. */
export function repeatedColumn<Entity>(
  name: string,
  text: string,
  times: number,
  entities: readonly Entity[],
  of: (entity: Entity) => string,
): Column {
  const once = entities.map(of);
  return textColumn(name, text, Array.from({ length: times }, () => once).flat());
}

/** Metrics of a level by month; those with one number for the whole horizon are not among them. */
export function monthlyMetrics(results: Results, level: MetricLevel): readonly Metric[] {
  return metricsAt(results, level).filter(({ isScalar }) => !isScalar);
}

/** Columns of several entities as one column, with the entities of a month in consecutive rows. */
export function interleave(
  results: Results,
  level: MetricLevel,
  { name }: Metric,
  entities: readonly string[],
): Float64Array {
  const { monthCount } = results;
  const rows = new Float64Array(monthCount * entities.length);
  for (const [index, entity] of entities.entries()) {
    const values = findColumn(results, level, name, entity);
    for (let month = 0; values && month < monthCount; month++)
      rows[month * entities.length + index] = values[month];
  }
  return rows;
}
