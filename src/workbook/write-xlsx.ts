import { type Unzipped, unzipSync } from "fflate";
import { type SheetChart, type WriteSheet, writeXlsx, type CellStyle as XlsxStyle } from "hucre/xlsx";
import { InternalError } from "../diagnostics/diagnostic.ts";
import { MONTHS_PER_YEAR } from "../metrics/unit-factors.ts";
import { type Part, packed } from "./archive.ts";
import { encoded } from "./byte-text.ts";
import { type Cell, type CellStyle, type Chart, columnName, type Sheet, type Workbook } from "./cells.ts";
import { axisFormatOf } from "./formats.ts";
import { writeRows } from "./sheet-data.ts";

/** A workbook tells nothing of when it was written. */
const noTime = new Date(Date.UTC(1980, 0, 1));

/**
 * Writes a workbook as an XLSX file, in pieces that are made while they are read; the same workbook gives the same bytes on every
 * platform. Fails and costs as `writeXlsxParts`.
 */
export async function writeXlsxFile(workbook: Workbook): Promise<Iterable<Uint8Array>> {
  return packed(await writeXlsxParts(workbook));
}

/**
 * Writes the files that an XLSX file is an archive of. The only module that knows the library of XLSX, which writes everything but
 * the rows.
 *
 * Fails: rejects with the library's error for a workbook that `findExcess` refuses. Cost: cells; memory of one piece.
 */
export async function writeXlsxParts(workbook: Workbook): Promise<Iterable<Part>> {
  const styles = new StyleList(workbook.sheets);
  const shell = unzipSync(await writeShell(workbook, styles));
  return partsOf(workbook, shell, styles);
}

/** The workbook without its rows: the library numbers the styles in the order of the cells of the first sheet. */
function writeShell({ title, sheets, names }: Workbook, { list }: StyleList): Promise<Uint8Array> {
  const samples = new Map(
    list.map((style, column) => [`0,${column}`, { value: null, type: "empty", style } as const]),
  );
  return writeXlsx({
    properties: { title, creator: "Gigafleet", created: noTime, modified: noTime },
    namedRanges: names.map(({ name, range }) => ({ name, range })),
    sheets: sheets.map((sheet, index) => ({
      ...shellOf(sheet),
      rows: index === 0 ? [list.map(() => null)] : [],
      ...(index === 0 ? { cells: samples } : {}),
    })),
  });
}

function* partsOf({ sheets }: Workbook, shell: Unzipped, styles: StyleList): Generator<Part> {
  const places = new Map(sheets.map((sheet, index) => [`xl/worksheets/sheet${index + 1}.xml`, sheet]));
  const numbers = numbersOf(shell[SHEET_PART] as Uint8Array);
  for (const [name, content] of Object.entries(shell)) {
    const sheet = places.get(name);
    yield {
      name,
      pieces: sheet ? sheetPieces(content, sheet, (cell) => numbers[styles.indexOf(cell)]) : [content],
    };
  }
}

const SHEET_PART = "xl/worksheets/sheet1.xml";

/** Numbers of the styles in the file, from the samples in the first sheet. */
function numbersOf(content: Uint8Array): readonly number[] {
  return [...new TextDecoder().decode(content).matchAll(/<c r="[A-Z]+1" s="(\d+)"/g)].map(([, number]) =>
    Number(number),
  );
}

/** Puts the rows of a sheet in the place of what the library wrote. */
function* sheetPieces(
  content: Uint8Array,
  sheet: Sheet,
  styleOf: (cell: Cell) => number,
): Generator<Uint8Array> {
  const text = new TextDecoder().decode(content);
  const [before, after] = text.split(/<sheetData>.*<\/sheetData>|<sheetData\/>/s);
  if (after === undefined) throw new InternalError(`no rows in the XML of ${sheet.name}`);
  const size = `A1:${columnName(Math.max(0, sheet.widths.length - 1))}${Math.max(1, sheet.rows.length)}`;
  const framed = before
    .replace(/<dimension [^>]*>/, `<dimension ref="${size}"/>`)
    .replace("<sheetFormatPr ", `<sheetFormatPr${outlines(sheet)} `);
  yield encoded(`${framed}<sheetData>`);
  yield* writeRows(sheet, styleOf);
  yield encoded(`</sheetData>${after}`);
}

/** Outline levels of folded rows and columns: without them, Excel shows no buttons to unfold them. */
function outlines({ foldedRows, foldedFrom }: Sheet): string {
  const rows = foldedRows && foldedRows.size > 0 ? ' outlineLevelRow="1"' : "";
  return `${rows}${foldedFrom === undefined ? "" : ' outlineLevelCol="1"'}`;
}

/** Columns that are printed on the width of one page. */
const MOST_PRINTED = 24;

/** A sheet without its rows. */
function shellOf(sheet: Sheet): Omit<WriteSheet, "rows"> {
  const { name, widths, rows, frozen, foldedFrom, charts, isProtected } = sheet;
  const head = frozen.rows - 1;
  return {
    name,
    columns: widths.map((width, index) => ({
      width,
      ...(foldedFrom !== undefined && index >= foldedFrom ? { outlineLevel: 1, hidden: true } : {}),
    })),
    ...(frozen.rows + frozen.columns > 0 ? { freezePane: frozen } : {}),
    ...(sheet.hasFilter && rows.length > frozen.rows
      ? { autoFilter: { range: `A${head + 1}:${columnName(widths.length - 1)}${rows.length}` } }
      : {}),
    pageSetup: {
      paperSize: "a4",
      orientation: "landscape",
      // Wide sheets would be unreadable on one page: each of theirs has the heads, and says whose rows and months it shows.
      ...(widths.length <= MOST_PRINTED ? { fitToPage: true, fitToWidth: 1, fitToHeight: 0 } : {}),
      ...(frozen.rows > 0 ? { printTitlesRow: `$1:$${frozen.rows}` } : {}),
      ...(frozen.columns > 0 ? { printTitlesColumn: `$A:$${columnName(frozen.columns - 1)}` } : {}),
    },
    ...(isProtected ? { protection: { sheet: true, formatColumns: true, autoFilter: true } } : {}),
    ...(charts ? { charts: charts.map(chartOf) } : {}),
  };
}

const solid = (rgb: string) => ({ type: "pattern", pattern: "solid", fgColor: { rgb } }) as const;

/** Named in every style, because a style without a font has another one in LibreOffice. */
const font = { name: "Calibri", size: 11 };

/** Blue is what a person may change, black what follows, as in models of finance. */
const KINDS: Readonly<Record<CellStyle["kind"], XlsxStyle>> = {
  text: { font },
  period: { font, alignment: { horizontal: "left" } },
  title: { font: { ...font, bold: true, size: 12 } },
  head: {
    font: { ...font, bold: true, color: { rgb: "FFFFFF" } },
    fill: solid("1F4E79"),
    alignment: { wrapText: true, vertical: "top" },
  },
  unit: { font: { ...font, italic: true, color: { rgb: "595959" } }, fill: solid("DDEBF7") },
  formula: { font },
  kernel: { font, fill: solid("EDEDED") },
  // Indented, because it stands right of a number.
  word: { font, fill: solid("EDEDED"), alignment: { horizontal: "left", indent: 1 } },
  live: { font: { ...font, color: { rgb: "0000FF" } }, fill: solid("FFF2CC"), protection: { locked: false } },
  locked: { font: { ...font, color: { rgb: "7F7F7F" } } },
  note: { font: { ...font, color: { rgb: "595959" } } },
  // Likewise.
  label: { font: { ...font, color: { rgb: "595959" } }, alignment: { horizontal: "left", indent: 1 } },
};

/** The styles of a workbook, each once. */
class StyleList {
  readonly list: XlsxStyle[] = [];
  readonly #indices = new Map<string, number>();
  /** Most cells share the object of their column's style. */
  readonly #known = new Map<CellStyle, number>();

  constructor(sheets: readonly Sheet[]) {
    for (const { rows } of sheets) {
      if (rows.ahead) for (const style of rows.ahead.styles) this.#add(style);
      else for (const row of rows) for (const cell of row) if (cell) this.#add(cell.style ?? PLAIN);
    }
  }

  /** Position of a cell's style in the list. */
  indexOf({ style = PLAIN }: Cell): number {
    return this.#known.get(style) ?? this.#add(style);
  }

  #add(style: CellStyle): number {
    const { kind, format } = style;
    const key = `${kind} ${format ?? ""}`;
    const known = this.#indices.get(key);
    const index =
      known ?? this.list.push({ ...KINDS[kind], ...(format === undefined ? {} : { numFmt: format }) }) - 1;
    this.#indices.set(key, index);
    this.#known.set(style, index);
    return index;
  }
}

const PLAIN: CellStyle = { kind: "text" };

/** Size of a chart in cells. */
const [chartColumns, chartRows] = [11, 22];

function chartOf({ kind, isStacked, title, unit, series, categoryFormat, row, column }: Chart): SheetChart {
  const grouping = isStacked ? ("stacked" as const) : ("standard" as const);
  return {
    type: kind,
    title,
    series: series.map(({ colour, ...one }) => ({
      ...one,
      color: colour,
      ...(kind === "line" ? { marker: { symbol: "none" as const } } : {}),
    })),
    ...(kind === "column"
      ? { barGrouping: isStacked ? ("stacked" as const) : ("clustered" as const), overlap: 100, gapWidth: 60 }
      : {}),
    ...(kind === "area" ? { areaGrouping: grouping } : {}),
    ...(kind === "line" ? { lineGrouping: grouping } : {}),
    legend: "bottom" as const,
    axes: {
      // Categories with a format are months: one label a year is read, a hundred run into each other.
      x: categoryFormat
        ? {
            numberFormat: { formatCode: categoryFormat, sourceLinked: false },
            tickLblSkip: MONTHS_PER_YEAR,
            tickMarkSkip: MONTHS_PER_YEAR,
          }
        : {},
      y: {
        title: unit,
        gridlines: { major: true },
        numberFormat: { formatCode: axisFormatOf(unit), sourceLinked: false },
      },
    },
    anchor: { from: { row, col: column }, to: { row: row + chartRows, col: column + chartColumns } },
  };
}
