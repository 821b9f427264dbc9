import { unitOfSymbol } from "../../units/symbol.ts";
import { dimensionless } from "../../units/vector.ts";
import type { ExprFunction } from "./algebra.ts";
import { variesByMonth } from "./binding.ts";
import { buildCall, makeDate, makeNumber } from "./build-call.ts";
import { buildDistribution } from "./build-distribution.ts";
import type { FamilyName } from "./distributions/families.ts";
import type { Expr } from "./expr.ts";
import { functions, isClockName, operators } from "./language.ts";
import { type Node, readTree, textOf } from "./parse-tree.ts";
import {
  refuseFunction,
  refuseImplicit,
  refuseMonth,
  refuseName,
  refuseNode,
  refuseOperator,
} from "./refusals.ts";
import { lowerLiteral, unitTextOf } from "./unit-literal.ts";
import type { ValueReader } from "./value-reader.ts";

/**
 * Reads an expression: arithmetic of numbers with units, names and allowed functions.
 *
 * mathjs parses the text; we check its tree against an allowlist of node types, operators and functions, and build a typed
 * tree from it. mathjs never evaluates anything. Everything else is rejected by name.
 *
 * A number and the units after it form one number, as in `parseQuantity`; nothing else is folded.
 *
 * @param text   the expression, a scalar of a scenario
 * @param reader receives the faults
 * @return the tree, or `undefined` with the faults reported to the reader (none if it reads a faulty name)
 *
 * Fails: never, whatever the text.
 */
export function parseExpression(text: string, reader: ValueReader): Expr | undefined {
  const tree = readTree(text, reader);
  if (!tree) return undefined;
  if (tree.type === "SymbolNode" && isBareUnit(tree.name ?? "", reader)) {
    const reason = "a unit without a number";
    return reader.report("invalid-value", { values: { text, reason }, help: `write \`1 ${text}\`` });
  }
  return lower(tree, reader);
}

function lower(node: Node, reader: ValueReader): Expr | undefined {
  switch (node.type) {
    case "ConstantNode":
      return lowerConstant(node, reader);
    case "ParenthesisNode":
      return node.content && lower(node.content, reader);
    case "SymbolNode":
      return lowerSymbol(node.name ?? "", reader);
    case "OperatorNode":
      return lowerLiteral(node, reader) ?? lowerOperator(node, reader);
    case "FunctionNode":
      return lowerFunction(node, reader);
    case "ConditionalNode":
      return lowerCall("if", [node.condition, node.trueExpr, node.falseExpr] as readonly Node[], reader);
    case "RelationalNode":
      return lowerRelation(node, reader);
    case "AccessorNode":
      return reader.context.states ? lowerState(textOf(node), reader) : refuseNode(node, reader);
    default:
      return refuseNode(node, reader);
  }
}

/** Lowers several nodes completely, so that the faults of each are found. */
function lowerAll(nodes: readonly Node[], reader: ValueReader): readonly Expr[] | undefined {
  const lowered = nodes.map((node) => lower(node, reader));
  return lowered.every((expr) => expr !== undefined) ? lowered : undefined;
}

function lowerCall(fn: ExprFunction, nodes: readonly Node[], reader: ValueReader): Expr | undefined {
  const args = lowerAll(nodes, reader);
  return args && buildCall(fn, args, reader);
}

function lowerConstant({ value }: Node, reader: ValueReader): Expr | undefined {
  if (typeof value !== "number") {
    const what = typeof value === "string" ? "text" : `\`${String(value)}\``;
    const help = typeof value === "boolean" ? "write a comparison, such as `a > b`" : undefined;
    return reader.report("forbidden-expression", { values: { what }, help }, String(value));
  }
  if (Number.isFinite(value)) return makeNumber(value, dimensionless, reader);
  return reader.report("not-finite", { values: { text: String(value) } });
}

function lowerSymbol(name: string, reader: ValueReader): Expr | undefined {
  if (isClockName(name)) return lowerClock(name, reader);
  const unit = unitOfSymbol(name);
  if (unit) return makeNumber(unit.si, unit.vector, reader);
  const info = reader.context.names.lookup(name);
  if (info === "faulty") return undefined;
  if (!info) return refuseName(name, reader);
  if (variesByMonth(info.binding) && !reader.context.allowMonth) return refuseMonth(name, reader);
  const { vector, isDate, binding } = info;
  return { kind: "name", name, vector, isDate, binding, span: reader.span };
}

function lowerState(name: string, reader: ValueReader): Expr | undefined {
  const vector = reader.context.states?.lookup(name);
  if (vector) {
    return { kind: "state", name, vector, isDate: false, binding: "month-trial", span: reader.span };
  }
  const near = reader.context.states?.near(name) ?? [];
  const expected = near.length > 0 ? near.map((one) => `\`${one}\``).join(", ") : undefined;
  return reader.report("unknown-name", { values: { name }, expected }, name);
}

function lowerClock(
  clock: "calendar_year" | "month_of_year" | "elapsed_months",
  reader: ValueReader,
): Expr | undefined {
  if (!reader.context.allowMonth) return refuseMonth(clock, reader);
  return { kind: "clock", clock, vector: dimensionless, isDate: false, binding: "month", span: reader.span };
}

function isBareUnit(name: string, reader: ValueReader): boolean {
  return (
    !isClockName(name) && unitOfSymbol(name) !== undefined && reader.context.names.lookup(name) === undefined
  );
}

function lowerOperator(node: Node, reader: ValueReader): Expr | undefined {
  const args = node.args ?? [];
  if (node.fn === "unaryPlus") return lower(args[0], reader);
  const fn = typeof node.fn === "string" ? operators.get(node.fn) : undefined;
  if (!fn) return refuseOperator(node, reader);
  if (fn === "multiply" && node.implicit && !isImplicitFit(args)) return refuseImplicit(args, reader);
  if (fn === "divide" && isAmbiguousDivisor(args[1])) {
    const below = textOf(args[1]);
    const reason = `\`${below}\` after \`/\` can be read in two ways`;
    const help = `write \`/ (${below})\`, or \`*\` between its parts`;
    return reader.report("invalid-expression", { values: { reason }, help });
  }
  // A state is known only while the run simulates, so an expression that always divides by zero is reported here.
  if (fn === "divide" && reader.context.states && args[1].type === "ConstantNode" && args[1].value === 0)
    return reader.report("not-finite", { values: { text: textOf(node) } }, textOf(args[1]));
  if (fn === "negate" && args[0].type === "ConstantNode") {
    const number = lower(args[0], reader);
    return number?.kind === "number" ? { ...number, value: -number.value } : number;
  }
  return lowerCall(fn, args, reader);
}

/** Adjacent values multiply only if a unit follows a number or a bracket. */
function isImplicitFit([left, right]: readonly Node[]): boolean {
  const isNumber = left.type === "ConstantNode" || left.type === "ParenthesisNode" || isNegative(left);
  const isChain = left.type === "OperatorNode" && left.fn === "multiply" && left.implicit === true;
  const isUnit = left.type === "SymbolNode" && unitOfSymbol(left.name ?? "") !== undefined;
  return (isNumber || isChain || isUnit) && unitTextOf(right) !== undefined;
}

function isNegative(node: Node): boolean {
  return node.fn === "unaryMinus" && node.args?.[0]?.type === "ConstantNode";
}

/** `x / kW month`: adjacent words that the two grammars of mathjs read differently. */
function isAmbiguousDivisor(node: Node): boolean {
  let first = node;
  while (first.type === "OperatorNode" && first.fn === "multiply" && first.implicit && first.args)
    first = first.args[0];
  return first !== node && first.type === "SymbolNode";
}

function lowerRelation({ conditionals = [], params = [] }: Node, reader: ValueReader): Expr | undefined {
  const values = lowerAll(params, reader);
  if (!values) return undefined;
  let all: Expr | undefined;
  for (const [index, conditional] of conditionals.entries()) {
    const fn = operators.get(conditional);
    const step = fn && buildCall(fn, [values[index], values[index + 1]], reader);
    all = step && all ? buildCall("and", [all, step], reader) : step;
    if (!all) return undefined;
  }
  return all;
}

function lowerFunction(node: Node, reader: ValueReader): Expr | undefined {
  const called = node.fn as Node | undefined;
  if (called?.type !== "SymbolNode" || called.name === undefined) {
    return reader.report("forbidden-expression", {
      values: { what: "a call of something other than a name" },
    });
  }
  const { name } = called;
  const entry = functions.get(name);
  if (!entry) return refuseFunction(name, reader);
  const args = node.args ?? [];
  if (args.length < entry.least || args.length > entry.most) {
    const count = entry.least === entry.most ? `${entry.least}` : `at least ${entry.least}`;
    const reason = `\`${name}\` takes ${count} ${entry.most === 1 ? "value" : "values"}, got ${args.length}`;
    return reader.report(
      "invalid-expression",
      { values: { reason }, help: `write \`${entry.usage}\`` },
      name,
    );
  }
  if (entry.fn) return lowerCall(entry.fn, args, reader);
  return entry.family ? lowerDistribution(entry.family, entry.usage, args, reader) : lowerDate(args, reader);
}

function lowerDistribution(
  family: FamilyName,
  usage: string,
  args: readonly Node[],
  reader: ValueReader,
): Expr | undefined {
  // The outer distribution gets its number before those inside it.
  const variable = reader.nextVariable();
  const parameters = lowerAll(args, reader);
  return parameters && buildDistribution({ family, variable, parameters }, reader, `write \`${usage}\``);
}

/** Admissible years of a date. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

function lowerDate(args: readonly Node[], reader: ValueReader): Expr | undefined {
  const [year, month] = args.map((arg) =>
    arg.type === "ConstantNode" && typeof arg.value === "number" ? arg.value : Number.NaN,
  );
  const isYear = Number.isInteger(year) && year >= FIRST_YEAR && year <= LAST_YEAR;
  const isMonth = Number.isInteger(month) && month >= 1 && month <= 12;
  if (isYear && isMonth) return makeDate(year * 12 + month - 1, reader);
  const help = `write the year (${FIRST_YEAR} to ${LAST_YEAR}) and the month (1 to 12) as numbers, such as \`date(2026, 5)\``;
  return reader.report(
    "invalid-date",
    { values: { text: `date(${args.map(textOf).join(", ")})` }, help },
    "date",
  );
}
