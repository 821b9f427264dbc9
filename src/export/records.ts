import type { Table } from "../metrics/table.ts";

/** A table as objects, one per row, for JSON: months and words as text, empty cells as null. */
export function tableRecords({
  columns,
  rowCount,
}: Table): readonly Readonly<Record<string, string | number | null>>[] {
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[row]])),
  );
}
