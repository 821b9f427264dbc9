import type { Column, Table } from "../../metrics/table.ts";

/** A column of a table of records: what it is, and its cell for a record, which has a place among all. */
export type ColumnOf<Row> = Omit<Column, "values"> & {
  readonly of: (row: Row, place: number) => string | number | null;
};

/** A table with a row for each record. Fails: never. */
export function tableOf<Row>(
  name: string,
  text: string,
  primaryKey: readonly string[],
  rows: readonly Row[],
  columns: readonly ColumnOf<Row>[],
): Table {
  const made = columns.map(({ of, ...head }) => ({ ...head, values: rows.map(of) }));
  return { name, text, columns: made, rowCount: rows.length, primaryKey };
}

/** A column of texts; one that is missing or empty is an empty cell. */
export function words<Row>(
  name: string,
  text: string,
  of: (row: Row, place: number) => string | null | undefined,
): ColumnOf<Row> {
  return { name, type: "string", text, of: (row, place) => of(row, place) || null };
}

/** A column of months as texts; one that is missing is an empty cell. */
export function months<Row>(
  name: string,
  text: string,
  of: (row: Row, place: number) => string | null,
): ColumnOf<Row> {
  return { name, type: "month", text, of };
}

/** A column of numbers in a unit; one that is missing is an empty cell. */
export function numbers<Row>(
  name: string,
  unit: string,
  text: string,
  of: (row: Row, place: number) => number | null | undefined,
): ColumnOf<Row> {
  return { name, type: "number", unit, text, of: (row, place) => of(row, place) ?? null };
}

/** A column of numbers whose unit differs by row and stands in another column. */
export function mixedNumbers<Row>(
  name: string,
  text: string,
  of: (row: Row, place: number) => number | null | undefined,
): ColumnOf<Row> {
  return { name, type: "number", text, of: (row, place) => of(row, place) ?? null };
}
