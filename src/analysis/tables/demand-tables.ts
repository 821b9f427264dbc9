import type { Metric } from "../../metrics/metric.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { yearOf } from "../calendar.ts";
import { findColumn, metricsAt, type ResultAssignment, type Results } from "../results.ts";
import { metricColumn, monthColumn, textColumn } from "./columns.ts";
import { listPeriods, periodColumns } from "./periods.ts";
import { ratioColumns } from "./ratios.ts";

/** What every workload takes of every chip of every fleet, by month. */
export function makeDemand(results: Results): Table {
  const { assignments, monthCount } = results;
  const keys = assignments.map(({ key }) => key);
  return {
    name: "demand",
    text: "Every workload on every chip of every fleet that it may run on, month by month: chips held, units served, cost, energy.",
    columns: [
      monthColumn(results, assignments.length),
      ...nameColumns(assignments, monthCount),
      ...monthlyColumns(results, "assignment", keys),
    ],
    rowCount: monthCount * assignments.length,
    primaryKey: ["month", "workload", "fleet", "chip"],
  };
}

/** Every workload by month: required, served, unserved, what binds, what it costs. */
export function makeWorkloads(results: Results): Table {
  const { workloads, monthCount } = results;
  const repeat = (values: readonly string[]) => Array.from({ length: monthCount }, () => values).flat();
  return {
    name: "workloads",
    text: "Every workload, month by month: required, served and unserved, what binds, cost, prices.",
    columns: [
      monthColumn(results, workloads.length),
      textColumn("workload", "Name of the workload.", repeat(workloads.map(({ name }) => name))),
      textColumn("kind", "Inference, training or stateful.", repeat(workloads.map(({ kind }) => kind))),
      textColumn(
        "served_unit",
        "What units are: output tokens, or FLOP of training.",
        repeat(workloads.map(({ kind }) => unitOf(kind))),
      ),
      ...monthlyColumns(
        results,
        "workload",
        workloads.map(({ name }) => name),
      ),
    ],
    rowCount: monthCount * workloads.length,
    primaryKey: ["month", "workload"],
  };
}

/** Every workload by calendar year: flows are sums, stocks year-end, ratios of the year's sums. */
export function makeWorkloadsAnnual(results: Results): Table {
  const { workloads } = results;
  const periods = listPeriods(results, (month) => String(yearOf(month)));
  const years = periods.map(({ label }) => Number(label));
  const repeat = (values: readonly string[]) => Array.from({ length: periods.length }, () => values).flat();
  const metrics = metricsAt(results, "workload").filter(({ isScalar }) => !isScalar);
  const columnsOf = (workload: string) =>
    metrics.flatMap((metric) =>
      metric.time === "ratio"
        ? ratioColumns(results, metric, years, "workload", workload)
        : periodColumns(
            metric,
            findColumn(results, "workload", metric.name, workload) ?? new Float64Array(results.monthCount),
            periods,
          ),
    );
  const [first = [], ...others] = workloads.map(({ name }) => columnsOf(name));
  return {
    name: "workloads_annual",
    text: "Every workload by calendar year: flows are sums, stocks those of the last month with their mean beside them, prices of the year's sums.",
    columns: [
      {
        name: "year",
        type: "year",
        text: "Calendar year.",
        values: years.flatMap((year) => workloads.map(() => year)),
      },
      textColumn("workload", "Name of the workload.", repeat(workloads.map(({ name }) => name))),
      textColumn("kind", "Inference, training or stateful.", repeat(workloads.map(({ kind }) => kind))),
      textColumn(
        "served_unit",
        "What units are: output tokens, or FLOP of training.",
        repeat(workloads.map(({ kind }) => unitOf(kind))),
      ),
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

/** What every workload reaches on every chip: the same in every month. */
export function makeServing(results: Results): Table {
  const { assignments } = results;
  const scalars = (level: "workload" | "assignment", keyOf: (pair: ResultAssignment) => string) =>
    metricsAt(results, level)
      .filter(({ isScalar }) => isScalar)
      .map((metric) => {
        const values = assignments.map(
          (pair) => findColumn(results, level, metric.name, keyOf(pair))?.[0] ?? 0,
        );
        return metricColumn(metric, Float64Array.from(values));
      });
  return {
    name: "serving",
    text: "What a copy of each workload's model takes and gives on each chip, the same in every month.",
    columns: [
      ...nameColumns(assignments, 1),
      ...scalars("workload", ({ workload }) => workload),
      ...scalars("assignment", ({ key }) => key),
    ],
    rowCount: assignments.length,
    primaryKey: ["workload", "fleet", "chip"],
  };
}

function unitOf(kind: string): string {
  return kind === "training" ? "FLOP" : "output tokens";
}

function nameColumns(pairs: readonly ResultAssignment[], times: number): readonly Column[] {
  const repeat = (textOf: (pair: ResultAssignment) => string) => {
    const once = pairs.map(textOf);
    return Array.from({ length: times }, () => once).flat();
  };
  return [
    textColumn(
      "workload",
      "Name of the workload.",
      repeat(({ workload }) => workload),
    ),
    textColumn(
      "fleet",
      "Name of the fleet.",
      repeat(({ fleet }) => fleet),
    ),
    textColumn(
      "chip",
      "Name of the chip.",
      repeat(({ chip }) => chip),
    ),
    textColumn(
      "served_unit",
      "What units are: output tokens, or FLOP of training.",
      repeat(({ kind }) => unitOf(kind)),
    ),
  ];
}

function monthlyColumns(
  results: Results,
  level: "workload" | "assignment",
  entities: readonly string[],
): readonly Column[] {
  return metricsAt(results, level)
    .filter(({ isScalar }) => !isScalar)
    .map((metric) => metricColumn(metric, sideBySide(results, level, metric, entities)));
}

/** Columns of several entities as one, the entities of a month side by side. */
function sideBySide(
  results: Results,
  level: "workload" | "assignment",
  { name }: Metric,
  entities: readonly string[],
): Float64Array {
  const rows = new Float64Array(results.monthCount * entities.length);
  for (const [index, entity] of entities.entries()) {
    const values = findColumn(results, level, name, entity);
    for (let month = 0; values && month < results.monthCount; month++)
      rows[month * entities.length + index] = values[month];
  }
  return rows;
}
