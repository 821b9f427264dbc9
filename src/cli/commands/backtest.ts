import path from "node:path";
import { type Backtest, runBacktest } from "../../analysis/backtest/backtest.ts";
import type { Subject } from "../../analysis/backtest/case.ts";
import { makeKindTable } from "../../analysis/backtest/kinds.ts";
import { makeBacktestTable } from "../../analysis/backtest/table.ts";
import { type Diagnostic, diagnose, hasErrors } from "../../diagnostics/diagnostic.ts";
import { drawBacktestChart } from "../../export/backtest-chart.ts";
import { toCsv } from "../../export/csv.ts";
import { tableRecords } from "../../export/records.ts";
import { makeValidationPage, type ValidationPart } from "../../export/validation-page.ts";
import { listCatalogFiles, readText, shippedCatalog, shortPath } from "../../node/package-files.ts";
import { createThreadRunner } from "../../run/runner.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textOption,
  textsOf,
} from "../io/command.ts";
import { errorFormatOption, reportDiagnostics } from "../io/diagnostics.ts";
import type { ExitCode } from "../io/exit-code.ts";
import { findFolderFault, type OutputFile, writeFiles } from "../io/output-folder.ts";
import { commandLine, hashFiles, makeReportFiles, reportFileOptions } from "../io/report-files.ts";
import { printJson, printResult } from "../io/streams.ts";
import { drawBacktestScreen } from "../screens/backtest-screen.ts";

/** `backtest`: predicts published deployments, serving and training with the ordinary model, and compares. */
export const backtestCommand: Command = {
  usage: "backtest [cases..]",
  text: "Predict published deployments, serving and training with the catalog and compare with the published figures.",
  positionals: {
    cases: {
      type: "string",
      array: true,
      description: "Files of cases (default: those shipped with the program)",
    },
  },
  options: {
    out: textOption("Folder for backtest.csv (default output/validation)"),
    page: textOption("Also write validation.md and its charts into this folder"),
    ...reportFileOptions,
    json: flagOption("Print summary, rows and faults as one JSON object"),
    ...errorFormatOption,
  },
  examples: [["gigafleet backtest", "One line per prediction, and output/validation/backtest.csv"]],
  execute,
};

/** Files of cases shipped with the program. */
const SHIPPED_CASES = ["cases.csv", "demand-cases.csv"] as const;

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const page = textOf(given, "page");
  const unusable =
    findFolderFault(folderOf(given)) ?? (page === undefined ? undefined : findFolderFault(page));
  if (unusable) return reportDiagnostics([unusable], given);
  const named = textsOf(given, "cases");
  const shipped = SHIPPED_CASES.map((name) =>
    shortPath(path.join(environment.scenariosFolder, "validation", name)),
  );
  const files = named.length > 0 ? named : shipped;
  const missing = files.filter((file) => readText(file) === undefined);
  const backtest: Backtest | undefined =
    missing.length > 0
      ? undefined
      : await runBacktest({ files, ...shippedCatalog(environment) }, createThreadRunner());
  const faults: Diagnostic[] = backtest
    ? [...backtest.diagnostics]
    : missing.map((file) => diagnose("missing-file", { values: { file } }));
  if (backtest && !hasErrors(faults)) {
    const unwritten = await writeAll(backtest, files, given, environment);
    if (unwritten) faults.push(unwritten);
    if (!isGiven(given, "json")) printResult(drawBacktestScreen(backtest, folderOf(given)));
    else {
      const { summaries, readings, others } = backtest;
      const records = tableRecords(makeBacktestTable(readings));
      const kinds = tableRecords(makeKindTable(readings, others));
      printJson({ summaries, kinds, backtest: records, others: tableRecords(makeBacktestTable(others)) });
    }
  }
  return reportDiagnostics(faults, given, backtest?.sources ?? new Map());
}

function folderOf(given: Given): string {
  return textOf(given, "out") ?? path.join("output", "validation");
}

async function writeAll(
  backtest: Backtest,
  cases: readonly string[],
  given: Given,
  environment: Environment,
): Promise<Diagnostic | undefined> {
  const { readings, others, summaries } = backtest;
  const table = makeBacktestTable(readings);
  const reports = await makeReport(backtest, cases, given, environment);
  const unwritten = await writeFiles(folderOf(given), [
    ...reports,
    { name: "backtest.csv", text: toCsv(table) },
  ]);
  const page = textOf(given, "page");
  if (unwritten || page === undefined) return unwritten;
  const notes = readText(path.join(path.dirname(cases[0] ?? ""), "notes.md")) ?? "";
  const part = (subject: Subject, chart: string): ValidationPart => ({
    table: makeBacktestTable(readings.filter(({ of }) => of.subject === subject)),
    summary: summaries[subject],
    chart,
  });
  const [deployments, demand] = [
    part("deployments", "validation.svg"),
    part("demand", "validation-demand.svg"),
  ];
  const files: readonly OutputFile[] = [
    {
      name: "validation.md",
      text: makeValidationPage({
        deployments,
        demand,
        kinds: makeKindTable(readings, others),
        others: makeBacktestTable(others),
        notes,
      }),
    },
    { name: deployments.chart, text: drawBacktestChart(deployments.table) },
    { name: demand.chart, text: drawBacktestChart(demand.table) },
  ];
  return writeFiles(page, files);
}

/** The report: deployments and demand, each with its readings. */
function makeReport(
  backtest: Backtest,
  cases: readonly string[],
  given: Given,
  environment: Environment,
): Promise<readonly OutputFile[]> {
  return makeReportFiles(
    async (origin) =>
      (await import("../../report/backtest/backtest-report.ts")).reportBacktest(backtest, origin),
    given,
    () => ({
      version: environment.version,
      command: commandLine("backtest", textsOf(given, "cases"), given, []),
      files: hashFiles(
        [...new Set([...cases, ...listCatalogFiles(environment)])].map((file) => ({
          name: path.basename(file),
          text: backtest.sources.get(file) ?? readText(file) ?? "",
        })),
      ),
      changes: [],
    }),
  );
}
