import { unzipSync } from "fflate";
import { assert, expect, test } from "vitest";
import { columnName, type Sheet } from "../../src/workbook/cells.ts";
import { writeXlsxFile } from "../../src/workbook/index.ts";
import { loadWith, scenarioOf } from "../demand/demand-files.ts";
import { workbookOf } from "./recalculate.ts";

/** The children of a worksheet in the order of ECMA-376 part 1, 18.3.1.99, as far as a workbook of ours may have them. */
const CHILDREN =
  "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetProtection autoFilter pageMargins pageSetup drawing".split(
    " ",
  );

/** Functions of Excel 2007, which need no prefix; newer ones are unknown to a file without `_xlfn.`. */
const FUNCTIONS = new Set(
  "ABS AND COUNT EXP IF IFERROR INDEX INT IRR ISNUMBER LN LOOKUP MATCH MAX MIN NA NOT OR SQRT SUM SUMIFS SUMPRODUCT".split(
    " ",
  ),
);

/**
 * A cell: a number, a text within it, a formula with its value, or none; a formula is that of the cell, the first one of a shared
 * formula with its range, or one that shares it (18.3.1.4 and 18.3.1.40).
 */
const CELL =
  /<c r="([A-Z]+)(\d+)" s="\d+"(?:\/>|( t="inlineStr"><is><t(?: xml:space="preserve")?>[^<]*<\/t><\/is>|(?: t="str")?>(?:<f(?: t="shared"(?: ref="([^"]+)")? si="(\d+)")?(?:\/>|>([^<]+)<\/f>))?(?:<v>([^<]*)<\/v>)?)<\/c>)/y;

const ROW = /<row r="(\d+)"(?: hidden="1" outlineLevel="1")?>/y;

test.each(["openai-aws-with-tax", "plans/coreweave-meta"])(
  "sheets of %s follow ECMA-376, and a shared formula says in each cell what the cell's own would say",
  async (name) => {
    const workbook = await workbookOf(scenarioOf(loadWith(`scenarios/${name}.yaml`)));
    if (!workbook) throw new Error("no workbook");
    const files = unzipSync(Buffer.concat([...(await writeXlsxFile(workbook))]));
    let shared = 0;
    for (const [index, sheet] of workbook.sheets.entries()) {
      const xml = new TextDecoder().decode(files[`xl/worksheets/sheet${index + 1}.xml`]);
      checkFrame(xml, sheet);
      shared += checkRows(/<sheetData>(.*)<\/sheetData>/s.exec(xml)?.[1] ?? "", sheet);
    }
    expect(shared).toBeGreaterThan(100);
  },
);

/** What stands around the rows. */
function checkFrame(xml: string, { name, foldedRows, foldedFrom }: Sheet): void {
  const inner = xml.replace(/<sheetData>.*<\/sheetData>/s, "<sheetData/>");
  const children: string[] = [];
  let depth = 0;
  for (const [tag, end, child = ""] of inner.matchAll(/<(\/?)(\w+)[^>]*>/g)) {
    if (depth === 1 && end === "") children.push(child);
    if (end !== "") depth--;
    else if (!tag.endsWith("/>")) depth++;
  }
  const places = children.map((child) => CHILDREN.indexOf(child));
  expect(places, `${name}: ${children}`).toEqual([...places].sort((one, other) => one - other));
  expect(places, `${name}: ${children}`).not.toContain(-1);
  // Without these, Excel folds rows and columns away and offers no button to see them.
  expect(/outlineLevelRow="1"/.test(inner), name).toBe((foldedRows?.size ?? 0) > 0);
  expect(/outlineLevelCol="1"/.test(inner), name).toBe(foldedFrom !== undefined);
}

type SharedFormula = {
  readonly column: string;
  readonly first: number;
  readonly last: number;
  readonly text: string;
};

/** Reads rows cell by cell, in their order, beside the cells that they were made of; gives the number of shared formulas. */
function checkRows(xml: string, { name, rows }: Sheet): number {
  const cells = [...rows];
  const formulas: SharedFormula[] = [];
  let [at, lastRow] = [0, 0];
  while (at < xml.length) {
    ROW.lastIndex = at;
    const row = Number(ROW.exec(xml)?.[1]);
    assert(row > lastRow, `${name} at ${xml.slice(at, at + 80)}`);
    lastRow = row;
    at = ROW.lastIndex;
    let lastColumn = -1;
    while (!xml.startsWith("</row>", at)) {
      CELL.lastIndex = at;
      const found = CELL.exec(xml);
      if (!found) throw new Error(`${name}: no cell: ${xml.slice(at, at + 200)}`);
      at = CELL.lastIndex;
      const [, letters = "", own, content = "", ref, si, text, value] = found;
      const place = `${name}!${letters}${own}`;
      const column = columnNumber(letters);
      assert(column > lastColumn && Number(own) === row, place);
      lastColumn = column;
      const isText = content.startsWith(" t=");
      assert(isText || value === undefined || Number.isFinite(Number(value)), `${place} holds ${value}`);
      const expected = cells[row - 1]?.[column]?.formula;
      if (expected === undefined) {
        assert((text ?? si) === undefined, `${place} has a formula`);
        continue;
      }
      const cell = { letters, row, ref, si: Number(si), text };
      const formula = si === undefined ? plain(text ?? "") : readShared(formulas, cell, place);
      assert(formula === String(expected), `${place} says ${formula}, not ${expected}`);
    }
    at += "</row>".length;
  }
  return formulas.length;
}

/** The formula of a cell that shares one, moved to its row. */
function readShared(
  formulas: SharedFormula[],
  cell: { letters: string; row: number; ref: string | undefined; si: number; text: string | undefined },
  place: string,
): string {
  const { letters, row, ref, si } = cell;
  if (ref !== undefined) {
    const [, column = "", first, end, last] = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(ref) ?? [];
    const text = plain(cell.text ?? "");
    // It begins in the first cell of its range, has a number that no other one of the sheet has, and reads nothing that a shared
    // formula may not: other sheets, constant arrays, unions and intersections ([MS-XLSB] 2.5.98.98).
    expect([column, Number(first), end, si], place).toEqual([letters, row, column, formulas.length]);
    expect(text.replace(/"[^"]*"/g, ""), place).not.toMatch(/[!{}#]|[A-Z0-9)] [A-Z$(]/);
    expect(text, place).not.toBe("");
    formulas.push({ column, first: row, last: Number(last), text });
    return text;
  }
  // What it shares is said before it, for its column, and for its row.
  const formula = formulas[si];
  if (!formula) throw new Error(`${place} shares nothing`);
  assert(cell.text === undefined && formula.column === letters, place);
  assert(
    row > formula.first && row <= formula.last,
    `${place} is not between ${formula.first} and ${formula.last}`,
  );
  return moved(formula.text, row - formula.first);
}

/** A formula as it is some rows further down: rows without `$` move. */
function moved(text: string, rows: number): string {
  return text.replace(
    /(?<![\w$.])(\$?[A-Z]{1,3})(\d+)(?![\w(])/g,
    (_, column: string, row: string) => `${column}${Number(row) + rows}`,
  );
}

/** A formula from XML, with no function that a file would have to prefix. */
function plain(text: string): string {
  for (const [, word = ""] of text.matchAll(/(?<![\w.])([A-Z][A-Z0-9.]*)\(/g))
    assert(FUNCTIONS.has(word), `${word} is no function of Excel 2007`);
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const columnNumbers = new Map(Array.from({ length: 16_384 }, (_, column) => [columnName(column), column]));

function columnNumber(letters: string): number {
  return columnNumbers.get(letters) ?? -1;
}
