import { createHash } from "node:crypto";
import path from "node:path";
import { runPlain } from "../../analysis/results/plain-run.ts";
import { prepareSample } from "../../analysis/sample/montecarlo.ts";
import type { SampleSettings } from "../../analysis/sample/sample-request.ts";
import type { Sweep } from "../../analysis/sweep/axes.ts";
import type { LoadWith, PreparedSweep } from "../../analysis/sweep/prepare-sweep.ts";
import { runFirstPoint, runSweep, type SweepCell, SweepFault } from "../../analysis/sweep/run-sweep.ts";
import { makeSweepTable } from "../../analysis/sweep/sweep-table.ts";
import { diagnose } from "../../diagnostics/diagnostic.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import type { Provenance } from "../../export/data-package.ts";
import { tableRecords } from "../../export/records.ts";
import { createThreadRunner } from "../../run/runner.ts";
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
import { reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { ExitCode } from "../io/exit-code.ts";
import { scenarioFile, scenarioOptions } from "../io/load.ts";
import { writeFiles } from "../io/output-folder.ts";
import { openProgressBar } from "../io/progress-bar.ts";
import {
  commandLine,
  makeReportFiles,
  originOf,
  reportFileOptions,
  sampleWords,
} from "../io/report-files.ts";
import { makeRunFiles } from "../io/run-files.ts";
import { readSampleOptions, type SampleOptions, sampleOptions } from "../io/sample-options.ts";
import { printError, printJson, printResult } from "../io/streams.ts";
import { MANY_TRIALS, probeSample, sayOrRefuse } from "../io/take-sample.ts";
import { drawSweepScreen } from "../screens/sweep-screen.ts";
import { loadSweep } from "../sweep/load-sweep.ts";
import { openJournal, type SweepJournal } from "../sweep/sweep-journal.ts";
import { openSweepRunners } from "../sweep/sweep-threads.ts";

/** `sweep`: runs a scenario at many points. */
export const sweepCommand: Command = {
  usage: "sweep <file>",
  text: "Run a scenario at every point of its section `sweep`, or of the given axes; write sweep.csv, one row per point.",
  positionals: scenarioFile,
  options: {
    over: listOption(
      "An axis, as in --over let.share=0%..100%..5% or --over 'sites.main.delay=[0 months, 1 year]'; repeated axes make a grid",
    ),
    out: textOption("Folder for the table (default output/<name of the file>.sweep)"),
    ...scenarioOptions,
    trials: textOption(
      "Also run this many trials at each point, with the same draws everywhere; sweep.csv gets mean, standard error and quantiles (default 0)",
    ),
    seed: sampleOptions.seed,
    quantiles: sampleOptions.quantiles,
    threads: textOption(
      "Threads that run points (default: as many as the machine has); the figures do not depend on it",
    ),
    yes: sampleOptions.yes,
    ...reportFileOptions,
    json: flagOption("Print the rows as one JSON array"),
    ...tableOptions,
    ...reportOptions,
  },
  examples: [
    ["$0 sweep plan/starter.yaml --over sites.main.delay='0 months..12 months..3 months'", "Five points"],
    ["$0 sweep plan/starter.yaml", "The points of the file; an interrupted sweep resumes"],
  ],
  execute,
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  const options = readSampleOptions(given);
  checkCsvOptions(given);
  const loaded = loadSweep(given, environment);
  reportDiagnostics(loaded.diagnostics, given, loaded.sources);
  if (!loaded.prepared) return loaded.codeOf(loaded.diagnostics);
  const { trials = 0, seed, probabilities } = options;
  const sample = trials > 0 ? { trials, seed, probabilities } : undefined;
  try {
    const job = { prepared: loaded.prepared, load: loaded.load, sample, options };
    return await runAll(job, given, environment);
  } catch (error) {
    if (!(error instanceof SweepFault)) throw error;
    reportDiagnostics(error.diagnostics, given, error.sources);
    return loaded.codeOf(error.diagnostics);
  }
}

/** A sweep and its options. */
type SweepJob = {
  readonly prepared: PreparedSweep;
  readonly load: LoadWith;
  readonly sample: SampleSettings | undefined;
  readonly options: SampleOptions;
};

async function runAll(job: SweepJob, given: Given, environment: Environment): Promise<ExitCode> {
  const { sweep, first } = job.prepared;
  const isQuiet = isGiven(given, "quiet");
  const folder = textOf(given, "out") ?? path.join("output", `${first.slug}.sweep`);
  if (!isQuiet) printError(announce(job));
  await checkCost(job, environment, isQuiet);
  const journal = openJournalOrReport(folder, fingerprintOf(job, given, environment), given);
  if (!journal) return ExitCode.files;
  if (journal.rows.length > 0 && !isQuiet)
    printError(`${count(journal.rows.length)} of them were done before and are kept\n`);
  const rows = await runPoints(job, journal, given, environment);
  const results = await runFirstPoint(job.prepared, createThreadRunner());
  const table = makeSweepTable(sweep, rows, results, job.sample);
  const content = {
    scenario: first,
    results,
    tables: [table],
    file: textOf(given, "file") ?? "",
    given,
    environment,
    ...(job.sample
      ? { sample: { trials: job.sample.trials, seed: job.sample.seed, quantiles: job.sample.probabilities } }
      : {}),
    sweep: describeSweep(sweep),
  };
  const paths = sweep.axes.map(({ path: name }) => name);
  const swept = { table, kind: sweep.kind, paths };
  const axes = textsOf(given, "over").flatMap((axis) => ["--over", axis]);
  const words = [...axes, ...sampleWords(job.sample)];
  const reports = await makeReportFiles(
    ({ reportSweep }, origin) =>
      reportSweep({ scenario: first, ...swept, trials: job.sample?.trials ?? 0 }, origin),
    given,
    () => originOf(content, commandLine("sweep", [content.file], given, words)),
  );
  const files = [...reports, ...makeRunFiles(content)];
  const unwritten = writeFiles(folder, files);
  if (unwritten) {
    return reportDiagnostics([unwritten], given);
  }
  journal.remove();
  if (isGiven(given, "json")) printJson(tableRecords(table));
  else if (!isQuiet)
    printResult(
      `${drawSweepScreen(swept)}\n${count(rows.length)} points, ${table.columns.length} columns\nWritten  ${visibleText(path.join(folder, "sweep.csv"))}\n`,
    );
  return ExitCode.done;
}

/** Runs the remaining points, keeps each chunk in the journal, and returns all rows. */
async function runPoints(
  { prepared, load, sample, options }: SweepJob,
  journal: SweepJournal,
  given: Given,
  environment: Environment,
): Promise<readonly (readonly SweepCell[])[]> {
  const { sweep } = prepared;
  const rows: (readonly SweepCell[])[] = [...journal.rows];
  const bar = await openProgressBar(!isGiven(given, "quiet"), "points");
  const sayHow = (code: number) => {
    bar.stop();
    if (code === ExitCode.interrupted || code === ExitCode.terminated)
      printError(
        `gigafleet: interrupted after ${count(rows.length)} of ${count(sweep.count)} points; run the same command again to resume\n`,
      );
  };
  process.once("exit", sayHow);
  const left = sweep.count - rows.length;
  const how = { threads: options.threads, sample, given, environment };
  const { runners, chunkPoints, close } = openSweepRunners(prepared, load, left, how);
  try {
    for await (const chunk of runSweep(sweep, runners, chunkPoints, rows.length)) {
      rows.push(...chunk.rows);
      journal.append(chunk);
      bar.update({ done: rows.length, all: sweep.count });
    }
    return rows;
  } finally {
    process.removeListener("exit", sayHow);
    bar.stop();
    await close();
  }
}

/** Announces the cost of trials at every point, and rejects them if they take very long. */
async function checkCost(
  { prepared, sample, options }: SweepJob,
  environment: Environment,
  isQuiet: boolean,
): Promise<void> {
  const { sweep, first } = prepared;
  if (!sample || sample.trials * sweep.count < MANY_TRIALS) return;
  const { results } = await runPlain(first, createThreadRunner());
  if (!results) return;
  const one = await probeSample(prepareSample(first, results, sample), options, environment);
  const subject = `${count(sample.trials)} trials at each of ${count(sweep.count)} points`;
  sayOrRefuse(subject, { ...one, seconds: one.seconds * sweep.count }, options, isQuiet);
}

function openJournalOrReport(folder: string, fingerprint: string, given: Given) {
  try {
    return openJournal(folder, fingerprint);
  } catch (error) {
    const values = { file: folder, reason: (error as Error).message };
    reportDiagnostics([diagnose("unwritable-output", { values })], given);
    return undefined;
  }
}

/** The sweep in words, before it runs. */
function announce({ prepared: { sweep, keys }, sample }: SweepJob): string {
  const axes = sweep.axes.map(
    ({ path: name, count: values }, axis) =>
      `${name} (${count(values)}${keys[axis] === undefined ? ", compiled anew" : ""})`,
  );
  const trials = sample ? `, ${count(sample.trials)} trials each` : "";
  return `${count(sweep.count)} points${trials}: ${axes.join(sweep.kind === "grid" ? " x " : ", ")}\n`;
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

function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** Hash of everything that decides the rows: the program, the texts read, the changes, the axes. */
function fingerprintOf(
  { prepared: { sweep, first }, sample }: SweepJob,
  given: Given,
  environment: Environment,
): string {
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
  add(JSON.stringify(sample ?? {}));
  return hash.digest("hex");
}
