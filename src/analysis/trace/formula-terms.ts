import type { Discounter, Formula } from "../../metrics/formula.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { TraceSign } from "./trace-node.ts";

/** A term or factor with what it does to the sum or product. */
export type Signed = { readonly sign: TraceSign; readonly of: Formula };

/** Sums within sums as one sum. */
export function termsOf(formula: Formula, sign: "+" | "-"): readonly Signed[] {
  if (formula.kind !== "operation" || (formula.operator !== "add" && formula.operator !== "subtract"))
    return [{ sign, of: formula }];
  const other = sign === "+" ? "-" : "+";
  return formula.operands.flatMap((of, index) =>
    termsOf(of, formula.operator === "subtract" && index > 0 ? other : sign),
  );
}

/** Products and quotients within each other as one product. */
export function factorsOf(formula: Formula, sign: "x" | "/"): readonly Signed[] {
  const isQuotient =
    formula.kind === "operation" && (formula.operator === "divide" || formula.operator === "per");
  if (formula.kind !== "operation" || (formula.operator !== "multiply" && !isQuotient))
    return [{ sign, of: formula }];
  const other = sign === "x" ? "/" : "x";
  return formula.operands.flatMap((of, index) => factorsOf(of, isQuotient && index > 0 ? other : sign));
}

/** Whether a sum adds a plain number other than 0, so that its terms are plain numbers. */
export function hasNumber(terms: readonly Signed[]): boolean {
  return terms.some(({ of }) => of.kind === "number" && of.value !== 0);
}

/** Whose rate a formula discounts by. */
export function discounterOf(formula: Formula): Discounter | undefined {
  if (formula.kind === "discount") return formula.by;
  return formula.kind === "operation" ? formula.operands.map(discounterOf).find((by) => by) : undefined;
}

/** The first metric that a formula reads; its unit serves a formula without one of its own. */
export function firstMetric(formula: Formula): Metric | undefined {
  if (formula.kind === "metric" || formula.kind === "sum") return findMetric(formula.name);
  if (formula.kind === "operation") return formula.operands.map(firstMetric).find((metric) => metric);
  return "of" in formula ? firstMetric(formula.of) : undefined;
}
