import type { Entity } from "../../compile/entities.ts";
import { entityKey } from "../../compile/entities.ts";
import { formulaIn } from "../../compile/uses.ts";
import { InternalError } from "../../diagnostics/diagnostic.ts";
import { type Formula, formatFormula, type Operator } from "../../metrics/formula.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import { factorsOf, termsOf } from "./formula-terms.ts";
import { unitFor } from "./shown-value.ts";
import { metricLeaf } from "./trace-leaf.ts";
import { traceMetric } from "./trace-metric.ts";
import { recombine, type TraceNode } from "./trace-node.ts";
import { ownerOf, type TraceRun } from "./trace-run.ts";
import { sumNode } from "./trace-sum.ts";

/** Window months, both ends included, and what they are called: `2028`, `2027-01 to 2027-03`. */
export type Span = { readonly first: number; readonly last: number; readonly text: string };

/**
 * Takes a metric of several months apart: a flow is the sum of its months, a ratio of flows the ratio of such sums, and anything else
 * is that of the last month.
 *
 * Fails: as `traceMetric`.
 */
export function traceSpan(run: TraceRun, name: string, entity: Entity, span: Span): TraceNode {
  const { first, last, text } = span;
  const metric = findMetric(name);
  if (first === last || !metric || metric.isScalar) return traceMetric(run, name, entity, last);
  if (metric.time === "flow") return traceMonths(run, name, entity, monthsIn(span), text);
  const ratio = metric.time === "ratio" ? ratioNode(run, metric, entity, span) : undefined;
  if (ratio) return ratio;
  const node = traceMetric(run, name, entity, last);
  return { ...node, notes: [`the last month of ${text}`, ...(node.notes ?? [])] };
}

/**
 * The sum of a metric over window months, each taken apart; `text` says which they are.
 *
 * Fails: as `traceMetric`.
 */
export function traceMonths(
  run: TraceRun,
  name: string,
  entity: Entity,
  months: readonly number[],
  text: string,
  notes: readonly string[] = [],
): TraceNode {
  const metric = findMetric(name);
  if (!metric) throw new InternalError(`no metric ${name}`);
  const { unit } = unitFor(metric, entity);
  const how = `sum of ${months.length} month${months.length === 1 ? "" : "s"}`;
  return sumNode(
    { name, entity: entityKey(entity), month: text, unit, how, ...(notes.length > 0 ? { notes } : {}) },
    months.map((month) => traceMetric(run, name, entity, month)),
  );
}

function monthsIn({ first, last }: Span): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** A ratio of flows with each flow summed over the months; undefined where it is made of anything else. */
function ratioNode(run: TraceRun, metric: Metric, entity: Entity, span: Span): TraceNode | undefined {
  const made = metric.formula && overMonths(run, formulaIn(run.scenario, metric.formula), entity, span);
  if (!made) return undefined;
  const leaf = metricLeaf(run, metric, made.canonical, { entity, month: span.last, opened: [] });
  const { operator, children } = made;
  return { ...leaf, month: span.text, operator, how: "of the sums of the months", children };
}

/** A formula of flows over the months. */
function overMonths(run: TraceRun, formula: Formula, reader: Entity, span: Span): TraceNode | undefined {
  if (formula.kind === "metric") {
    if (findMetric(formula.name)?.time !== "flow") return undefined;
    return traceMonths(run, formula.name, ownerOf(run, formula.name, reader), monthsIn(span), span.text);
  }
  if (formula.kind !== "operation" || !COMBINED.has(formula.operator)) return undefined;
  const isSum = formula.operator === "add" || formula.operator === "subtract";
  const terms = isSum ? termsOf(formula, "+") : factorsOf(formula, "x");
  const children = terms.flatMap(({ sign, of }) => {
    const part = overMonths(run, of, reader, span);
    return part ? [{ ...part, sign }] : [];
  });
  if (children.length < terms.length) return undefined;
  const about = { name: formatFormula(formula), entity: entityKey(reader), month: span.text };
  if (isSum) return sumNode({ ...about, unit: children[0]?.unit ?? "", how: "+" }, children);
  const isNone = formula.operator === "per" && children.at(-1)?.canonical === 0;
  const canonical = isNone ? Number.NaN : (recombine({ operator: "x", children }) ?? 0);
  return { ...about, value: canonical, unit: "", canonical, operator: "x", how: "x", children };
}

/** Operations that can be applied to sums over months instead of to single months. */
const COMBINED: ReadonlySet<Operator> = new Set(["add", "subtract", "multiply", "divide", "per"]);
