import type { Metric, WorkloadKind } from "../../metrics/metric.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { findColumn, metricsAt, type ResultAssignment, type Results } from "../results/results.ts";
import { metricColumn, monthColumn, yearsColumn } from "./columns.ts";
import { interleave, monthlyMetrics, repeatedColumn } from "./entity-columns.ts";
import { periodColumns, yearsOf } from "./periods.ts";
import { annualRatio } from "./ratios.ts";

/** Every workload's chips, service, cost and energy on every chip of every fleet, by month. */
export function makeDemand(results: Results): Table {
  const { assignments, monthCount } = results;
  return {
    name: "demand",
    text: "Every workload on every chip of every fleet that it may run on, month by month: chips held, units served, cost, energy.",
    columns: [
      monthColumn(results, assignments.length),
      ...nameColumns(assignments, monthCount),
      ...monthlyColumns(
        results,
        "assignment",
        assignments.map(({ key, kind }) => ({ key, kind })),
      ),
    ],
    rowCount: monthCount * assignments.length,
    primaryKey: ["month", "workload", "fleet", "chip"],
  };
}

/** Every workload by month: required, served and unserved units, cause, cost and prices. */
export function makeWorkloads(results: Results): Table {
  const { workloads, monthCount } = results;
  return {
    name: "workloads",
    text: "Every workload, month by month: required, served and unserved, what binds, cost, prices.",
    columns: [
      monthColumn(results, workloads.length),
      ...workloadColumns(results, monthCount),
      ...monthlyColumns(
        results,
        "workload",
        workloads.map(({ name, kind }) => ({ key: name, kind })),
      ),
    ],
    rowCount: monthCount * workloads.length,
    primaryKey: ["month", "workload"],
  };
}

/** Every workload by year: flows are sums, stocks year-end, ratios of the year's sums. */
export function makeWorkloadsAnnual(results: Results): Table {
  const { workloads } = results;
  const periods = yearsOf(results);
  const years = periods.map(({ label }) => Number(label));
  const metrics = monthlyMetrics(results, "workload");
  const columnsOf = ({ name, kind }: Results["workloads"][number]) =>
    metrics.flatMap((metric) => {
      const none = new Float64Array(results.monthCount);
      const own =
        metric.time === "ratio"
          ? annualRatio(results, metric, years, "workload", name)
          : periodColumns(metric, findColumn(results, "workload", metric.name, name) ?? none, periods);
      return own.map((column) => emptyForOthers(metric, column, [{ kind }], years.length));
    });
  const [first = [], ...others] = workloads.map(columnsOf);
  return {
    name: "workloads_annual",
    text: "Every workload by year: flows are sums, stocks those of the last month with their mean beside them, prices of the year's sums.",
    columns: [
      yearsColumn(
        years.flatMap((year) => workloads.map(() => year)),
        results,
      ),
      ...workloadColumns(results, periods.length),
      ...first.map((column, index) => ({
        ...column,
        values: years.flatMap((_, year) =>
          [first, ...others].map((columns) => columns[index]?.values[year] ?? null),
        ),
      })),
    ],
    rowCount: years.length * workloads.length,
    primaryKey: ["year", "workload"],
  };
}

/** The performance of every workload on every chip, the same in every month. */
export function makeServing(results: Results): Table {
  const { assignments } = results;
  const scalars = (level: "workload" | "assignment", keyOf: (pair: ResultAssignment) => string) =>
    metricsAt(results, level)
      .filter(({ isScalar }) => isScalar)
      .map((metric) => {
        const values = assignments.map(
          (pair) => findColumn(results, level, metric.name, keyOf(pair))?.[0] ?? 0,
        );
        return emptyForOthers(metric, metricColumn(metric, Float64Array.from(values)), assignments, 1);
      });
  return {
    name: "serving",
    text: "Size and performance of a copy of each workload's model on each chip, the same in every month.",
    columns: [
      ...nameColumns(assignments, 1),
      ...scalars("workload", ({ workload }) => workload),
      ...scalars("assignment", ({ key }) => key),
    ],
    rowCount: assignments.length,
    primaryKey: ["workload", "fleet", "chip"],
  };
}

/** Name, kind and unit of every workload, repeated `times` times. */
function workloadColumns({ workloads }: Results, times: number): readonly Column[] {
  return [
    repeatedColumn("workload", "Name of the workload.", times, workloads, ({ name }) => name),
    repeatedColumn("kind", "Inference, training or stateful.", times, workloads, ({ kind }) => kind),
    servedUnit(times, workloads),
  ];
}

function servedUnit(times: number, entities: readonly { readonly kind: string }[]): Column {
  const text = "Meaning of a unit: an output token, or a FLOP of training.";
  return repeatedColumn("served_unit", text, times, entities, ({ kind }) =>
    kind === "training" ? "FLOP" : "output tokens",
  );
}

function nameColumns(pairs: readonly ResultAssignment[], times: number): readonly Column[] {
  return [
    repeatedColumn("workload", "Name of the workload.", times, pairs, ({ workload }) => workload),
    repeatedColumn("fleet", "Name of the fleet.", times, pairs, ({ fleet }) => fleet),
    repeatedColumn("chip", "Name of the chip.", times, pairs, ({ chip }) => chip),
    servedUnit(times, pairs),
  ];
}

function monthlyColumns(
  results: Results,
  level: "workload" | "assignment",
  entities: readonly Named[],
): readonly Column[] {
  const keys = entities.map(({ key }) => key);
  return monthlyMetrics(results, level).map((metric) => {
    const column = metricColumn(metric, interleave(results, level, metric, keys));
    return emptyForOthers(metric, column, entities, results.monthCount);
  });
}

/** A row's entity: the key of its columns and the kind of its workload. */
type Named = { readonly key: string; readonly kind: string };

/** Empties the cells of workloads that a metric does not apply to; rows go by entity, repeated `times` times. */
function emptyForOthers(
  { kinds }: Metric,
  column: Column,
  entities: readonly { readonly kind: string }[],
  times: number,
): Column {
  const isOther = entities.map(({ kind }) => kinds !== undefined && !kinds.includes(kind as WorkloadKind));
  if (!isOther.includes(true)) return column;
  const values = new Array<string | number | null>(times * entities.length);
  for (let row = 0; row < values.length; row++)
    values[row] = isOther[row % entities.length] ? null : (column.values[row] ?? null);
  return { ...column, values } as Column;
}
