import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { SweepCell, SweepChunk } from "../../analysis/sweep/run-sweep.ts";

/** The finished part of a sweep, one line per chunk, in a file beside the result. */
export type SweepJournal = {
  /** Rows left by an earlier run, from the first point on. */
  readonly rows: readonly (readonly SweepCell[])[];
  readonly append: (chunk: SweepChunk) => void;
  /** Deletes the journal, once the result is written. */
  readonly remove: () => void;
};

/** Name of the journal in the folder of the result. */
export const JOURNAL_NAME = "sweep.journal.jsonl";

/**
 * Opens the journal of a sweep. Reuses the lines of an earlier run with the same fingerprint. Each line begins with its
 * hash; points are computed again from the first line that is cut, damaged or out of order.
 *
 * @param fingerprint hash of everything that decides the rows
 *
 * Fails: throws if the file cannot be read or written, or is a link, since a journal is never written through one.
 */
export function openJournal(folder: string, fingerprint: string): SweepJournal {
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, JOURNAL_NAME);
  const { O_RDWR, O_CREAT, O_NOFOLLOW = 0 } = fs.constants;
  const descriptor = openOrExplain(file, O_RDWR | O_CREAT | O_NOFOLLOW);
  const head = lineOf({ sweep: fingerprint });
  const text = fs.readFileSync(descriptor, "utf8");
  const rows: (readonly SweepCell[])[] = [];
  let kept = text.startsWith(head) ? head.length : 0;
  while (kept > 0) {
    const end = text.indexOf("\n", kept);
    const chunk = end < 0 ? undefined : parseChunk(text.slice(kept, end));
    if (chunk?.firstPoint !== rows.length || !haveOneWidth([...rows.slice(0, 1), ...chunk.rows])) break;
    rows.push(...chunk.rows);
    kept = end + 1;
  }
  const whole = kept === 0 ? head : text.slice(0, kept);
  fs.ftruncateSync(descriptor, 0);
  fs.writeSync(descriptor, whole, 0);
  let length = Buffer.byteLength(whole);
  return {
    rows,
    append: (chunk) => {
      length += fs.writeSync(descriptor, lineOf(chunk), length);
    },
    remove: () => {
      fs.closeSync(descriptor);
      fs.rmSync(file, { force: true });
    },
  };
}

function openOrExplain(file: string, flags: number): number {
  try {
    return fs.openSync(file, flags, 0o666);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOOP") throw error;
    throw new Error(`${file} is a symbolic link; remove it, or name another folder with \`--out\``);
  }
}

/** Content as a line that begins with its hash. */
function lineOf(content: object): string {
  const json = JSON.stringify(content);
  return `${hashOf(json)} ${json}\n`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** The chunk of a line; undefined where the line is not as it was written. */
function parseChunk(line: string): SweepChunk | undefined {
  const blank = line.indexOf(" ");
  const json = line.slice(blank + 1);
  if (blank < 0 || line.slice(0, blank) !== hashOf(json)) return undefined;
  const chunk: unknown = JSON.parse(json);
  return isChunk(chunk) ? chunk : undefined;
}

/** Anyone can write a line with a right hash, so that its shape counts too. */
function isChunk(content: unknown): content is SweepChunk {
  const { firstPoint, rows } = (content ?? {}) as Record<string, unknown>;
  return Number.isInteger(firstPoint) && Array.isArray(rows) && rows.length > 0 && rows.every(isRow);
}

function isRow(row: unknown): row is readonly SweepCell[] {
  const isCell = (cell: unknown): boolean =>
    cell === null || typeof cell === "string" || typeof cell === "number";
  return Array.isArray(row) && row.every(isCell);
}

function haveOneWidth(rows: readonly (readonly SweepCell[])[]): boolean {
  return rows.every((row) => row.length === rows[0]?.length);
}
