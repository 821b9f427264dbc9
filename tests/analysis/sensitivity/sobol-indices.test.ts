import { describe, expect, test } from "vitest";
import { createSampler } from "../../../src/analysis/sample/sampling.ts";
import { estimateIndices } from "../../../src/analysis/sensitivity/sobol-indices.ts";
import { PlanBuilder } from "../../../src/engine/index.ts";

const rows = 16_384;

/** Uniforms [factor][row] of a sample, from the streams that runs are made of. */
function draw(factors: number, seed: string): Float64Array {
  const builder = new PlanBuilder({ monthCount: 1, originMonth: 0, horizonMonths: 1 });
  for (let factor = 0; factor < factors; factor++) {
    const register = builder.variable(`x${factor}`, "uniform", 0.5);
    builder.column({ metric: `x${factor}`, level: "run", entity: "", isScalar: true, register });
  }
  const inputs = new Float64Array(factors * rows);
  createSampler(builder.build(), seed, [])(0, rows, inputs, rows);
  return inputs;
}

function indicesOf(factors: number, f: (x: readonly number[]) => number) {
  const [a, b] = [draw(factors, "7|a"), draw(factors, "7|b")];
  const evaluate = (mixed: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) =>
      f(Array.from({ length: factors }, (_, factor) => (factor === mixed ? b : a)[factor * rows + row])),
    );
  const fb = Float64Array.from({ length: rows }, (_, row) =>
    f(Array.from({ length: factors }, (_, factor) => b[factor * rows + row])),
  );
  const mixed = Array.from({ length: factors }, (_, factor) => evaluate(factor));
  return estimateIndices({ a: evaluate(-1), b: fb, mixed }, "7");
}

/** Within 0.03 of the truth, and the truth inside an interval widened by half. */
function expectNear(index: { value: number; low: number; high: number }, truth: number): void {
  expect(Math.abs(index.value - truth)).toBeLessThan(0.03);
  const half = (index.high - index.low) / 2;
  expect(truth).toBeGreaterThan(index.low - half - 1e-9);
  expect(truth).toBeLessThan(index.high + half + 1e-9);
}

describe("Sobol indices agree with closed forms:", () => {
  test("Ishigami's function (a = 7, b = 0.1)", () => {
    const [a, b] = [7, 0.1];
    const f = (u: readonly number[]): number => {
      const [x, y, z] = u.map((value) => Math.PI * (2 * value - 1));
      return Math.sin(x) + a * Math.sin(y) ** 2 + b * z ** 4 * Math.sin(x);
    };
    const variance = a ** 2 / 8 + (b * Math.PI ** 4) / 5 + (b ** 2 * Math.PI ** 8) / 18 + 0.5;
    const first = [0.5 * (1 + (b * Math.PI ** 4) / 5) ** 2, a ** 2 / 8, 0].map((part) => part / variance);
    const together = (8 * b ** 2 * Math.PI ** 8) / 225 / variance;
    const total = [first[0] + together, first[1], together];
    for (const [factor, indices] of indicesOf(3, f).entries()) {
      expectNear(indices.first, first[factor]);
      expectNear(indices.total, total[factor]);
    }
  });

  test("Sobol's G function (a = 0, 1, 4.5, 9)", () => {
    const a = [0, 1, 4.5, 9];
    const f = (u: readonly number[]): number =>
      u.reduce((product, x, factor) => product * ((Math.abs(4 * x - 2) + a[factor]) / (1 + a[factor])), 1);
    const parts = a.map((each) => 1 / 3 / (1 + each) ** 2);
    const all = parts.reduce((product, part) => product * (1 + part), 1);
    for (const [factor, indices] of indicesOf(4, f).entries()) {
      const [part] = [parts[factor]];
      expectNear(indices.first, part / (all - 1));
      expectNear(indices.total, (part * (all / (1 + part))) / (all - 1));
    }
  });

  test("a function without spread has none", () => {
    for (const { first, total } of indicesOf(2, () => 3)) expect([first.value, total.value]).toEqual([0, 0]);
  });
});
