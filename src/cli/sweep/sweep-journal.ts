import fs from "node:fs";
import path from "node:path";
import type { SweepCell, SweepChunk } from "../../analysis/sweep/run-sweep.ts";

/** What a sweep has done so far, one line a chunk, in a file beside the result. */
export type SweepJournal = {
  /** Rows that an earlier run has left, from the first point on. */
  readonly rows: readonly (readonly SweepCell[])[];
  readonly append: (chunk: SweepChunk) => void;
  /** Takes the journal away, once the result is written. */
  readonly remove: () => void;
};

/** Name of the journal in the folder of the result. */
export const JOURNAL_NAME = "sweep.journal.jsonl";

/**
 * Opens the journal of a sweep. Lines of an earlier run are taken over if it was the same sweep, by its fingerprint; a last
 * line that was cut is dropped, and so is all behind it.
 *
 * @param fingerprint hash of all that decides the rows
 *
 * Fails: throws where the file cannot be read or written.
 */
export function openJournal(folder: string, fingerprint: string): SweepJournal {
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, JOURNAL_NAME);
  const head = `${JSON.stringify({ sweep: fingerprint })}\n`;
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  const rows: (readonly SweepCell[])[] = [];
  let kept = text.startsWith(head) ? head.length : 0;
  while (kept > 0) {
    const end = text.indexOf("\n", kept);
    const chunk = end < 0 ? undefined : parseChunk(text.slice(kept, end));
    if (chunk?.firstPoint !== rows.length) break;
    rows.push(...chunk.rows);
    kept = end + 1;
  }
  fs.writeFileSync(file, kept === 0 ? head : text.slice(0, kept));
  return {
    rows,
    append: (chunk) => fs.appendFileSync(file, `${JSON.stringify(chunk)}\n`),
    remove: () => fs.rmSync(file, { force: true }),
  };
}

function parseChunk(line: string): SweepChunk | undefined {
  try {
    return JSON.parse(line) as SweepChunk;
  } catch {
    return undefined;
  }
}
