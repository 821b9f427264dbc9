import fs from "node:fs";
import path from "node:path";
import type { SweepRow } from "../../analysis/sweep/run-sweep.ts";
import { readKeptLines, writeKeptLines } from "../io/kept-lines.ts";
import { makeFolder } from "../io/output-folder.ts";
import type { JobIdentity } from "../shards/job-identity.ts";
import { isSameJob } from "../shards/job-identity.ts";
import { isKeptRow, keptRow, rowOf } from "./kept-rows.ts";

/** The finished points of a sweep in a file beside the result, one per line. */
export type SweepJournal = {
  /** Rows left by an earlier run, from the first point on. */
  readonly rows: readonly SweepRow[];
  readonly append: (firstPoint: number, rows: readonly SweepRow[]) => void;
  /** Deletes the journal, once the result is written. */
  readonly remove: () => void;
};

/** Name of the journal in the folder of the result. */
export const JOURNAL_NAME = "sweep.journal.jsonl";

/**
 * Opens the journal of a sweep. Reuses the lines of an earlier run of the same job. Points are computed again from the first line
 * that is cut, damaged or out of order.
 *
 * Fails: throws if the file cannot be read or written, or is a link, since a journal is never written through one.
 */
export function openJournal(folder: string, job: JobIdentity): SweepJournal {
  makeFolder(folder);
  const file = path.join(folder, JOURNAL_NAME);
  const rows = readRows(file, job);
  const { append, close } = writeKeptLines(file, [{ sweep: job }, ...rows.map(keptRow)]);
  return {
    rows,
    append: (firstPoint, more) => append(more.map((row, index) => keptRow(row, firstPoint + index))),
    remove: () => {
      close();
      fs.rmSync(file, { force: true });
    },
  };
}

function readRows(file: string, job: JobIdentity): readonly SweepRow[] {
  const rows: SweepRow[] = [];
  let isHead = true;
  for (const content of readKeptLines(file)) {
    if (isHead) {
      if (!isSameJob((content as { sweep?: unknown } | undefined)?.sweep, job)) break;
      isHead = false;
      continue;
    }
    if (!isKeptRow(content, rows.length, rows[0]?.cells.length)) break;
    rows.push(rowOf(content));
  }
  return rows;
}
