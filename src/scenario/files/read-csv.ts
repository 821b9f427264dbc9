import { type Diagnostic, diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { hasDecimalPoint } from "../../units/number-notation.ts";
import { meantMonth, readMonth } from "../language/month-text.ts";
import { type Layer, mapOf, type ScalarNode, type TreeEntry, type TreeNode } from "./tree.ts";

/** Longest CSV text that is read [characters]. */
const LONGEST_TEXT = 5_000_000;
/** Most rows of a table by month: more than a century. */
const MOST_ROWS = 2_000;
/** Most columns. */
const MOST_COLUMNS = 2_000;

/** A reference to a CSV file: `{ csv: ./power.csv, column: power_gw, unit: GW }`. */
export type CsvRequest = {
  /** Name of the file for diagnostics. */
  readonly file: string;
  /** Heading of the column that holds the values. */
  readonly column: ScalarNode;
  /** Unit appended to every number; empty for plain numbers. */
  readonly unit: string;
  readonly layer: Layer;
  /** The node that refers to the file, for the table's own place. */
  readonly like: TreeNode;
};

/**
 * Reads a column of a CSV file as an equivalent table by month.
 *
 * The first row holds headings, the first column is `month`. Cells are finite numbers without units, so they can be neither
 * expressions nor spreadsheet formulas. An empty cell omits its month. Files are read as spreadsheets save them: cells between
 * commas, semicolons or tabs, and with semicolons or tabs also decimal commas, which a warning says.
 *
 * @return a map from month to number with unit, with places in the CSV file; or the faults
 *
 * Fails: never. Cost: length of the text, which is bounded.
 */
export function readCsvTable(
  text: string,
  request: CsvRequest,
): { readonly tree?: TreeNode; readonly diagnostics: readonly Diagnostic[] } {
  const { file, column } = request;
  if (text.length > LONGEST_TEXT) {
    const values = { subject: `\`${file}\``, got: `${text.length} characters`, limit: `${LONGEST_TEXT}` };
    return { diagnostics: [diagnose("too-large", { values, span: request.like.span })] };
  }
  const refuse = (reason: string, span: Span, help?: string) => ({
    diagnostics: [diagnose("invalid-csv", { values: { file, reason }, span, help })],
  });
  const plain = text.replace(/^\ufeff/, "");
  const delimiter = delimiterOf(plain);
  const parsed = parseCsv(plain, file, delimiter);
  if ("reason" in parsed) return refuse(parsed.reason, parsed.span);
  const [heading, ...rows] = parsed.rows;
  if (!heading) return refuse("it is empty", request.like.span);
  if (rows.length > MOST_ROWS) return refuse(`more than ${MOST_ROWS} rows`, request.like.span);
  if (heading.length > MOST_COLUMNS) return refuse(`more than ${MOST_COLUMNS} columns`, request.like.span);
  if (heading[0]?.text !== "month") {
    const help = "write `month` there; months stand in the first column";
    return refuse(
      "the heading of the first column is not `month`",
      heading[0]?.span ?? request.like.span,
      help,
    );
  }
  const index = heading.findIndex((cell, at) => at > 0 && cell.text === column.text);
  if (index < 0) return { diagnostics: [unknownColumn(request, heading.slice(1))] };
  const seen = new Set<string>();
  const twice = heading.find(({ text: name }) => seen.has(name) || !seen.add(name));
  if (twice) return refuse(`two columns are headed \`${twice.text}\``, twice.span);
  const commas = delimiter === "," ? undefined : readDecimalCommas(rows, index, request);
  if (commas?.fault) return { diagnostics: [commas.fault] };
  const read = readRows(commas?.rows ?? rows, index, heading.length, request);
  return commas?.warning && read.tree
    ? { ...read, diagnostics: [...read.diagnostics, commas.warning] }
    : read;
}

/** Delimiters that spreadsheets save with. */
const DELIMITERS = [",", ";", "\t"] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** The delimiter after which the first heading is `month`; a comma where none is. */
function delimiterOf(text: string): Delimiter {
  return DELIMITERS.find((delimiter) => new RegExp(`^"?month"?${delimiter}`).test(text)) ?? ",";
}

/** A number with a decimal comma, and one whose comma or point may as well stand between thousands. */
const DECIMAL_COMMA = /^[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?$/;
const DOUBTFUL_SIGN = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;

/**
 * Reads the commas of a column as decimal signs; undefined where it has none.
 *
 * A column with points and commas is refused, and one in which every comma or every point may stand between thousands: a
 * spreadsheet that separates cells by semicolons is mostly one that writes `1.250` for 1250.
 */
function readDecimalCommas(
  rows: readonly (readonly Cell[])[],
  index: number,
  { file, like }: CsvRequest,
):
  | { readonly fault: Diagnostic; readonly rows?: undefined; readonly warning?: undefined }
  | { readonly rows: readonly (readonly Cell[])[]; readonly warning: Diagnostic; readonly fault?: undefined }
  | undefined {
  const cells = rows.flatMap((row) => (row[index] ? [row[index]] : []));
  const withComma = cells.filter(({ text }) => DECIMAL_COMMA.test(text.trim()));
  const [first] = withComma;
  const refuse = ({ span }: Cell, reason: string) => ({
    fault: diagnose("invalid-csv", { values: { file, reason }, span }),
  });
  const withPoints = cells.filter(({ text }) => text.includes("."));
  const [withPoint] = withPoints;
  if (!first) return withPoint && areDoubtful(withPoints) ? refuse(withPoint, doubtOf(withPoint)) : undefined;
  if (withPoint)
    return refuse(
      withPoint,
      `\`${withPoint.text}\` has a point and \`${first.text}\` a comma; use one decimal sign in the column`,
    );
  if (areDoubtful(withComma)) return refuse(first, doubtOf(first));
  return {
    rows: rows.map((row) =>
      row.map((cell, at) =>
        at === index && DECIMAL_COMMA.test(cell.text.trim())
          ? { ...cell, text: cell.text.replace(",", ".") }
          : cell,
      ),
    ),
    warning: diagnose("decimal-comma", { values: { file, example: first.text }, span: like.span }),
  };
}

/** Whether the sign of every number may as well stand between thousands. */
function areDoubtful(cells: readonly Cell[]): boolean {
  return cells.every(({ text }) => DOUBTFUL_SIGN.test(text.trim()));
}

/** What a doubtful number may be. */
function doubtOf({ text }: Cell): string {
  const written = text.trim();
  const sign = written.includes(",") ? "comma" : "point";
  const [decimal, whole] = [Number(written.replace(",", ".")), Number(written.replace(/[.,]/, ""))];
  return `\`${written}\` may be ${decimal} or ${whole}; write it without a ${sign} or with other decimals`;
}

function readRows(rows: readonly (readonly Cell[])[], index: number, width: number, request: CsvRequest) {
  const { file, unit, layer, like } = request;
  const diagnostics: Diagnostic[] = [];
  const entries = new Map<string, TreeEntry>();
  const isDecimal = rows.some((row) => hasDecimalPoint(row[index]?.text ?? ""));
  for (const row of rows) {
    const [month, value] = [row[0], row[index]];
    if (!month) continue;
    const fault = (reason: string, span: Span, help?: string): void => {
      diagnostics.push(diagnose("invalid-csv", { values: { file, reason }, span, help }));
    };
    // Spreadsheets and databases write a month with its first or its last day.
    const key = month.text.replace(/^(\d{4}-\d{2})-(?:0[1-9]|[12]\d|3[01])$/, "$1");
    if (row.length !== width)
      fault(`the row has ${countOf(row.length, "cell")}, the heading ${width}`, month.span);
    else if (readMonth(key) === undefined)
      fault(`\`${month.text}\` is not a month such as 2027-01`, month.span, helpForMonth(month.text));
    else if (entries.has(key)) fault(`a second row for ${key}`, month.span);
    else if (value && value.text.trim() !== "") {
      if (!isFiniteNumber(value.text)) fault(`\`${value.text}\` is not a finite number`, value.span);
      else entries.set(key, { keySpan: month.span, value: scalarOf(value, unit, layer, isDecimal) });
    }
  }
  if (diagnostics.length === 0 && entries.size === 0) {
    diagnostics.push(
      diagnose("invalid-csv", { values: { file, reason: "it has no rows" }, span: like.span }),
    );
  }
  return diagnostics.length > 0 ? { diagnostics } : { tree: mapOf(entries, like), diagnostics };
}

/** How the month that a cell means is written, where it means one. */
function helpForMonth(text: string): string {
  const meant = meantMonth(text);
  return meant
    ? `write \`${meant}\``
    : "write months as `2027-01` or `2027-Q1`, and leave out other rows, such as totals";
}

/** A cell as a value. Zeros at the end go where another number of the column shows that its points are decimal. */
function scalarOf(cell: Cell, unit: string, layer: Layer, isDecimal: boolean): ScalarNode {
  const trimmed = cell.text.trim();
  const number = isDecimal ? trimmed.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") : trimmed;
  const text = `${number}${unit === "" ? "" : ` ${unit}`}`;
  return { kind: "scalar", text, quoted: false, isNull: false, span: cell.span, layer };
}

function unknownColumn({ file, column }: CsvRequest, heading: readonly Cell[]): Diagnostic {
  const names = heading.map((cell) => cell.text);
  const near = nearest(column.text, names);
  const offered = (near.length > 0 ? near : names.slice(0, 5)).map((name) => `\`${name}\``).join(", ");
  const reason = `there is no column \`${column.text}\``;
  return diagnose("invalid-csv", {
    values: { file, reason },
    span: column.span,
    expected: `one of ${offered}`,
  });
}

function isFiniteNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim()) && Number.isFinite(Number(text));
}

function countOf(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** A cell with its place. */
export type Cell = { readonly text: string; readonly span: Span };

/**
 * Splits RFC 4180 text into cells with their places; rows without text are dropped.
 *
 * Our own reader, because diagnostics need the place of each cell, which CSV libraries do not keep, and the format is
 * simple.
 */
export function parseCsv(
  text: string,
  file: string,
  delimiter: Delimiter = ",",
): { readonly rows: readonly (readonly Cell[])[] } | { readonly reason: string; readonly span: Span } {
  const rows: Cell[][] = [[]];
  // Each match is one cell, quoted or free of quotes, and its separator.
  const cellText = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r\\n|\\n|\\r|$)`,
    "y",
  );
  let line = 1;
  let lineStart = 0;
  while (cellText.lastIndex <= text.length) {
    const start = cellText.lastIndex;
    const span: Span = { file, line, column: start - lineStart + 1, length: 1 };
    const match = cellText.exec(text);
    if (!match) return { reason: "a quote is not closed, or occurs inside a cell", span };
    const [whole, quoted, plain = "", end = ""] = match;
    const length = Math.max(1, (whole.split(/[\r\n]/, 1)[0] ?? "").length - (end === delimiter ? 1 : 0));
    rows.at(-1)?.push({ text: quoted?.replaceAll('""', '"') ?? plain, span: { ...span, length } });
    const breaks = [...whole.matchAll(/\r\n|\n|\r/g)];
    line += breaks.length;
    const last = breaks.at(-1);
    if (last) lineStart = start + last.index + last[0].length;
    if (end === "") break;
    if (end !== delimiter) rows.push([]);
  }
  return { rows: rows.filter((row) => row.some((cell) => cell.text !== "")) };
}
