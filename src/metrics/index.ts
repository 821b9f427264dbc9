import { bookMetrics } from "./book-metrics.ts";
import { buyersChipMetrics } from "./buyers-chip-metrics.ts";
import { chipMetrics } from "./chip-metrics.ts";
import { computeMetrics } from "./compute-metrics.ts";
import { contractMetrics } from "./contract-metrics.ts";
import { costMetrics } from "./cost-metrics.ts";
import { debtMetrics } from "./debt-metrics.ts";
import { demandMetrics } from "./demand/demand-metrics.ts";
import { servingMetrics } from "./demand/serving-metrics.ts";
import { hireMetrics } from "./hire-metrics.ts";
import type { Metric } from "./metric.ts";
import { powerMetrics } from "./power-metrics.ts";
import { taxMetrics } from "./tax-metrics.ts";

/** The metric table, in the order of the files' columns. */
export const METRICS: readonly Metric[] = [
  ...chipMetrics,
  ...powerMetrics,
  ...computeMetrics,
  ...costMetrics,
  ...hireMetrics,
  ...buyersChipMetrics,
  ...contractMetrics,
  ...bookMetrics,
  ...debtMetrics,
  ...taxMetrics,
  ...servingMetrics,
  ...demandMetrics,
];

const byName: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.name, metric]));

/** What a message offers where a name resembles no metric. */
export const METRICS_PAGE = "a name in docs/reference/metrics.md";

/** The metric with that name, if there is one. */
export function findMetric(name: string): Metric | undefined {
  return byName.get(name);
}
