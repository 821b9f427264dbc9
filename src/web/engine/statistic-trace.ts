import { bindingChances, unservedChances } from "../../analysis/results/chances.ts";
import { eventChances } from "../../analysis/results/events.ts";
import type { Results } from "../../analysis/results/results.ts";
import type { TraceNode } from "../../analysis/trace/trace-node.ts";
import type { FigureName } from "../../charts/kit/figure-name.ts";
import { measureOf } from "../../charts/kit/measure.ts";
import { daysOf, readMonth } from "../../charts/kit/months.ts";
import { findMetric } from "../../metrics/index.ts";
import { figureWords } from "../../report/names.ts";
import type { FigureTrace, FigureTracer } from "./figure-trace.ts";

/** A share of trials: how many of how many, and by which rule one counts. */
type Counted = {
  readonly name: string;
  readonly share: number;
  readonly trials: number;
  /** The trials that count, in words, and why one does. */
  readonly which: string;
  readonly rule: string;
  /** What the rule compares, taken apart at medians. */
  readonly figures: readonly TraceNode[];
};

/** Counts of trials are whole, and halves and thirds where plans tie: what rounding adds is taken away. */
const COUNTED_TO = 1e6;

/** A share of trials as a quotient of two counts. Fails: never. */
export function shareOfTrials({ name, share, trials, which, rule, figures }: Counted): TraceNode {
  const count = Math.round(share * trials * COUNTED_TO) / COUNTED_TO;
  const counted: TraceNode = {
    ...plainNode(which, count, "trials"),
    sign: "x",
    operator: "rule",
    how: "counted",
    notes: [rule],
    children: figures,
  };
  const all: TraceNode = { ...plainNode("all trials", trials, "trials"), sign: "/" };
  const children = [counted, all];
  return { ...percentNode(name, count / trials), operator: "x", how: "share of trials", children };
}

/** A number that ends the tree. */
export function plainNode(name: string, value: number, unit = ""): TraceNode {
  return { name, entity: "", value, unit, canonical: value, operator: "constant", how: "", children: [] };
}

/** A share in per cent that ends the tree. */
export function percentNode(name: string, share: number): TraceNode {
  return { ...plainNode(name, share * 100, "%"), canonical: share, shownAs: "share" };
}

/** A number that a rule finds from trials, beside figures taken apart: in the shown unit of the first of these. */
export function ruledNode(
  name: string,
  value: number,
  how: string,
  figures: readonly TraceNode[],
): TraceNode {
  const [like] = figures;
  const scale = like ? scaleOf(like) : 1;
  const canonical = value * scale;
  const shown = like?.shownAs ? { shownAs: like.shownAs } : {};
  return {
    ...plainNode(name, value, like?.unit),
    canonical,
    ...shown,
    operator: "rule",
    how,
    children: figures,
  };
}

/** Canonical units in one shown unit; of a figure that is 0 its metric tells, whose name its own begins with. */
function scaleOf({ name, value, canonical }: TraceNode): number {
  return value === 0 ? (findMetric(name.split(" ")[0] ?? "")?.scale ?? 1) : canonical / value;
}

/** A run whose trials something is said of. */
type Sampled = { readonly results: Results; readonly tracer: FigureTracer };

/**
 * Takes apart what is said of a figure of one run: what it is a day, a chance, or how it lies in the trials with an input at one of
 * its ends.
 *
 * Fails: as `traceFigure`.
 */
export function traceStatistic(run: Sampled, figure: FigureName): FigureTrace {
  if (figure.of === "trials") return traceTrials(run, figure);
  if (figure.of === "daily") return traceDaily(run, figure);
  if (figure.of === "served") return traceServed(run, figure);
  if (figure.of === "loss") return traceLoss(run, figure);
  const { spread } = run.results;
  const found = spread && (figure.of === "chance" ? readChance(run.results, figure) : undefined);
  if (found) {
    const traced = run.tracer(found.figure);
    if ("refusal" in traced) return traced;
    const tree = shareOfTrials({ ...found, trials: spread.trials, figures: [traced.tree] });
    return { ...traced, tree };
  }
  return traceEnd(run, figure) ?? { refusal: "no trials say anything of it" };
}

function traceTrials({ results }: Sampled, { entity: kept }: FigureName): FigureTrace {
  const { spread, notes } = results;
  if (!spread) return { refusal: "no trials say anything of it" };
  const all = trialsNode(spread, notes.uncertainCount);
  const first: TraceNode = {
    ...plainNode("trials kept one by one", Number(kept), "trials"),
    operator: "rule",
    how: "the first of all",
    notes: ["of these the value of every trial is kept; of all the others, sums and quantiles"],
    children: [{ ...all, name: "all trials" }],
  };
  return { metric: "trials", text: "", tree: kept === undefined ? all : first };
}

/** How many trials a sample has, and what one is. */
export function trialsNode(
  { trials, seed }: { readonly trials: number; readonly seed: string },
  uncertain: number,
): TraceNode {
  return {
    ...plainNode("trials", trials, "trials"),
    operator: "rule",
    how: "chosen",
    notes: [
      "a trial draws each uncertain value once, by its distribution, and runs the plan with these values",
      `the plan has ${uncertain} uncertain values; seed ${seed} gives the same draws here and in the command`,
      "with four times as many, chance moves a mean half as far",
    ],
  };
}

/** A figure of a month by the days of the month. */
function traceDaily({ tracer }: Sampled, { metric, entity, when = "" }: FigureName): FigureTrace {
  const traced = tracer({ metric, when, ...(entity === undefined ? {} : { entity }) });
  if ("refusal" in traced) return traced;
  const { tree } = traced;
  const days = plainNode(`days of ${when}`, daysOf(readMonth(when)), "days");
  const node: TraceNode = {
    ...tree,
    name: `${metric} a day`,
    value: tree.value / days.value,
    canonical: tree.canonical / days.canonical,
    unit: `${tree.unit} a day`,
    operator: "x",
    how: "x",
    children: [tree, { ...days, sign: "/" }],
  };
  return { ...traced, tree: node };
}

/** Work that a training run has done by the work that was required of it, over some months. */
function traceServed({ tracer }: Sampled, { metric, entity = "", when = "" }: FigureName): FigureTrace {
  const [served, required] = [metric, "training_required_yflop"].map((one) =>
    tracer({ metric: one, entity, when }),
  );
  if ("refusal" in served) return served;
  if ("refusal" in required) return required;
  const children: readonly TraceNode[] = [
    { ...served.tree, sign: "x" },
    { ...required.tree, sign: "/" },
  ];
  const share = served.tree.canonical / required.tree.canonical;
  const tree: TraceNode = {
    ...percentNode(`share of ${entity} served`, share),
    operator: "x",
    how: "share",
    children,
  };
  return { ...served, tree };
}

/** The share of the trials that are kept one by one in which a figure is below 0. */
function traceLoss({ results, tracer }: Sampled, { metric }: FigureName): FigureTrace {
  const values = results.spread?.trialsOf?.(metric);
  const traced = tracer({ metric });
  if (!values) return { refusal: "no trials say anything of it" };
  if ("refusal" in traced) return traced;
  const words = figureWords(metric);
  const tree = shareOfTrials({
    name: `chance that ${words} is below 0`,
    share: values.filter((value) => value < 0).length / values.length,
    trials: values.length,
    which: `trials in which ${words} is below 0`,
    rule: "of the trials that the picture shows",
    figures: [traced.tree],
  });
  return { ...traced, tree };
}

/** A chance with its rule, and the figure at medians that it is of. */
function readChance(
  results: Results,
  { metric, entity = "", when = "" }: FigureName,
): (Pick<Counted, "name" | "share" | "which" | "rule"> & { readonly figure: FigureName }) | undefined {
  if (metric === "event") {
    const chances = eventChances(results).find(({ name }) => name === entity);
    const share = chances?.byYear?.find(({ year }) => String(year) === when)?.share;
    if (share === undefined) return undefined;
    const which = `trials in which ${entity} has been true by the end of ${when}`;
    const rule = "a trial counts where the condition is true in any month up to then";
    return { name: `chance of ${entity} by ${when}`, share, which, rule, figure: { metric, entity, when } };
  }
  const month = readMonth(when) - results.startMonth;
  const share =
    metric === "binding"
      ? bindingChances(results).find(({ limit }) => limit === entity)?.values[month]
      : unservedChances(results)?.[month];
  if (share === undefined) return undefined;
  const what = metric === "binding" ? `${entity} binds` : "work goes unserved";
  const rule =
    metric === "binding"
      ? "a trial counts where this limit is the one that holds the fleet back in that month"
      : "a trial counts where any work of that month is not served";
  return {
    name: `chance that ${what} in ${when}`,
    share,
    which: `trials in which ${what}`,
    rule,
    figure: { metric, when },
  };
}

/** How a figure lies in the trials with an input in its lowest or highest tenth, and how closely it follows the input. */
function traceEnd(
  { results, tracer }: Sampled,
  { metric, entity = "", of }: FigureName,
): FigureTrace | undefined {
  const ranked = results.spread?.rankInputs?.(metric).find(({ key }) => key === entity);
  if (!ranked || (of !== "lowest" && of !== "highest" && of !== "correlation")) return undefined;
  const [figure, input] = [tracer({ metric }), tracer({ metric: entity })];
  if ("refusal" in figure) return figure;
  const figures = [figure.tree, ...("tree" in input ? [input.tree] : [])];
  const words = figureWords(metric);
  const tree =
    of === "correlation"
      ? {
          ...ruledNode(
            `rank correlation of ${entity} and ${words}`,
            ranked.correlation,
            "over the trials",
            figures,
          ),
          unit: "",
          canonical: ranked.correlation,
          notes: [
            "of the ranks of both among the trials: 1 where the highest values always meet, 0 where nothing is shared",
          ],
        }
      : {
          ...ruledNode(`mean of ${words}`, ranked[of], "over some trials", figures),
          notes: [
            `over the trials in which the input is in its ${of} tenth; over all trials the mean is ${measureOf(figure.tree.unit, [ranked.mean]).full(ranked.mean)}`,
          ],
        };
  return { metric, text: figure.text, tree };
}
