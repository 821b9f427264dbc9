import path from "node:path";
import { type AssignmentCheck, checkAssignment } from "../../analysis/optimize/check-assignment.ts";
import { runPlain } from "../../analysis/results/plain-run.ts";
import type { Results } from "../../analysis/results/results.ts";
import { warnOfNeverServed } from "../../analysis/results/shortfalls.ts";
import { compileForSample } from "../../analysis/sample/montecarlo.ts";
import { makeSpecimenTables } from "../../analysis/sample/specimen.ts";
import { makeTables } from "../../analysis/tables/index.ts";
import {
  type ColumnChoice,
  chooseColumns,
  findMissingColumns,
  findUnknownColumn,
} from "../../analysis/tables/standard-columns.ts";
import type { Sentence } from "../../charts/kit/sentence.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import type { Plan } from "../../engine/index.ts";
import { tableRecords } from "../../export/records.ts";
import type { Table } from "../../metrics/table.ts";
import { answerRun } from "../../report/run-answer.ts";
import { createThreadRunner } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { runFigures } from "../figures/run-figures.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  listOption,
  textOf,
  textOption,
  textsOf,
} from "../io/command.ts";
import { checkCsvOptions, tableOptions } from "../io/csv-options.ts";
import { diagnosticRecords, reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { type ExitCode, UsageError } from "../io/exit-code.ts";
import { loadFile, scenarioFile, scenarioOptions } from "../io/load.ts";
import { setOptimiser } from "../io/optimiser.ts";
import {
  findFolderFault,
  type Leftovers,
  listLeftovers,
  removeFiles,
  writeFiles,
} from "../io/output-folder.ts";
import {
  commandLine,
  hasReports,
  makeReportFiles,
  originOf,
  reportFileOptions,
  sampleWords,
} from "../io/report-files.ts";
import { makeRunFiles } from "../io/run-files.ts";
import { isSafeName } from "../io/safe-name.ts";
import { readSampleOptions, sampleOptions, trialsFor } from "../io/sample-options.ts";
import { printError, printJson, printResult } from "../io/streams.ts";
import { type TakenSample, takeSample } from "../io/take-sample.ts";
import { makeRunWorkbook, openForWorkbook, workbookOptions } from "../io/workbook-files.ts";
import { type Pen, penOptions, readPen } from "../screens/pen.ts";
import { drawRunScreen } from "../screens/run-screen.ts";
import { readShard, shardOptions } from "../shards/shard-options.ts";

/** `run`: simulates a scenario, shows its years and writes its tables. */
export const runCommand: Command = {
  usage: "run <file>",
  text: "Simulate a scenario at its medians and over many trials, and write its tables.",
  positionals: scenarioFile,
  options: {
    out: textOption("Folder for the tables (default output/<name of the file>)"),
    ...scenarioOptions,
    ...sampleOptions,
    metric: listOption(
      "Sample only this figure of summary.csv, and write no other table; may be repeated (default folder output/<name of the file>.figures)",
    ),
    ...shardOptions,
    ...reportFileOptions,
    ...workbookOptions,
    json: flagOption("Print summary, years and diagnostics as one JSON object"),
    ...penOptions,
    ...tableOptions,
    columns: textOption(
      "Columns of annual.csv, quarterly.csv and monthly.csv: all, or names between commas (default: the 40 most used)",
    ),
    ...reportOptions,
    "check-assignment": flagOption(
      "Also assign chips to workloads by linear programming, and report the value that the rule forgoes",
    ),
  },
  examples: [
    ["gigafleet run plan/starter.yaml", "Show the years and write output/starter/"],
    [
      "gigafleet run plan/starter.yaml --set sites.main.delay='1 year' --out late",
      "Power a year late, written to late/",
    ],
    [
      "gigafleet run plan/starter.yaml --metric npv_provider_usd --shard 1/8",
      "The first eighth of the trials of one figure, into a part file for `merge`",
    ],
  ],
  execute,
};

/** What a completed run shows. */
type Outcome = {
  readonly scenario: Scenario;
  readonly results: Results;
  readonly tables: readonly Table[];
  readonly answer: readonly Sentence[];
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const file = textOf(given, "file") ?? "";
  const sampling = readSampleOptions(given);
  checkCsvOptions(given);
  const pen = readPen(given);
  const columns = readColumns(given);
  const shard = readShard(given, process.env);
  if (shard || textsOf(given, "metric").length > 0) return runFigures(shard, given, environment);
  const { scenario, diagnostics, sources } = loadFile(file, given, environment);
  const refuse = (faults: readonly Diagnostic[]): ExitCode => {
    if (isGiven(given, "json")) printJson({ diagnostics: diagnosticRecords(faults) });
    return reportDiagnostics(faults, given, sources);
  };
  if (!scenario) return refuse(diagnostics);
  const folder = textOf(given, "out") ?? defaultFolder(scenario, given);
  const unusable = findFault(folder, given);
  if (unusable) return refuse([...diagnostics, unusable]);
  const opened = await openForWorkbook(scenario, given);
  const plans = !opened && sampling.trials !== 0 ? compileForSample(scenario) : undefined;
  const run = opened?.plain ?? (await runPlain(scenario, createThreadRunner(), plans?.plain));
  if (run.results && typeof columns !== "string") checkColumns(makeTables(run.results), columns);
  const faults: Diagnostic[] = [...diagnostics, ...run.diagnostics];
  const sampled = run.results && (await sample(scenario, run.results, plans?.sample, given, environment));
  faults.push(...(sampled?.diagnostics ?? []));
  if (run.results) faults.push(...warnOfNeverServed(scenario, run.results, faults));
  if (!sampled?.results) return refuse(faults);
  const check = isGiven(given, "check-assignment") ? await checkRule(scenario) : undefined;
  // Made once for screen and report, and before V8's optimiser is off: it goes over all draws of all inputs.
  const answer = isShown(given) || hasReports(given) ? answerRun(scenario, sampled.results) : [];
  // What is left is short work of many functions, as in a run without trials.
  setOptimiser(false);
  const tables = [
    ...makeTables(sampled.results),
    ...(sampled.draws ? [sampled.draws] : []),
    ...(check ? [check.table] : []),
  ];
  // Only draws are Parquet, and only these runs pay for its code.
  const isParquet = tables.some(({ fileType }) => fileType === "parquet");
  const parquet = isParquet ? (await import("../../export/parquet.ts")).parquetPieces : undefined;
  const outcome = { scenario, results: sampled.results, tables, answer };
  const content = {
    ...outcome,
    tables: tables.map((table) => chooseColumns(table, columns)),
    file,
    given,
    environment,
    draws: sampled.draws?.name,
    parquet,
  };
  const command = commandLine("run", [file], given, sampleWords(sampled.results.spread));
  const reports = await makeReportFiles(
    async (origin) =>
      (await import("../../report/run-report.ts")).reportRun(scenario, outcome.results, origin, answer),
    given,
    () => originOf(content, command),
  );
  const workbooks = await makeRunWorkbook(opened, outcome.results, given, environment, () =>
    originOf(content, command),
  );
  const files = [...reports, ...workbooks, ...makeRunFiles(content)];
  const leftovers = listLeftovers(folder, files);
  const unwritten = (await writeFiles(folder, files)) ?? removeFiles(folder, leftovers.stale);
  if (unwritten) faults.push(unwritten);
  else if (!isGiven(given, "quiet")) printError(describeLeftovers(folder, leftovers));
  const written = unwritten ? undefined : { folder, files: files.map(({ name }) => name) };
  show(outcome, faults, written, given, pen);
  if (check && isShown(given)) printResult(describeCheck(check));
  return reportDiagnostics(faults, given, sources);
}

/** Reads `--columns`. Fails: throws `UsageError` for an unknown column. */
function readColumns(given: Given): ColumnChoice {
  const text = textOf(given, "columns");
  if (text === undefined || text === "all") return text ?? "standard";
  const names = [...new Set(text.split(",").map((name) => name.trim()))].filter((name) => name !== "");
  const unknown = findUnknownColumn(makeSpecimenTables(), names);
  if (!unknown && names.length > 0) return names;
  throw new UsageError(
    unknown
      ? `\`--columns\`: \`${unknown.name}\` ${unknown.reason}`
      : `\`--columns ${text}\` names no column; write \`all\`, or names such as \`chips_energised,energy_gwh\``,
  );
}

/** Fails: throws `UsageError` where a column is asked for that this plan does not have. */
function checkColumns(tables: readonly Table[], columns: readonly string[]): void {
  const missing = findMissingColumns(tables, columns);
  if (missing.length === 0) return;
  const names = missing.map((name) => `\`${name}\``).join(", ");
  throw new UsageError(
    `\`--columns\`: this plan has no ${names}; \`--columns all\` writes every column that it has`,
  );
}

/** Reports what happened to files of an earlier run. */
function describeLeftovers(folder: string, { stale, kept, changed }: Leftovers): string {
  const say = (names: readonly string[], what: string) =>
    names.length === 0 ? "" : `${visibleText(folder)}: ${what} ${names.join(" ")}\n`;
  return [
    say(stale, "removed tables of an earlier run that this one does not write:"),
    say(kept, "kept files of an earlier run:"),
    say(changed, "replaced files that had changed since an earlier run wrote them:"),
  ].join("");
}

/** Compares the rule of assignment with a linear program, if the scenario has workloads. Loading the solver takes a moment. */
async function checkRule(scenario: Scenario): Promise<AssignmentCheck | undefined> {
  if (scenario.names.workloads.length === 0) return undefined;
  const { loadSolver } = await import("../../solver/highs-solver.ts");
  return checkAssignment(scenario, createThreadRunner(), await loadSolver());
}

/** The plain results, with a sample if anything is uncertain and trials are requested. */
async function sample(
  scenario: Scenario,
  plain: Results,
  plan: Plan | undefined,
  given: Given,
  environment: Environment,
): Promise<TakenSample> {
  const options = readSampleOptions(given);
  const trials = trialsFor(options, plain.notes.uncertainCount);
  if (trials === 0) return { results: plain, diagnostics: [] };
  return takeSample(scenario, plain, { ...options, trials }, environment, !isShown(given), plan);
}

/** Whether the screen is shown. */
function isShown(given: Given): boolean {
  return !isGiven(given, "json") && !isGiven(given, "quiet");
}

function show(
  { scenario, results, tables, answer }: Outcome,
  diagnostics: readonly Diagnostic[],
  written: { readonly folder: string; readonly files: readonly string[] } | undefined,
  given: Given,
  pen: Pen,
): void {
  if (isGiven(given, "json")) {
    const records = (name: string) => tables.filter((table) => table.name === name).flatMap(tableRecords);
    printJson({
      scenario: scenario.slug,
      quantities: "medians",
      summary: records("summary"),
      annual: records("annual"),
      diagnostics: diagnosticRecords(diagnostics),
      written,
    });
  } else if (isShown(given)) {
    printResult(drawRunScreen(scenario, results, tables, written, pen, answer));
  }
}

/** The linear program's verdict on the rule of assignment, in one line. */
function describeCheck({ share, worstShare }: AssignmentCheck): string {
  const percent = (value: number) => `${(100 * value).toPrecision(3)} %`;
  return `Assignment: the rule forgoes ${percent(share)} of the value that a linear program serves, ${percent(worstShare)} in the worst month\n`;
}

/** A list of overrides gets its own folder, so that it does not overwrite the file's own results. */
function defaultFolder({ slug }: Scenario, given: Given): string {
  const list = textOf(given, "scenario");
  return path.join("output", list === undefined ? slug : `${slug}.${list}`);
}

/** What is wrong with the folder, before anything is simulated. */
function findFault(folder: string, given: Given): Diagnostic | undefined {
  const name = path.basename(folder);
  return textOf(given, "out") !== undefined || isSafeName(name)
    ? findFolderFault(folder)
    : diagnose("unsafe-output-name", { values: { name } });
}
