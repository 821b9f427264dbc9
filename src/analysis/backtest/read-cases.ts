import { type Diagnostic, diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import { type Cell, parseCsv } from "../../scenario/files/read-csv.ts";
import type { Case } from "./case.ts";
import type { CaseRow } from "./case-row.ts";
import { DEPLOYMENT_COLUMNS, DEPLOYMENT_EXTRAS, readDeployment } from "./read-deployment.ts";
import { readWork, WORK_COLUMNS, WORK_EXTRAS } from "./read-work.ts";

/**
 * Reads a case file (RFC 4180, one published figure per row, columns in any order). A file with a column `kind` contains
 * work, serving and training; any other contains deployments.
 *
 * @param file its name, for diagnostics
 * @return the valid cases, and all faults with their places
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
  const isOfWork = heading.some(({ text: name }) => name === "kind");
  const due: readonly string[] = isOfWork ? WORK_COLUMNS : DEPLOYMENT_COLUMNS;
  const known = [...due, ...(isOfWork ? WORK_EXTRAS : DEPLOYMENT_EXTRAS)];
  for (const name of due)
    if (!heading.some((cell) => cell.text === name)) refuse(`there is no column \`${name}\``, start);
  for (const { text: name, span } of heading)
    if (!known.includes(name)) refuse(`unknown column \`${name}\``, span);
  if (diagnostics.length > 0) return { cases: [], diagnostics };
  const seen = new Set<string>();
  const cases = rows.flatMap((cells) => {
    const span = cells[0]?.span ?? start;
    if (cells.length !== heading.length) {
      refuse(`the row has ${cells.length} cells, the heading ${heading.length}`, span);
      return [];
    }
    const before = diagnostics.length;
    const row = rowOf(cells, heading, refuse);
    const read = isOfWork ? readWork(row) : readDeployment(row);
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
): CaseRow {
  const cell = (column: string): Cell | undefined => cells[heading.findIndex(({ text }) => text === column)];
  const place = (column: string): Span => (cell(column) ?? cells[0]).span;
  return {
    text: (column) => cell(column)?.text.trim() ?? "",
    place,
    refuse: (column, reason) => refuse(`${column}: ${reason}`, place(column)),
  };
}
