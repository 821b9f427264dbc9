import { parseFormula } from "../../units/formula.ts";
import { toSi } from "../../units/quantity.ts";
import { unitOfSymbol } from "../../units/symbol.ts";
import { makeNumber } from "./build-call.ts";
import type { Expr } from "./expr.ts";
import { type Node, textOf } from "./parse-tree.ts";
import type { ValueReader } from "./value-reader.ts";

/** A number followed only by units, such as `58 USD/MWh`, is one number. */
export function lowerLiteral(node: Node, reader: ValueReader): Expr | undefined {
  const literal = literalOf(node);
  if (!literal || literal.formula === "") return undefined;
  const result = parseFormula(literal.formula);
  if ("fault" in result) return undefined;
  const si = toSi(literal.value, result.factor);
  if (Number.isFinite(si)) return makeNumber(si, result.factor.vector, reader);
  return reader.report("not-finite", { values: { text: textOf(node) } });
}

type Literal = { readonly value: number; readonly formula: string };

function literalOf(node: Node): Literal | undefined {
  if (node.type === "ConstantNode") {
    return typeof node.value === "number" ? { value: node.value, formula: "" } : undefined;
  }
  if (node.type !== "OperatorNode" || !node.args) return undefined;
  const [left, right] = node.args;
  if (node.fn === "unaryMinus" && left.type === "ConstantNode" && typeof left.value === "number") {
    return { value: -left.value, formula: "" };
  }
  if (node.fn !== "multiply" && node.fn !== "divide") return undefined;
  const literal = literalOf(left);
  const unit = literal && unitTextOf(right);
  if (!literal || unit === undefined) return undefined;
  if (node.fn === "multiply")
    return { ...literal, formula: literal.formula ? `${literal.formula} * ${unit}` : unit };
  return { ...literal, formula: literal.formula ? `${literal.formula} / ${unit}` : `(${unit})^-1` };
}

/** A unit, a power of one, or a bracketed formula of units, as text for `parseFormula`. */
export function unitTextOf(node: Node): string | undefined {
  if (node.type === "SymbolNode") return unitOfSymbol(node.name ?? "") ? node.name : undefined;
  if (node.type === "ParenthesisNode") {
    const text = node.content && formulaTextOf(node.content);
    return text === undefined ? undefined : `(${text})`;
  }
  if (node.type !== "OperatorNode" || node.fn !== "pow" || !node.args) return undefined;
  const base = unitTextOf(node.args[0]);
  const exponent = literalOf(node.args[1]);
  if (base === undefined || !exponent || exponent.formula !== "" || !isUnitPower(exponent.value))
    return undefined;
  return `${base}^${exponent.value}`;
}

function isUnitPower(value: number): boolean {
  return Number.isInteger(value) && value !== 0 && Math.abs(value) <= 9;
}

function formulaTextOf(node: Node): string | undefined {
  const isProduct = node.type === "OperatorNode" && (node.fn === "multiply" || node.fn === "divide");
  if (!isProduct || !node.args) return unitTextOf(node);
  const left = formulaTextOf(node.args[0]);
  const right = unitTextOf(node.args[1]);
  if (left === undefined || right === undefined) return undefined;
  return `${left} ${node.fn === "multiply" ? "*" : "/"} ${right}`;
}
