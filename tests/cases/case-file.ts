/** Worked cases and cases of diagnostics are Markdown; what is checked stands in their fenced blocks. */

import fs from "node:fs";
import path from "node:path";

/** A fenced block: the words after the backticks and the lines inside. */
export type CaseBlock = { readonly words: readonly string[]; readonly text: string; readonly line: number };

export type CaseFile = {
  /** Name without `.case.md`. */
  readonly name: string;
  /** The heading, a sentence. */
  readonly title: string;
  /** What stands outside of the blocks. */
  readonly prose: string;
  readonly blocks: readonly CaseBlock[];
};

const fence = /^```(.*)\n([\s\S]*?)^```$/gm;

/** Reads every `*.case.md` of a folder, sorted by name. */
export function readCases(folder: string): readonly CaseFile[] {
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".case.md"))
    .sort()
    .map((file) => readCase(path.join(folder, file)));
}

export function readCase(file: string): CaseFile {
  const markdown = fs.readFileSync(file, "utf8");
  const blocks = [...markdown.matchAll(fence)].map(({ 1: words = "", 2: text = "", index }) => ({
    words: words.split(" "),
    text,
    line: markdown.slice(0, index).split("\n").length,
  }));
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? "";
  const prose = markdown
    .replace(fence, "")
    .replace(/^# .+$/m, "")
    .trim();
  return { name: path.basename(file, ".case.md"), title, prose, blocks };
}
