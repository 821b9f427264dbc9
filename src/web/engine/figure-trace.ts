import { EVENT, firstMonthOfEvent } from "../../analysis/results/events.ts";
import { findColumn, type Results } from "../../analysis/results/results.ts";
import { traceFigure } from "../../analysis/trace/trace.ts";
import { traceLine } from "../../analysis/trace/trace-field.ts";
import type { TraceNode } from "../../analysis/trace/trace-node.ts";
import { runForTrace, type TraceRun } from "../../analysis/trace/trace-run.ts";
import type { FigureName } from "../../charts/kit/figure-name.ts";
import { isoMonth, readMonth } from "../../charts/kit/months.ts";
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
 * A figure of several months that adds up is the sum of them; a stock or a ratio is that of the last month; a peak is the month of
 * the peak; an event is that of the year's last month, or of the first month in which it is true.
 *
 * Fails: as `traceFigure`.
 */
export function createTracer(scenario: Scenario, results: Results): FigureTracer {
  let run: TraceRun | undefined;
  return (figure) => {
    run ??= runForTrace(scenario).run;
    if (!run) return { refusal: "the plan has a fault" };
    if (isPath(figure.metric)) return traceInput(run, figure.metric);
    const own = run;
    const traced = membersOf(results, figure).map((member) => traceMember(own, requestOf(results, member)));
    return traced.length === 1 ? traced[0] : sumOf(figure, traced);
  };
}

/** A difference of one figure between two runs, which have the names given. */
export function traceDifference(
  of: FigureTrace,
  from: FigureTrace,
  names: readonly [string, string],
): FigureTrace {
  if ("refusal" in of) return of;
  if ("refusal" in from) return from;
  const { metric, text } = of;
  const parts = [
    { ...of.tree, name: `${of.tree.name} of ${names[0]}`, sign: "+" as const },
    { ...from.tree, name: `${from.tree.name} of ${names[1]}`, sign: "-" as const },
  ];
  const tree: TraceNode = {
    name: `${of.tree.name}, ${names.join(" less ")}`,
    entity: "",
    value: of.tree.value - from.tree.value,
    unit: of.tree.unit,
    canonical: of.tree.canonical - from.tree.canonical,
    operator: "+",
    how: "of two plans",
    children: parts,
  };
  return { metric, text, tree };
}

/** The figures whose sum a figure is, of those that the run has; itself where it is one. */
function membersOf(results: Results, { metric, entity, when }: FigureName): readonly FigureName[] {
  const [metrics, entities] = [metric.split(" "), entity?.split(" ") ?? [undefined]];
  const all = metrics.flatMap((one) =>
    entities.map((own) => ({
      metric: one,
      ...(own === undefined ? {} : { entity: own }),
      ...(when === undefined ? {} : { when }),
    })),
  );
  if (all.length === 1) return all;
  return all.filter(
    (one) => one.entity !== undefined || findColumn(results, "total", one.metric) !== undefined,
  );
}

function traceMember(run: TraceRun, request: One | Months): FigureTrace {
  return "months" in request ? traceMonths(run, request) : traceOne(run, request);
}

/** The sum of figures of one unit; those that are 0 are only named. */
function sumOf({ metric, entity = "", when = "" }: FigureName, parts: readonly FigureTrace[]): FigureTrace {
  const refused = parts.find((part) => "refusal" in part);
  if (refused) return refused;
  const trees = parts.flatMap((part) => ("tree" in part ? [part.tree] : []));
  const [first] = trees;
  if (!first) return { refusal: "the plan has none of its parts" };
  const isZero = (tree: TraceNode) => tree.canonical === 0;
  const nameOf = ({ name, entity: own }: TraceNode) => (own === "" ? name : own);
  const isOfOne = !metric.includes(" ");
  const names = isOfOne ? [metric, "of", entity.replaceAll(" ", ", ")] : [metric.replaceAll(" ", " + ")];
  const tree: TraceNode = {
    name: [...names, ...(when === "" ? [] : ["in", when.replace("..", " to ")])].join(" "),
    entity: "",
    value: totalOf(trees, ({ value }) => value),
    unit: first.unit,
    canonical: totalOf(trees, ({ canonical }) => canonical),
    operator: "+",
    how: `sum of ${trees.length} figures`,
    children: trees.filter((one) => !isZero(one)).map((one) => ({ ...one, sign: "+" })),
    zeros: trees.filter(isZero).map(nameOf),
  };
  return { metric, text: isOfOne ? (findMetric(metric)?.text ?? "") : "", tree };
}

function totalOf(trees: readonly TraceNode[], of: (tree: TraceNode) => number): number {
  return trees.reduce((total, tree) => total + of(tree), 0);
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
type Months = One & { readonly span: string; readonly months: readonly string[] };

function traceOne(run: TraceRun, request: One): FigureTrace {
  const { trace, misuse } = traceFigure(run, request);
  if (!trace) return { refusal: misuse ?? `\`${request.metric}\` cannot be taken apart` };
  return { metric: trace.metric, text: trace.text, tree: trace.tree };
}

function traceMonths(run: TraceRun, { metric, entity, span, months }: Months): FigureTrace {
  const who = entity === undefined ? {} : { entity };
  const parts = months.map((month) => traceOne(run, { metric, month, ...who }));
  const trees = parts.flatMap((part) => ("tree" in part ? [part.tree] : []));
  const [first] = trees;
  if (!first || trees.length < months.length)
    return parts.find((part) => "refusal" in part) ?? { refusal: `${metric} has no months in ${span}` };
  const tree: TraceNode = {
    name: `${metric} in ${span}`,
    entity: first.entity,
    value: totalOf(trees, ({ value }) => value),
    unit: first.unit,
    canonical: totalOf(trees, ({ canonical }) => canonical),
    operator: "+",
    how: `sum of ${trees.length} months`,
    children: trees.map((one) => ({ ...one, sign: "+" })),
  };
  return { metric, text: findMetric(metric)?.text ?? "", tree };
}

/** What `trace` is asked for a figure. */
function requestOf(results: Results, { metric: name, entity, when }: FigureName): One | Months {
  const { startMonth, monthCount } = results;
  const last = startMonth + monthCount - 1;
  const known = findMetric(name);
  const own = entity === undefined ? {} : { entity };
  const span = when === undefined ? undefined : spanOf(results, when);
  if (name === EVENT) {
    const month = span?.end ?? firstMonthOfEvent(results, entity ?? "") ?? last;
    return { metric: name, month: isoMonth(month), ...own };
  }
  if (known && when !== undefined && span) {
    const isOneMonth = span.first === span.end;
    if (known.time !== "flow" || isOneMonth) return { metric: name, month: isoMonth(span.end), ...own };
    const count = Math.max(0, span.end - span.first + 1);
    const months = Array.from({ length: count }, (_, index) => isoMonth(span.first + index));
    return { metric: name, ...own, span: when.replace("..", " to "), months };
  }
  if (known) return { metric: name, ...own, ...(isOfRun(name) ? {} : { month: isoMonth(last) }) };
  const [, kind = "", metric = name] = /^(peak|final|horizon)_(.*)$/.exec(name) ?? [];
  const month = kind === "peak" ? (readFigureMonth(results, `${name}_month`) ?? last) : last;
  return { metric, month: isoMonth(month) };

  function isOfRun(metric: string): boolean {
    return findMetric(metric)?.level === "run" && findColumn(results, "run", metric) !== undefined;
  }
}

/** First and last reported month of a span: a year, a month, or from one month to another. */
function spanOf(
  { startMonth, monthCount, yearStart }: Results,
  when: string,
): { readonly first: number; readonly end: number } {
  const last = startMonth + monthCount - 1;
  if (/^\d{4}$/.test(when)) {
    const year = Number(when);
    return {
      first: Math.max(startMonth, firstMonthOf(year, yearStart)),
      end: Math.min(last, firstMonthOf(year + 1, yearStart) - 1),
    };
  }
  const [first, end] = when.split("..");
  return { first: readMonth(first), end: readMonth(end ?? first) };
}
