import type { Solver } from "../../analysis/optimize/linear-program.ts";
import { optimize, type ShadowPrice } from "../../analysis/optimize/optimize.ts";
import { writePlanFile } from "../../analysis/optimize/plan-file.ts";
import { type OptimumTracer, traceOptimum } from "../../analysis/optimize/prices/trace-optimum.ts";
import type { Purchase } from "../../analysis/optimize/purchases.ts";
import { readTask } from "../../analysis/optimize/read-task.ts";
import { readSituation } from "../../analysis/optimize/situation.ts";
import { runPlain } from "../../analysis/results/plain-run.ts";
import type { Results } from "../../analysis/results/results.ts";
import type { TraceNode } from "../../analysis/trace/trace-node.ts";
import { type FigureName, isOfSearch, type MarkNumber } from "../../charts/kit/figure-name.ts";
import { isoMonth } from "../../charts/kit/months.ts";
import { fixed } from "../../charts/kit/numbers.ts";
import type { NumberTable } from "../../charts/kit/picture.ts";
import { type Diagnostic, headlineOf, InternalError } from "../../diagnostics/diagnostic.ts";
import { chipName, titleOf } from "../../report/names.ts";
import { BOUGHT } from "../../report/optimize-answer.ts";
import { reportOptimize } from "../../report/optimize-report.ts";
import { pictureHtml, sentenceHtml, tableHtml, wordsHtml } from "../../report/page/html.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { fileNameOf } from "../../scenario/files/resolve-path.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { figureAttributes } from "../figure-attributes.ts";
import type { FoundPlan, Plan, PostedNode, Search } from "../messages.ts";
import { asButton } from "./answer.ts";
import { samplePlans } from "./compare-plans.ts";
import type { PlanReader } from "./plans.ts";
import { postNode } from "./posted-node.ts";
import { Refusal } from "./shown.ts";

/** Parts of the report of a search that the page shows: it has inputs and origin elsewhere. */
const SHOWN_SECTIONS: ReadonlySet<string> = new Set(["plan", "worth"]);

/**
 * Finds the best plan within the limits of a scenario, as `gigafleet optimize` does, runs it and compares both.
 *
 * Fails: rejects with a `Refusal` that says why there is no plan.
 */
export async function findPlan(
  { plan, goal, book, width }: Search,
  reader: PlanReader,
  solver: Solver,
): Promise<FoundPlan> {
  const runner = createThreadRunner();
  const own = await read(plan);
  const { scenario } = own;
  const { task, diagnostics } = readTask(scenario, { goal, book });
  if (!task) throw refusalOf(diagnostics);
  const situation = readSituation(scenario, task);
  const { optimum, diagnostics: faults } = optimize(situation, solver);
  if (!optimum) throw refusalOf(faults);
  const text = writePlanFile(scenario, task, optimum.purchases, `./${fileNameOf(plan.file)}`);
  const file = `${fileNameOf(plan.file).replace(/\.ya?ml$/i, "")}.optimum.yaml`;
  const others = { ...plan.others, [plan.file]: plan.text };
  const found = await read({ file, text, others, sets: [] });
  const runs = [
    { name: "scenario", ...own },
    { name: "plan", ...found },
  ];
  const comparison = await samplePlans({ basis: "as written", runs }, runner);
  const origin = { version: reader.version, command: "", files: [], changes: [] };
  const report = reportOptimize({ situation, optimum, frontier: undefined, comparison }, origin);
  const purchases = purchaseTable(scenario, optimum.purchases);
  const shownFigures: FigureName[] = [];
  const asShown: MarkNumber = (html, figure) => {
    if (figure && isOfSearch(figure)) shownFigures.push(figure);
    return asButton(html, figure);
  };
  const pictures = report.sections.flatMap(({ id, pictures: drawn = [] }) =>
    SHOWN_SECTIONS.has(id) ? drawn : [],
  );
  const shown = {
    title: report.title,
    sentences: report.answer.map((one) => sentenceHtml(one, asShown)).join(""),
    pictures: pictures.map((picture) => {
      // The answer beside it has pictures of its own.
      const id = `search-${picture.id}`;
      return { id, html: pictureHtml({ ...picture, id }, [["own", width]], asButton) };
    }),
    purchases: tableHtml(purchases, asShown),
    footer: wordsHtml(report.footer, asShown),
    file,
    text,
    others,
  };
  const trace = traceOptimum(situation, optimum, solver);
  const known = new Map<TraceNode, PostedNode>();
  const traces = shownFigures.flatMap((figure) => {
    const tree = traceFound(trace, figure);
    if (!tree) return [];
    const posted = postNode(tree, Number.POSITIVE_INFINITY, scenario, known);
    return [[figureAttributes(figure), { metric: figure.metric, text: "", tree: posted }] as const];
  });
  return { ...shown, traces: Object.fromEntries(traces) };

  async function read(one: Plan): Promise<{ readonly scenario: Scenario; readonly results: Results }> {
    const loaded = reader.load(one);
    const run = loaded.scenario && (await runPlain(loaded.scenario, runner));
    if (loaded.scenario && run?.results) return { scenario: loaded.scenario, results: run.results };
    if (one !== plan) throw new InternalError("the plan that was found is not a valid scenario");
    throw refusalOf([...loaded.diagnostics, ...(run?.diagnostics ?? [])]);
  }
}

/** A number of the search taken apart. */
function traceFound(trace: OptimumTracer, { entity = "", when = "", of }: FigureName): TraceNode | undefined {
  if (of === "bought") return trace.bought(...(entity.split("/") as [string, string?]));
  if (of === "gap") return trace.gap();
  const [kind = "", ...names] = entity.split(" ");
  const limit = { kind: kind as ShadowPrice["kind"], name: names.join(" ") };
  if (of === "price") return trace.price(limit, when);
  return of === "typical" ? trace.typical(limit, when) : trace.binding(limit);
}

/** The first fault, in words. */
function refusalOf(diagnostics: readonly Diagnostic[]): Refusal {
  const [first] = diagnostics.filter(({ severity }) => severity === "error");
  if (!first) return new Refusal("there is no plan");
  return new Refusal([headlineOf(first), first.help].filter(Boolean).join("; "));
}

function purchaseTable(scenario: Scenario, purchases: readonly Purchase[]): NumberTable {
  return {
    caption: "What the plan buys",
    columns: [
      { name: "Chip" },
      { name: "Site", isText: true },
      { name: "Chips" },
      { name: "First landing" },
      { name: "Last" },
    ],
    rows: purchases.map(({ chip, site, chips, months }) => [
      chipName(scenario, chip),
      titleOf(scenario, "sites", site),
      fixed(chips),
      isoMonth(months[0]?.at ?? Number.NaN),
      isoMonth(months.at(-1)?.at ?? Number.NaN),
    ]),
    figureAt: (row, column) => {
      const { chip, site } = purchases[row];
      return column === 2 ? { metric: BOUGHT, entity: `${chip}/${site}`, of: "bought" } : undefined;
    },
  };
}
