import { describe, expect, test } from "vitest";
import { type LowerContext, lower } from "../../src/compile/lower.ts";
import { ReadRecorder } from "../../src/compile/record/reads.ts";
import { PlanBuilder } from "../../src/engine/index.ts";
import { evaluatePlain } from "../../src/scenario/language/evaluate.ts";
import type { Expr } from "../../src/scenario/language/expr.ts";
import { exprOf, january2026, lets } from "../scenario/language/context.ts";

const MONTHS = 24;
const FIRST = january2026 - 6;

function contextOf(atMedians = false): LowerContext {
  const builder = new PlanBuilder({ monthCount: MONTHS, originMonth: 6, horizonMonths: 12 });
  return {
    builder,
    record: new ReadRecorder(),
    firstMonth: FIRST,
    startMonth: january2026,
    lets,
    inflation: () => builder.constant(0.03),
    atMedians,
    state: () => builder.constant(0),
    known: new Map(),
    valuePaths: new Set(),
    openRows: new Set(),
    opened: new Map(),
  };
}

/** What the interpreter gives in each window month. */
function interpreted(expr: Expr): number[] {
  return Array.from({ length: MONTHS }, (_, month) =>
    evaluatePlain(expr, { month: FIRST + month, startMonth: january2026, lets, inflation: 0.03 }),
  );
}

function tableOf(texts: readonly string[], more: Partial<Extract<Expr, { kind: "table" }>>): Expr {
  const values = texts.map((text) => exprOf(text));
  const points = values.map((value, index) => ({ month: january2026 - 3 + 5 * index, value }));
  return { ...values[0], kind: "table", points, interpolate: "step", before: "zero", ...more };
}

describe("a table that does not vary by trial is folded, and means what the interpreter reads", () => {
  test.each([
    ["numbers", tableOf(["1 GW", "3 GW", "2 GW"], {})],
    ["numbers, held before the first date", tableOf(["1 GW", "3 GW", "2 GW"], { before: "hold" })],
    ["numbers, from date to date", tableOf(["1 GW", "3 GW"], { interpolate: "linear" })],
    ["values that vary by month", tableOf(["growth", "2 * growth"], { before: "hold" })],
    ["all before the window", tableOf(["1 GW"], { points: [{ month: FIRST - 9, value: exprOf("1 GW") }] })],
    ["all behind it", tableOf(["1 GW"], { points: [{ month: FIRST + 99, value: exprOf("1 GW") }] })],
  ])("%s", (_name, table) => {
    const context = contextOf();
    const register = lower(context, table);
    expect([...(context.builder.monthsOf(register) ?? [])]).toEqual(interpreted(table));
  });

  test("a table with an uncertain value stays a computation", () => {
    const context = contextOf();
    expect(context.builder.monthsOf(lower(context, tableOf(["1 GW", "share * cap"], {})))).toBeUndefined();
  });
});

describe("at medians", () => {
  test.each(["1 GW to 3 GW", "share", "share * between(2, 5)"])(
    "%s is a number, that of the interpreter",
    (text) => {
      const context = contextOf(true);
      const expr = exprOf(text);
      expect(context.builder.constantOf(lower(context, expr))).toBe(interpreted(expr)[0]);
    },
  );
});
