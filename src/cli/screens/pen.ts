import { visibleText } from "../../diagnostics/visible.ts";
import { flagOption, type Given, isGiven } from "../io/command.ts";
import { UsageError } from "../io/exit-code.ts";
import { emphasise, printError } from "../io/streams.ts";
import {
  drawAbreast,
  drawColumns,
  drawFacts,
  drawNamed,
  type Fact,
  SCREEN_WIDTH,
  type ScreenColumn,
  wrapText,
} from "./draw-columns.ts";

/** What the parts of a screen become: lines for a terminal, or Markdown to paste into a document. */
export type Pen = {
  /** Longest line, where lines have one. */
  readonly width: number;
  readonly title: (text: string) => readonly string[];
  readonly text: (text: string) => readonly string[];
  /** Columns side by side; the first `heads` cells of each are its heading. */
  readonly table: (columns: readonly ScreenColumn[], heads: number) => readonly string[];
  /** Groups of columns beside a first column, as `drawAbreast`. */
  readonly abreast: (
    head: readonly ScreenColumn[],
    groups: readonly (readonly ScreenColumn[])[],
    heads: number,
  ) => readonly string[];
  /** Names with columns beside them, as `drawNamed`. */
  readonly named: (names: readonly string[], columns: readonly ScreenColumn[]) => readonly string[];
  readonly facts: (facts: readonly Fact[]) => readonly string[];
  /** The whole screen. */
  readonly page: (lines: readonly string[]) => string;
};

/** Draws for a terminal. */
export const TERMINAL: Pen = {
  width: SCREEN_WIDTH,
  title: (text) => [emphasise(wrapText(text, SCREEN_WIDTH).join("\n"))],
  text: (text) => wrapText(text, SCREEN_WIDTH),
  table: (columns) => drawColumns(columns),
  abreast: (head, groups) => drawAbreast(head, groups),
  named: (names, columns) => drawNamed(names, columns),
  facts: (facts) => drawFacts(facts, SCREEN_WIDTH),
  page: (lines) => `${lines.join("\n")}\n`,
};

/** Draws Markdown: headings, paragraphs, pipe tables and lists. All columns are drawn, since no width limits a line. */
export const MARKDOWN: Pen = {
  width: Number.POSITIVE_INFINITY,
  title: (text) => [`## ${plain(text)}`, ""],
  text: (text) => [plain(text)],
  table: pipeTable,
  abreast: (head, groups, heads) => pipeTable([...head, ...groups.flat()], heads),
  named: ([heading = "", ...names], columns) =>
    pipeTable([{ side: "left", cells: [heading, ...names] }, ...columns], 1),
  facts: (facts) => ["", ...facts.map(([name, text]) => `- **${plain(name)}**: ${plain(text)}`), ""],
  page: (lines) =>
    `${lines
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim()}\n`,
};

/** The option of a command whose screen can be pasted into a document. */
export const penOptions = {
  markdown: flagOption("Print the screen as Markdown, to paste into a document"),
};

/** Options that leave no screen to draw. */
const WITHOUT_SCREEN = ["json", "quiet"];

/** The pen asked for. Fails: throws `UsageError` where another option says that there is no screen. */
export function readPen(given: Given): Pen {
  if (!isGiven(given, "markdown")) return TERMINAL;
  const other = WITHOUT_SCREEN.find((name) => isGiven(given, name));
  if (other) throw new UsageError(`\`--markdown\` and \`--${other}\` contradict each other; leave one out`);
  return MARKDOWN;
}

/** Tells the files written: as a fact of the screen, or with Markdown on standard error, so that they are not pasted along. */
export function tellWritten(pen: Pen, folder: string, files: readonly string[]): readonly Fact[] {
  const text = `${visibleText(folder)}: ${files.join(" ")}`;
  if (pen === TERMINAL) return [["Written", text]];
  printError(`${text}\n`);
  return [];
}

/** A table between empty lines, without which Markdown takes the text after it for another row. */
function pipeTable(columns: readonly ScreenColumn[], heads: number): readonly string[] {
  const count = Math.max(0, ...columns.map(({ cells }) => cells.length));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const headings = columns.map(({ cells }) => plain(cells.slice(0, heads).join(" ")));
  const rows = Array.from({ length: Math.max(0, count - heads) }, (_, row) =>
    line(columns.map(({ cells }) => plain(cells[heads + row] ?? ""))),
  );
  const sides = columns.map(({ side }) => (side === "right" ? "---:" : ":---"));
  return ["", line(headings), line(sides), ...rows, ""];
}

/** A text that Markdown shows as it is: names may be a stranger's. Underscores within a word mean nothing to it. */
function plain(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[\\`*|[\]<>~&]|(?<!\w)_|_(?!\w)/g, "\\$&")
    .replace(/^([#+-]|\d+[.)])(?=\s)/, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`);
}
