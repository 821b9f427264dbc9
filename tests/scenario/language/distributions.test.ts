import jstat from "jstat";
import { describe, expect, test } from "vitest";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { lookUpQuantile } from "../../../src/engine/operations/quantile-table.ts";
import { normalCdf, normalQuantile } from "../../../src/numbers/plain.ts";
import { admitRange } from "../../../src/scenario/language/admit-range.ts";
import { pertTable } from "../../../src/scenario/language/distributions/pert-table.ts";
import { evaluatePlain, truncatedMass } from "../../../src/scenario/language/evaluate.ts";
import type { Expr } from "../../../src/scenario/language/expr.ts";
import {
  type DistributionEntry,
  parseDistribution,
} from "../../../src/scenario/language/parse-distribution.ts";
import { contextOf, exprOf, january2026, lets, names, numberOf, spanOf } from "./context.ts";

type Map = Readonly<Record<string, string | readonly (readonly [value: string, chance: string])[]>>;

function parseMap(map: Map) {
  const entries = Object.entries(map).map(([key, value]): DistributionEntry => {
    if (typeof value === "string") return { key, text: value, span: spanOf(value) };
    return {
      key,
      span: spanOf(key),
      values: value.map(([one, chance]) => ({ value: one, chance, span: spanOf(one) })),
    };
  });
  return parseDistribution(entries, contextOf("map"));
}

function draw(expr: Expr, uniform: number): number {
  return evaluatePlain(expr, {
    month: january2026,
    startMonth: january2026,
    lets,
    inflation: 0,
    uniform: () => uniform,
  });
}

function drawMap(map: Map, uniform: number): number {
  const { expr, diagnostics } = parseMap(map);
  if (!expr) throw new Error(JSON.stringify(diagnostics));
  return draw(expr, uniform);
}

const close = (value: number, expected: number, tolerance = 1e-13) =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));

describe("the quantiles of", () => {
  test("an interval are its ends at 5 % and 95 %, lognormal where both are positive", () => {
    close(numberOf("2 to 8", 0.05), 2);
    close(numberOf("2 to 8", 0.95), 8);
    close(numberOf("2 to 8", 0.5), 4);
    close(numberOf("-2 to 8", 0.05), -2);
    close(numberOf("-2 to 8", 0.95), 8);
    close(numberOf("-2 to 8", 0.5), 3);
    close(numberOf("0 to 8", 0.5), 4);
    close(numberOf("between(2, 8) + 1", 0.95), 9);
  });

  test("an interval of dates are normal", () => {
    close(numberOf("2026-01 to 2027-01", 0.05), january2026);
    close(numberOf("2026-01 to 2027-01", 0.5), january2026 + 6);
  });

  test("an interval whose ends vary are those of each trial", () => {
    // Both uniforms are the same here, so the lower end is 60 % where the upper end is reached.
    close(numberOf("share to share + 2", 0.95), 2.6);
  });

  test("p10 and p90 are theirs", () => {
    close(drawMap({ p10: "2", p90: "8" }, 0.1), 2);
    close(drawMap({ p10: "2", p90: "8" }, 0.9), 8);
  });

  test("p5, p50 and p95 are theirs, with the spread of each side", () => {
    for (const [low, middle, high] of [
      ["1", "2", "10"],
      ["-1", "2", "10"],
    ]) {
      const map = { p5: low, p50: middle, p95: high };
      close(drawMap(map, 0.05), Number(low));
      expect(drawMap(map, 0.5)).toBe(2);
      close(drawMap(map, 0.95), 10);
    }
    // In logarithms: the point halfway in z is the geometric mean.
    close(drawMap({ p5: "1", p50: "2", p95: "8" }, normalCdf(1.6448536269514722 / 2)), 4);
    close(drawMap({ p5: "-1", p50: "2", p95: "8" }, normalCdf(1.6448536269514722 / 2)), 5);
  });

  test("normal and lognormal", () => {
    close(numberOf("normal(10, 2)", 0.975), 10 + 2 * 1.959963984540054);
    close(numberOf("lognormal(1, 0.5)", 0.975), Math.exp(1 + 0.5 * 1.959963984540054));
    close(drawMap({ distribution: "normal", mean: "5 GW", sd: "1 GW" }, 0.5), 5e9);
    close(drawMap({ distribution: "lognormal", mean: "1", sd: "0" }, 0.9), Math.E);
    close(drawMap({ distribution: "lognormal", p5: "2 GW", p95: "8 GW" }, 0.5), 4e9);
  });

  test("triangular and uniform, in closed form", () => {
    for (const uniform of [0.001, 0.1, 0.25, 0.5, 0.9, 0.999]) {
      close(numberOf("triangular(2, 3, 6)", uniform), jstat.triangular.inv(uniform, 2, 6, 3));
      close(numberOf("uniform(2, 6)", uniform), 2 + 4 * uniform);
    }
    expect(numberOf("triangular(2, 2, 6)", 0.5)).toBe(6 - Math.sqrt(8));
    expect(numberOf("triangular(3, 3, 3)", 0.5)).toBe(3);
    expect(numberOf("uniform(3, 3)", 0.7)).toBe(3);
  });

  test("PERT, in closed form where there is one", () => {
    for (const uniform of [1e-9, 0.01, 0.5, 0.99, 1 - 1e-9]) {
      // A mode at an end makes the beta a power.
      close(numberOf("pert(0, 0, 1)", uniform), -Math.expm1(Math.log1p(-uniform) / 5), 1e-9);
      close(numberOf("pert(0, 1, 1)", uniform), uniform ** 0.2, 1e-9);
    }
    close(numberOf("pert(2, 4, 6)", 0.5), 4, 1e-10);
    expect(numberOf("pert(3, 3, 3)", 0.7)).toBe(3);
  });

  test("discrete: the first value whose chances reach the uniform, in the order given", () => {
    const map: Map = {
      distribution: "discrete",
      values: [
        ["6 months", "30 %"],
        ["0 months", "0.5"],
        ["1 year", "0.2"],
      ],
    };
    const months = (uniform: number) => drawMap(map, uniform) / 2_629_800;
    expect([0.001, 0.3, 0.301, 0.5, 0.8, 0.801, 0.999].map(months)).toEqual([6, 6, 0, 0, 0, 12, 12]);
  });
});

test("the table of PERT keeps to 1e-6 of jstat's quantiles, in the tails too, and rises", () => {
  for (const modeFraction of [0, 1e-6, 0.1, 0.3, 0.5, 0.8, 1]) {
    const table = pertTable(modeFraction);
    let last = 0;
    for (let score = -8.2; score <= 8.2; score += 0.0371) {
      const alpha = 1 + 4 * modeFraction;
      const expected =
        score <= 0
          ? jstat.beta.inv(normalCdf(score), alpha, 6 - alpha)
          : 1 - jstat.beta.inv(normalCdf(-score), 6 - alpha, alpha);
      const value = lookUpQuantile(table, 0, table.length, score);
      expect(Math.abs(value - expected)).toBeLessThan(1e-6);
      expect(value).toBeGreaterThanOrEqual(last);
      last = value;
    }
    expect(lookUpQuantile(table, 0, table.length, Number.NEGATIVE_INFINITY)).toBe(table[0]);
    expect(lookUpQuantile(table, 0, table.length, Number.POSITIVE_INFINITY)).toBe(table[table.length - 2]);
  }
});

test("the table of PERT is exact to 1e-10 where the beta is a power", () => {
  for (let score = -8; score <= 8; score += 0.013) {
    const expected = Math.exp(Math.log(normalCdf(score)) / 5);
    close(lookUpQuantile(pertTable(1), 0, pertTable(1).length, score), expected, 1e-10);
  }
});

describe("a map is refused", () => {
  test.each([
    [{ p5: "3", p50: "2", p95: "4" }, "invalid-distribution", "P5 is above P50: 3 and 2"],
    [{ p5: "1", p50: "5", p95: "4" }, "invalid-distribution", "P50 is above P95: 5 and 4"],
    [{ p10: "3", p90: "2" }, "invalid-distribution", "P10 is above P90: 3 and 2"],
    [{ p5: "3 GW", p95: "4" }, "unit-mismatch", "got a power and a plain number"],
    [{ p5: "3" }, "missing-field", "missing `p95`"],
    [{ p5: "1", p95: "2", p51: "3" }, "unknown-key", "unknown key `p51`"],
    [{ distribution: "normal", p5: "1", p95: "2" }, "unknown-key", "unknown key `p5`"],
    [{ distribution: "nromal", mean: "1", sd: "2" }, "invalid-value", "no distribution has this name"],
    [
      { distribution: "normal", mean: "1", sd: "-2" },
      "invalid-distribution",
      "the standard deviation is negative: -2",
    ],
    [
      { distribution: "lognormal", p5: "0", p95: "2" },
      "invalid-distribution",
      "a lognormal needs values above 0",
    ],
    [
      { distribution: "triangular", min: "1", mode: "5", max: "4" },
      "invalid-distribution",
      "the mode is above the",
    ],
    [
      { distribution: "pert", min: "1", mode: "2", max: "2 + share" },
      "invalid-distribution",
      "must be constant",
    ],
    [
      { distribution: "uniform", min: "2", max: "1" },
      "invalid-distribution",
      "the least value is above the greatest",
    ],
    [{ distribution: "discrete", values: "1" }, "invalid-type", "needs a list of at most 200 pairs"],
    [
      {
        distribution: "discrete",
        values: [
          ["1", "0.4"],
          ["2", "0.5"],
        ],
      },
      "invalid-distribution",
      "the chances add to 0.9",
    ],
    [
      {
        distribution: "discrete",
        values: [
          ["1", "-0.5"],
          ["2", "1.5"],
        ],
      },
      "invalid-distribution",
      "a chance is negative",
    ],
    [{ distribution: "discrete", values: [["1", "share"]] }, "invalid-distribution", "is not a fixed number"],
    [
      {
        distribution: "discrete",
        values: [
          ["1", "0.5"],
          ["1 GW", "0.5"],
        ],
      },
      "unit-mismatch",
      "a plain number and a power",
    ],
    [{ p5: "1/0", p95: "2" }, "not-finite", "`1 / 0`"],
    [{ p5: "nonsense", p95: "2" }, "unknown-name", "`nonsense`"],
  ] as readonly (readonly [Map, string, string])[])("%j is %s: %s", (map, code, headline) => {
    const { expr, diagnostics } = parseMap(map);
    expect(expr).toBeUndefined();
    expect(diagnostics[0].code).toBe(code);
    expect(headlineOf(diagnostics[0])).toContain(headline);
  });

  test("unless the values that are out of order vary: then a draw is not a number", () => {
    const { expr } = parseMap({ p5: "share", p95: "0.3" });
    expect(expr && draw(expr, 0.1)).toBeGreaterThan(0);
    expect(expr && draw(expr, 0.9)).toBeNaN();
  });
});

describe("on an admissible range", () => {
  const admit = (text: string, range: readonly [number, number]) =>
    admitRange(exprOf(text), range, contextOf(text), "a value in the range");

  test("draws are those of the distribution cut to it", () => {
    const { expr, diagnostics } = admit("normal(0.5, 0.25)", [0, 1]);
    expect(diagnostics[0].code).toBe("truncated-distribution");
    expect(diagnostics[0].values.chance).toBe("4.6 %");
    if (!expr) throw new Error("no expression");
    const tail = normalCdf(-2);
    for (const uniform of [1e-12, 0.01, 0.5, 0.8, 1 - 1e-12]) {
      const expected = 0.5 + 0.25 * normalQuantile(tail + uniform * (1 - 2 * tail));
      close(draw(expr, uniform), Math.min(1, Math.max(0, expected)), 1e-12);
    }
    close(truncatedMass(expr, names) ?? Number.NaN, 2 * tail);
  });

  test("draws stay inside for every family", () => {
    for (const text of ["20 % to 120 %", "-10 % to 60 %", "normal(0.5, 3)", "lognormal(-1, 2)"]) {
      const { expr } = admit(text, [0, 1]);
      if (!expr) throw new Error("no expression");
      for (let uniform = 1e-15; uniform < 1; uniform += 0.01) {
        expect(draw(expr, uniform)).toBeGreaterThanOrEqual(0);
        expect(draw(expr, uniform)).toBeLessThanOrEqual(1);
      }
      expect(draw(expr, 1 - 2 ** -53)).toBeLessThanOrEqual(1);
    }
  });

  test("what is far inside is drawn as if there were none", () => {
    const { expr, diagnostics } = admit("2 to 3", [0, 1e9]);
    expect(diagnostics).toEqual([]);
    for (const uniform of [1e-12, 0.3, 0.5, 1 - 1e-12])
      expect(expr && draw(expr, uniform)).toBe(numberOf("2 to 3", uniform));
  });

  test("a lump of mass at the end of the range is not cut off", () => {
    const { expr } = parseMap({ p5: "0", p50: "0", p95: "12" });
    if (!expr) throw new Error("no expression");
    const admitted = admitRange(expr, [0, 120], contextOf("x"), "0 to 120");
    expect(admitted.diagnostics).toEqual([]);
    expect(admitted.expr && draw(admitted.expr, 0.3)).toBe(0);
    close(admitted.expr ? draw(admitted.expr, 0.95) : Number.NaN, 12, 1e-12);
  });

  test.each([
    "110 % to 130 %",
    "uniform(0.5, 1.5)",
    "triangular(-0.1, 0.2, 0.3)",
    "pert(0, 0.5, 1.1)",
    "3 to 3",
  ])("%s is out of range from 0 to 1", (text) => {
    const { expr, diagnostics } = admit(text, [0, 1]);
    expect(expr).toBeUndefined();
    expect(diagnostics[0].code).toBe("out-of-range");
  });

  test("other expressions stay as they are", () => {
    const expr = exprOf("2 * share");
    expect(admitRange(expr, [0, 1], contextOf("x"), "")).toEqual({ expr, diagnostics: [] });
  });
});

describe("cut with at_least and at_most", () => {
  test("draws are those of the distribution on what is left", () => {
    const { expr, diagnostics } = parseMap({ distribution: "normal", mean: "0.5", sd: "0.25", at_most: "1" });
    expect(diagnostics.map(({ code }) => code)).toEqual(["truncated-distribution"]);
    if (!expr) throw new Error("no expression");
    const kept = normalCdf(2);
    for (const uniform of [1e-12, 0.01, 0.5, 0.8, 1 - 1e-12])
      close(draw(expr, uniform), 0.5 + 0.25 * normalQuantile(uniform * kept), 1e-12);
  });

  test("a field's range cuts what they leave, and warns of its own cut alone", () => {
    const map = { distribution: "normal", mean: "0.5", sd: "0.25", at_least: "0" };
    const { expr } = parseMap(map);
    if (!expr) throw new Error("no expression");
    const wider = admitRange(expr, [-1, 9], contextOf("x"), "-1 to 9");
    expect(wider.diagnostics).toEqual([]);
    expect(wider.expr && draw(wider.expr, 1e-15)).toBeGreaterThanOrEqual(0);
    const narrower = admitRange(expr, [-1, 1], contextOf("x"), "-1 to 1");
    expect(narrower.diagnostics[0].values.chance).toBe("2.3 %");
  });

  test.each([
    ["invalid-distribution", { p5: "1", p95: "2", at_most: "share" }],
    ["unit-mismatch", { p5: "1 W", p95: "2 W", at_most: "3" }],
    ["out-of-range", { p5: "1", p95: "2", at_most: "0.5" }],
    ["unknown-key", { distribution: "uniform", min: "0", max: "1", at_most: "0.5" }],
  ] as const)("%s is said of what cannot be cut so", (code, map) => {
    const { expr, diagnostics } = parseMap(map);
    expect(expr).toBeUndefined();
    expect(diagnostics[0].code).toBe(code);
  });
});
