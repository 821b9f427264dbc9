import fs from "node:fs";
import { summariseTrials } from "../../analysis/sample/named-figures.ts";
import { runFirstPoint, type SweepRow } from "../../analysis/sweep/run-sweep.ts";
import { makeSweepTable } from "../../analysis/sweep/sweep-table.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { RANDOM_BLOCK } from "../../engine/index.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { bytesOfTrials, identifyFigures, MOST_BYTES, openFigures } from "../figures/figures-job.ts";
import { writeFigures } from "../figures/write-figures.ts";
import {
  type Command,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  textOf,
  textOption,
} from "../io/command.ts";
import { checkCsvOptions, tableOptions } from "../io/csv-options.ts";
import { reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { ExitCode } from "../io/exit-code.ts";
import { isFileError } from "../io/kept-lines.ts";
import { findFolderFault, reasonOf } from "../io/output-folder.ts";
import { reportFileOptions } from "../io/report-files.ts";
import { printError, printJson, printResult } from "../io/streams.ts";
import { drawParts } from "../screens/parts-screen.ts";
import {
  type CollectedParts,
  collectParts,
  describeDifference,
  faultsOfParts,
} from "../shards/collect-parts.ts";
import { describeFilling } from "../shards/fill-parts.ts";
import { differingAspect, type JobIdentity } from "../shards/job-identity.ts";
import { type PartHead, type PartItem, partName, readPart } from "../shards/part-file.ts";
import { isBlock, placeBlock, trialsOfBlock } from "../shards/trial-blocks.ts";
import { isKeptRow, rowOf } from "../sweep/kept-rows.ts";
import { identifySweep, openSweepJob } from "../sweep/sweep-job.ts";
import { writeSweep } from "../sweep/write-sweep.ts";

/** `merge`: joins the parts of a job into the results of one machine. */
export const mergeCommand: Command = {
  usage: "merge <folder>",
  text: "Join the parts of a sharded `sweep` or `run` into the same files, byte for byte, that one machine writes; or name the parts that are missing.",
  positionals: {
    folder: { type: "string", description: "Folder of the parts", demandOption: true },
  },
  options: {
    status: flagOption("Only say which parts are whole; exits with 1 until all are"),
    out: textOption("Folder for the results (default the folder of the parts)"),
    ...reportFileOptions,
    json: flagOption("Print the rows, or the status, as JSON"),
    ...tableOptions,
    ...reportOptions,
  },
  examples: [
    ["$0 merge parts --status", "How far the tasks are"],
    ["$0 merge parts --out merged", "The table, once all parts are whole"],
  ],
  execute,
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  checkCsvOptions(given);
  const folder = textOf(given, "folder") ?? "";
  try {
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      return sayUnreadable(folder, "it is not a folder");
    const found = collectParts(folder);
    if (!found) return sayUnreadable(folder, "it holds no part, such as part-1-of-8.jsonl");
    if ("code" in found) return reportDiagnostics([found], given);
    if (isGiven(given, "status")) return showStatus(found, folder, given);
    const faults = faultsOfParts(found, folder);
    if (faults.length === 0) return await merge(found.head, folder, given, environment);
    const code = reportDiagnostics(faults, given);
    if (textOf(given, "format") !== "json") printError(describeFilling(found, folder));
    return code;
  } catch (error) {
    if (error instanceof PartFault) return reportDiagnostics([error.diagnostic], given);
    if (!isFileError(error)) throw error;
    return sayUnreadable(folder, reasonOf(error));
  }
}

function sayUnreadable(folder: string, reason: string): ExitCode {
  printError(`gigafleet: no parts can be read from ${visibleText(folder)}: ${visibleText(reason)}\n`);
  return ExitCode.files;
}

function showStatus(found: CollectedParts, folder: string, given: Given): ExitCode {
  const { head, shards } = found;
  if (isGiven(given, "json")) {
    const parts = shards.map(({ shard, state, done, items }) => ({ shard, state, done, items }));
    printJson({ folder, shards: head.shards, items: head.items, parts });
  } else printResult(drawParts(found, folder));
  return shards.every(({ state }) => state === "whole") ? ExitCode.done : ExitCode.scenario;
}

/** Raised for parts that are whole and still cannot be merged. */
class PartFault extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.code);
    this.diagnostic = diagnostic;
  }
}

async function merge(
  head: PartHead,
  folder: string,
  given: Given,
  environment: Environment,
): Promise<ExitCode> {
  const { job } = head;
  if (job.version !== environment.version)
    throw refuse(
      head,
      folder,
      { version: environment.version },
      `npx gigafleet@${job.version} merge ${folder}`,
    );
  const { folder: _, ...own } = given;
  const command: Given = { ...own, ...head.given };
  const surroundings = { ...environment, texts: new Map(head.texts) };
  const out = textOf(given, "out") ?? folder;
  const unusable = findFolderFault(out);
  if (unusable) return reportDiagnostics([unusable], given);
  return job.command === "sweep"
    ? mergeSweep(head, folder, out, command, surroundings)
    : mergeFigures(head, folder, out, command, surroundings);
}

async function mergeSweep(
  head: PartHead,
  folder: string,
  out: string,
  given: Given,
  environment: Environment,
): Promise<ExitCode> {
  const job = openSweepJob(given, environment);
  if (typeof job === "number") return job;
  const { sweep } = job.prepared;
  checkJob(head, folder, identifySweep(job));
  if (head.items !== sweep.count)
    throw invalid(head, 1, `it is of ${head.items} points, not of ${sweep.count}`);
  const specimen = await runFirstPoint(job.prepared, createThreadRunner());
  const width = makeSweepTable(sweep, [], specimen, job.sample).columns.length;
  const rows: SweepRow[] = [];
  takeItems(head, folder, (item) => {
    const isFaulty = "fault" in item;
    if (!isKeptRow(item, item.at, isFaulty ? 1 + sweep.axes.length : width)) return false;
    rows.push(rowOf(item));
    return true;
  });
  return writeSweep(job, rows, out, () => {});
}

async function mergeFigures(
  head: PartHead,
  folder: string,
  out: string,
  given: Given,
  environment: Environment,
): Promise<ExitCode> {
  const job = await openFigures(given, environment);
  if (typeof job === "number") return job;
  checkJob(head, folder, identifyFigures(job));
  const { figures, plain } = job;
  if (!figures) throw invalid(head, 1, "it is of a run without trials");
  const { trials } = figures.options;
  const width = figures.figures.figures.length;
  if (bytesOfTrials(figures) > MOST_BYTES || head.items !== Math.ceil(trials / RANDOM_BLOCK))
    throw invalid(head, 1, `it is of ${head.items} blocks of ${trials} trials`);
  const values = new Float64Array(width * trials);
  takeItems(head, folder, (item) => {
    if (!isBlock(item, width * trialsOfBlock(item.at, trials))) return false;
    placeBlock(item, values, trials);
    return true;
  });
  const results = summariseTrials(figures, plain, (figure, target) =>
    target.set(values.subarray(figure * trials, (figure + 1) * trials)),
  );
  return writeFigures(job, results, out);
}

/** Fails: throws `PartFault` where this program, with the texts of the parts, would do another job. */
function checkJob(head: PartHead, folder: string, own: JobIdentity): void {
  if (differingAspect(head.job, own) !== undefined) throw refuse(head, folder, own);
}

function refuse(head: PartHead, folder: string, own: JobIdentity, help?: string): PartFault {
  const aspect =
    Object.keys(own).find((one) => own[one] !== head.job[one]) ?? differingAspect(head.job, own) ?? "";
  const reason = describeDifference(aspect, head.job, own, "this program");
  const remedy = help ?? "merge with the program that wrote the parts, or run them again";
  return new PartFault(diagnose("conflict-parts", { values: { part: folder, reason }, help: remedy }));
}

function invalid({ shards }: PartHead, shard: number, reason: string): PartFault {
  return new PartFault(
    diagnose("invalid-part", {
      values: { part: partName({ shard, shards }), reason },
      help: "run its task again",
    }),
  );
}

/**
 * Gives all items of all parts, in order.
 *
 * @param take false for an item that is not of this job
 *
 * Fails: throws `PartFault` for such an item, and for a part that has changed since it was found whole.
 */
function takeItems({ shards, ...head }: PartHead, folder: string, take: (item: PartItem) => boolean): void {
  for (let shard = 1; shard <= shards; shard++) {
    let isTaken = true;
    const state = readPart(folder, { shard, shards }, (item) => {
      isTaken &&= take(item);
    });
    if (!isTaken) throw invalid({ shards, ...head }, shard, "a line of it is not of this job");
    if (!state.isWhole) throw invalid({ shards, ...head }, shard, "it changed while it was read");
  }
}
