import type { Diagnostic, Span } from "../../../src/diagnostics/diagnostic.ts";
import { evaluatePlain } from "../../../src/scenario/language/evaluate.ts";
import type { Expr } from "../../../src/scenario/language/expr.ts";
import {
  type DistributionEntry,
  parseDistribution,
} from "../../../src/scenario/language/parse-distribution.ts";
import { parseValue } from "../../../src/scenario/language/parse-value.ts";
import { type RawLet, resolveLets } from "../../../src/scenario/language/resolve-lets.ts";
import type { NameResolver, ValueContext } from "../../../src/scenario/language/value-reader.ts";

/** January 2026. */
export const january2026 = 2026 * 12;

export function spanOf(text: string) {
  return { file: "test.yaml", line: 1, column: 1, length: text.length };
}

/**
 * A definition whose value is a text or a distribution map.
 */
export function rawLetOf(name: string, value: string | readonly DistributionEntry[], span: Span): RawLet {
  const context = (names: NameResolver) => ({ span, variable: `let.${name}`, names, allowMonth: true });
  if (typeof value === "string") {
    return { name, span, texts: [value], parse: (names) => parseValue(value, context(names)) };
  }
  const texts = value.flatMap(({ text, values = [] }) => [
    text ?? "",
    ...values.flatMap((one) => [one.value, one.chance]),
  ]);
  return { name, span, texts, parse: (names) => parseDistribution(value, context(names)) };
}

/** Names for the expressions of the tests: one of each kind. */
export const { lets, names } = resolveLets(
  Object.entries({
    cap: "2 GW",
    energy: "3 MWh",
    pue: "1.2",
    share: "20 % to 60 %",
    term: "18 months",
    ipo: "2026-05",
    filing: "2026-05 to 2026-09",
    growth: "1 + 0.1 * elapsed_months",
  }).map(([name, text]) => rawLetOf(name, text, spanOf(text))),
);

export function contextOf(text: string, more: Partial<ValueContext> = {}): ValueContext {
  return { span: spanOf(text), variable: "sites.a.power", names, allowMonth: true, ...more };
}

export function parse(text: string, more: Partial<ValueContext> = {}) {
  return parseValue(text, contextOf(text, more));
}

/** The tree of a text that must be right. */
export function exprOf(text: string, resolver: NameResolver = names): Expr {
  const { expr, diagnostics } = parse(text, { names: resolver });
  if (!expr) throw new Error(`${text}: ${JSON.stringify(diagnostics)}`);
  return expr;
}

/** The value of a text in January 2026, every uniform at `uniform`. */
export function numberOf(text: string, uniform = 0.5, month = january2026): number {
  return evaluatePlain(exprOf(text), {
    month,
    startMonth: january2026,
    lets,
    inflation: 0,
    uniform: () => uniform,
  });
}

/** The one fault of a text. */
export function faultOf(text: string, more: Partial<ValueContext> = {}): Diagnostic {
  const { expr, diagnostics } = parse(text, more);
  if (expr || diagnostics.length !== 1) throw new Error(`${text}: ${diagnostics.length} faults`);
  return diagnostics[0];
}
