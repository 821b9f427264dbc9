import { EVENT, firstMonthOfEvent } from "../../analysis/results/events.ts";
import { findColumn, type Results } from "../../analysis/results/results.ts";
import { findEntity, type TraceRequest, traceFigure } from "../../analysis/trace/trace.ts";
import { traceLine } from "../../analysis/trace/trace-field.ts";
import type { TraceNode } from "../../analysis/trace/trace-node.ts";
import { runForTrace, type TraceRun } from "../../analysis/trace/trace-run.ts";
import { traceMonths } from "../../analysis/trace/trace-span.ts";
import { sumNode } from "../../analysis/trace/trace-sum.ts";
import type { FigureName } from "../../charts/kit/figure-name.ts";
import { isoMonth, readMonth } from "../../charts/kit/months.ts";
import { capital } from "../../charts/kit/numbers.ts";
import { findMetric } from "../../metrics/index.ts";
import { inputName } from "../../report/names.ts";
import { countsIn, readFigureMonth } from "../../report/readings.ts";
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
 * A figure of several months that adds up is the sum of them, a ratio that of their sums; a stock is that of the last month; a peak is
 * the month of the peak; an event is that of the last month, or of the first month in which it is true.
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
    const traced = membersOf(results, figure).map((member) => traceMember(own, results, member));
    const [first] = traced;
    return first && traced.length === 1 ? first : sumOf(figure, traced);
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
  const { metric, text, tree } = of;
  const parts = [
    { ...named(tree, names[0]), sign: "+" as const },
    { ...named(from.tree, names[1]), sign: "-" as const },
  ];
  const name = `${tree.name}, ${names.join(" less ")}`;
  const about = { name, unit: tree.unit, how: "of two plans", ...pointsOf(tree) };
  return { metric, text, tree: sumNode(about, parts) };
}

/** How a difference of a figure is shown. */
export function pointsOf({ shownAs }: TraceNode): Pick<TraceNode, "shownAs"> {
  return shownAs === undefined ? {} : { shownAs: "points" };
}

/** The tree of a figure of one of several runs, which has a name. */
export function named(tree: TraceNode, run: string): TraceNode {
  return { ...tree, name: `${tree.name} of ${run}` };
}

type Member = FigureName & { readonly isLess: boolean };

/** The figures whose sum a figure is, of those that the run has; itself where it is one. */
function membersOf(results: Results, figure: FigureName): readonly Member[] {
  const [metrics, entities] = [figure.metric.split(" "), figure.entity?.split(" ") ?? [undefined]];
  const all = metrics.flatMap((metric) =>
    entities.map((entity): Member => {
      const { entity: _all, ...rest } = figure;
      const isLess = metric.startsWith("-");
      return {
        ...rest,
        metric: metric.replace(/^-/, ""),
        ...(entity === undefined ? {} : { entity }),
        isLess,
      };
    }),
  );
  if (all.length === 1) return all;
  return all.filter(
    ({ entity, metric }) =>
      entity !== undefined ||
      ["total", "run"].some((level) => findColumn(results, level as "total" | "run", metric) !== undefined),
  );
}

function traceMember(run: TraceRun, results: Results, figure: Member): FigureTrace {
  const isSome = figure.where !== undefined || figure.unless !== undefined;
  const traced = isSome ? traceSome(run, results, figure) : traceOne(run, requestOf(results, figure));
  return figure.isLess && "tree" in traced ? { ...traced, tree: { ...traced.tree, sign: "-" } } : traced;
}

/** The sum of figures of one unit. */
function sumOf({ metric, entity = "", when = "" }: FigureName, parts: readonly FigureTrace[]): FigureTrace {
  const refused = parts.find((part) => "refusal" in part);
  if (refused) return refused;
  const trees = parts.flatMap((part) => ("tree" in part ? [part.tree] : []));
  const [first] = trees;
  if (!first) return { refusal: "the plan has none of its parts" };
  const [head, ...others] = metric.split(" ");
  const isOfOne = others.length === 0;
  const more = others.map((other) => (other.startsWith("-") ? ` \u2212 ${other.slice(1)}` : ` + ${other}`));
  const name = isOfOne ? `${metric} of ${entity.replaceAll(" ", ", ")}` : [head, ...more].join("");
  const month = when === "" ? {} : { month: when.replace("..", " to ") };
  const tree = sumNode({ name, ...month, unit: first.unit, how: `sum of ${trees.length} figures` }, trees);
  return { metric, text: isOfOne ? (findMetric(metric)?.text ?? "") : "", tree };
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

function traceOne(run: TraceRun, request: TraceRequest): FigureTrace {
  const { trace, misuse } = traceFigure(run, request);
  if (!trace) return { refusal: misuse ?? `\`${request.metric}\` cannot be taken apart` };
  return { metric: trace.metric, text: trace.text, tree: trace.tree };
}

/** The sum over those months of a span in which another figure says that it counts. */
function traceSome(run: TraceRun, results: Results, figure: Member): FigureTrace {
  const { metric: name, entity = "", when = "", where, unless } = figure;
  const metric = findMetric(name);
  const who = metric && findEntity(run, metric, entity);
  if (!metric || !who) return { refusal: `\`${name}\` is no figure` };
  if (typeof who === "string") return { refusal: who };
  const { month, until = month, year } = spanOf(when);
  if (year !== undefined || month === undefined || until === undefined)
    return { refusal: `\`${name}\` needs its months` };
  const [first, last] = [month, until].map(readMonth);
  const months = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((one) =>
    countsIn(results, figure, entity, one - results.startMonth),
  );
  const notes = [
    ...(where === undefined ? [] : [`only of months in which ${where} is above 0`]),
    ...(unless === undefined ? [] : [`not of months in which ${unless} is above 0`]),
  ];
  const inWindow = months.map((one) => one - run.firstMonth);
  const tree = traceMonths(run, name, who, inWindow, when.replace("..", " to "), notes);
  return { metric: name, text: metric.text, tree };
}

/** What `trace` is asked for a figure. */
function requestOf(results: Results, { metric: name, entity, when }: FigureName): TraceRequest {
  const { startMonth, monthCount } = results;
  const last = startMonth + monthCount - 1;
  const known = findMetric(name);
  const own = entity === undefined ? {} : { entity };
  if (when !== undefined && (known || name === EVENT)) return { metric: name, ...own, ...spanOf(when) };
  if (name === EVENT)
    return { metric: name, ...own, month: isoMonth(firstMonthOfEvent(results, entity ?? "") ?? last) };
  if (known) return { metric: name, ...own, ...(isOfRun(name) ? {} : { month: isoMonth(last) }) };
  const [, kind = "", metric = name] = /^(peak|final|horizon)_(.*)$/.exec(name) ?? [];
  // A ratio of the horizon is that of its sums.
  if (kind === "horizon") return { metric, month: isoMonth(startMonth), until: isoMonth(last) };
  const month = kind === "peak" ? (readFigureMonth(results, `${name}_month`) ?? last) : last;
  return { metric, month: isoMonth(month) };

  function isOfRun(metric: string): boolean {
    return findMetric(metric)?.level === "run" && findColumn(results, "run", metric) !== undefined;
  }
}

/** A span as `trace` takes it: a year, a month, or from one month to another. */
function spanOf(when: string): Pick<TraceRequest, "month" | "until" | "year"> {
  if (/^\d{4}$/.test(when)) return { year: when };
  const [month, until] = when.split("..");
  return { ...(month ? { month } : {}), ...(until ? { until } : {}) };
}
