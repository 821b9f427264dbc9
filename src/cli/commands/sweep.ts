import path from "node:path";
import { diagnose } from "../../diagnostics/diagnostic.ts";
import { countText } from "../../export/number-text.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  listOption,
  textOf,
  textOption,
} from "../io/command.ts";
import { checkCsvOptions, tableOptions } from "../io/csv-options.ts";
import { reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { ExitCode } from "../io/exit-code.ts";
import { isFileError } from "../io/kept-lines.ts";
import { scenarioFile, scenarioOptions } from "../io/load.ts";
import { findFolderFault, reasonOf } from "../io/output-folder.ts";
import { reportFileOptions } from "../io/report-files.ts";
import { sampleOptions } from "../io/sample-options.ts";
import { printError } from "../io/streams.ts";
import type { OpenPart } from "../shards/part-file.ts";
import { runShard, type ShardedJob } from "../shards/run-shard.ts";
import { readShard, type Shard, type ShardRange, shardOptions } from "../shards/shard-options.ts";
import { announceCost } from "../sweep/estimate-sweep.ts";
import { isKeptRow, type KeptRow, keptRow, rowOf } from "../sweep/kept-rows.ts";
import { runPoints } from "../sweep/run-points.ts";
import { identifySweep, openSweepJob, type SweepJob } from "../sweep/sweep-job.ts";
import { JOURNAL_NAME, openJournal } from "../sweep/sweep-journal.ts";
import { writeSweep } from "../sweep/write-sweep.ts";

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
    ...shardOptions,
    ...reportFileOptions,
    json: flagOption("Print the rows as one JSON array"),
    ...tableOptions,
    ...reportOptions,
  },
  examples: [
    ["$0 sweep plan/starter.yaml --over sites.main.delay='0 months..12 months..3 months'", "Five points"],
    ["$0 sweep plan/starter.yaml", "The points of the file; an interrupted sweep resumes"],
    [
      "$0 sweep plan/starter.yaml --shard 1/5 --out parts",
      "The first fifth of the points, into a part file for `merge`",
    ],
  ],
  execute,
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  checkCsvOptions(given);
  const shard = readShard(given, process.env);
  const job = openSweepJob(given, environment);
  if (typeof job === "number") return job;
  const folder = textOf(given, "out") ?? path.join("output", `${job.prepared.first.slug}.sweep`);
  // A part is opened before anything is computed, also in folders where files cannot be renamed.
  const unusable = shard ? undefined : findFolderFault(folder);
  if (unusable) return reportDiagnostics([unusable], given);
  if (!isGiven(given, "quiet")) printError(announce(job));
  return shard ? runPart(job, shard, folder) : runAll(job, folder);
}

async function runAll(job: SweepJob, folder: string): Promise<ExitCode> {
  const { options, given } = job;
  const range = { first: 0, end: job.prepared.sweep.count };
  await announceCost(job, range, { isConfirmed: options.isConfirmed, isQuiet: isGiven(given, "quiet") });
  try {
    const journal = openJournal(folder, identifySweep(job));
    const rows = await runPoints(job, range, journal);
    return await writeSweep(job, rows, folder, journal.remove);
  } catch (error) {
    if (!isFileError(error)) throw error;
    const values = { file: path.join(folder, JOURNAL_NAME), reason: reasonOf(error) };
    return reportDiagnostics([diagnose("unwritable-output", { values })], given);
  }
}

/** Runs a shard into its part. It never asks: who divides a sweep knows how long the whole takes. */
function runPart(job: SweepJob, shard: Shard, folder: string): Promise<ExitCode> {
  const { given, environment, prepared } = job;
  const { count: points } = prepared.sweep;
  const sharded: ShardedJob<KeptRow> = {
    scenario: prepared.first,
    identity: identifySweep(job),
    folder,
    items: points,
    unit: "points",
    describe: ({ first, end }) =>
      `points ${countText(first + 1)} to ${countText(end)} of ${countText(points)}`,
    isItem: (item): item is KeptRow => isKeptRow(item, item.at),
    run: (range, part) => runRange(job, range, part),
  };
  return runShard(shard, sharded, given, environment);
}

async function runRange(job: SweepJob, range: ShardRange, part: OpenPart<KeptRow>): Promise<ExitCode> {
  const isQuiet = isGiven(job.given, "quiet");
  const left = { first: range.first + part.kept.length, end: range.end };
  await announceCost(job, left, { isConfirmed: true, isQuiet });
  const rows = await runPoints(job, range, {
    rows: part.kept.map(rowOf),
    append: (first, more) => part.append(more.map((row, index) => keptRow(row, first + index))),
  });
  const faulty = rows.filter(({ fault }) => fault !== undefined).length;
  if (faulty > 0 && !isQuiet)
    printError(`${countText(faulty)} points are at fault; the merged table says why, and the others stand\n`);
  return ExitCode.done;
}

/** The sweep in words, before it runs. */
function announce({ prepared: { sweep, keys }, sample }: SweepJob): string {
  const axes = sweep.axes.map(
    ({ path: name, count: values }, axis) =>
      `${name} (${countText(values)}${keys[axis] === undefined ? ", compiled anew" : ""})`,
  );
  const trials = sample ? `, ${countText(sample.trials)} trials each` : "";
  return `${countText(sweep.count)} points${trials}: ${axes.join(sweep.kind === "grid" ? " x " : ", ")}\n`;
}
