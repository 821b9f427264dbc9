import { expect } from "vitest";
import { interpret } from "../../../src/analysis/trace/interpret.ts";
import { type TraceRequest, traceFigure } from "../../../src/analysis/trace/trace.ts";
import { recombine, type TraceNode } from "../../../src/analysis/trace/trace-node.ts";
import { columnOf, type TraceRun } from "../../../src/analysis/trace/trace-run.ts";
import { type Entity, entityKey, listEntities } from "../../../src/compile/entities.ts";
import { formulaIn } from "../../../src/compile/uses.ts";
import { METRICS } from "../../../src/metrics/index.ts";

/** Comparisons hold within this share of the largest gross term of the column: docs/model.md section 12. */
const tolerance = 1e-9;

/** The tree of a request, which must be a sound one. */
export function treeOf(run: TraceRun, request: TraceRequest): TraceNode {
  const { trace, misuse, diagnostics } = traceFigure(run, request);
  // An `expect` for each of thousands of trees would take most of the time.
  if (!trace || misuse !== undefined || diagnostics.length > 0)
    expect.fail(`${JSON.stringify(request)}: ${misuse ?? JSON.stringify(diagnostics)}`);
  return trace.tree;
}

/** The value of something that a node reads. */
export function readOf({ reads = [] }: TraceNode, name: string): string | undefined {
  return reads.find((read) => read.name === name)?.value;
}

/**
 * Asserts of every metric and every entity that has it, in some months of the horizon, that the slow interpreter gives what
 * the engine gave and that the tree recombines from its leaves up.
 *
 * @param months counted from the first reported one; those past the horizon are left out
 * @return names of the metrics met
 */
export function expectEverythingTraced(run: TraceRun, months: readonly number[]): ReadonlySet<string> {
  const traced = new Set<string>();
  const window = months.filter((month) => month < run.horizonMonths).map((month) => run.originMonth + month);
  const figures = METRICS.flatMap((metric) =>
    listEntities(run.entities)
      .filter((entity) => columnOf(run, metric.name, entity))
      .map((entity) => ({ metric, entity })),
  );
  const checked = new Set<TraceNode>();
  // Month by month: the figures of a month have most of their trees in common.
  for (const month of window)
    for (const { metric, entity } of figures) {
      const { name, level, time, formula } = metric;
      traced.add(name);
      if (formula && (level === entity.level || time === "code")) expectInterpreted(run, name, entity, month);
      expectRecombined(
        treeAt(run, name, entity, month),
        `${name} of ${entityKey(entity)} in month ${month}`,
        checked,
      );
    }
  expect(traced.size).toBeGreaterThan(100);
  return traced;
}

function treeAt(run: TraceRun, name: string, entity: Entity, month: number): TraceNode {
  const absolute = run.firstMonth + month;
  const text = `${Math.floor(absolute / 12)}-${String((absolute % 12) + 1).padStart(2, "0")}`;
  const whole = entityKey(entity) === "" ? {} : { entity: entityKey(entity) };
  return treeOf(run, { metric: name, month: text, ...whole });
}

function expectInterpreted(run: TraceRun, name: string, entity: Entity, month: number): void {
  const formula = METRICS.find((metric) => metric.name === name)?.formula;
  if (!formula) return;
  const { value, gross } = interpret(run, formulaIn(run.scenario, formula), entity, month);
  const engine = columnOf(run, name, entity)?.[month] ?? Number.POSITIVE_INFINITY;
  if (Number.isNaN(engine) && Number.isNaN(value)) return;
  // A formula is computed as the engine does, so that far less than 1e-9 is left.
  const isSame = Math.abs(engine - value) <= 1e-13 * Math.max(gross, Math.abs(engine));
  if (!isSame)
    expect.fail(`${name} of ${entityKey(entity)} in month ${month} is ${engine}, by hand ${value}`);
}

/** Recombines a tree from its leaves up, without what was checked in another; `what` says of which figure it is. */
function expectRecombined(node: TraceNode, what: string, checked: Set<TraceNode>): void {
  if (checked.has(node)) return;
  checked.add(node);
  for (const child of node.children) expectRecombined(child, what, checked);
  const combined = recombine(node);
  if (combined === undefined || (Number.isNaN(combined) && Number.isNaN(node.canonical))) return;
  const gross = node.children.reduce((sum, { canonical }) => sum + Math.abs(canonical), 0);
  // A sum may be what is left of large terms, of which a chip or a dollar is the least; an identity reads such.
  const isDifference = node.operator === "+" || node.how === "identity";
  const value = Math.abs(node.canonical);
  const scale = isDifference ? Math.max(gross, 1, value) : value;
  // One `expect` a node would take most of the time.
  if (Math.abs(combined - node.canonical) <= tolerance * scale) return;
  // A rate per unit of what is not made does not exist, nor does what is made of one.
  const isNone = node.children.some(({ canonical }) => canonical === 0 || Number.isNaN(canonical));
  if (Number.isNaN(node.canonical) && isNone) return;
  expect.fail(`${node.name} in ${what} is ${node.canonical}, its children come to ${combined}`);
}
