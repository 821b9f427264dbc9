import { type Cell, columnName, type Row, type Sheet } from "./cells.ts";

/** Length of the pieces that a sheet is written in. */
const PIECE_LENGTH = 1 << 16;

/**
 * Writes the rows of a sheet as the XML between `<sheetData>` and its end, in pieces.
 *
 * Written by hand, because there are hundreds of thousands of cells: the library takes an object for each and four times as long.
 *
 * @param styleOf the number of a cell's style in the file
 *
 * Fails: never. Cost: cells; memory of one piece.
 */
export function* writeRows(
  { rows, foldedRows, widths }: Sheet,
  styleOf: (cell: Cell) => number,
): Generator<string> {
  const letters = widths.map((_, column) => columnName(column));
  let text = "";
  let index = 0;
  for (const row of rows) {
    const isFolded = foldedRows?.has(index) === true;
    index++;
    if (row.length === 0 && !isFolded) continue;
    text += `<row r="${index}"${isFolded ? ' hidden="1" outlineLevel="1"' : ""}>${cellsText(row, index, letters, styleOf)}</row>`;
    if (text.length < PIECE_LENGTH) continue;
    yield text;
    text = "";
  }
  yield text;
}

function cellsText(
  row: Row,
  number: number,
  letters: readonly string[],
  styleOf: (cell: Cell) => number,
): string {
  let text = "";
  for (let column = 0; column < row.length; column++) {
    const cell = row[column];
    if (cell)
      text += `<c r="${letters[column] ?? columnName(column)}${number}" s="${styleOf(cell)}"${contentOf(cell)}`;
  }
  return text;
}

/** The rest of a cell: its type, formula and value. Texts are texts, whatever their first character. */
function contentOf({ value, formula }: Cell): string {
  if (formula !== undefined) {
    const body = `<f>${escaped(formula)}</f>`;
    if (typeof value === "number") return `>${body}<v>${value}</v></c>`;
    return value === null ? `>${body}</c>` : ` t="str">${body}<v>${escaped(value)}</v></c>`;
  }
  if (typeof value === "number") return `><v>${value}</v></c>`;
  if (value === null || value === "") return "/>";
  const space = value.trim() === value ? "" : ' xml:space="preserve"';
  return ` t="inlineStr"><is><t${space}>${escaped(value)}</t></is></c>`;
}

/** Characters that XML gives a meaning, or refuses. */
const SPECIAL = /[<>&\ufffe\uffff]|\p{Cc}|_x[0-9A-Fa-f]{4}_/gu;

function escaped(text: string): string {
  return text.replace(SPECIAL, (found) => {
    if (found === "<") return "&lt;";
    if (found === ">") return "&gt;";
    if (found === "&") return "&amp;";
    // Spreadsheets would read _x0041_ as the letter A.
    if (found.startsWith("_x")) return `_x005F${found}`;
    return "\t\n\r".includes(found) ? found : "";
  });
}
