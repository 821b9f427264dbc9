import type { Span } from "./diagnostic.ts";
import { displayWidth, visibleCharacter } from "./visible.ts";

/** Width to which a source line is cut [columns]. */
const EXCERPT_WIDTH = 96;

/** Source kept before the span when a long line is cut [columns]. */
const LEAD_WIDTH = 24;

/** A source line that is safe to show, with the position of the carets below it. */
export type Excerpt = { readonly text: string; readonly caretStart: number; readonly caretLength: number };

/**
 * Prepares a source line for printing: makes all characters visible, and cuts a long line around the span.
 *
 * @param line the line without its line end
 * @param span place on this line; a span beyond the line's end is cut or marks the end
 *
 * Fails: never. Cost: length of the line.
 */
export function makeExcerpt(line: string, span: Pick<Span, "column" | "length">): Excerpt {
  const start = Math.min(Math.max(span.column - 1, 0), line.length);
  const end = Math.min(Math.max(start + span.length, start), line.length);
  const cells = toCells(line);
  const totalWidth = cells.reduce((sum, cell) => sum + cell.width, 0);
  const spanStart = widthBefore(cells, start);
  const spanEnd = Math.max(widthBefore(cells, end), spanStart + 1);
  if (totalWidth <= EXCERPT_WIDTH) {
    return { text: joinCells(cells), caretStart: spanStart, caretLength: spanEnd - spanStart };
  }
  const from = Math.max(0, Math.min(spanStart - LEAD_WIDTH, totalWidth - EXCERPT_WIDTH));
  const kept: Cell[] = [];
  let column = 0;
  let keptStart = -1;
  for (const cell of cells) {
    if (column >= from && column + cell.width <= from + EXCERPT_WIDTH) {
      if (keptStart < 0) keptStart = column;
      kept.push(cell);
    }
    column += cell.width;
  }
  const cutBefore = keptStart > 0;
  const keptEnd = keptStart + kept.reduce((sum, cell) => sum + cell.width, 0);
  const cutAfter = keptEnd < totalWidth;
  const shift = (cutBefore ? 1 : 0) - keptStart;
  return {
    text: `${cutBefore ? "…" : ""}${joinCells(kept)}${cutAfter ? "…" : ""}`,
    caretStart: spanStart + shift,
    caretLength: Math.max(1, Math.min(spanEnd, keptEnd) - spanStart),
  };
}

/** A character of the source: its position, its visible form and its width. */
type Cell = { readonly at: number; readonly shown: string; readonly width: number };

function toCells(line: string): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (const character of line) {
    const shown = visibleCharacter(character);
    cells.push({ at, shown, width: displayWidth(shown) });
    at += character.length;
  }
  return cells;
}

function widthBefore(cells: readonly Cell[], index: number): number {
  let width = 0;
  for (const cell of cells) if (cell.at < index) width += cell.width;
  return width;
}

function joinCells(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.shown).join("");
}
