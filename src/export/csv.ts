import { stringify } from "csv-stringify/sync";
import { InternalError } from "../diagnostics/diagnostic.ts";
import type { Table } from "../metrics/table.ts";
import { numberText } from "./number-text.ts";

/** Format of a CSV file. */
export type CsvOptions = {
  /** A byte order mark at the beginning, by which some spreadsheets recognise UTF-8. */
  readonly bom?: boolean;
  /** Delimiter of cells, by default a comma. */
  readonly delimiter?: "," | ";" | "\t";
};

/** Cells per piece of a file: enough for cheap writing, and few enough to be freed soon. */
const cellsOfPiece = 32_768;

/**
 * Writes a table as CSV (RFC 4180 with line feeds): one header row, `.` decimals, empty cells for null.
 *
 * Texts that a spreadsheet would run as a formula get an apostrophe in front; numbers are never changed.
 *
 * Fails: throws `InternalError` for a number that is not finite. Cost: number of cells.
 */
export function toCsv(table: Table, options: CsvOptions = {}): string {
  return [...csvPieces(table, options)].join("");
}

/**
 * The same text in pieces of whole rows, each made on demand, so that a long table is never in memory twice.
 *
 * csv-stringify quotes each distinct text once; a number needs no quotes, so its digits are the cell.
 */
export function* csvPieces(
  table: Table,
  { bom = false, delimiter = "," }: CsvOptions = {},
): Generator<string> {
  const { columns, rowCount } = table;
  const misfit = columns.find((column) => column.values.length !== rowCount);
  if (misfit)
    throw new InternalError(`${table.name}.${misfit.name} has ${misfit.values.length} of ${rowCount} rows`);
  const format = { delimiter, record_delimiter: "\n", escape_formulas: true, eof: false };
  const quoted = new Map<string, string>();
  const quote = (text: string): string => {
    const known = quoted.get(text);
    if (known !== undefined) return known;
    const cell = stringify([[text]], format);
    quoted.set(text, cell);
    return cell;
  };
  yield `${stringify([columns.map(({ name }) => name)], { ...format, bom })}\n`;
  const rowsOfPiece = Math.ceil(cellsOfPiece / Math.max(1, columns.length));
  const cells = new Array<string>(columns.length);
  for (let first = 0; first < rowCount; first += rowsOfPiece) {
    const end = Math.min(first + rowsOfPiece, rowCount);
    let piece = "";
    for (let row = first; row < end; row++) {
      for (let index = 0; index < cells.length; index++) {
        const value = columns[index].values[row];
        cells[index] = typeof value === "number" ? numberText(value) : value === null ? "" : quote(value);
      }
      piece += `${cells.join(delimiter)}\n`;
    }
    yield piece;
  }
}
