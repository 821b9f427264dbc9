import path from "node:path";
import type { ComparedRun, Comparison } from "../../analysis/compare/comparison.ts";
import { PAIRED_PROBABILITIES } from "../../analysis/compare/paired.ts";
import { COMPARED_TRIALS, comparedFigures } from "../../analysis/compare/plan-figures.ts";
import { checkServed } from "../../analysis/optimize/check-served.ts";
import { listEmptySites } from "../../analysis/optimize/empty-sites.ts";
import { findFrontier, type Optimum, optimize } from "../../analysis/optimize/optimize.ts";
import {
  makeFrontierTable,
  makePurchasesTable,
  makeShadowPricesTable,
} from "../../analysis/optimize/optimize-tables.ts";
import { FIRST_LINE, writePlanFile } from "../../analysis/optimize/plan-file.ts";
import {
  type Goal,
  LIMIT_KINDS,
  type LimitKind,
  readTask,
  type Task,
} from "../../analysis/optimize/read-task.ts";
import { rulesLeftOut } from "../../analysis/optimize/rules-left-out.ts";
import { costInBook, readSituation, type Situation } from "../../analysis/optimize/situation.ts";
import { runPlain } from "../../analysis/results/plain-run.ts";
import { findColumn, type Results } from "../../analysis/results/results.ts";
import { type Diagnostic, InternalError } from "../../diagnostics/diagnostic.ts";
import { countText } from "../../export/number-text.ts";
import { readText, shippedCatalog } from "../../node/package-files.ts";
import { answerOptimize } from "../../report/optimize-answer.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { parseValue } from "../../scenario/language/parse-value.ts";
import { loadScenario } from "../../scenario/load.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { toCanonical } from "../../units/dimension.ts";
import {
  type Command,
  choiceOption,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  listOption,
  textOf,
  textOption,
  textsOf,
  typedWords,
} from "../io/command.ts";
import { checkCsvOptions, tableOptions } from "../io/csv-options.ts";
import { exitCodeFor, reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile, scenarioFile, scenarioOptions } from "../io/load.ts";
import { readOptionNumber } from "../io/option-number.ts";
import { findFileInTheWay, findFolderFault, writeFiles } from "../io/output-folder.ts";
import {
  commandLine,
  makeReportFiles,
  originOf,
  reportFileOptions,
  sampleWords,
} from "../io/report-files.ts";
import { makeRunFiles } from "../io/run-files.ts";
import { readSampleOptions, sampleOptions, trialsFor } from "../io/sample-options.ts";
import { printResult } from "../io/streams.ts";
import { drawOptimizeScreen, type PlanCheck } from "../screens/optimize-screen.ts";
import { checkMemory, sampleComparisons } from "./compare-sample.ts";

/** `optimize`: chooses chips, sites, times and numbers. */
export const optimizeCommand: Command = {
  usage: "optimize <file>",
  text: "Find the best plan within the limits of the section `optimize`, by linear programming; write it as a scenario, with shadow prices.",
  positionals: scenarioFile,
  options: {
    minimize: choiceOption("Minimise the present value of the cost in the book (the default)", ["cost"]),
    maximize: choiceOption("Maximise compute for a budget", ["effective_fp4"]),
    book: choiceOption(
      "Whose book: the provider's cost (the default), or the buyer's payments under its contracts",
      ["provider", "buyer"],
    ),
    budget: textOption(
      "Budget in present value for --maximize, such as '60 billion USD' (default: the cost of the scenario's own plan)",
    ),
    frontier: textOption("Also find and draw this many plans between the smallest and the largest"),
    without: listOption(`Leave out a kind of limit: ${LIMIT_KINDS.join(", ")}; may be repeated`),
    "time-limit": textOption("Seconds per search; afterwards the best plan so far is returned, with its gap"),
    out: textOption("Folder for the plan and the tables (default output/<name of the file>.optimum)"),
    ...scenarioOptions,
    trials: textOption(
      `Trials in which plan and scenario are compared with the same draws (default ${COMPARED_TRIALS}; 0 for none)`,
    ),
    seed: sampleOptions.seed,
    threads: sampleOptions.threads,
    ...reportFileOptions,
    json: flagOption("Print the plan as one JSON object"),
    ...tableOptions,
    ...reportOptions,
  },
  examples: [
    [
      "$0 optimize plan.yaml --minimize cost --frontier 20",
      "The cheapest plan for the same supply, and the frontier",
    ],
    [
      "$0 optimize plan.yaml --maximize effective_fp4 --budget '60 billion USD'",
      "The most compute for a budget",
    ],
    [
      "$0 optimize plan.yaml --book buyer",
      "The same supply for the least payments, shortfalls of commitments included",
    ],
  ],
  execute,
};

/** Name of the plan in the folder. */
const PLAN_NAME = "plan.yaml";

/** Most points of a frontier. */
const MOST_POINTS = 1000;

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const file = textOf(given, "file") ?? "";
  checkCsvOptions(given);
  const options = {
    goal: goalOf(given),
    book: textOf(given, "book") === "buyer" ? "buyer" : "provider",
    without: withoutOf(given),
    ...budgetOf(given),
  } as const;
  const points = pointsOf(given);
  const timeLimitSeconds = timeLimitOf(given);
  readSampleOptions(given);
  const { scenario, diagnostics, sources } = loadFile(file, given, environment);
  const read = scenario && readTask(scenario, options);
  const before = [...diagnostics, ...(read?.diagnostics ?? [])];
  if (before.length > 0) reportDiagnostics(before, given, sources);
  if (!scenario || !read?.task) return exitCodeFor(before);
  const folder = folderOf(scenario, given);
  const unusable =
    findFolderFault(folder) ?? findFileInTheWay(folder, PLAN_NAME, FIRST_LINE, [...sources.keys()]);
  if (unusable) return reportDiagnostics([unusable], given);
  const { results, diagnostics: failed } = await runPlain(scenario, createThreadRunner());
  if (!results) return reportDiagnostics(failed, given, sources);
  const own = { name: "scenario", scenario, results };
  checkMemory([own, own], comparedFigures([own]), trialsOf(own, given));
  const { task } = read;
  const situation = readSituation(scenario, task);
  // Loaded on demand, because it is larger than everything else.
  const { loadSolver } = await import("../../solver/highs-solver.ts");
  const solver = await loadSolver();
  const limit = timeLimitSeconds === undefined ? {} : { timeLimitSeconds };
  const { optimum, diagnostics: faults } = optimize(situation, solver, limit);
  if (!optimum) return refuse(faults, sources, given);
  const found = points === undefined ? undefined : findFrontier(situation, solver, points, limit);
  if (found && !found.frontier) return refuse(found.diagnostics, sources, given);
  return finish({ file, own, task, situation, optimum, frontier: found?.frontier }, given, environment);
}

function refuse(faults: readonly Diagnostic[], sources: ReadonlyMap<string, string>, given: Given): ExitCode {
  const code = reportDiagnostics(faults, given, sources);
  return faults.some((fault) => ["infeasible-program", "unmet-plan"].includes(fault.code))
    ? ExitCode.noPlan
    : code;
}

type Found = {
  readonly file: string;
  /** The scenario's own run. */
  readonly own: ComparedRun;
  readonly task: Task;
  readonly situation: Situation;
  readonly optimum: Optimum;
  readonly frontier: readonly Optimum[] | undefined;
};

async function finish(found: Found, given: Given, environment: Environment): Promise<ExitCode> {
  const { file, own, task, situation, optimum, frontier } = found;
  const { scenario } = own;
  const folder = folderOf(scenario, given);
  const name = PLAN_NAME;
  const base = path.relative(folder, file).split(path.sep).join("/");
  const text = writePlanFile(
    scenario,
    task,
    optimum.purchases,
    base.startsWith(".") || path.isAbsolute(base) ? base : `./${base}`,
  );
  const check = await simulatePlan(path.join(folder, name), text, optimum, situation, given, environment);
  const comparison = await compareWithPlan(own, check, given, environment);
  const outcome = { situation, optimum, frontier, comparison };
  const tables = [
    makePurchasesTable(optimum),
    makeShadowPricesTable(optimum, task),
    ...(frontier ? [makeFrontierTable(frontier, situation)] : []),
  ];
  const { sample } = comparison;
  const content = {
    scenario,
    results: check.results,
    tables,
    file,
    given,
    environment,
    ...(sample
      ? { sample: { seed: sample.seed, trials: sample.trials, quantiles: PAIRED_PROBABILITIES } }
      : {}),
  };
  const reports = await makeReportFiles(
    async (origin) => (await import("../../report/optimize-report.ts")).reportOptimize(outcome, origin),
    given,
    () =>
      originOf(
        content,
        commandLine("optimize", [file], given, [...searchWords(given), ...sampleWords(sample)]),
      ),
  );
  const files = [...reports, ...makeRunFiles(content), { name, text }];
  const unwritten = await writeFiles(folder, files);
  if (unwritten) {
    return reportDiagnostics([unwritten], given);
  }
  const rules = rulesLeftOut(situation);
  const emptySites = listEmptySites(situation, optimum.purchases);
  const written = `${folder}: ${files.map((one) => one.name).join(" ")}`;
  const command = `gigafleet run ${path.join(folder, name)}`;
  if (isGiven(given, "json"))
    printResult(
      `${JSON.stringify({ optimum, simulated: check.check, rules_left_out: rules, empty_sites: emptySites, frontier, written: folder }, undefined, 2)}\n`,
    );
  else if (!isGiven(given, "quiet"))
    printResult(
      drawOptimizeScreen({
        situation,
        optimum,
        answer: answerOptimize(outcome),
        check: check.check,
        rules,
        emptySites,
        frontier,
        written,
        command,
      }),
    );
  return ExitCode.done;
}

/** Runs the plan from the text about to be written, as `run` would. */
async function simulatePlan(
  file: string,
  text: string,
  optimum: Optimum,
  { task, served }: Situation,
  given: Given,
  environment: Environment,
) {
  const own = file.split(path.sep).join("/");
  const loaded = loadScenario({
    ...shippedCatalog(environment),
    path: own,
    read: (name) => (path.resolve(name) === path.resolve(own) ? text : readText(name)),
  });
  const run = loaded.scenario && (await runPlain(loaded.scenario, createThreadRunner()));
  if (!run?.results) {
    const faults = [...loaded.diagnostics, ...(run?.diagnostics ?? [])];
    reportDiagnostics(faults, given, loaded.sources);
    throw new InternalError("the plan that was found is not a valid scenario");
  }
  const { results } = run;
  const value = (metric: string) => findColumn(results, "run", metric)?.[0] ?? 0;
  const costPv = value("cost_provider_pv_usd");
  const residualPv = value("provider_residual_pv_usd");
  const paymentPv = value("buyer_cost_pv_usd");
  const flop = (findColumn(results, "total", "cumulative_effective_fp4_yflop")?.at(-1) ?? 0) * 1e24;
  const values = { costPv, residualPv, paymentPv, flop };
  const [objective, simulated] =
    task.goal === "maximize_effective_fp4"
      ? [optimum.flop, flop]
      : [costInBook(task, optimum), costInBook(task, values)];
  const difference = simulated === 0 ? Math.abs(objective) : Math.abs(objective / simulated - 1);
  const check: PlanCheck = {
    ...values,
    difference,
    served: checkServed(served, results),
  };
  return { scenario: loaded.scenario, results, check };
}

/** The scenario and the plan with the same draws, where anything is uncertain and trials are wanted. */
async function compareWithPlan(
  own: ComparedRun,
  plan: { readonly scenario: Scenario | undefined; readonly results: Results },
  given: Given,
  environment: Environment,
): Promise<Comparison> {
  if (!plan.scenario) throw new InternalError("the plan does not run");
  const runs = [own, { name: "plan", scenario: plan.scenario, results: plan.results }];
  const comparison = { basis: "as written", runs };
  const trials = trialsOf(own, given);
  if (trials === 0) return comparison;
  const options = readSampleOptions(given);
  const names = comparedFigures(runs);
  const isQuiet = isGiven(given, "quiet") || isGiven(given, "json");
  const request = { names, book: "provider" as const, trials, options, isQuiet, given };
  const [sampled] = await sampleComparisons([comparison], request, environment);
  return sampled;
}

/** Trials in which a plan is compared with its scenario. */
function trialsOf({ results }: ComparedRun, given: Given): number {
  const options = readSampleOptions(given);
  const { uncertainCount } = results.notes;
  return trialsFor({ ...options, trials: options.trials ?? COMPARED_TRIALS }, uncertainCount);
}

function folderOf({ slug }: Scenario, given: Given): string {
  return textOf(given, "out") ?? path.join("output", `${slug}.optimum`);
}

/** Options that decide what is searched for, as they were typed. */
function searchWords(given: Given): readonly string[] {
  const named = typedWords(given, ["minimize", "maximize", "book", "budget", "frontier"]);
  return [...named, ...textsOf(given, "without").flatMap((kind) => ["--without", kind])];
}

function goalOf(given: Given): Goal {
  const isBoth = textOf(given, "minimize") !== undefined && textOf(given, "maximize") !== undefined;
  if (isBoth) throw new UsageError("give `--minimize` or `--maximize`, not both");
  return textOf(given, "maximize") === undefined ? "minimize_cost" : "maximize_effective_fp4";
}

function withoutOf(given: Given): readonly LimitKind[] {
  return textsOf(given, "without").map((name) => {
    const kind = LIMIT_KINDS.find((one) => one === name);
    if (!kind)
      throw new UsageError(`there is no kind of limit \`${name}\`; the kinds are ${LIMIT_KINDS.join(", ")}`);
    return kind;
  });
}

function budgetOf(given: Given): { readonly budgetPv?: number } {
  const text = textOf(given, "budget");
  if (text === undefined) return {};
  if (goalOf(given) === "minimize_cost")
    throw new UsageError("`--budget` requires `--maximize`; write yearly budgets under `optimize.budget`");
  const span = { file: "--budget", line: 1, column: 1, length: text.length };
  const { expr } = parseValue(text, {
    span,
    variable: "budget",
    names: { lookup: () => undefined, known: [] },
    allowMonth: false,
  });
  const amount = expr?.kind === "number" ? toCanonical(expr.value, expr.vector, "money") : undefined;
  if (amount === undefined || amount < 0)
    throw new UsageError(`\`--budget ${text}\` is not an amount of money, such as '60 billion USD'`);
  return { budgetPv: amount };
}

function pointsOf(given: Given): number | undefined {
  const text = textOf(given, "frontier");
  if (text === undefined) return undefined;
  const value = readOptionNumber("frontier", text);
  if (Number.isInteger(value) && value >= 1 && value <= MOST_POINTS) return value;
  const most = countText(MOST_POINTS);
  throw new UsageError(
    `\`--frontier ${text}\` is not a valid number of plans: write a whole number from 1 to ${most}, such as \`--frontier 20\``,
  );
}

function timeLimitOf(given: Given): number | undefined {
  const text = textOf(given, "time-limit");
  if (text === undefined) return undefined;
  const value = readOptionNumber("time-limit", text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(
    `\`--time-limit ${text}\` is not a valid time: write seconds above 0, such as \`--time-limit 60\``,
  );
}
