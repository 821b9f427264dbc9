import type { PlanBuilder, Register } from "../engine/index.ts";
import type { Algebra } from "../scenario/language/algebra.ts";
import { drawFrom } from "../scenario/language/draw.ts";
import type { Distribution, Expr } from "../scenario/language/expr.ts";
import { pertTable } from "../scenario/language/pert-table.ts";
import { operationOf } from "./operations.ts";

/** Uniform at which a value is its median. */
const MEDIAN = 0.5;

/** A distribution as operations on the uniform of its variable, by the same formula as the plain interpreter's. */
export function lowerDistribution(
  { builder, atMedians }: { readonly builder: PlanBuilder; readonly atMedians: boolean },
  distribution: Expr & Distribution,
  lowerParameter: (parameter: Expr) => Register,
): Register {
  const algebra: Algebra<Register> = {
    constant: (value) => builder.constant(value),
    known: (register) => builder.constantOf(register),
    apply: (fn, ...operands) => builder.op(operationOf(fn), ...operands),
    pert: (modeFraction, score) => builder.tableLookup(score, pertTable(modeFraction)),
  };
  const uniform = atMedians
    ? builder.constant(MEDIAN)
    : builder.variable(distribution.variable, "uniform", MEDIAN);
  return drawFrom(algebra, distribution, distribution.parameters.map(lowerParameter), uniform);
}
