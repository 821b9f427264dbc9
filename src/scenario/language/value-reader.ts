import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import {
  type Diagnostic,
  type DiagnosticDetails,
  diagnose,
  hasErrors,
  type Span,
} from "../../diagnostics/diagnostic.ts";
import type { DimensionVector } from "../../units/dimension.ts";
import type { Binding, Expr } from "./expr.ts";
import type { QuarterEnd } from "./month-text.ts";
import type { StateNames } from "./state-names.ts";

/** What a value needs to know about a `let` name that it reads. */
export type NameInfo = {
  readonly vector: DimensionVector;
  readonly isDate: boolean;
  readonly binding: Binding;
  /** The value, if the binding is `constant` and it is known [SI units, or absolute month]. */
  readonly value?: number;
  /** Set if the name is a condition, 1 or 0. */
  readonly isTruth?: boolean;
};

/**
 * The `let` names in scope. `faulty` marks a name whose definition has errors: values that read it are left out without a
 * diagnostic of their own.
 */
export type NameResolver = {
  readonly lookup: (name: string) => NameInfo | "faulty" | undefined;
  /** All names in scope, for suggestions. */
  readonly known: readonly string[];
};

/** The place of a value and what it may read. */
export type ValueContext = {
  /** Place of the whole value in its file. */
  readonly span: Span;
  /** Path of the line that declares the value; it is the key of its distribution's uniform. */
  readonly variable: string;
  /** Path for diagnostics, if it differs from `variable`. */
  readonly path?: string;
  readonly names: NameResolver;
  /** True if the field may vary by month, so that calendar names may be used. */
  readonly allowMonth: boolean;
  /** The month of a quarter such as `2026-Q1` that is meant; the first unless the field lasts `to` the quarter. */
  readonly quarterEnd?: QuarterEnd;
  /** Dotted names of simulated states, if the value is a condition. */
  readonly states?: StateNames;
};

/**
 * A parsed value. Without an `expr` there are errors among the diagnostics, or it reads a faulty `let` name.
 */
export type ParsedValue = { readonly expr?: Expr; readonly diagnostics: readonly Diagnostic[] };

/** The state of reading a value: its context, its faults, and the number of distributions so far. */
export class ValueReader {
  readonly context: ValueContext;
  readonly diagnostics: Diagnostic[] = [];
  #text: string;
  #span: Span;
  #distributionCount = 0;
  readonly #said = new Set<string>();

  constructor(text: string, context: ValueContext) {
    this.context = context;
    this.#text = text;
    this.#span = context.span;
  }

  /** Reads a part of the text that begins at an index, so that carets stay within the part. */
  within<Read>(part: string, at: number, read: () => Read): Read {
    const [text, span] = [this.#text, this.#span];
    // Otherwise the file writes the text with quotes or escapes, and the whole is the place.
    if (span.length === text.length)
      this.moveTo(part, { ...span, column: span.column + at, length: part.length });
    const made = read();
    this.moveTo(text, span);
    return made;
  }

  /** Goes on with another text of the same value, such as the next parameter of a distribution. */
  moveTo(text: string, span: Span): void {
    this.#text = text;
    this.#span = span;
  }

  get span(): Span {
    return this.#span;
  }

  /** The place of a part of the text, if the file contains the text verbatim. */
  spanOf(part: string): Span | undefined {
    const at = this.#span.length === this.#text.length ? this.#text.indexOf(part) : -1;
    return at < 0 ? undefined : { ...this.#span, column: this.#span.column + at, length: part.length };
  }

  /** Key of the next distribution in the value: the variable's path, then `path#1`, `path#2`. */
  nextVariable(): string {
    const count = this.#distributionCount++;
    return count === 0 ? this.context.variable : `${this.context.variable}#${count}`;
  }

  /**
   * Reports a fault. The carets narrow to the first occurrence of `word`, if the file contains the text verbatim.
   * The same fault is reported once.
   */
  report<Code extends DiagnosticCode>(
    code: Code,
    details: DiagnosticDetails<Code>,
    word?: string,
  ): undefined {
    const path = this.context.path ?? this.context.variable;
    const diagnostic = diagnose(code, { path, span: this.#narrow(word), ...details });
    const key = JSON.stringify([code, diagnostic.values, diagnostic.span]);
    if (!this.#said.has(key) && this.diagnostics.length < MOST_DIAGNOSTICS) this.diagnostics.push(diagnostic);
    this.#said.add(key);
    return undefined;
  }

  /** Adds faults that another part of the program found, such as those of a unit. */
  adopt(diagnostics: readonly Diagnostic[]): undefined {
    this.diagnostics.push(...diagnostics);
    return undefined;
  }

  /** The value, or none if anything in it is wrong. */
  finish(expr: Expr | undefined): ParsedValue {
    const { diagnostics } = this;
    return expr && !hasErrors(diagnostics) ? { expr, diagnostics } : { diagnostics };
  }

  #narrow(word: string | undefined): Span {
    const span = this.#span;
    if (!word || span.length !== this.#text.length) return span;
    const at = findWord(this.#text, word);
    return at < 0 ? span : { ...span, column: span.column + at, length: word.length };
  }
}

/** Most diagnostics reported for one value. */
const MOST_DIAGNOSTICS = 8;

/** Index of a word or sign that is not part of a longer one; of a sign that only stands in others the first; -1 if there is none. */
function findWord(text: string, word: string): number {
  let inOther = -1;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text.slice(Math.max(0, at - 1), at);
    const behind = text.slice(at + word.length, at + word.length + 2);
    if (isSign(word)) {
      if (!SIGNS.test(before) && !SIGNS.test(behind[0] ?? "")) return at;
      if (inOther < 0) inOther = at;
    } else if (!joinsBefore(before, word) && !joinsBehind(word, behind)) return at;
  }
  return inOther;
}

/** Characters of which operators consist: `!=` is not `!`. */
const SIGNS = /[<>=!&|^~?]/;

function isSign(word: string): boolean {
  return !/\w/.test(word);
}

/** Whether a word goes on before its beginning: a letter, or a point of a number or a dotted name. */
function joinsBefore(before: string, word: string): boolean {
  return /^\w/.test(word) && /[\w.]$/.test(before);
}

function joinsBehind(word: string, behind: string): boolean {
  return /\w$/.test(word) && /^(?:\w|\.\w)/.test(behind);
}
