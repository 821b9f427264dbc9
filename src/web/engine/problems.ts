import { type Diagnostic, headlineOf } from "../../diagnostics/diagnostic.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { SET_FILE } from "../../scenario/files/overrides.ts";
import type { Place, Problem } from "../messages.ts";

/** A diagnostic as the page shows it. `file` is the scenario that is edited. */
export function problemOf(diagnostic: Diagnostic, file: string, fixes: readonly string[] = []): Problem {
  const { severity, code, span, expected, help, path } = diagnostic;
  const at = span?.file === file ? span : undefined;
  const elsewhere = span && !at ? wordsOf(span.file, span.line, path) : undefined;
  return {
    severity,
    code,
    headline: visibleText(headlineOf(diagnostic)),
    ...(at ? { at: { line: at.line, column: at.column, length: at.length } } : {}),
    ...(elsewhere === undefined ? {} : { elsewhere }),
    ...(expected === undefined ? {} : { expected: visibleText(expected) }),
    ...(help === undefined ? {} : { help: visibleText(help) }),
    fixes,
  };
}

function wordsOf(file: string, line: number, path: string | undefined): string {
  if (file === SET_FILE) return path === undefined ? "a slider" : `the slider of ${path}`;
  return `${file}, line ${line}`;
}

/** Most texts that are tried for one fault. */
const MOST_TRIED = 3;

/** Texts that a diagnostic proposes for its place: names that are near, or the whole value to write. */
export function proposalsOf({ expected = "", help = "" }: Diagnostic): readonly string[] {
  const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, inner = ""]) => inner);
  const names = /^`/.test(expected) ? quoted(expected) : [];
  const meant = /^did you mean /.test(help) ? quoted(help) : [];
  const written = /^write `/.test(help) ? quoted(help).slice(0, 1) : [];
  return [...new Set([...names, ...meant, ...written])].slice(0, MOST_TRIED);
}

/** A text with another in place of what stands at a place. */
export function replaceAt(text: string, { line, column, length }: Place, by: string): string {
  let start = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text;
    start = end + 1;
  }
  const from = start + column - 1;
  return text.slice(0, from) + by + text.slice(from + length);
}
