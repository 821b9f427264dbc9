import { METRICS } from "./index.ts";
import type { Metric } from "./metric.ts";

/** Metric names end in units; a condition compares quantities, which carry their own units. */
const UNIT_ENDINGS = /_(mw|gwh|eflops|yflop|pb_per_s|pb|tb|usd|billion)$/;

/** The first part of the names that conditions use for a metric. */
export type StateOwner = "total" | "fleets" | "sites" | "workloads";

/**
 * Metrics that a condition may read, named without unit: `facility_power` for `facility_power_mw`. These are sums over
 * parts, so that a mix has them too, and required and served demand.
 */
export const STATE_METRICS: ReadonlyMap<string, Metric> = new Map(
  METRICS.filter((metric) => metric.time !== "code" && !metric.isScalar && ownersOf(metric).length > 0).map(
    (metric) => [metric.name.replace(UNIT_ENDINGS, ""), metric],
  ),
);

/** The owners of a metric in conditions: for parts every level they add up to, for demand workloads and the whole. */
export function ownersOf({ level, adds, group }: Metric): readonly StateOwner[] {
  if (level === "part") return adds ? ["total", "fleets", "sites"] : [];
  if (group !== "demand") return [];
  if (level === "workload") return adds ? ["workloads", "total"] : ["workloads"];
  return level === "total" ? ["total"] : [];
}
