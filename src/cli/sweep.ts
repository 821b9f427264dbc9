import { createHash } from "node:crypto";
import path from "node:path";
import { type ReadSweep, readOver, readSweepSection, type Sweep } from "../analysis/sweep/axes.ts";
import { type LoadWith, type PreparedSweep, prepareSweep } from "../analysis/sweep/prepare-sweep.ts";
import { runFirstPoint, runSweep, type SweepCell, SweepFault } from "../analysis/sweep/run-sweep.ts";
import { makeSweepTable } from "../analysis/sweep/sweep-table.ts";
import { diagnose } from "../diagnostics/diagnostic.ts";
import { visibleText } from "../diagnostics/visible.ts";
import { tableRecords } from "../export/records.ts";
import { createThreadRunner } from "../run/runner.ts";
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
} from "./command.ts";
import { exitCodeFor, formatOption, reportDiagnostics } from "./diagnostics.ts";
import { ExitCode, UsageError } from "./exit-code.ts";
import { loadFile, scenarioOptions } from "./load.ts";
import { writeFiles } from "./output-folder.ts";
import { makeRunFiles } from "./run-files.ts";
import { printError, printResult } from "./streams.ts";
import { openJournal } from "./sweep-journal.ts";

/** `sweep`: runs a scenario at many points. */
export const sweepCommand: Command = {
  usage: "sweep <file>",
  text: "Run a scenario at every point of its section `sweep`, or of the axes given; write sweep.csv, a row a point.",
  positionals: { file: { type: "string", description: "Scenario file (YAML)", demandOption: true } },
  options: {
    over: listOption(
      "An axis, as in --over let.share=0%..100%..5% or --over 'sites.main.delay=[0 months, 1 year]'; repeated axes make a grid",
    ),
    out: textOption("Folder for the table (default output/<name of the file>.sweep)"),
    ...scenarioOptions,
    json: flagOption("Print the rows as one JSON array"),
    bom: flagOption("Put a byte order mark in front of the CSV file, for Excel"),
    delimiter: choiceOption("Between the cells of the CSV file (default ,)", [",", ";", "tab"]),
    quiet: flagOption("Print nothing but faults"),
    format: formatOption,
  },
  examples: [
    ["$0 sweep plan/starter.yaml --over sites.main.delay='0 months..12 months..3 months'", "Five points"],
    ["$0 sweep plan/starter.yaml", "The points of the file; what an interrupted sweep has done is kept"],
  ],
  execute,
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const file = textOf(given, "file") ?? "";
  const { sweep, diagnostics, sources } = readSweep(file, given, environment);
  if (!sweep) {
    reportDiagnostics(diagnostics, sources, given);
    return exitCodeFor(diagnostics);
  }
  const load: LoadWith = (sets) => loadFile(file, given, environment, { sets });
  const prepared = prepareSweep(sweep, load);
  if (!prepared.prepared) {
    reportDiagnostics(prepared.diagnostics, prepared.sources, given);
    return exitCodeFor(prepared.diagnostics);
  }
  reportDiagnostics(prepared.diagnostics, prepared.sources, given);
  try {
    return await runAll(prepared.prepared, load, file, given, environment);
  } catch (error) {
    if (!(error instanceof SweepFault)) throw error;
    reportDiagnostics(error.diagnostics, error.sources, given);
    return exitCodeFor(error.diagnostics);
  }
}

function readSweep(
  file: string,
  given: Given,
  environment: Environment,
): ReadSweep & { readonly sources: ReadonlyMap<string, string> } {
  const over = textsOf(given, "over");
  if (over.length > 0) return { ...readOver(over), sources: new Map([["--over", over.join("\n")]]) };
  const { scenario, diagnostics, sources } = loadFile(file, given, environment);
  if (!scenario) return { diagnostics, sources };
  const read = readSweepSection(scenario);
  if (!read)
    throw new UsageError(
      "there is nothing to sweep: give axes with `--over path=from..to..step`, or a section `sweep` in the file",
    );
  return { ...read, sources };
}

async function runAll(
  prepared: PreparedSweep,
  load: LoadWith,
  file: string,
  given: Given,
  environment: Environment,
): Promise<ExitCode> {
  const { sweep, first, keys } = prepared;
  const folder = textOf(given, "out") ?? path.join("output", `${first.slug}.sweep`);
  const runner = createThreadRunner();
  if (!isGiven(given, "quiet")) printError(announce(sweep, keys));
  const journal = openJournalOrReport(folder, fingerprintOf(prepared, given, environment), given);
  if (!journal) return ExitCode.files;
  const rows: (readonly SweepCell[])[] = [...journal.rows];
  if (rows.length > 0 && !isGiven(given, "quiet"))
    printError(`${count(rows.length)} of them were done before and are kept\n`);
  const sayHow = (code: number) => {
    if (code === ExitCode.interrupted)
      printError(
        `gigafleet: interrupted after ${count(rows.length)} of ${count(sweep.count)} points; the same command goes on from there\n`,
      );
  };
  process.once("exit", sayHow);
  for await (const chunk of runSweep(prepared, load, runner, rows.length)) {
    rows.push(...chunk.rows);
    journal.append(chunk);
    // A pending interruption is only heard between tasks.
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.removeListener("exit", sayHow);
  const results = await runFirstPoint(prepared, runner);
  const table = makeSweepTable(sweep, rows, results);
  const files = makeRunFiles({ scenario: first, results, tables: [table], file, given, environment });
  const unwritten = writeFiles(folder, files);
  if (unwritten) {
    reportDiagnostics([unwritten], new Map(), given);
    return exitCodeFor([unwritten]);
  }
  journal.remove();
  if (isGiven(given, "json")) printResult(`${JSON.stringify(tableRecords(table), undefined, 2)}\n`);
  else if (!isGiven(given, "quiet"))
    printResult(
      `${count(rows.length)} points, ${table.columns.length} columns\nWritten  ${visibleText(path.join(folder, "sweep.csv"))}\n`,
    );
  return ExitCode.done;
}

function openJournalOrReport(folder: string, fingerprint: string, given: Given) {
  try {
    return openJournal(folder, fingerprint);
  } catch (error) {
    const values = { file: folder, reason: (error as Error).message };
    reportDiagnostics([diagnose("unwritable-output", { values })], new Map(), given);
    return undefined;
  }
}

/** What is about to run, before it runs. */
function announce(sweep: Sweep, keys: readonly (string | undefined)[]): string {
  const axes = sweep.axes.map(
    ({ path: name, count: values }, axis) =>
      `${name} (${count(values)}${keys[axis] === undefined ? ", compiled anew" : ""})`,
  );
  return `${count(sweep.count)} points: ${axes.join(sweep.kind === "grid" ? " x " : ", ")}\n`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** Hash of all that decides the rows: the program, the texts read, the changes, the axes. */
function fingerprintOf({ sweep, first }: PreparedSweep, given: Given, environment: Environment): string {
  const hash = createHash("sha256");
  const add = (text: string) => hash.update(`${text.length}:${text}`);
  add(environment.version);
  for (const [name, text] of first.files) if (!name.startsWith("--")) add(`${name}\n${text}`);
  for (const name of ["set", "override"]) for (const text of textsOf(given, name)) add(`${name} ${text}`);
  add(textOf(given, "scenario") ?? "");
  add(sweep.kind);
  for (const { path: name, count: values, valueAt } of sweep.axes) {
    add(name);
    for (let index = 0; index < values; index++) add(valueAt(index));
  }
  for (const name of sweep.names ?? []) add(name);
  return hash.digest("hex");
}
