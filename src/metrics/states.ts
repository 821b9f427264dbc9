import { METRICS } from "./index.ts";
import type { Metric } from "./metric.ts";

/** Ends of metric names that are units: a condition compares quantities, which carry their own. */
const UNIT_ENDINGS = /_(mw|gwh|eflops|yflop|pb_per_s|pb|usd)$/;

/**
 * Metrics that a condition may read of a fleet, a site or the total, by their name without its unit:
 * `facility_power` for `facility_power_mw`. All are sums over parts, so that a mix has them too.
 */
export const STATE_METRICS: ReadonlyMap<string, Metric> = new Map(
  METRICS.filter((metric) => metric.adds && metric.time !== "code" && metric.level === "part").map(
    (metric) => [metric.name.replace(UNIT_ENDINGS, ""), metric],
  ),
);
