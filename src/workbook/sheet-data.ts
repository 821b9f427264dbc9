import { ByteText, encoded } from "./byte-text.ts";
import {
  type Cell,
  columnName,
  type FilledFormula,
  type MovedFormula,
  type Row,
  type Sheet,
} from "./cells.ts";

/** Length of the pieces that a sheet is written in [bytes]. */
const PIECE_LENGTH = 1 << 16;

/**
 * Writes the rows of a sheet as the XML between `<sheetData>` and its end, in pieces. A piece holds until the next one is asked for.
 *
 * Written by hand and as bytes, because there are hundreds of thousands of cells: the library takes an object for each and four
 * times as long, and a text would be put together and taken apart again.
 *
 * @param styleOf the number of a cell's style in the file
 *
 * Fails: never. Cost: cells; memory of one piece.
 */
export function* writeRows(
  { rows, foldedRows, widths }: Sheet,
  styleOf: (cell: Cell) => number,
): Generator<Uint8Array> {
  const writer = new CellWriter(widths.length, styleOf);
  const { text } = writer;
  let index = 0;
  for (const row of rows) {
    const isFolded = foldedRows?.has(index) === true;
    index++;
    if (row.length === 0 && !isFolded) continue;
    text.addBytes(ROW);
    text.addNumber(index);
    text.addBytes(isFolded ? FOLDED : OPEN);
    writer.writeCells(row, index);
    text.addBytes(ROW_END);
    if (text.length >= PIECE_LENGTH) yield text.take();
  }
  yield text.take();
}

/** Writes cells. What many of them have in common is turned into bytes once. */
class CellWriter {
  readonly text = new ByteText(2 * PIECE_LENGTH);
  readonly #styleOf: (cell: Cell) => number;
  /** The beginning of a cell, by column. */
  readonly #heads: Uint8Array[];
  /** What follows the number of the row, by style. */
  readonly #styles: Uint8Array[] = [];
  readonly #texts = new Map<string, Uint8Array>();
  /** The formula that was filled down last in each column. Earlier ones are not kept: a large plan has hundreds of thousands. */
  readonly #filled: { readonly formula: FilledFormula; readonly written: WrittenFormula }[] = [];
  #sharedCount = 0;

  constructor(columnCount: number, styleOf: (cell: Cell) => number) {
    this.#styleOf = styleOf;
    this.#heads = Array.from({ length: columnCount }, (_, column) => headOf(column));
  }

  writeCells(row: Row, number: number): void {
    const { text } = this;
    for (let column = 0; column < row.length; column++) {
      const cell = row[column];
      if (!cell) continue;
      text.addBytes(this.#heads[column] ?? headOf(column));
      text.addNumber(number);
      text.addBytes(this.#styleBytes(this.#styleOf(cell)));
      this.#writeContent(cell, column, number);
    }
  }

  #styleBytes(style: number): Uint8Array {
    const known = this.#styles[style];
    if (known) return known;
    const bytes = encoded(`" s="${style}"`);
    this.#styles[style] = bytes;
    return bytes;
  }

  /** The rest of a cell: its type, formula and value. Texts are texts, whatever their first character. */
  #writeContent({ value, formula }: Cell, column: number, row: number): void {
    const { text } = this;
    if (formula !== undefined) {
      text.addBytes(typeof value === "string" ? TEXT_RESULT : NUMBER_RESULT);
      if (typeof formula === "string") {
        text.addBytes(FORMULA);
        text.addBytes(encoded(escaped(formula)));
        text.addBytes(FORMULA_END);
      } else this.#writeMoved(formula, column, row);
      if (value === null) {
        text.addBytes(CELL_END);
        return;
      }
      text.addBytes(RESULT);
      if (typeof value === "number") text.addNumber(value);
      else text.addBytes(this.#textBytes(value));
      text.addBytes(VALUE_END);
    } else if (typeof value === "number") {
      text.addBytes(VALUE);
      text.addNumber(value);
      text.addBytes(VALUE_END);
    } else if (value === null || value === "") text.addBytes(EMPTY);
    else {
      text.addBytes(value.trim() === value ? TEXT : SPACED_TEXT);
      text.addBytes(this.#textBytes(value));
      text.addBytes(TEXT_END);
    }
  }

  /** Names stand in the rows of all months. */
  #textBytes(value: string): Uint8Array {
    let bytes = this.#texts.get(value);
    if (!bytes) {
      bytes = encoded(escaped(value));
      this.#texts.set(value, bytes);
    }
    return bytes;
  }

  #writeMoved({ filled, moved }: MovedFormula, column: number, row: number): void {
    const { text } = this;
    const last = this.#filled[column];
    if (last?.formula !== filled)
      this.#filled[column] = { formula: filled, written: this.#begin(filled, column, row) };
    const { start, parts, again } = this.#filled[column].written;
    if (again && last?.formula === filled) {
      text.addBytes(again);
      return;
    }
    text.addBytes(start);
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index];
      if (typeof part === "number") text.addNumber(part + moved);
      else text.addBytes(part);
    }
    text.addBytes(FORMULA_END);
  }

  /** What a filled formula is written as, from its first cell on. */
  #begin(filled: FilledFormula, column: number, row: number): WrittenFormula {
    const parts = filled.pieces.map((piece) => (typeof piece === "number" ? piece : encoded(escaped(piece))));
    if (!isShareable(filled)) return { start: FORMULA, parts };
    const index = this.#sharedCount++;
    const range = `${columnName(column)}${row}:${columnName(column)}${row + filled.count - 1}`;
    return {
      start: encoded(`<f t="shared" ref="${range}" si="${index}">`),
      parts,
      again: encoded(`<f t="shared" si="${index}"/>`),
    };
  }
}

/** A filled formula as bytes, and the numbers of rows between them. */
type WrittenFormula = {
  readonly start: Uint8Array;
  readonly parts: readonly (Uint8Array | number)[];
  /** What stands in all but its first cell, where its cells share one text. */
  readonly again?: Uint8Array;
};

/**
 * Whether the cells of a filled formula can share one text, which spreadsheets move along with them. A text that reads another sheet
 * cannot be shared, since Excel calls such a file damaged, nor one with a row that stays but is not marked by `$`.
 */
function isShareable({ pieces, count }: FilledFormula): boolean {
  if (count < 2) return false;
  return pieces.every(
    (piece) =>
      typeof piece === "number" || (!/!|\$$/.test(piece) && !/(?<![\w$.])\$?[A-Z]{1,3}\d/.test(piece)),
  );
}

const ROW = encoded('<row r="');
const OPEN = encoded('">');
const FOLDED = encoded('" hidden="1" outlineLevel="1">');
const ROW_END = encoded("</row>");
const TEXT = encoded(' t="inlineStr"><is><t>');
const SPACED_TEXT = encoded(' t="inlineStr"><is><t xml:space="preserve">');
const TEXT_END = encoded("</t></is></c>");
const NUMBER_RESULT = encoded(">");
const TEXT_RESULT = encoded(' t="str">');
const FORMULA = encoded("<f>");
const FORMULA_END = encoded("</f>");
const RESULT = encoded("<v>");
const CELL_END = encoded("</c>");
const VALUE = encoded("><v>");
const VALUE_END = encoded("</v></c>");
const EMPTY = encoded("/>");

function headOf(column: number): Uint8Array {
  return encoded(`<c r="${columnName(column)}`);
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
