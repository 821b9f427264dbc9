import { unzipSync, type Zippable, zipSync } from "fflate";
import {
  type SheetChart,
  type WriteSheet,
  writeXlsx,
  type Cell as XlsxCell,
  type CellStyle as XlsxStyle,
} from "hucre/xlsx";
import { type Cell, type CellStyle, type Chart, columnName, type Sheet, type Workbook } from "./cells.ts";

/** A workbook tells nothing of when it was written. */
const noTime = new Date(Date.UTC(1980, 0, 1));

/**
 * Writes a workbook as an XLSX file; the same workbook gives the same bytes on every platform.
 *
 * Texts are texts: none becomes a formula, whatever its first character. The only module that knows the library of XLSX.
 *
 * Fails: rejects with the library's error for a workbook that `findExcess` refuses.
 */
export async function writeXlsxFile({ title, sheets, names }: Workbook): Promise<Uint8Array> {
  const styles = new Map<string, XlsxStyle>();
  const written = await writeXlsx({
    properties: { title, creator: "Gigafleet", created: noTime, modified: noTime },
    namedRanges: names.map(({ name, range }) => ({ name, range })),
    sheets: sheets.map((sheet) => sheetOf(sheet, styles)),
  });
  return packAgain(written);
}

/** Columns that are printed on the width of one page. */
const MOST_PRINTED = 24;

/** The library compresses as the platform does, which differs between versions of Node and browsers; this does not. */
function packAgain(archive: Uint8Array): Uint8Array {
  const files: Zippable = {};
  // Archives hold the local time: the same digits everywhere.
  const noLocalTime = new Date(1980, 0, 1);
  for (const [name, content] of Object.entries(unzipSync(archive)))
    files[name] = [content, { mtime: noLocalTime }];
  return zipSync(files, { level: 1 });
}

function sheetOf(sheet: Sheet, styles: Map<string, XlsxStyle>): WriteSheet {
  const { name, widths, rows, frozen, foldedRows, foldedFrom, charts, isProtected } = sheet;
  const cells = new Map<string, Partial<XlsxCell>>();
  for (const [row, line] of rows.entries())
    for (const [column, cell] of line.entries())
      if (cell) cells.set(`${row},${column}`, cellOf(cell, styles));
  const head = frozen.rows - 1;
  return {
    name,
    rows: rows.map((line) => line.map(() => null)),
    cells,
    columns: widths.map((width, index) => ({
      width,
      ...(foldedFrom !== undefined && index >= foldedFrom ? { outlineLevel: 1, hidden: true } : {}),
    })),
    ...(frozen.rows + frozen.columns > 0 ? { freezePane: frozen } : {}),
    ...(sheet.hasFilter && rows.length > frozen.rows
      ? { autoFilter: { range: `A${head + 1}:${columnName(widths.length - 1)}${rows.length}` } }
      : {}),
    ...(foldedRows
      ? { rowDefs: new Map([...foldedRows].map((row) => [row, { outlineLevel: 1, hidden: true }])) }
      : {}),
    // Wide sheets would be unreadable on one page.
    ...(widths.length <= MOST_PRINTED
      ? {
          pageSetup: {
            paperSize: "a4",
            orientation: "landscape",
            fitToPage: true,
            fitToWidth: 1,
            fitToHeight: 0,
          },
        }
      : {}),
    ...(isProtected ? { protection: { sheet: true, formatColumns: true, autoFilter: true } } : {}),
    ...(charts ? { charts: charts.map(chartOf) } : {}),
  };
}

function cellOf({ value, formula, style }: Cell, styles: Map<string, XlsxStyle>): Partial<XlsxCell> {
  const shown = style ? { style: styleOf(style, styles) } : {};
  if (formula !== undefined) return { value: null, type: "formula", formula, formulaResult: value, ...shown };
  const type = typeof value === "number" ? "number" : value === null ? "empty" : "string";
  return { value, type, ...shown };
}

const solid = (rgb: string) => ({ type: "pattern", pattern: "solid", fgColor: { rgb } }) as const;

/** Named in every style, because a style without a font has another one in LibreOffice. */
const font = { name: "Calibri", size: 11 };

/** Blue is what a person may change, black what follows, as in models of finance. */
const KINDS: Readonly<Record<CellStyle["kind"], XlsxStyle>> = {
  text: { font },
  title: { font: { ...font, bold: true, size: 12 } },
  head: {
    font: { ...font, bold: true, color: { rgb: "FFFFFF" } },
    fill: solid("1F4E79"),
    alignment: { wrapText: true, vertical: "top" },
  },
  unit: { font: { ...font, italic: true, color: { rgb: "595959" } }, fill: solid("DDEBF7") },
  formula: { font },
  kernel: { font, fill: solid("EDEDED") },
  live: { font: { ...font, color: { rgb: "0000FF" } }, fill: solid("FFF2CC"), protection: { locked: false } },
  locked: { font: { ...font, color: { rgb: "7F7F7F" } } },
  note: { font: { ...font, color: { rgb: "595959" } } },
};

function styleOf({ kind, format }: CellStyle, styles: Map<string, XlsxStyle>): XlsxStyle {
  const key = `${kind} ${format ?? ""}`;
  const known = styles.get(key);
  if (known) return known;
  const style = { ...KINDS[kind], ...(format === undefined ? {} : { numFmt: format }) };
  styles.set(key, style);
  return style;
}

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
      x: categoryFormat ? { numberFormat: { formatCode: categoryFormat, sourceLinked: false } } : {},
      y: { title: unit, gridlines: { major: true } },
    },
    anchor: { from: { row, col: column }, to: { row: row + chartRows, col: column + chartColumns } },
  };
}
