import { visibleText } from "../../diagnostics/visible.ts";
import { parseMath } from "../../units/math.ts";
import type { ValueReader } from "./value-reader.ts";

/** Limits of an expression; real ones stay far below. */
const LONGEST_TEXT = 500;
const MOST_NODES = 200;
const DEEPEST_NODE = 40;

/** The parts of a mathjs node that we read. */
export type Node = {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: string;
  readonly fn?: unknown;
  readonly op?: string;
  readonly implicit?: boolean;
  readonly args?: readonly Node[];
  readonly content?: Node;
  readonly condition?: Node;
  readonly trueExpr?: Node;
  readonly falseExpr?: Node;
  readonly conditionals?: readonly string[];
  readonly params?: readonly Node[];
};

/**
 * Parses an expression with mathjs, after checking its text, and checks its size.
 *
 * Some of the text leaves no trace in the tree: mathjs reads `5 %` as `5 / 100`, skips comments, and takes `2026-05` for
 * 2021. So the text is checked for these. `parseExpression` checks the tree against its allowlist.
 *
 * @return the tree, or `undefined` with the fault reported to the reader
 *
 * Fails: never, whatever the text.
 */
export function readTree(text: string, reader: ValueReader): Node | undefined {
  if (!isTextFit(text, reader)) return undefined;
  const tree = parseTree(text, reader);
  return tree && isTreeFit(tree, reader) ? tree : undefined;
}

/** Characters that no expression contains: what they mean to mathjs, and what to write instead. */
const FORBIDDEN_CHARACTERS: readonly (readonly [pattern: RegExp, what: string, help: string])[] = [
  [
    /[[\]]/,
    "an array or an index (`[ ]`)",
    "write a list of values as a table by date or a discrete distribution",
  ],
  [/[{}]/, "an object (`{ }`)", "write a map in YAML, without quotes around it"],
  [/["`]/, "text in quotes", "names are written without quotes"],
  [/'/, "a quote (`'`)", "names are written without quotes"],
  [/[;\n\r]/, "more than one statement", "give the parts names under `let`"],
  [/#/, "a comment (`#`)", "write the comment outside the quotes"],
  [/\\/, "a backslash", "leave it out"],
];

function isTextFit(text: string, reader: ValueReader): boolean {
  const refuse = (what: string, help: string, word?: string): boolean => {
    reader.report("forbidden-expression", { values: { what }, help }, word);
    return false;
  };
  if (text.length > LONGEST_TEXT) {
    const values = { subject: "the expression", got: `${text.length} characters`, limit: `${LONGEST_TEXT}` };
    reader.report("too-large", { values, help: "give parts of it names under `let`" });
    return false;
  }
  for (const [pattern, what, help] of FORBIDDEN_CHARACTERS) {
    const match = pattern.exec(text);
    if (match) return refuse(what, help, match[0]);
  }
  const percent = /(\d+\.?\d*|\.\d+)?\s*%/.exec(text);
  if (percent) {
    const number = percent[1];
    const plain = number === undefined ? undefined : Number(`${number}e-2`);
    const help =
      plain === undefined
        ? "write a fraction; there is no modulo"
        : `write \`${plain}\`, or give \`${number} %\` a name under \`let\``;
    return refuse("`%` inside an expression", help, "%");
  }
  const date = /(?<![\w.])((?:1[89]|2[01])\d\d)-(\d{1,2})(?:-\d{1,2})?(?![\w.])/.exec(text);
  if (date) {
    return refuse(
      `a date such as \`${date[0]}\` inside an expression`,
      `write \`date(${date[1]}, ${Number(date[2])})\`; to subtract, put spaces around \`-\``,
      date[0],
    );
  }
  return !isDeeperThan(text, DEEPEST_NODE) || refuseDepth(reader);
}

/** Checks for brackets nested too deeply; mathjs recurses several levels for each. */
function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    else if (character === ")") depth--;
    if (depth > limit) return true;
  }
  return false;
}

function refuseDepth(reader: ValueReader): boolean {
  const values = { subject: "the expression", limit: `${DEEPEST_NODE}` };
  reader.report("too-deep", { values, help: "give parts of it names under `let`" });
  return false;
}

function parseTree(text: string, reader: ValueReader): Node | undefined {
  try {
    return parseMath(text) as unknown as Node;
  } catch (error) {
    if (error instanceof RangeError) {
      refuseDepth(reader);
      return undefined;
    }
    const { message, char } = error as { readonly message?: string; readonly char?: unknown };
    const at = typeof char === "number" ? char - 1 : text.length;
    const reason = lowerFirst((message ?? "").replace(/\s*\(char \d+\)$/, "")) || "it cannot be read";
    const word = /^(?:\w+|[^\s\w])/.exec(text.slice(at))?.[0];
    // YAML ends a value at a comma within brackets of its own, so that a call is cut there.
    const isCut = countOf(text, "(") > countOf(text, ")");
    const help = isCut
      ? "close every bracket; within `{ }` and `[ ]` a comma ends a value, so write one with a comma in quotes there"
      : undefined;
    return reader.report("invalid-expression", { values: { reason: visibleText(reason) }, help }, word);
  }
}

function countOf(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Checks the limits before any recursion. */
function isTreeFit(tree: Node, reader: ValueReader): boolean {
  let level: readonly Node[] = [tree];
  let count = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST_NODE) return refuseDepth(reader);
    count += level.length;
    level = level.flatMap(childrenOf);
  }
  if (count <= MOST_NODES) return true;
  const values = { subject: "the expression", got: `${count} parts`, limit: `${MOST_NODES}` };
  reader.report("too-large", { values, help: "give parts of it names under `let`" });
  return false;
}

function childrenOf(node: Node): readonly Node[] {
  const single = [node.content, node.condition, node.trueExpr, node.falseExpr].filter(
    (one) => one !== undefined,
  );
  return [...single, ...(node.args ?? []), ...(node.params ?? [])];
}

/** The longest part of an expression that a message quotes [characters]. */
const SHOWN_LENGTH = 60;

/** The text of a part of an expression, for messages. */
export function textOf(node: Node): string {
  const text = visibleText(String(node));
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH - 1)}…`;
}
