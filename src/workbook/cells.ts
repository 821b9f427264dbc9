/** A cell of a sheet: a constant, or a formula with the value that the engine found for it. */
export type Cell = {
  readonly value: string | number | null;
  /** Without the leading `=`. */
  readonly formula?: string | MovedFormula;
  readonly style?: CellStyle;
};

/** A formula that is filled down: texts, and the numbers of rows, which move with its own row. */
export type FilledFormula = {
  readonly pieces: readonly (string | number)[];
  /** Rows that it stands in, one below the other. */
  readonly count: number;
};

/** A filled formula some rows below its first one. Sheets have thousands for each text, so none has a text of its own. */
export class MovedFormula {
  readonly filled: FilledFormula;
  readonly moved: number;

  constructor(filled: FilledFormula, moved: number) {
    this.filled = filled;
    this.moved = moved;
  }

  toString(): string {
    const { pieces } = this.filled;
    return pieces.map((piece) => (typeof piece === "number" ? piece + this.moved : piece)).join("");
  }
}

/** Characters of a filled formula in its last row, where it is longest. */
export function longestOf(filled: FilledFormula): number {
  return new MovedFormula(filled, filled.count - 1).toString().length;
}

/** What a cell is, which its colours say, and how its number is shown. */
export type CellStyle = {
  readonly kind:
    | "text"
    | "period"
    | "title"
    | "head"
    | "unit"
    | "formula"
    | "kernel"
    | "word"
    | "live"
    | "locked"
    | "note"
    | "label";
  readonly format?: string;
};

/** A row from its first column; undefined for an empty cell. */
export type Row = readonly (Cell | undefined)[];

/** Rows of a sheet: an array, or rows that are made while they are read, because a large plan has more than memory should hold. */
export type Rows = Iterable<Row> & {
  readonly length: number;
  /** What is known of rows that are made while they are read. */
  readonly ahead?: RowsAhead;
};

/** Styles of all cells of rows, and the characters of their longest text and formula. */
export type RowsAhead = {
  readonly styles: readonly CellStyle[];
  readonly longestText: number;
  readonly longestFormula: number;
};

/** A sheet as rows of cells, independent of any file format. */
export type Sheet = {
  readonly name: string;
  readonly widths: readonly number[];
  readonly rows: Rows;
  readonly frozen: { readonly rows: number; readonly columns: number };
  /** Whether the header row has filters. */
  readonly hasFilter?: boolean;
  /** Rows, from 0, that are grouped and folded away. */
  readonly foldedRows?: ReadonlySet<number>;
  /** First column, from 0, of those that are grouped and folded away. */
  readonly foldedFrom?: number;
  readonly charts?: readonly Chart[];
  /** Whether only cells of the kind `live` can be edited. */
  readonly isProtected?: boolean;
};

/** A native chart. */
export type Chart = {
  readonly kind: "column" | "area" | "line";
  readonly isStacked: boolean;
  readonly title: string;
  readonly unit: string;
  readonly series: readonly {
    readonly name: string;
    readonly values: string;
    readonly categories: string;
    readonly colour: string;
  }[];
  /** Format of the categories, for months. */
  readonly categoryFormat?: string;
  /** Top left corner and size in cells. */
  readonly row: number;
  readonly column: number;
};

/** A workbook. */
export type Workbook = {
  readonly title: string;
  readonly sheets: readonly Sheet[];
  /** Defined names and the cells they stand for. */
  readonly names: readonly { readonly name: string; readonly range: string }[];
};

/** Letters of a column from 0: `A`, `Z`, `AA`. */
export function columnName(index: number): string {
  let letters = "";
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/** Width of a column of numbers under a heading: names are read whole. */
export function widthUnder(heading: string): number {
  return Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, heading.length + 3));
}

const [LEAST_WIDTH, MOST_WIDTH] = [14, 44];

/** A range of one column with absolute rows, from row `first` to `last`, counted from 1. */
export function columnRange(sheet: string, column: number, first: number, last: number): string {
  const letters = columnName(column);
  return `${sheet}!$${letters}$${first}:$${letters}$${last}`;
}

/** A text cell. */
export function textCell(value: string | null, kind: CellStyle["kind"] = "text"): Cell {
  return { value, style: { kind } };
}

/** What a metric means, without the marks of Markdown around its names. */
export function plainText(text: string): string {
  return text.replaceAll("`", "");
}

/** Stands in cells and formulas for an infinite number, such as the least of no covers, which a file of a spreadsheet may not hold. */
export const ENDLESS = "1E300";

/** A canonical value in shown units; null where there is none. */
export function shownNumber(canonical: number | undefined, scale: number): number | null {
  if (canonical === undefined || Number.isNaN(canonical)) return null;
  return Math.max(-Number(ENDLESS), Math.min(Number(ENDLESS), canonical / scale));
}

/** Spreadsheets count days from here: 1970-01-01 is day 25,569. */
const DAY_OF_UNIX_EPOCH = 25_569;

const MILLISECONDS_PER_DAY = 86_400_000;

/** The first day of an absolute month, as spreadsheets count days. */
export function dayOfMonth(absoluteMonth: number): number {
  const year = Math.floor(absoluteMonth / 12);
  return Date.UTC(year, absoluteMonth - year * 12, 1) / MILLISECONDS_PER_DAY + DAY_OF_UNIX_EPOCH;
}
