import { stringify } from "csv-stringify/sync";
import { InternalError } from "../diagnostics/diagnostic.ts";
import type { Table } from "../metrics/table.ts";
import { numberText } from "./number-text.ts";

/** How a CSV file is written. */
export type CsvOptions = {
  /** A byte order mark in front, by which some spreadsheets know UTF-8. */
  readonly bom?: boolean;
  /** What stands between cells, a comma if absent. */
  readonly delimiter?: "," | ";" | "\t";
};

/**
 * Writes a table as CSV (RFC 4180 with line feeds): one header row, `.` decimals, empty cells for null.
 *
 * Texts that a spreadsheet would run as a formula get an apostrophe in front; numbers are never touched.
 *
 * Fails: throws `InternalError` for a number that is not finite. Cost: number of cells.
 */
export function toCsv(table: Table, { bom = false, delimiter = "," }: CsvOptions = {}): string {
  const { columns, rowCount } = table;
  const misfit = columns.find((column) => column.values.length !== rowCount);
  if (misfit)
    throw new InternalError(`${table.name}.${misfit.name} has ${misfit.values.length} of ${rowCount} rows`);
  const rows = Array.from({ length: rowCount }, (_, row) => columns.map(({ values }) => values[row]));
  return stringify(rows, {
    bom,
    delimiter,
    columns: columns.map(({ name }) => name),
    header: true,
    record_delimiter: "\n",
    escape_formulas: true,
    cast: { number: numberText },
  });
}
