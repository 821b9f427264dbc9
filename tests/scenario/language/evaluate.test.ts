import { describe, expect, test } from "vitest";
import { evaluatePlain } from "../../../src/scenario/language/evaluate.ts";
import type { Expr } from "../../../src/scenario/language/expr.ts";
import { formatExpr } from "../../../src/scenario/language/format-expr.ts";
import { exprOf, january2026, lets } from "./context.ts";

function run(expr: Expr, month = january2026, inflation = 0): number {
  return evaluatePlain(expr, { month, startMonth: january2026, lets, inflation });
}

function table(interpolate: "step" | "linear", before: "zero" | "hold"): Expr {
  const [first, second] = [exprOf("1 GW"), exprOf("3 GW")];
  const points = [
    { month: january2026, value: first },
    { month: january2026 + 4, value: second },
  ];
  return { ...first, kind: "table", points, interpolate, before };
}

describe("evaluation", () => {
  test("reads a table in steps or evenly from date to date", () => {
    const valuesOf = (expr: Expr) => [-1, 0, 1, 3, 4, 9].map((month) => run(expr, january2026 + month) / 1e9);
    expect(valuesOf(table("step", "zero"))).toEqual([0, 1, 1, 1, 3, 3]);
    expect(valuesOf(table("step", "hold"))).toEqual([1, 1, 1, 1, 3, 3]);
    expect(valuesOf(table("linear", "zero"))).toEqual([0, 1, 1.5, 2.5, 3, 3]);
  });

  test("carries an amount from July of its currency year", () => {
    const amount = exprOf("100 USD");
    const inflated: Expr = { ...amount, kind: "inflated", currencyYear: 2025, amount };
    expect(run(inflated, 2025 * 12 + 6, 0.1)).toBe(100);
    expect(run(inflated, 2026 * 12 + 6, 0.1)).toBe(100 * 1.1);
    expect(run(inflated, 2026 * 12 + 6)).toBe(100);
  });

  test("goes from left to right, as the tree says", () => {
    expect(run(exprOf("0.1 + 0.2 + 0.3"))).toBe(0.1 + 0.2 + 0.3);
    expect(run(exprOf("0.1 + (0.2 + 0.3)"))).toBe(0.1 + (0.2 + 0.3));
    expect(run(exprOf("3 * 0.1 / 0.3"))).toBe((3 * 0.1) / 0.3);
  });

  test("gives one variable one uniform", () => {
    const asked: string[] = [];
    const uniform = (variable: string): number => {
      asked.push(variable);
      return 0.25;
    };
    const value = evaluatePlain(exprOf("share - share"), {
      month: january2026,
      startMonth: january2026,
      lets,
      inflation: 0,
      uniform,
    });
    expect(value).toBe(0);
    expect(new Set(asked)).toEqual(new Set(["let.share"]));
  });
});

describe("an expression is shown", () => {
  test.each([
    ["2 GW", "2 GW"],
    ["1.12 to 1.18", "1.12 to 1.18"],
    ["cap * between(1 GW, 2 GW)", "cap * between(1 GW, 2 GW)"],
    ["58 USD/MWh * cap", "(58 USD/MWh) * cap"],
    ["2026-05", "2026-05"],
    ["2026-05 to 2026-09", "2026-05 to 2026-09"],
    ["ipo + 6 months", "ipo + (6 months)"],
    ["ipo - date(2026, 1)", "ipo - date(2026, 1)"],
    ["round(term * 1.5)", "round(term * 1.5)"],
    ["share > 0.5 ? cap : 1 GW", "share > 0.5 ? cap : (1 GW)"],
    ["-(cap + cap)", "-(cap + cap)"],
    ["288 GB/chip * 2 chips", "(288 GB/chip) * (2 chips)"],
  ])("%s as %s", (text, shown) => {
    expect(formatExpr(exprOf(text))).toBe(shown);
  });

  test("with tables and money of a year", () => {
    const amount = exprOf("100 USD");
    expect(formatExpr({ ...amount, kind: "inflated", currencyYear: 2025, amount })).toBe(
      "(100 USD) in money of 2025",
    );
    expect(formatExpr(table("step", "zero"))).toBe("{ 2026-01: 1 GW, 2026-05: 3 GW }");
  });
});
