import type { PlanBuilder } from "../engine/index.ts";
import type { ElementaryFunction } from "../scenario/language/algebra.ts";

const OPERATIONS: Readonly<Record<ElementaryFunction, Parameters<PlanBuilder["op"]>[0]>> = {
  add: "add",
  subtract: "subtract",
  multiply: "multiply",
  divide: "divide",
  power: "power",
  negate: "negate",
  min: "min",
  max: "max",
  abs: "abs",
  round: "round",
  floor: "floor",
  ceil: "ceil",
  sqrt: "sqrt",
  exp: "exp",
  log: "log",
  less: "less",
  less_equal: "lessEqual",
  greater: "greater",
  greater_equal: "greaterEqual",
  equal: "equal",
  not_equal: "notEqual",
  and: "and",
  or: "or",
  not: "not",
  if: "select",
  normal_quantile: "normalQuantile",
  normal_cdf: "normalCdf",
};

/** The engine's operation for a function of expressions. */
export function operationOf(fn: ElementaryFunction): Parameters<PlanBuilder["op"]>[0] {
  return OPERATIONS[fn];
}
