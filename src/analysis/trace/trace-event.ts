import { EVENT } from "../../compile/compile.ts";
import { directReads } from "../../compile/record/reads.ts";
import { eventPath } from "../../scenario/events.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { columnKey } from "../results/results.ts";
import { traceCondition } from "./trace-field.ts";
import { traceMetric } from "./trace-metric.ts";
import type { TraceNode } from "./trace-node.ts";
import { hasMetric, type TraceRun } from "./trace-run.ts";

/**
 * An event in a window month: whether its condition holds, and below it the figures and names that the condition reads, each taken
 * apart.
 *
 * Fails: as `traceMetric`; for an event that the run has.
 */
export function traceEvent(run: TraceRun, name: string, month: number): TraceNode {
  const { field, children: names } = traceCondition(run, eventPath(name), month);
  const holds = run.columns.get(columnKey("total", EVENT, name))?.[month] ?? 0;
  const reading = run.readingOf(EVENT, "total", name);
  const figures = (reading ? directReads(reading) : []).flatMap((one) =>
    one.kind === "metric" && hasMetric(run, one.name, one.entity)
      ? [traceMetric(run, one.name, one.entity, month)]
      : [],
  );
  return {
    name,
    entity: "",
    month: formatMonth(run.firstMonth + month),
    value: holds,
    unit: "",
    canonical: holds,
    word: holds === 0 ? "not true" : "true",
    operator: "rule",
    how: "condition",
    children: [...figures, ...names],
    ...(field ? { field } : {}),
    notes: ["comparisons allow for rounding; docs/model.md section 10.5"],
  };
}
