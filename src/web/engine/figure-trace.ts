import { findColumn, type Results } from "../../analysis/results/results.ts";
import { traceFigure } from "../../analysis/trace/trace.ts";
import { traceLine } from "../../analysis/trace/trace-field.ts";
import type { TraceNode } from "../../analysis/trace/trace-node.ts";
import { runForTrace, type TraceRun } from "../../analysis/trace/trace-run.ts";
import type { FigureName } from "../../charts/kit/figure-name.ts";
import { isoMonth } from "../../charts/kit/months.ts";
import { capital } from "../../charts/kit/numbers.ts";
import { findMetric } from "../../metrics/index.ts";
import { inputName } from "../../report/names.ts";
import { readFigureMonth } from "../../report/readings.ts";
import { firstMonthOf } from "../../scenario/calendar.ts";
import { describeField } from "../../scenario/fields/field-words.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** A figure taken apart, or why it cannot be. */
export type FigureTrace =
  | { readonly metric: string; readonly text: string; readonly tree: TraceNode }
  | { readonly refusal: string };

/** Takes shown figures of one run apart; the run is simulated for it once, when the first is asked for. */
export type FigureTracer = (figure: FigureName) => FigureTrace;

/**
 * Makes a tracer for a run.
 *
 * A figure of a year that adds up is the sum of its months; a stock or a ratio of a year is that of its last month; a peak is the
 * month of the peak.
 *
 * Fails: as `traceFigure`.
 */
export function createTracer(scenario: Scenario, results: Results): FigureTracer {
  let run: TraceRun | undefined;
  return (figure) => {
    run ??= runForTrace(scenario).run;
    if (!run) return { refusal: "the plan has a fault" };
    if (isPath(figure.metric)) return traceInput(run, figure.metric);
    const request = requestOf(results, figure);
    return "months" in request ? traceYear(run, request) : traceOne(run, request);
  };
}

/** A tree down to a depth, as it can be posted: what is made when it is opened counts as hidden. */
export function cutToPost({ later, children, ...node }: TraceNode, depth: number): TraceNode {
  if (later) return { ...node, children: [], hidden: 1 };
  if (depth > 0) return { ...node, children: children.map((child) => cutToPost(child, depth - 1)) };
  return { ...node, children: [], ...(children.length === 0 ? {} : { hidden: children.length }) };
}

/** What has been made of nodes that were opened, so that a second look makes nothing again. */
const made = new WeakMap<TraceNode, readonly TraceNode[]>();

/** The parts of a node of a tree, by positions among parts from the top down. */
export function partsAt(tree: TraceNode, path: readonly number[]): readonly TraceNode[] {
  let parts = partsOf(tree);
  for (const position of path) {
    const node = parts[position];
    parts = node ? partsOf(node) : [];
  }
  return parts;
}

function partsOf(node: TraceNode): readonly TraceNode[] {
  if (!node.later) return node.children;
  const known = made.get(node) ?? node.later();
  made.set(node, known);
  return known;
}

/** Metrics have no dots in their names. */
function isPath(name: string): boolean {
  return name.includes(".");
}

/** An input as the plan states it in its first month. */
function traceInput(run: TraceRun, path: string): FigureTrace {
  const tree = traceLine(run, path, run.originMonth);
  if (!tree) return { refusal: `\`${path}\` is not a single number` };
  const { scenario } = run;
  const spec = scenario.fields.get(tree.field?.path ?? path)?.spec;
  const name = capital(inputName(scenario, path));
  return { metric: path, text: spec ? describeField(spec) : "", tree: { ...tree, name } };
}

type One = { readonly metric: string; readonly month?: string; readonly entity?: string };
type Year = { readonly metric: string; readonly year: string; readonly months: readonly string[] };

function traceOne(run: TraceRun, request: One): FigureTrace {
  const { trace, misuse } = traceFigure(run, request);
  if (!trace) return { refusal: misuse ?? `\`${request.metric}\` cannot be taken apart` };
  return { metric: trace.metric, text: trace.text, tree: trace.tree };
}

function traceYear(run: TraceRun, { metric, year, months }: Year): FigureTrace {
  const parts = months.map((month) => traceOne(run, { metric, month }));
  const trees = parts.flatMap((part) => ("tree" in part ? [part.tree] : []));
  const [first] = trees;
  if (!first || trees.length < months.length)
    return parts.find((part) => "refusal" in part) ?? { refusal: `${metric} has no months in ${year}` };
  const sum = (of: (tree: TraceNode) => number) => trees.reduce((total, tree) => total + of(tree), 0);
  const tree: TraceNode = {
    name: `${metric} in ${year}`,
    entity: first.entity,
    value: sum(({ value }) => value),
    unit: first.unit,
    canonical: sum(({ canonical }) => canonical),
    operator: "+",
    how: `sum of ${trees.length} months`,
    children: trees.map((one) => ({ ...one, sign: "+" })),
  };
  return { metric, text: findMetric(metric)?.text ?? "", tree };
}

/** What `trace` is asked for a figure. */
function requestOf(results: Results, { metric: name, entity, when }: FigureName): One | Year {
  const { startMonth, monthCount } = results;
  const last = startMonth + monthCount - 1;
  const known = findMetric(name);
  if (known) {
    const own = entity === undefined ? {} : { entity };
    if (when === undefined)
      return { metric: name, ...own, ...(isOfRun(name) ? {} : { month: isoMonth(last) }) };
    if (when.length > 4) return { metric: name, month: when, ...own };
    const year = Number(when);
    const from = Math.max(startMonth, firstMonthOf(year, results.yearStart));
    const end = Math.min(last, firstMonthOf(year + 1, results.yearStart) - 1);
    if (known.time !== "flow") return { metric: name, month: isoMonth(end), ...own };
    const months = Array.from({ length: Math.max(0, end - from + 1) }, (_, index) => isoMonth(from + index));
    return { metric: name, year: when, months };
  }
  const [, kind = "", metric = name] = /^(peak|final|horizon)_(.*)$/.exec(name) ?? [];
  const month = kind === "peak" ? (readFigureMonth(results, `${name}_month`) ?? last) : last;
  return { metric, month: isoMonth(month) };

  function isOfRun(metric: string): boolean {
    return findMetric(metric)?.level === "run" && findColumn(results, "run", metric) !== undefined;
  }
}
