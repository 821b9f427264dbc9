import path from "node:path";
import {
  type Backtest,
  type BacktestSummary,
  type Reading,
  runBacktest,
} from "../analysis/backtest/backtest.ts";
import { isIndependent } from "../analysis/backtest/case.ts";
import { makeBacktestTable } from "../analysis/backtest/table.ts";
import { type Diagnostic, diagnose, hasErrors } from "../diagnostics/diagnostic.ts";
import { visibleText } from "../diagnostics/visible.ts";
import { drawBacktestChart } from "../export/backtest-chart.ts";
import { toCsv } from "../export/csv.ts";
import { screenNumber } from "../export/number-text.ts";
import { tableRecords } from "../export/records.ts";
import { makeValidationPage } from "../export/validation-page.ts";
import { createThreadRunner } from "../run/runner.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textOption,
} from "./command.ts";
import { exitCodeFor, formatOption, reportDiagnostics } from "./diagnostics.ts";
import { drawColumns, wrapText } from "./draw-columns.ts";
import type { ExitCode } from "./exit-code.ts";
import { listCatalogFiles, readPackedCatalog, readText, shortPath } from "./input-files.ts";
import { type OutputFile, writeFiles } from "./output-folder.ts";
import { emphasise, printResult } from "./streams.ts";

/** `backtest`: predicts published deployments by the ordinary model and compares. */
export const backtestCommand: Command = {
  usage: "backtest [cases]",
  text: "Predict published deployments with the catalog and show how near the model comes.",
  positionals: {
    cases: { type: "string", description: "File of cases (default: those that come with the program)" },
  },
  options: {
    out: textOption("Folder for backtest.csv (default output/validation)"),
    page: textOption("Also write validation.md and validation.svg into this folder"),
    json: flagOption("Print summary, rows and faults as one JSON object"),
    format: formatOption,
  },
  examples: [["gigafleet backtest", "One line a reading, and output/validation/backtest.csv"]],
  execute,
};

/** Columns of the screen. */
const width = 80;

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const shipped = path.join(environment.scenariosFolder, "validation", "cases.csv");
  const file = textOf(given, "cases") ?? shortPath(shipped);
  const catalog = listCatalogFiles(environment);
  const backtest: Backtest | undefined =
    readText(file) === undefined
      ? undefined
      : await runBacktest(
          { file, catalog, read: readText, packed: readPackedCatalog(environment) },
          createThreadRunner(),
        );
  const faults: Diagnostic[] = backtest
    ? [...backtest.diagnostics]
    : [diagnose("missing-file", { values: { file } })];
  if (backtest && !hasErrors(faults)) {
    const unwritten = writeAll(backtest, file, given);
    if (unwritten) faults.push(unwritten);
    const records = tableRecords(makeBacktestTable(backtest));
    if (!isGiven(given, "json")) printResult(drawScreen(backtest, folderOf(given)));
    else printResult(`${JSON.stringify({ summary: backtest.summary, backtest: records }, undefined, 2)}\n`);
  }
  reportDiagnostics(faults, backtest?.sources ?? new Map(), given);
  return exitCodeFor(faults);
}

function folderOf(given: Given): string {
  return textOf(given, "out") ?? path.join("output", "validation");
}

function writeAll(backtest: Backtest, file: string, given: Given): Diagnostic | undefined {
  const table = makeBacktestTable(backtest);
  const unwritten = writeFiles(folderOf(given), [{ name: "backtest.csv", text: toCsv(table) }]);
  const page = textOf(given, "page");
  if (unwritten || page === undefined) return unwritten;
  const notes = readText(path.join(path.dirname(file), "notes.md")) ?? "";
  const files: readonly OutputFile[] = [
    { name: "validation.md", text: makeValidationPage(table, backtest.summary, notes) },
    { name: "validation.svg", text: drawBacktestChart(table) },
  ];
  return writeFiles(page, files);
}

/** A row a reading; numbers in the unit of the published figure, millions of chips as such. */
function drawScreen({ readings, summary }: Backtest, folder: string): string {
  const left = (heading: string, cells: readonly string[]) => ({
    side: "left" as const,
    cells: [heading, ...cells],
  });
  const right = (heading: string, cells: readonly string[]) => ({
    side: "right" as const,
    cells: [heading, ...cells],
  });
  const cell = (take: (reading: Reading) => string) => readings.map(take);
  const columns = [
    left(
      "",
      cell(({ of }) => `${of.id}${isIndependent(of) ? "" : "*"}`),
    ),
    left(
      "case, with what is given",
      cell(({ of }) => visibleText(of.title)),
    ),
    left(
      "basis",
      cell(({ basis }) => (basis === undefined ? "" : { facility: "fac", it: "IT" }[basis])),
    ),
    right(
      "predicted",
      cell(({ predicted }) => figure(predicted)),
    ),
    right(
      "published",
      cell(({ of }) => figure(of.published)),
    ),
    right(
      "band",
      cell(({ of }) => `${figure(of.low)}-${figure(of.high)}`),
    ),
    right(
      "ratio",
      cell(({ ratio }) => ratio.toFixed(2)),
    ),
    left(
      "",
      cell(({ isInside }) => (isInside ? "in" : "OUT")),
    ),
  ];
  const [heading, ...lines] = drawColumns(columns);
  return `${[emphasise(heading), ...lines, "", ...explain(summary), `Written: ${visibleText(path.join(folder, "backtest.csv"))}`].join("\n")}\n`;
}

function explain({
  points,
  independentPoints,
  meanAbsoluteError,
  shareInside,
}: BacktestSummary): readonly string[] {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return [
    ...wrapText(
      "Medians; MW, chips, billion USD, EFLOP/s, million USD per MW-year, months. Two lines where facility or IT power is not stated. * its source feeds the catalog, or it tests nothing: not counted.",
      width,
    ),
    "",
    emphasise(
      `${independentPoints} of ${points} points independent: mean absolute error ${percent(meanAbsoluteError)}, inside ${percent(shareInside)}`,
    ),
  ];
}

/** Three digits; millions as `4.5M` and thousands as `427k`, so that columns stay narrow. */
function figure(value: number): string {
  if (value >= 1e6) return `${trimmed(value / 1e6)}M`;
  if (value >= 1e4) return `${trimmed(value / 1e3)}k`;
  return trimmed(value);
}

function trimmed(value: number): string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(value || 1)));
  return screenNumber(value, Math.min(decimals, 3))
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
