import { describe, expect, test } from "vitest";
import { createSampler } from "../../../src/analysis/sample/sampling.ts";
import { factorise, PlanBuilder, RANDOM_BLOCK } from "../../../src/engine/index.ts";
import { normalQuantile } from "../../../src/numbers/plain.ts";
import type { CorrelatedGroup } from "../../../src/scenario/correlations.ts";
import { drawFrom } from "../../../src/scenario/language/distributions/draw.ts";
import { numberAlgebra } from "../../../src/scenario/language/evaluate.ts";

const trials = 65_536;

function planOf(keys: readonly string[]) {
  const builder = new PlanBuilder({ monthCount: 1, originMonth: 0, horizonMonths: 1 });
  for (const key of keys) {
    const register = builder.variable(key, "uniform", 0.5);
    builder.column({ metric: key, level: "run", entity: "", isScalar: true, register });
  }
  return builder.build();
}

function draw(
  keys: readonly string[],
  seed: string,
  count = trials,
  groups: readonly CorrelatedGroup[] = [],
) {
  const inputs = new Float64Array(keys.length * count);
  createSampler(planOf(keys), seed, groups)(0, count, inputs, count);
  return keys.map((_, index) => inputs.subarray(index * count, (index + 1) * count));
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((x, y) => x + y, 0) / values.length;

describe("uniforms", () => {
  test("lie inside 0 and 1 and have their moments within 5 sigma", () => {
    const [u] = draw(["a"], "x");
    expect(u.every((value) => value > 0 && value < 1)).toBe(true);
    expect(Math.abs(mean(u) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / trials));
    expect(Math.abs(mean(u.map((value) => value ** 2)) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / trials));
  });

  test("depend on seed, key and block alone, not on the other variables nor on how many trials there are", () => {
    const [alone] = draw(["b"], "x", 3000);
    const [, among] = draw(["a", "b", "c"], "x", 2 * RANDOM_BLOCK);
    expect(Array.from(alone.subarray(0, 2 * RANDOM_BLOCK))).toEqual(Array.from(among));
    expect(draw(["b"], "y", 10)[0]).not.toEqual(draw(["b"], "x", 10)[0]);
    expect(alone.subarray(0, 10)).not.toEqual(alone.subarray(RANDOM_BLOCK, RANDOM_BLOCK + 10));
  });

  test("any text is a seed", () => {
    for (const seed of ["", " ", "7", "Zürich \u{1f30d}", "a|b|0"])
      expect(draw(["a"], seed, 8)[0]).toHaveLength(8);
  });

  test("of later blocks are the same wherever a chunk begins", () => {
    const plan = planOf(["a"]);
    const whole = new Float64Array(4096);
    createSampler(plan, "x", [])(0, 4096, whole, 4096);
    const part = new Float64Array(2048);
    createSampler(plan, "x", [])(2048, 2048, part, 2048);
    expect(Array.from(part)).toEqual(Array.from(whole.subarray(2048)));
  });
});

describe("a Gaussian copula", () => {
  const keys = ["a", "b", "c"];
  const matrix = Float64Array.of(1, 0.6, -0.3, 0.6, 1, 0.2, -0.3, 0.2, 1);
  const group = { keys, lower: factorise(matrix, 3) as Float64Array };
  const columns = draw(keys, "x", trials, [group]);
  const scores = columns.map((column) => column.map(normalQuantile));

  test("gives the correlations of normal scores within 5 sigma", () => {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < i; j++) {
        const truth = matrix[i * 3 + j];
        const got = mean(scores[i].map((score, trial) => score * scores[j][trial]));
        expect(Math.abs(got - truth)).toBeLessThan(5 * Math.sqrt((1 + truth ** 2) / trials));
      }
    }
  });

  test("leaves each value's own distribution as it is", () => {
    for (const column of columns) {
      const sorted = column.slice().sort();
      for (const p of [0.05, 0.5, 0.95]) {
        const got = sorted[Math.ceil(p * trials) - 1];
        expect(Math.abs(got - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / trials));
      }
    }
  });

  test("keeps the uniforms of its first member, and of members when others are not needed", () => {
    expect(Array.from(columns[0])).toEqual(Array.from(draw(["a"], "x")[0]));
    expect(Array.from(draw(["c"], "x", trials, [group])[0])).toEqual(Array.from(columns[2]));
  });
});

describe("moments of distributions agree with closed forms within 5 sigma:", () => {
  const [u] = draw(["a"], "moments");
  const z95 = 1.6448536269514722;
  const sigma = Math.log(4) / (2 * z95);
  type Case = readonly [
    family: string,
    parameters: readonly number[],
    mean: number,
    variance: number,
    weights?: readonly number[],
  ];
  const cases: readonly Case[] = [
    ["normal", [3, 2], 3, 4],
    ["lognormal", [0.5, 0.25], Math.exp(0.5 + 0.03125), (Math.exp(0.0625) - 1) * Math.exp(1 + 0.0625)],
    [
      "interval",
      [2, 8],
      4 * Math.exp(sigma ** 2 / 2),
      (Math.exp(sigma ** 2) - 1) * 16 * Math.exp(sigma ** 2),
    ],
    ["interval", [-2, 8], 3, (5 / z95) ** 2],
    ["uniform", [1, 3], 2, 1 / 3],
    ["triangular", [0, 1, 4], 5 / 3, (16 + 1 - 4) / 18],
    ["pert", [0, 1, 4], 8 / 6, ((8 / 6 - 0) * (4 - 8 / 6)) / 7],
    ["discrete", [1, 5], 2.2, 0.7 * 1.44 + 0.3 * 7.84, [0.7, 0.3]],
  ];
  test.each(cases.map((each) => [`${each[0]} of ${each[1].join(", ")}`, each] as const))("%s", (_, each) => {
    const [family, parameters, expected, variance, weights] = each;
    const distribution = { family, isDate: false, ...(weights ? { weights } : {}) } as Parameters<
      typeof drawFrom
    >[1];
    const values = u.map((uniform) => drawFrom(numberAlgebra, distribution, parameters, uniform));
    expect(Math.abs(mean(values) - expected)).toBeLessThan(5 * Math.sqrt(variance / trials));
    const spread = mean(values.map((value) => (value - expected) ** 2));
    // The variance of a square is bounded here by ten times the squared variance, which all but long tails keep.
    expect(Math.abs(spread - variance)).toBeLessThan(5 * variance * Math.sqrt(10 / trials));
  });
});
