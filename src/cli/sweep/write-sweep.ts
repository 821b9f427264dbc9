import path from "node:path";
import type { Sweep } from "../../analysis/sweep/axes.ts";
import { runFirstPoint, type SweepRow } from "../../analysis/sweep/run-sweep.ts";
import { makeSweepTable } from "../../analysis/sweep/sweep-table.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import type { Provenance } from "../../export/data-package.ts";
import { countText } from "../../export/number-text.ts";
import { tableRecords } from "../../export/records.ts";
import { isPaid, type SweepContent } from "../../report/swept.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { isGiven, textOf, textsOf } from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import type { ExitCode } from "../io/exit-code.ts";
import { writeFiles } from "../io/output-folder.ts";
import { commandLine, makeReportFiles, originOf, sampleWords } from "../io/report-files.ts";
import { makeRunFiles } from "../io/run-files.ts";
import { printJson, printResult } from "../io/streams.ts";
import { drawSweepScreen } from "../screens/sweep-screen.ts";
import type { SweepJob } from "./sweep-job.ts";

/** Points at fault that the screen names; the table names all. */
const NAMED_FAULTS = 10;

/**
 * Writes table and report of a sweep, shows it, and reports points at fault.
 *
 * @param onWritten called once everything is written
 */
export async function writeSweep(
  { prepared, sample, given, environment }: SweepJob,
  rows: readonly SweepRow[],
  folder: string,
  onWritten: () => void,
): Promise<ExitCode> {
  const { sweep, first } = prepared;
  const results = await runFirstPoint(prepared, createThreadRunner());
  const table = makeSweepTable(sweep, rows, results, sample);
  const content = {
    scenario: first,
    results,
    tables: [table],
    file: textOf(given, "file") ?? "",
    given,
    environment,
    ...(sample
      ? { sample: { trials: sample.trials, seed: sample.seed, quantiles: sample.probabilities } }
      : {}),
    sweep: describeSweep(sweep),
  };
  const swept: SweepContent = {
    scenario: first,
    table,
    kind: sweep.kind,
    paths: sweep.axes.map(({ path: name }) => name),
    trials: sample?.trials ?? 0,
    startMonth: results.startMonth,
    isPaid: isPaid(results),
  };
  const axes = textsOf(given, "over").flatMap((axis) => ["--over", axis]);
  const words = [...axes, ...sampleWords(sample)];
  const reports = await makeReportFiles(
    async (origin) => {
      const { reportSweep } = await import("../../report/sweep-report.ts");
      return reportSweep(swept, origin);
    },
    given,
    () => originOf(content, commandLine("sweep", [content.file], given, words)),
  );
  const unwritten = await writeFiles(folder, [...reports, ...makeRunFiles(content)]);
  if (unwritten) return reportDiagnostics([unwritten], given);
  onWritten();
  if (isGiven(given, "json")) printJson(tableRecords(table));
  else if (!isGiven(given, "quiet"))
    printResult(
      `${drawSweepScreen(swept)}\n${countText(rows.length)} points, ${table.columns.length} columns\nWritten  ${visibleText(path.join(folder, "sweep.csv"))}\n`,
    );
  return reportDiagnostics(listFaults(sweep, rows), given);
}

/** Points at fault, the first few of many. */
function listFaults({ axes }: Sweep, rows: readonly SweepRow[]): readonly Diagnostic[] {
  const faulty = rows.filter(({ fault }) => fault !== undefined);
  return faulty.slice(0, NAMED_FAULTS).map(({ cells: [point, ...values], fault = "" }, index) => {
    const sets = axes.map(({ path: name }, axis) => `${name}=${values[axis]}`).join(", ");
    const more = faulty.length - NAMED_FAULTS;
    const help =
      index === NAMED_FAULTS - 1 && more > 0
        ? `${countText(more)} more are named in the column \`fault\` of sweep.csv`
        : undefined;
    return diagnose("invalid-point", { values: { point: String(point), sets, reason: fault }, help });
  });
}

/** The axes for the data package. */
function describeSweep({ kind, count: points, axes }: Sweep): Provenance["sweep"] {
  return {
    kind,
    points,
    axes: axes.map(({ path: name, count: values, valueAt }) => ({
      path: name,
      count: values,
      first: valueAt(0),
      last: valueAt(values - 1),
    })),
  };
}
