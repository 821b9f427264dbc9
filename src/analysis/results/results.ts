import type { PlanOutline } from "../../engine/index.ts";
import { METRICS } from "../../metrics/index.ts";
import type { Metric, MetricLevel } from "../../metrics/metric.ts";
import type { Precision } from "../../metrics/precision.ts";
import type { YearStart } from "../../scenario/calendar.ts";
import type { Spread } from "./spread.ts";

/** Results of a run in display units, from which tables are made. */
export type Results = {
  /** First reported month, absolute, and the number of months reported. */
  readonly startMonth: number;
  readonly monthCount: number;
  /** Month that years begin with. */
  readonly yearStart: YearStart;
  /** Parts sorted by fleet and chip, and sites sorted by name. */
  readonly parts: readonly ResultPart[];
  readonly sites: readonly string[];
  /** Contracts, tranches and loans sorted by name; empty if the scenario has none. */
  readonly contracts: readonly string[];
  readonly tranches: readonly string[];
  readonly loans: readonly string[];
  /** Workloads in order of priority, and each with every part it may run on; empty if the scenario has none. */
  readonly workloads: readonly { readonly name: string; readonly kind: string }[];
  readonly assignments: readonly ResultAssignment[];
  /** By `columnKey`: one value per reported month, or a single one at the level `run`. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly notes: RunNotes;
  /** Statistics of a sample, if one was taken. */
  readonly spread?: Spread;
};

/** One chip of one fleet. */
export type ResultPart = {
  readonly key: string;
  readonly fleet: string;
  readonly chip: string;
  readonly site: string;
  /** The precision in which the chip really runs work of each precision. */
  readonly runsAs: Readonly<Record<Precision, string>>;
};

/** A workload on one chip of one fleet. */
export type ResultAssignment = {
  /** `workload/fleet/chip`. */
  readonly key: string;
  readonly workload: string;
  readonly kind: string;
  readonly fleet: string;
  readonly chip: string;
};

/** Facts that a reader must know besides the numbers. */
export type RunNotes = {
  readonly referenceUse: string;
  /** Uncertain values, each at its median. */
  readonly uncertainCount: number;
  /** Fleets whose number of chips depends on a power, an amount or a mix: sized in every trial, or once at the medians. */
  readonly sizedEachTrial: readonly string[];
  readonly sizedOnce: readonly string[];
  /** By metric of a rate of return, the other yearly rates that make its cash 0, where there are any. */
  readonly otherRates?: ReadonlyMap<string, readonly number[]>;
};

/** Key of a column of results; `entity` is that of the Plan, empty for the whole. */
export function columnKey(level: MetricLevel, metric: string, entity = ""): string {
  return `${level} ${metric} ${entity}`;
}

/** Values of a Plan's columns by `columnKey`, in the given units. */
export function columnsByKey(
  { columns }: Pick<PlanOutline, "columns">,
  values: readonly Float64Array[],
): ReadonlyMap<string, Float64Array> {
  return new Map(
    columns.map(({ level, metric, entity }, index) => [columnKey(level, metric, entity), values[index]]),
  );
}

/** Values of a metric, or undefined if it does not exist at that level or was not requested. */
export function findColumn(
  results: Results,
  level: MetricLevel,
  metric: string,
  entity = "",
): Float64Array | undefined {
  return results.columns.get(columnKey(level, metric, entity));
}

/** Names of the entities of a level, as in the keys of columns; one empty name for the whole. */
export function entitiesAt(results: Results, level: MetricLevel): readonly string[] {
  switch (level) {
    case "part":
      return results.parts.map(({ key }) => key);
    case "site":
      return results.sites;
    case "contract":
      return results.contracts;
    case "tranche":
      return results.tranches;
    case "loan":
      return results.loans;
    case "workload":
      return results.workloads.map(({ name }) => name);
    case "assignment":
      return results.assignments.map(({ key }) => key);
    default:
      return [""];
  }
}

/** By results, which never change: every table and text asks for the metrics of a level. */
const knownMetrics = new WeakMap<Results, Map<MetricLevel, readonly Metric[]>>();

/** Metrics that the results hold at a level, in the order of the metric table. */
export function metricsAt(results: Results, level: MetricLevel): readonly Metric[] {
  const byLevel = knownMetrics.get(results) ?? new Map<MetricLevel, readonly Metric[]>();
  knownMetrics.set(results, byLevel);
  const known = byLevel.get(level);
  if (known) return known;
  const entity = entitiesAt(results, level)[0];
  const metrics =
    entity === undefined
      ? []
      : METRICS.filter((metric) => findColumn(results, level, metric.name, entity) !== undefined);
  byLevel.set(level, metrics);
  return metrics;
}
