import { explainMisreading, explainNumbers, type Misreading } from "../../units/foreign-notation.ts";
import { parseFormula } from "../../units/formula.ts";
import { findForeignNumber } from "../../units/number-notation.ts";
import { hasQuantityShape, parseQuantity } from "../../units/quantity.ts";
import { makeDate, makeNumber } from "./build-call.ts";
import { buildDistribution } from "./build-distribution.ts";
import type { Expr } from "./expr.ts";
import { functionNames, isClockName } from "./language.ts";
import { meantMonth, readMonth } from "./month-text.ts";
import { parseExpression } from "./parse-expression.ts";
import { type ParsedValue, type ValueContext, ValueReader } from "./value-reader.ts";

/**
 * Reads a scalar text of a quantity or date field.
 *
 * Reads a literal with unit (`1.4 GW`, `40 %`), a month `YYYY-MM`, an expression, or `A to B` with one of these on each
 * side: a 90 % interval. `to` must be a separate word outside brackets and occur once. A literal is the same number whether
 * it is the whole value or part of an expression.
 *
 * Several distributions in one value have the keys `path`, `path#1`, `path#2`, outer before inner, then from left to right.
 *
 * @return the tree in SI units, and the faults. The caller compares its dimension with the field's.
 *
 * Fails: never, whatever the text.
 */
export function parseValue(text: string, context: ValueContext): ParsedValue {
  const reader = new ValueReader(text, context);
  return reader.finish(readValue(text, reader));
}

/**
 * Like `parseValue`, with a reader that may go on with other texts of the same value.
 *
 * @return the tree, or `undefined` with the faults reported to the reader
 */
export function readValue(text: string, reader: ValueReader): Expr | undefined {
  const sides = splitInterval(text);
  if (sides.length === 1) return readSide(text, reader);
  const faulty = sides.findIndex((side) => side.trim() === "");
  if (sides.length > 2 || faulty >= 0) {
    const reason =
      sides.length > 2
        ? "`to` occurs more than once"
        : `there is no value ${faulty ? "after" : "before"} \`to\``;
    const help = "write the two ends of a 90 % interval, such as `2 GW to 3 GW`";
    return reader.report("invalid-expression", { values: { reason }, help }, "to");
  }
  if (isUnitFormula(sides[1]) && reader.context.names.lookup(sides[1].trim()) === undefined) {
    const reason = "`to` makes an interval; it does not convert units";
    const help = `write \`${sides[0].trim()}\`; units are converted where the value is read`;
    return reader.report("invalid-expression", { values: { reason }, help }, "to");
  }
  const variable = reader.nextVariable();
  const [low, high] = sides.map((side, index) => {
    const start = (index === 0 ? 0 : text.length - side.length) + side.length - side.trimStart().length;
    const end = index === 0 ? reader.context.quarterEnd : "last";
    return reader.within(side.trim(), start, () => readSide(side, reader, end));
  });
  if (!low || !high) return undefined;
  const draft = { family: "interval", variable, parameters: [low, high] } as const;
  return buildDistribution(draft, reader, intervalHelp(sides[0].trim(), sides[1].trim()));
}

/** True for `GW` in `2 MW to GW`; the other end of an interval begins with its number. */
function isUnitFormula(text: string): boolean {
  return !/^\s*[+-]?[\d.]/.test(text) && !("fault" in parseFormula(text));
}

/** A likely correction of an interval whose ends do not fit: a unit at one end only, or swapped ends. */
function intervalHelp(low: string, high: string): string {
  const bare = /^[+-]?[\d.]+$/;
  const unit = /^[+-]?[\d.]+(\s*[A-Za-z%].*)$/.exec(high)?.[1];
  if (bare.test(low) && unit && hasQuantityShape(high))
    return `write the unit at both ends: \`${low}${unit} to ${high}\``;
  return `write the lower end first: \`${high} to ${low}\``;
}

/** The parts of a text around each `to` that is a separate word outside brackets. */
function splitInterval(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "(") depth++;
    else if (character === ")") depth--;
    const isWord =
      depth <= 0 &&
      text.startsWith("to", at) &&
      isEdge(text[at - 1], /[\s)]/) &&
      isEdge(text[at + 2], /[\s(]/);
    if (!isWord) continue;
    parts.push(text.slice(start, at));
    start = at + 2;
  }
  return [...parts, text.slice(start)];
}

function isEdge(character: string | undefined, pattern: RegExp): boolean {
  return character === undefined || pattern.test(character);
}

function readSide(
  side: string,
  reader: ValueReader,
  quarterEnd = reader.context.quarterEnd,
): Expr | undefined {
  const text = side.trim();
  if (text === "") return reader.report("invalid-expression", { values: { reason: "the text is empty" } });
  const month = readMonth(text, quarterEnd);
  if (month !== undefined) return makeDate(month, reader);
  if (isDateText(text) && !namesIn(text, reader)) return refuseDate(text, reader);
  const misreading = namesIn(text, reader) ? explainNumbers(text) : explainMisreading(text);
  if (misreading) return refuseMisreading(text, misreading, reader);
  warnOfDoubtfulNumber(text, reader);
  if (isLiteral(text, reader)) {
    const { value, diagnostics } = parseQuantity(text, placeOf(side, reader));
    return value ? makeNumber(value.si, value.vector, reader) : reader.adopt(diagnostics);
  }
  return parseExpression(text, reader);
}

function refuseMisreading(text: string, { code, reason, help }: Misreading, reader: ValueReader): undefined {
  const span = reader.spanOf(text);
  return reader.report(code, { values: { text, reason }, help, ...(span ? { span } : {}) });
}

/** `1.250` is read as 1.25, but a number that ends in 0 after three decimals is often a number of thousands. */
function warnOfDoubtfulNumber(text: string, reader: ValueReader): void {
  const found = findForeignNumber(text);
  if (!found?.isRead) return;
  const [decimal, thousands] = found.readings;
  const rewritten = (number = "") =>
    `\`${text.slice(0, found.at)}${number}${text.slice(found.at + found.text.length)}\``;
  const values = {
    text,
    reason: `\`${found.text}\` is read as ${decimal}; with thousands it is ${thousands}`,
  };
  const help = `write ${rewritten(decimal)} or ${rewritten(thousands)}`;
  reader.report("doubtful-value", { values, help }, found.text);
}

function placeOf(side: string, reader: ValueReader) {
  const { span, context } = reader;
  return { path: context.path ?? context.variable, span: reader.spanOf(side.trim()) ?? span };
}

/** A text with the shape of a date or of a month in another notation, so that it is no arithmetic. */
function isDateText(text: string): boolean {
  return /^\d{4}-\d{1,2}(-\d{1,2})?(?:[T ]\d.*)?$/.test(text) || meantMonth(text) !== undefined;
}

function refuseDate(text: string, reader: ValueReader): undefined {
  const [, year, month, day] = /^(\d{4})-(\d{1,2})(-\d{1,2})?/.exec(text) ?? [];
  const meant = meantMonth(text) ?? `${year}-${(month ?? "").padStart(2, "0")}`;
  const reason = day === undefined ? "" : "time is counted in months: ";
  const help =
    readMonth(meant) === undefined
      ? "write the year and the month from 01 to 12, such as `2027-01`"
      : `${reason}write \`${meant}\``;
  return reader.report("invalid-date", { values: { text }, expected: "a month `YYYY-MM`", help }, text);
}

/** Matches a number and its unit, unless a word of the unit is a name of the scenario. */
function isLiteral(text: string, reader: ValueReader): boolean {
  // A power of a plain number looks like a quantity too.
  if (!hasQuantityShape(text) || /^[+-]?[\d.]+(?:[eE][+-]?\d+)?\s*\^/.test(text)) return false;
  return !(text.includes("(") && calls.test(text)) && !namesIn(text, reader);
}

/** A function of the language before its bracket. */
const calls = new RegExp(`\\b(?:${functionNames.join("|")})\\s*\\(`);

/** True if a word of the text is a name of the scenario or the calendar. */
function namesIn(text: string, reader: ValueReader): boolean {
  const words = text.match(/[A-Za-z_]\w*/g) ?? [];
  return words.some((word) => isClockName(word) || reader.context.names.lookup(word) !== undefined);
}
