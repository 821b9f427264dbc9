import type { PlanOutline } from "../../engine/index.ts";
import { findMetric } from "../../metrics/index.ts";

/** Canonical units per display unit of each column. */
export function scalesOf({ columns }: Pick<PlanOutline, "columns">): Float64Array {
  return Float64Array.from(columns, ({ metric }) => findMetric(metric)?.scale ?? 1);
}
