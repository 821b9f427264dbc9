import { diagnose } from "../../../diagnostics/diagnostic.ts";
import { partsOf } from "../../language/evaluate.ts";
import type { Expr } from "../../language/expr.ts";
import { definitionsOf } from "../../plain-value.ts";
import type { CheckContext } from "../../read/check-context.ts";
import type { FieldValue } from "../../scenario.ts";

/**
 * Checks that no amount is inflated twice: a value with a `currency_year` must not read a name that has one too.
 *
 * Fails: never; faults are added to the context.
 */
export function checkCurrencyYears(context: CheckContext, lets: readonly FieldValue[]): void {
  const definitions = definitionsOf({ lets });
  const yearOf = (expr: Expr): number | undefined => {
    if (expr.kind === "inflated") return expr.currencyYear;
    const definition = expr.kind === "name" ? definitions.get(expr.name) : undefined;
    if (definition) return yearOf(definition);
    for (const part of partsOf(expr)) {
      const year = yearOf(part);
      if (year !== undefined) return year;
    }
    return undefined;
  };
  for (const value of [...context.fields.values(), ...lets]) {
    const outer = value.expr && inflatedIn(value.expr);
    const inner = outer && yearOf(outer.amount);
    if (!outer || inner === undefined) continue;
    const values = { outer: String(outer.currencyYear), inner: String(inner) };
    context.diagnostics.push(
      diagnose("mixed-currency-years", { values, path: value.path, span: value.origin.span }),
    );
  }
}

function inflatedIn(expr: Expr): (Expr & { kind: "inflated" }) | undefined {
  if (expr.kind === "inflated") return expr;
  return partsOf(expr)
    .map(inflatedIn)
    .find((one) => one !== undefined);
}
