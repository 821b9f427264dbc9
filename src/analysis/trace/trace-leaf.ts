import type { Entity } from "../../compile/entities.ts";
import { entityKey } from "../../compile/entities.ts";
import { type Formula, formatFormula } from "../../metrics/formula.ts";
import { isShare, type Metric } from "../../metrics/metric.ts";
import { MONTHS_FROM_START } from "../../metrics/units.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { type ShownUnit, unitFor } from "./shown-value.ts";
import type { TraceNode } from "./trace-node.ts";
import type { TraceRun } from "./trace-run.ts";

/** A node's entity and window month, and the kernels taken apart above it. */
export type Place = { readonly entity: Entity; readonly month: number; readonly opened: readonly string[] };

/** How a value comes about, apart from the value itself. */
export type Making = Pick<
  TraceNode,
  "operator" | "how" | "children" | "zeros" | "field" | "reads" | "notes" | "hint"
>;

/** A metric's value with nothing below it. */
export function metricLeaf(
  run: TraceRun,
  metric: Metric,
  canonical: number,
  { entity, month }: Place,
): TraceNode {
  const { unit, scale } = unitFor(metric, entity);
  const isMonthly = metric.isScalar !== true;
  const isMonth = metric.unit === MONTHS_FROM_START && !Number.isNaN(canonical);
  const word = isMonth ? formatMonth(run.scenario.startMonth + canonical) : metric.words?.[canonical];
  return {
    name: metric.name,
    entity: entityKey(entity),
    ...(isMonthly ? { month: windowMonthText(run, month) } : {}),
    value: canonical / scale,
    unit,
    canonical,
    ...(word === undefined ? {} : { word }),
    ...(isShare(metric) ? { shownAs: "share" } : {}),
    operator: "carried",
    how: "",
    children: [],
  };
}

/** A formula's value with nothing below it, shown in `unit`. */
export function formulaLeaf(
  run: TraceRun,
  formula: Formula,
  canonical: number,
  { unit, scale }: ShownUnit,
  { entity, month }: Place,
): TraceNode {
  return {
    name: formula.kind === "sum" ? formula.name : formatFormula(formula),
    entity: entityKey(entity),
    ...(formula.kind === "total" ? {} : { month: windowMonthText(run, month) }),
    value: canonical / scale,
    unit,
    canonical,
    operator: "carried",
    how: "",
    children: [],
  };
}

/** Completes a leaf with how its value comes about, without empty lists. */
export function completeLeaf(leaf: TraceNode, making: Making): TraceNode {
  const { zeros = [], reads = [], notes = [], ...rest } = making;
  return {
    ...leaf,
    ...rest,
    ...(zeros.length > 0 ? { zeros } : {}),
    ...(reads.length > 0 ? { reads } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** A window month as people write it. */
export function windowMonthText(run: TraceRun, month: number): string {
  return formatMonth(run.firstMonth + month);
}
