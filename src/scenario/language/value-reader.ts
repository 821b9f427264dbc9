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
import type { StateNames } from "./state-names.ts";

/** What a value needs to know of a `let` name that it reads. */
export type NameInfo = {
  readonly vector: DimensionVector;
  readonly isDate: boolean;
  readonly binding: Binding;
  /** The value, where the binding is `constant` and it is known [SI units, or absolute month]. */
  readonly value?: number;
  /** Set where the name is a condition, 1 or 0. */
  readonly isTruth?: boolean;
};

/**
 * The `let` names in scope. `faulty` stands for a name whose own definition has errors: what reads it is left out
 * without a diagnostic of its own.
 */
export type NameResolver = {
  readonly lookup: (name: string) => NameInfo | "faulty" | undefined;
  /** All names in scope, to find near ones for a slip. */
  readonly known: readonly string[];
};

/** Where a value stands and what it may read. */
export type ValueContext = {
  /** Place of the whole value in its file. */
  readonly span: Span;
  /** Path of the line that declares the value: the key of its distribution's uniform. */
  readonly variable: string;
  /** Path for diagnostics, where it is another than `variable`. */
  readonly path?: string;
  readonly names: NameResolver;
  /** True if the field may vary by month, so that the calendar's names may be read. */
  readonly allowMonth: boolean;
  /** Dotted names of the simulated state, where the value is a condition. */
  readonly states?: StateNames;
};

/**
 * A value after reading. Without an `expr` there are errors among the diagnostics, or it reads a `let` name that is
 * faulty itself.
 */
export type ParsedValue = { readonly expr?: Expr; readonly diagnostics: readonly Diagnostic[] };

/** The state of reading one value: its context, what was found wrong, and how many distributions it holds so far. */
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

  /** Goes on to another text of the same value, such as the next parameter of a distribution. */
  moveTo(text: string, span: Span): void {
    this.#text = text;
    this.#span = span;
  }

  get span(): Span {
    return this.#span;
  }

  /** The place of a part of the text, where the file writes the text as it is. */
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
   * Notes a fault. The carets narrow to the first place where `word` stands, if the file writes the text as it is.
   * The same fault is noted once.
   */
  report<Code extends DiagnosticCode>(
    code: Code,
    details: DiagnosticDetails<Code>,
    word?: string,
  ): undefined {
    const path = this.context.path ?? this.context.variable;
    const diagnostic = diagnose(code, { path, span: this.#narrow(word), ...details });
    const key = JSON.stringify([code, diagnostic.values, diagnostic.span]);
    if (!this.#said.has(key) && this.diagnostics.length < mostDiagnostics) this.diagnostics.push(diagnostic);
    this.#said.add(key);
    return undefined;
  }

  /** Notes faults that another part of the program found, such as those of a unit. */
  adopt(diagnostics: readonly Diagnostic[]): undefined {
    this.diagnostics.push(...diagnostics);
    return undefined;
  }

  /** The value read, left out where anything in it is wrong. */
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

/** More than this is never said about one value. */
const mostDiagnostics = 8;

/** Index of a word that is no part of a longer one, or of a sign; -1 if it does not stand there. */
function findWord(text: string, word: string): number {
  const isPart = (character: string | undefined): boolean => character !== undefined && /\w/.test(character);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const joinsBefore = isPart(word[0]) && isPart(text[at - 1]);
    const joinsAfter = isPart(word.at(-1)) && isPart(text[at + word.length]);
    if (!joinsBefore && !joinsAfter) return at;
  }
  return -1;
}
