import type { SweepCell, SweepRow } from "../../analysis/sweep/run-sweep.ts";

/** A point of a sweep as a line of a journal or of a part. */
export type KeptRow = SweepRow & { readonly at: number };

/** The line of the point `at`. */
export function keptRow({ cells, fault }: SweepRow, at: number): KeptRow {
  return { at, cells, ...(fault === undefined ? {} : { fault }) };
}

/** The row of a line. */
export function rowOf({ cells, fault }: KeptRow): SweepRow {
  return { cells, ...(fault === undefined ? {} : { fault }) };
}

/**
 * Whether a line is that of the point `at`. Anyone can write a line with a right hash, so its shape counts too.
 *
 * @param width number of cells, if it is known
 */
export function isKeptRow(content: unknown, at: number, width?: number): content is KeptRow {
  const row = (content ?? {}) as Record<string, unknown>;
  return (
    row.at === at &&
    Array.isArray(row.cells) &&
    row.cells.every(isCell) &&
    row.cells.length === (width ?? row.cells.length) &&
    (row.fault === undefined || typeof row.fault === "string")
  );
}

function isCell(cell: unknown): cell is SweepCell {
  return cell === null || typeof cell === "string" || typeof cell === "number";
}
