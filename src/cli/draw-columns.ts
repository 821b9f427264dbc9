import { displayWidth } from "../diagnostics/visible.ts";

/** Characters in a line of what is drawn: those of the narrowest terminal in use. */
export const SCREEN_WIDTH = 80;

/** Which side the cells of a column stand at. */
export type Side = "left" | "right";

/** A column of cells from top to bottom. */
export type ScreenColumn = { readonly side: Side; readonly cells: readonly string[] };

/** Draws columns of text side by side, as wide as their widest cell, a blank between them. */
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

/** Breaks a text into lines between its words. */
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

/** A name with what is said of it. */
export type Fact = readonly [name: string, text: string];

/** Draws names on the left and their texts beside them, broken into lines. */
export function drawFacts(facts: readonly Fact[], width: number): string[] {
  const indent = Math.max(0, ...facts.map(([name]) => name.length)) + 2;
  return facts.flatMap(([name, text]) =>
    wrapText(text, width - indent).map((line, index) => (index === 0 ? name : "").padEnd(indent) + line),
  );
}
