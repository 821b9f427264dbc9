import { type Diagnostic, diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import { type Cell, parseCsv } from "../../scenario/read-csv.ts";
import { type Basis, type Case, type ChipShare, PREDICTIONS, type Prediction } from "./case.ts";

/** Headings of a file of cases, all of them due. */
export const CASE_COLUMNS = [
  "id",
  "fact",
  "case",
  "template",
  "month",
  "chips",
  "given",
  "basis",
  "design_pue",
  "amount_busd",
  "term_years",
  "predict",
  "published",
  "low",
  "high",
  "unit",
  "independent",
  "feeds",
  "source_says",
  "remark",
  "url",
  "date",
] as const;
type CaseColumn = (typeof CASE_COLUMNS)[number];

type Row = {
  readonly text: (column: CaseColumn) => string;
  readonly refuse: (column: CaseColumn, reason: string) => void;
};

/**
 * Reads a file of cases (RFC 4180, one published figure a row, columns in any order).
 *
 * @param file its name, for diagnostics
 * @return the cases without a fault, and all faults with their places
 *
 * Fails: never. Cost: length of the text.
 */
export function readCases(
  text: string,
  file: string,
): { readonly cases: readonly Case[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const refuse = (reason: string, span: Span): void => {
    diagnostics.push(diagnose("invalid-csv", { values: { file, reason }, span }));
  };
  const parsed = parseCsv(text.replace(/^\ufeff/, ""), file);
  if ("reason" in parsed) {
    refuse(parsed.reason, parsed.span);
    return { cases: [], diagnostics };
  }
  const start: Span = { file, line: 1, column: 1, length: 1 };
  const [heading = [], ...rows] = parsed.rows;
  for (const name of CASE_COLUMNS)
    if (!heading.some((cell) => cell.text === name)) refuse(`no column is headed \`${name}\``, start);
  for (const { text: name, span } of heading)
    if (!(CASE_COLUMNS as readonly string[]).includes(name)) refuse(`unknown column \`${name}\``, span);
  if (diagnostics.length > 0) return { cases: [], diagnostics };
  const seen = new Set<string>();
  const cases = rows.flatMap((cells) => {
    const span = cells[0]?.span ?? start;
    if (cells.length !== heading.length) {
      refuse(`the row has ${cells.length} cells, the heading ${heading.length}`, span);
      return [];
    }
    const before = diagnostics.length;
    const read = readCase(rowOf(cells, heading, refuse));
    if (seen.has(read.id)) refuse(`a second case \`${read.id}\``, span);
    seen.add(read.id);
    return diagnostics.length > before ? [] : [read];
  });
  return { cases, diagnostics };
}

function rowOf(
  cells: readonly Cell[],
  heading: readonly Cell[],
  refuse: (reason: string, span: Span) => void,
): Row {
  const cell = (column: CaseColumn): Cell => cells[heading.findIndex(({ text }) => text === column)];
  return {
    text: (column) => cell(column).text.trim(),
    refuse: (column, reason) => refuse(`${column}: ${reason}`, cell(column).span),
  };
}

function readCase(row: Row): Case {
  const { text, refuse } = row;
  for (const column of ["id", "case", "template", "chips", "given", "url", "date"] as const)
    if (text(column) === "") refuse(column, "nothing is written");
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text("month"))) refuse("month", "write a month such as 2026-01");
  const predict = text("predict");
  const known = Object.hasOwn(PREDICTIONS, predict);
  if (!known) refuse("predict", `it is one of ${Object.keys(PREDICTIONS).join(", ")}`);
  else if (text("unit") !== PREDICTIONS[predict as Prediction].unit)
    refuse("unit", `a prediction of ${predict} is in ${PREDICTIONS[predict as Prediction].unit}`);
  const [published, low, high] = (["published", "low", "high"] as const).map((name) => readNumber(row, name));
  if (!(low <= published && published <= high)) refuse("published", "it lies outside its own band");
  const independent = text("independent");
  if (independent !== "yes" && independent !== "no") refuse("independent", "write yes or no");
  else if ((independent === "yes") !== (text("feeds") === ""))
    refuse("feeds", "a point that is not independent says what its source feeds, and only such a point");
  const isRate = predict === "rate";
  return {
    id: text("id"),
    fact: text("fact"),
    title: text("case"),
    template: text("template"),
    month: text("month"),
    chips: readChips(row),
    given: text("given"),
    bases: readBases(row),
    designPue: text("design_pue"),
    ...(isRate
      ? { amountBusd: readNumber(row, "amount_busd"), termYears: readNumber(row, "term_years") }
      : {}),
    predict: predict as Prediction,
    published,
    low,
    high,
    feeds: text("feeds"),
    says: text("source_says"),
    remark: text("remark"),
    url: text("url"),
    date: text("date"),
  };
}

function readNumber({ text, refuse }: Row, column: CaseColumn): number {
  const value = Number(text(column));
  if (text(column) !== "" && Number.isFinite(value) && value > 0) return value;
  refuse(column, `\`${text(column)}\` is no positive number`);
  return 1;
}

/** `facility`, `it`, `unstated` for both, or nothing. */
function readBases({ text, refuse }: Row): readonly Basis[] {
  const basis = text("basis");
  if (basis === "unstated") return ["facility", "it"];
  if (basis === "facility" || basis === "it") return [basis];
  if (basis !== "") refuse("basis", "it is facility, it or unstated, or left empty");
  return [];
}

/** `gb300`, `gb300 + vr200` in equal parts, or `150000 h100 + 50000 h200`. */
function readChips({ text, refuse }: Row): readonly ChipShare[] {
  return text("chips")
    .split("+")
    .flatMap((part) => {
      const match = /^\s*(?:(\d+(?:\.\d+)?)\s+)?([a-z][a-z0-9_]*)\s*$/.exec(part);
      if (!match)
        refuse("chips", "write names of chips with `+` between them, each with its number or without");
      return match ? [{ chip: match[2], parts: Number(match[1] ?? 1) }] : [];
    });
}
