import { METRICS } from "./index.ts";
import type { Metric } from "./metric.ts";

/** Ends of metric names that are units: a condition compares quantities, which carry their own. */
const UNIT_ENDINGS = /_(mw|gwh|eflops|yflop|pb_per_s|pb|tb|usd|billion)$/;

/** What a condition reads a metric of, as its names begin. */
export type StateOwner = "total" | "fleets" | "sites" | "workloads";

/**
 * Metrics that a condition may read, by their name without its unit: `facility_power` for `facility_power_mw`. Sums over
 * parts, so that a mix has them too, and what workloads require and get.
 */
export const STATE_METRICS: ReadonlyMap<string, Metric> = new Map(
  METRICS.filter((metric) => metric.time !== "code" && !metric.isScalar && ownersOf(metric).length > 0).map(
    (metric) => [metric.name.replace(UNIT_ENDINGS, ""), metric],
  ),
);

/** Of what a condition may read a metric: of parts of all that they add to, of demand of workloads and of the whole. */
export function ownersOf({ level, adds, group }: Metric): readonly StateOwner[] {
  if (level === "part") return adds ? ["total", "fleets", "sites"] : [];
  if (group !== "demand") return [];
  if (level === "workload") return adds ? ["workloads", "total"] : ["workloads"];
  return level === "total" ? ["total"] : [];
}
