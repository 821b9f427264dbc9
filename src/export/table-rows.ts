import type { Table } from "../metrics/table.ts";

/** A row of a table by the names of its columns. */
export type TableRow = {
  readonly text: (column: string) => string;
  readonly number: (column: string) => number;
};

/** The rows of a table, for texts made from it; an empty cell is the empty text, and NaN as a number. */
export function rowsOf({ columns, rowCount }: Table): readonly TableRow[] {
  const byName = new Map(columns.map((column) => [column.name, column.values]));
  return Array.from({ length: rowCount }, (_, row) => {
    const cellOf = (column: string) => byName.get(column)?.[row] ?? null;
    return {
      text: (column) => String(cellOf(column) ?? ""),
      number: (column) => Number(cellOf(column) ?? Number.NaN),
    };
  });
}
