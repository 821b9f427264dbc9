import { stringify } from "csv-stringify/sync";
import { InternalError } from "../diagnostics/diagnostic.ts";
import type { Table } from "../metrics/table.ts";
import { dustOf, numberText } from "./number-text.ts";

/** Format of a CSV file. */
export type CsvOptions = {
  /** A byte order mark at the beginning, by which some spreadsheets recognise UTF-8. */
  readonly bom?: boolean;
  /** Delimiter of cells, by default a comma. */
  readonly delimiter?: "," | ";" | "\t";
  /** Decimal sign of numbers, by default a point; never the delimiter. */
  readonly decimal?: "." | ",";
};

/** Cells per piece of a file: enough for cheap writing, and few enough to be freed soon. */
const CELLS_OF_PIECE = 32_768;

/** Most rows that are kept to be compared with: those of one month have one for each entity. */
const MOST_KEPT = 100;

/** A signed number or percentage: a spreadsheet reads it as a number, and runs nothing. */
const SIGNED_NUMBER = /^[+-](?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?: ?%)?$/;

/** Texts that csv-stringify writes unchanged with any delimiter, such as names and dates. */
const PLAIN_TEXT = /^\w[\w .:/-]*$/;

/**
 * Writes a table as CSV (RFC 4180 with line feeds): one header row, 15 significant digits, empty cells for null. What rounding
 * left of 0 in a column of a metric is 0.
 *
 * Texts that a spreadsheet would run as a formula get an apostrophe in front; numbers never do, whatever their sign.
 *
 * Fails: throws `InternalError` for a number that is not finite. Cost: number of cells.
 */
export function toCsv(table: Table, options: CsvOptions = {}): string {
  return [...csvPieces(table, options)].join("");
}

/**
 * The same text in pieces of whole rows, each made on demand, so that a long table is never in memory twice.
 *
 * csv-stringify quotes each distinct text once; a number needs no quotes, so its digits are the cell. A cell that is equal to that
 * of the same entity a month before is written once: two thirds of all are.
 */
export function* csvPieces(
  table: Table,
  { bom = false, delimiter = ",", decimal = "." }: CsvOptions = {},
): Generator<string> {
  const { columns, rowCount, isExact = false } = table;
  const misfit = columns.find((column) => column.values.length !== rowCount);
  if (misfit)
    throw new InternalError(`${table.name}.${misfit.name} has ${misfit.values.length} of ${rowCount} rows`);
  const format = { delimiter, record_delimiter: "\n", eof: false };
  const quoted = new Map<string, string>();
  const quote = (text: string): string => {
    const known = quoted.get(text);
    if (known !== undefined) return known;
    const cell = PLAIN_TEXT.test(text)
      ? text
      : stringify([[text]], { ...format, escape_formulas: !SIGNED_NUMBER.test(text) });
    quoted.set(text, cell);
    return cell;
  };
  const workloads = columns.find(({ name }) => name === "workload");
  const dust = columns.map((column) => (isExact ? 0 : dustOf(column, workloads)));
  const write = (value: number, row: number, column: number): string => {
    const least = dust[column];
    if (Math.abs(value) < (typeof least === "number" ? least : least[row])) return "0";
    const text = numberText(value, isExact);
    return decimal === "." ? text : text.replace(".", decimal);
  };
  const header = stringify([columns.map(({ name }) => name)], { ...format, escape_formulas: true, bom });
  yield `${header}\n`;
  const rowsOfPiece = Math.ceil(CELLS_OF_PIECE / Math.max(1, columns.length));
  const lists = columns.map(({ values }) => values);
  const kept = Array.from({ length: rowsOfMonth(table) }, () => ({
    known: new Array<string | number | null>(columns.length).fill(null),
    cells: new Array<string>(columns.length).fill(""),
  }));
  for (let first = 0; first < rowCount; first += rowsOfPiece) {
    const end = Math.min(first + rowsOfPiece, rowCount);
    let piece = "";
    for (let row = first; row < end; row++) {
      const { known, cells } = kept[row % kept.length];
      for (let index = 0; index < cells.length; index++) {
        const value = lists[index][row];
        if (value === known[index] && typeof dust[index] === "number") continue;
        known[index] = value;
        cells[index] =
          typeof value === "number" ? write(value, row, index) : value === null ? "" : quote(value);
      }
      piece += `${cells.join(delimiter)}\n`;
    }
    yield piece;
  }
}

/** How many rows begin alike at the top of a table: those of its first month, one for each entity. */
function rowsOfMonth({ columns: [first], rowCount }: Table): number {
  let count = 1;
  while (count < rowCount && count < MOST_KEPT && first?.values[count] === first?.values[0]) count++;
  return count;
}
