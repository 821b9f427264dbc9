/** A checked scenario as the referee wants it: every field at its plain value, month by month. */

import { STATE_METRICS } from "../../src/metrics/states.ts";
import { evaluatePlain } from "../../src/scenario/language/evaluate.ts";
import type { Expr } from "../../src/scenario/language/expr.ts";
import { nameOfLine } from "../../src/scenario/language/line-name.ts";
import { splitState, stateDimension } from "../../src/scenario/language/state-names.ts";
import type { FieldValue, Scenario } from "../../src/scenario/scenario.ts";
import { DIMENSIONS, toCanonical } from "../../src/units/dimension.ts";
import type { ReferenceInput } from "./reference-input.ts";

export function referenceInput(scenario: Scenario, uniform?: (variable: string) => number): ReferenceInput {
  const lets = new Map(scenario.lets.map((value) => [nameOfLine(value.path), value.expr as Expr]));
  const evaluate = (expr: Expr, month: number, inflation: number) =>
    evaluatePlain(expr, {
      month,
      startMonth: scenario.startMonth,
      lets,
      inflation,
      ...(uniform ? { uniform } : {}),
    });
  const inflationExpr = scenario.fields.get("money.inflation")?.expr;
  const inflation = inflationExpr ? evaluate(inflationExpr, scenario.startMonth, 0) : 0;
  const numberOf = (value: FieldValue, month: number): number | undefined => {
    const { expr } = value;
    if (!expr) return undefined;
    // Power without dates is there from `start`.
    if (value.spec.path === "sites.*.power" && expr.kind !== "table" && month < scenario.startMonth) return 0;
    const at = value.spec.varies === "month" ? month : scenario.startMonth;
    const si = evaluate(expr, at, inflation);
    return expr.isDate ? si : toCanonical(si, expr.vector, value.dimension ?? "number");
  };
  const largest = new Map<Expr, number>();
  const mixOf = (fleet: string) => {
    const prefix = `fleets.${fleet}.mix.`;
    return [...scenario.fields.keys()]
      .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes("."))
      .map((path) => path.slice(prefix.length));
  };
  // The referee asks for the same value month after month: each field is looked up, and each value worked out, once.
  const stated = remember((path: string) => {
    const value = scenario.fields.get(path);
    const isMember = /^fleets\.[^.]+\.mix\.[^.]+\.deliver\./.test(path);
    return isMember && value?.origin.layer === "default" ? undefined : value;
  });
  const numberOfPath = (path: string, month: number): number | undefined => {
    const value = stated(path);
    if (!value) return undefined;
    if (value.integer !== undefined) return value.integer;
    if (!value.rest) return numberOf(value, month);
    const fleet = path.split(".")[1] ?? "";
    const others = mixOf(fleet).map(
      (chip) => scenario.fields.get(`fleets.${fleet}.mix.${chip}`) as FieldValue,
    );
    return 1 - others.reduce((sum, other) => sum + (other.rest ? 0 : (numberOf(other, month) ?? 0)), 0);
  };
  // One look-up for each number: paths are built anew each time, so that each look-up reads all of one.
  const numbersOf = remember((path: string) => {
    const isMonthly = stated(path)?.spec.varies === "month";
    const at = remember((month: number) => numberOfPath(path, month));
    return (month: number) => at(isMonthly ? month : scenario.startMonth);
  });
  return {
    ...(uniform ? { plain: () => referenceInput(scenario) } : {}),
    startMonth: scenario.startMonth,
    monthCount: scenario.monthCount,
    names: {
      sites: scenario.names.sites,
      fleets: scenario.names.fleets,
      chips: scenario.names.chips,
      contracts: scenario.names.contracts,
      tranches: scenario.names.financing,
      debt: scenario.names.debt,
      stacks: scenario.names.stacks,
      mixOf,
      sizeIn: (fleet) =>
        scenario.fields.get(`fleets.${fleet}.size`)?.dimension as "chips" | "power" | "money",
    },
    number: (path, month) => numbersOf(path)(month),
    word(path) {
      const value = stated(path);
      if (value?.spec.kind === "condition") return value.text;
      return value?.choice ?? (value?.boolean === undefined ? undefined : String(value.boolean));
    },
    isShare: (path) => stated(path)?.dimension === "fraction",
    curve: (path) => scenario.fields.get(path)?.curve?.map(({ x, y }) => [x, y] as const),
    list: (path) => scenario.fields.get(path)?.texts ?? [],
    tableMonths(path) {
      const expr = scenario.fields.get(path)?.expr;
      return expr?.kind === "table" ? expr.points.map((point) => point.month) : [];
    },
    condition(path, month, state) {
      const expr = scenario.fields.get(path)?.expr;
      if (!expr) throw new Error(`${path} is no condition`);
      const value = (each: Expr): number => evaluate(withState(each, state), month, inflation);
      return value(withoutComparisons(expr, value, largest)) !== 0;
    },
    undelayedDates: [...scenario.fields.values()].flatMap((value) => {
      if (value.path.startsWith("chips.") || !value.expr) return [];
      if (value.expr.kind === "table") return value.expr.points.map((point) => point.month);
      return value.expr.isDate ? [Math.floor(evaluate(value.expr, scenario.startMonth, 0))] : [];
    }),
  };
}

/**
 * A condition with 1 or 0 in place of its comparisons, which hold beyond rounding: within 1e-9 of the largest magnitude that
 * either side has had in a month asked about so far.
 */
function withoutComparisons(expr: Expr, value: (expr: Expr) => number, largest: Map<Expr, number>): Expr {
  if (expr.kind !== "call") return expr;
  const args = expr.args.map((arg) => withoutComparisons(arg, value, largest));
  const [x, y] = args;
  const call = { ...expr, args };
  if (!/less|greater|equal/.test(expr.fn) || !x || !y) return call;
  const most = Math.max(largest.get(expr) ?? 0, magnitude(x, value), magnitude(y, value));
  largest.set(expr, most);
  const difference = value(x) - value(y);
  const sign = Math.abs(difference) <= 1e-9 * most ? 0 : Math.sign(difference);
  const holds = { less: sign < 0, less_equal: sign <= 0, greater: sign > 0, greater_equal: sign >= 0 };
  const isEqual = { equal: sign === 0, not_equal: sign !== 0 };
  const result = ({ ...holds, ...isEqual } as Record<string, boolean>)[expr.fn] ? 1 : 0;
  return {
    kind: "number",
    value: result,
    vector: expr.vector,
    isDate: false,
    binding: "constant",
    span: expr.span,
  };
}

/** Magnitude of a side; of a sum or difference that of its largest term. */
function magnitude(expr: Expr, value: (expr: Expr) => number): number {
  if (expr.kind === "call") {
    if (["add", "subtract", "min", "max", "negate", "abs"].includes(expr.fn))
      return Math.max(...expr.args.map((arg) => magnitude(arg, value)));
    const [x, y] = expr.args;
    if (expr.fn === "multiply" && x && y) return magnitude(x, value) * magnitude(y, value);
    if (expr.fn === "divide" && x && y) return magnitude(x, value) / Math.abs(value(y));
  }
  return Math.abs(value(expr));
}

/** A condition with the state's values in place of its names, in SI units as expressions are. */
function withState(expr: Expr, state: (owner: string, metric: string) => number): Expr {
  if (expr.kind === "call") return { ...expr, args: expr.args.map((arg) => withState(arg, state)) };
  if (expr.kind !== "state") return expr;
  const [owner, name] = splitState(expr.name);
  const { multiply, divide } = DIMENSIONS[stateDimension(name)];
  const value = (state(owner, STATE_METRICS.get(name)?.name ?? name) * divide) / multiply;
  return { kind: "number", value, vector: expr.vector, isDate: false, binding: "constant", span: expr.span };
}

/** A function of one argument that works out each result once. */
function remember<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as Value;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
