import { displayWidth } from "../../diagnostics/visible.ts";

/** Characters per line of a screen: those of the narrowest terminal in use. */
export const SCREEN_WIDTH = 80;

/** The side to which the cells of a column are aligned. */
export type Side = "left" | "right";

/** A column of cells from top to bottom. */
export type ScreenColumn = { readonly side: Side; readonly cells: readonly string[] };

/** Draws columns of text side by side, as wide as their widest cell, with a space between. */
export function drawColumns(columns: readonly ScreenColumn[]): string[] {
  const padded = columns.map(({ side, cells }) => {
    const widths = cells.map(displayWidth);
    const width = Math.max(0, ...widths);
    return cells.map((cell, row) => {
      const blank = " ".repeat(width - widths[row]);
      return side === "left" ? cell + blank : blank + cell;
    });
  });
  const rows = Math.max(0, ...padded.map((cells) => cells.length));
  return Array.from({ length: rows }, (_, row) =>
    padded
      .map((cells) => cells[row] ?? "")
      .join(" ")
      .trimEnd(),
  );
}

/** Width of a column: that of its widest cell. */
function widthOf({ cells }: ScreenColumn): number {
  return Math.max(0, ...cells.map(displayWidth));
}

/**
 * Draws groups of columns beside a first column, as many groups side by side as fit, and the others below an empty line
 * with the first column repeated. A group is never split, even if it is too wide.
 */
export function drawAbreast(
  head: readonly ScreenColumn[],
  groups: readonly (readonly ScreenColumn[])[],
): string[] {
  const taken = (columns: readonly ScreenColumn[]) =>
    columns.reduce((sum, column) => sum + widthOf(column) + 1, 0);
  const rows: ScreenColumn[][] = [[]];
  for (const group of groups) {
    const last = rows[rows.length - 1];
    // No space before the first column.
    const fits = taken(head) + taken(last) + taken(group) - 1 <= SCREEN_WIDTH;
    if (fits || last.length === 0) last.push(...group);
    else rows.push([...group]);
  }
  return rows.flatMap((columns, row) => [...(row > 0 ? [""] : []), ...drawColumns([...head, ...columns])]);
}

/**
 * Draws names with columns beside them within the screen's width: a name that is too long gets a line above its cells.
 *
 * @param names the heading first, as in the columns
 */
export function drawNamed(names: readonly string[], columns: readonly ScreenColumn[]): string[] {
  const cells = drawColumns(columns);
  const room = SCREEN_WIDTH - columns.reduce((sum, column) => sum + widthOf(column) + 1, 0);
  const width = Math.min(Math.max(0, room), Math.max(0, ...names.map(displayWidth)));
  return names.flatMap((name, row) => {
    const beside = (text: string) =>
      `${text}${" ".repeat(width - displayWidth(text))} ${cells[row] ?? ""}`.trimEnd();
    if (displayWidth(name) <= width) return [beside(name)];
    const line = name.length <= SCREEN_WIDTH ? name : `${name.slice(0, SCREEN_WIDTH - 1)}…`;
    return [line, beside("")];
  });
}

/** Breaks a text into lines between words. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

/** A name with a text about it. */
export type Fact = readonly [name: string, text: string];

/** Draws names on the left and their texts beside them, broken into lines. */
export function drawFacts(facts: readonly Fact[], width: number): string[] {
  const indent = Math.max(0, ...facts.map(([name]) => name.length)) + 2;
  return facts.flatMap(([name, text]) =>
    wrapText(text, width - indent).map((line, index) => (index === 0 ? name : "").padEnd(indent) + line),
  );
}
