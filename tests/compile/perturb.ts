import type { Expr } from "../../src/scenario/language/expr.ts";
import { plainValue } from "../../src/scenario/plain-value.ts";
import type { FieldValue, Scenario } from "../../src/scenario/scenario.ts";
import { DIMENSIONS } from "../../src/units/dimension.ts";

/** Fields and `let` names of a scenario by path. */
export function linesOf({ fields, lets }: Scenario): ReadonlyMap<string, FieldValue> {
  return new Map([...fields, ...lets.map((value) => [value.path, value] as const)]);
}

/** The scenario with other values on some lines. */
export function withLines(scenario: Scenario, values: Iterable<FieldValue>): Scenario {
  const changed = new Map([...values].map((value) => [value.path, value]));
  const fields = new Map([...scenario.fields].map(([path, value]) => [path, changed.get(path) ?? value]));
  return { ...scenario, fields, lets: scenario.lets.map((value) => changed.get(value.path) ?? value) };
}

/** Other values of a line, from small to large changes; none for a title and the like. */
export function otherValues(scenario: Scenario, field: FieldValue): readonly FieldValue[] {
  const { spec, choice, expr, integer, boolean, texts, curve, rest } = field;
  if (choice !== undefined && spec.kind !== "text") {
    const allowed = spec.choices ?? (spec.refers ? scenario.names[spec.refers] : []);
    return allowed.filter((other) => other !== choice).map((other) => ({ ...field, choice: other }));
  }
  if (integer !== undefined) {
    const [least, most] = (spec.range ?? ["-Infinity", "Infinity"]).map(Number);
    const others = [integer + 9, integer - 9].filter((other) => least <= other && other <= most);
    return others.map((other) => ({ ...field, integer: other }));
  }
  if (boolean !== undefined) return [{ ...field, boolean: !boolean }];
  if (texts !== undefined && spec.kind !== "text") {
    // A workload's list of fleets states no `refers`.
    const others = scenario.names[spec.refers ?? "fleets"].filter((name) => !texts.includes(name));
    const lists = [[...texts].reverse(), texts.slice(1), texts.slice(0, -1), [...others, ...texts]];
    return lists.filter((list) => list.length > 0).map((list) => ({ ...field, texts: list }));
  }
  if (curve)
    return [1.05, 0.9].map((factor) => ({
      ...field,
      curve: curve.map(({ x, y }) => ({ x, y: y * factor })),
    }));
  // The share of a mix that takes what the others leave: a share of its own.
  if (rest)
    return [0.2, 0.7].map((value) => ({ ...field, rest: false, expr: numberLike(anyExpr(scenario), value) }));
  if (!expr || spec.kind === "condition") return expr ? [withExpr(field, not(expr))] : [];
  return changesOf(scenario, field).map((change) => withExpr(field, change(expr)));
}

type Change = (expr: Expr) => Expr;

function changesOf(scenario: Scenario, { path, expr, dimension }: FieldValue): readonly Change[] {
  if (expr?.isDate) return [1, -1, 4, -4, 9].map(plus);
  const isDuration = dimension === "duration" || path.startsWith("let.");
  const { multiply, divide } = DIMENSIONS[dimension ?? "number"];
  const canonical = plainValue(scenario, path) ?? 1;
  const unit = divide / multiply;
  // Durations count in whole months.
  if (isDuration) return [...[1, -1, 4].map((months) => plus(months * unit)), times(1.3)];
  return canonical === 0 ? [plus(0.07 * unit), plus(20 * unit)] : [1.05, 0.9, 3, 0.2].map(times);
}

const plus =
  (amount: number): Change =>
  (expr) =>
    callOf("add", expr, numberLike({ ...expr, isDate: false }, amount));

const times =
  (factor: number): Change =>
  (expr) =>
    callOf("multiply", expr, numberLike(expr, factor));

function not(expr: Expr): Expr {
  return { ...shell(expr), kind: "call", fn: "not", args: [expr] };
}

/** A call on a value; within a table, or an amount in money of an earlier year, so that it stays one. */
function callOf(fn: "add" | "multiply", expr: Expr, operand: Expr): Expr {
  if (expr.kind === "table") {
    const points = expr.points.map(({ month, value }) => ({ month, value: callOf(fn, value, operand) }));
    return { ...expr, points };
  }
  if (expr.kind === "inflated") return { ...expr, amount: callOf(fn, expr.amount, operand) };
  return { ...shell(expr), kind: "call", fn, args: [expr, operand] };
}

function shell({ vector, isDate, binding, span }: Expr) {
  return { vector, isDate, binding, span };
}

function numberLike(expr: Expr, value: number): Expr {
  return { ...shell(expr), kind: "number", value };
}

function withExpr(field: FieldValue, expr: Expr): FieldValue {
  return { ...field, expr };
}

function anyExpr({ fields }: Scenario): Expr {
  const found = [...fields.values()].find(({ expr }) => expr && !expr.isDate)?.expr;
  if (!found) throw new Error("a scenario without a quantity");
  return found;
}

/** Numbers from 0 to 1 of a seeded stream. */
export function seededChance(seed: number): () => number {
  // Park and Miller's generator: enough for choosing lines.
  let state = 20270101 + seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
