import Table from "cli-table3";
import { displayWidth } from "../diagnostics/visible.ts";

/** No lines between cells: columns stand apart by a blank. */
const plain = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
};

/**
 * Draws columns of text side by side, each aligned to its side.
 *
 * @param columns cells from top to bottom, as many in each column
 * @param gap     what stands between columns
 */
export function drawColumns(
  columns: readonly (readonly string[])[],
  sides: readonly ("left" | "right")[],
  gap = " ",
): string[] {
  const table = new Table({
    chars: { ...plain, middle: gap },
    colAligns: [...sides],
    style: { "padding-left": 0, "padding-right": 0, compact: true, head: [], border: [] },
  });
  const rows = columns[0]?.length ?? 0;
  for (let row = 0; row < rows; row++) table.push(columns.map((cells) => cells[row] ?? ""));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
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
