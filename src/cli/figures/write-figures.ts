import path from "node:path";
import type { Results } from "../../analysis/results/results.ts";
import { makeSummary } from "../../analysis/tables/index.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { tableRecords } from "../../export/records.ts";
import { isGiven, textOf } from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import type { ExitCode } from "../io/exit-code.ts";
import { writeFiles } from "../io/output-folder.ts";
import { makeRunFiles } from "../io/run-files.ts";
import { printJson, printResult } from "../io/streams.ts";
import { drawFigures } from "../screens/figures-screen.ts";
import type { FiguresJob } from "./figures-job.ts";

/** Writes the rows of summary.csv for named figures, with their data package, and shows them. */
export async function writeFigures(job: FiguresJob, results: Results, folder: string): Promise<ExitCode> {
  const { scenario, names, given, environment } = job;
  const table = makeSummary(results, names);
  const content = {
    scenario,
    results,
    tables: [table],
    file: textOf(given, "file") ?? "",
    given,
    environment,
  };
  const unwritten = await writeFiles(folder, makeRunFiles(content));
  if (unwritten) return reportDiagnostics([unwritten], given);
  if (isGiven(given, "json")) printJson(tableRecords(table));
  else if (!isGiven(given, "quiet")) {
    const file = visibleText(path.join(folder, "summary.csv"));
    printResult(`${drawFigures(results, names)}Written  ${file}\n`);
  }
  return reportDiagnostics([], given);
}
