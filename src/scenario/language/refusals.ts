import { nearest } from "../../diagnostics/nearest.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { suggestUnit, unitOfSymbol } from "../../units/symbol.ts";
import { listChoices } from "../fields/words.ts";
import { clocks, functionNames, functions, isClockName } from "./language.ts";
import { type Node, textOf } from "./parse-tree.ts";
import type { ValueReader } from "./value-reader.ts";

/** Rejects a name that varies by month in a field that does not. */
export function refuseMonth(name: string, reader: ValueReader): undefined {
  const what = `\`${name}\`, which varies by month,`;
  const help = "this field has one value for all months; write a value that does not vary by month";
  return reader.report("forbidden-expression", { values: { what }, help }, name);
}

/** Most names suggested. */
const OFFERED_COUNT = 5;

/** Rejects an unknown name and suggests similar ones. */
export function refuseName(name: string, reader: ValueReader): undefined {
  const entry = functions.get(name);
  if (entry) {
    const help = `\`${name}\` is a function; write \`${entry.usage}\``;
    return reader.report("unknown-name", { values: { name }, help }, name);
  }
  const names = [...reader.context.names.known, ...clocks, ...functionNames];
  const near = [...new Set([...nearest(name, names), ...suggestUnit(name)])].slice(0, OFFERED_COUNT);
  const help = near.length > 0 ? `did you mean ${listChoices(near)}?` : "define it under `let`";
  return reader.report("unknown-name", { values: { name: visibleText(name) }, help }, name);
}

/** Rejects adjacent values that are not a number with its unit. */
export function refuseImplicit([left, right]: readonly Node[], reader: ValueReader): undefined {
  if (isTwoSided(left) && left.args) {
    const [above, below] = left.args.map(textOf);
    const reason = `\`${above}/${below} ${textOf(right)}\` can be read in two ways`;
    const help = `write \`(${above}/${below}) ${textOf(right)}\` or \`${above}/(${below} ${textOf(right)})\``;
    return reader.report("invalid-expression", { values: { reason }, help });
  }
  const isUnknown =
    right.type === "SymbolNode" &&
    !isClockName(right.name ?? "") &&
    !reader.context.names.lookup(right.name ?? "");
  if (isUnknown && right.name) {
    const near = suggestUnit(right.name).slice(0, OFFERED_COUNT);
    const points = /^bps?$/i.test(right.name) ? Number(`${textOf(left)}e-4`) : Number.NaN;
    const offer = near.length > 0 ? `did you mean ${listChoices(near)}?` : undefined;
    const help = Number.isNaN(points) ? offer : `a basis point is a ten-thousandth: write \`${points}\``;
    return reader.report("unknown-unit", { values: { unit: visibleText(right.name) }, help }, right.name);
  }
  const stray = [left, right].flatMap((side) => unknownNamesIn(side, reader))[0];
  if (stray !== undefined) return refuseName(stray, reader);
  const help = `write \`${textOf(left)} * ${textOf(right)}\``;
  return reader.report("invalid-expression", { values: { reason: "a `*` is missing" }, help });
}

/** Names in a part of an expression that are neither the scenario's nor a unit's. */
function unknownNamesIn({ type, name = "", args = [] }: Node, reader: ValueReader): readonly string[] {
  if (type !== "SymbolNode") return args.flatMap((arg) => unknownNamesIn(arg, reader));
  const isKnown = isClockName(name) || reader.context.names.lookup(name) !== undefined || unitOfSymbol(name);
  return isKnown ? [] : [name];
}

/** `1/2 GW`, which mathjs reads as `(1/2) GW`, unlike our unit formulas. */
function isTwoSided(node: Node): boolean {
  return node.type === "OperatorNode" && node.fn === "divide";
}

/** Operators that mathjs knows and expressions lack, with the alternative. */
const REFUSED_OPERATORS: ReadonlyMap<string, readonly [what: string, help: string]> = new Map([
  [
    "to",
    [
      "`to` inside an expression",
      "write `between(a, b)` for an interval; units are converted when a value is read",
    ],
  ],
  ["mod", ["`mod`", "write `x - floor(x / y) * y`"]],
  ["factorial", ["`!` (factorial)", "write `not` before a condition, `!=` for unequal"]],
  ["xor", ["`xor`", "write `(a or b) and not (a and b)`"]],
  ["nullish", ["`??`", "write `condition ? a : b`"]],
  ["dotMultiply", ["`.*`", "write `*`"]],
  ["dotDivide", ["`./`", "write `/`"]],
  ["dotPow", ["`.^`", "write `^`"]],
  ["bitAnd", ["`&`", "write `and`"]],
  ["bitOr", ["`|`", "write `or`"]],
  ["bitXor", ["`^|`", "write `(a or b) and not (a and b)`"]],
  ["bitNot", ["`~`", "write `not`"]],
]);

/** Rejects an operator outside the allowlist, with the alternative. */
export function refuseOperator({ fn, op }: Node, reader: ValueReader): undefined {
  const [what, help] = REFUSED_OPERATORS.get(String(fn)) ?? [`the operator \`${op}\``, undefined];
  return reader.report("forbidden-expression", { values: { what }, help }, op);
}

/** Rejects a function outside the allowlist and suggests similar ones. */
export function refuseFunction(name: string, reader: ValueReader): undefined {
  const what = `the function \`${visibleText(name)}\``;
  const expected = `one of the functions ${functionNames.join(", ")}`;
  return reader.report(
    "forbidden-expression",
    { values: { what }, expected, help: functionHelp(name, reader) },
    name,
  );
}

function functionHelp(name: string, reader: ValueReader): string | undefined {
  if (name === "if") return "write `condition ? a : b`";
  if (name === "pow") return "write `a ^ b`";
  const isValue = isClockName(name) || reader.context.names.lookup(name) !== undefined || unitOfSymbol(name);
  if (isValue) return `\`${name}\` is not a function; write \`${name} * (...)\` to multiply`;
  const near = nearest(name, functionNames);
  return near.length > 0 ? `did you mean ${listChoices(near)}?` : undefined;
}

/** Kinds of nodes that are rejected: their names, and what to write instead. */
const REFUSED_NODES: ReadonlyMap<string, readonly [what: string, help: string, word?: string]> = new Map<
  string,
  readonly [string, string, string?]
>([
  ["AssignmentNode", ["an assignment (`=`)", "write `==` to compare; names are defined under `let`", "="]],
  ["FunctionAssignmentNode", ["the definition of a function", "give the value a name under `let`", "="]],
  ["AccessorNode", ["a dotted name (`.`)", "use a name defined under `let`"]],
  [
    "RangeNode",
    ["a range (`:`)", "write `between(a, b)` for an interval, `condition ? a : b` for a choice", ":"],
  ],
  ["ArrayNode", ["an array", "write a list of values as a table by date or a discrete distribution"]],
  ["ObjectNode", ["an object", "write a map in YAML, without quotes around it"]],
  ["IndexNode", ["an index", "use a name defined under `let`"]],
  ["BlockNode", ["more than one statement", "give the parts names under `let`"]],
]);

/** Rejects a part that is not arithmetic, by its kind. */
export function refuseNode(node: Node, reader: ValueReader): undefined {
  const { type } = node;
  const [what, help, word] = REFUSED_NODES.get(type) ?? [`a part of kind ${type}`, undefined];
  // The point of a dotted name may also stand in a number before it.
  return reader.report(
    "forbidden-expression",
    { values: { what }, help },
    type === "AccessorNode" ? textOf(node) : word,
  );
}
