import {
  CODES,
  type DiagnosticCode,
  type DiagnosticValues,
  type Severity,
  type ValueNameOf,
} from "./codes.ts";

/** A place in a file: 1-based line, 1-based column and length in UTF-16 units, all on one line. */
export type Span = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
};

/** A related place, with a note about it. */
export type RelatedPlace = { readonly span?: Span; readonly note: string };

/** A fault in the user's input, as data. `renderFull`, `renderConcise` and `renderJson` turn it into text. */
export type Diagnostic = {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** Texts that fill the code's headline. */
  readonly values: DiagnosticValues;
  /** The faulty field as a user would type it, such as `sites.oregon.power`. */
  readonly path?: string;
  readonly span?: Span;
  readonly related?: readonly RelatedPlace[];
  /** The values allowed here: kind, range, an example, near names. */
  readonly expected?: string;
  /** The remedy. */
  readonly help?: string;
};

/** The arguments of `diagnose` besides the code; the compiler requires the values that the code's headline needs. */
export type DiagnosticDetails<Code extends DiagnosticCode> = {
  readonly values: Readonly<Record<ValueNameOf<Code>, string>> & DiagnosticValues;
  readonly path?: string | undefined;
  readonly span?: Span | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
  readonly expected?: string | undefined;
  readonly help?: string | undefined;
};

/** Raised when an invariant of the program is broken: our own fault, never that of a scenario. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

/**
 * Builds a diagnostic, with the severity from the table of codes.
 *
 * The path is also added to the values, where headlines read it.
 *
 * Fails: never.
 */
export function diagnose<Code extends DiagnosticCode>(
  code: Code,
  details: DiagnosticDetails<Code>,
): Diagnostic {
  const { values, path, span, related, expected, help } = details;
  return {
    code,
    severity: CODES[code].severity,
    values: path === undefined ? { ...values } : { ...values, path },
    ...(path === undefined ? {} : { path }),
    ...(span === undefined ? {} : { span }),
    ...(related === undefined ? {} : { related }),
    ...(expected === undefined ? {} : { expected }),
    ...(help === undefined ? {} : { help }),
  };
}

/** The one-line headline of a diagnostic, from the table of codes. */
export function headlineOf(diagnostic: Diagnostic): string {
  return CODES[diagnostic.code].headline(diagnostic.values);
}

/** True if any diagnostic is an error, which prevents simulation. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/**
 * Sorts by file, line, column and code, comparing text by code unit so that the order is independent of locale.
 *
 * Diagnostics without a place come last; equal ones keep their order. Returns a new array.
 */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => compareSpans(a.span, b.span) || compareText(a.code, b.code));
}

function compareSpans(a: Span | undefined, b: Span | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column;
}

/** The order of texts by their code units, as a sort without rules of a language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
