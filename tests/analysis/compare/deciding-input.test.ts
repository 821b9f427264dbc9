import { expect, test } from "vitest";
import { findDecidingInputs } from "../../../src/analysis/compare/deciding-input.ts";
import { valueAtQuantile } from "../../../src/analysis/sample/variables.ts";
import { normalQuantile } from "../../../src/numbers/plain.ts";
import { loaded, scenarioText } from "../../scenario/load-files.ts";

const TRIALS = 4096;

/** A linear congruential generator: the draws of a test are its own. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Draws of so many inputs, and the same as a source that fills blocks. */
function drawsOf(count: number, seed: number) {
  const next = generator(seed);
  const uniforms = Array.from({ length: count }, () => Float64Array.from({ length: TRIALS }, next));
  const source = {
    plan: { variables: uniforms.map((_, row) => ({ key: `x${row}`, kind: "draw", plain: 0.5 })) },
    fill: (first: number, trials: number, inputs: Float64Array, stride: number) => {
      for (const [row, own] of uniforms.entries())
        inputs.set(own.subarray(first, first + trials), row * stride);
    },
  } as unknown as Parameters<typeof findDecidingInputs>[1][number];
  return { uniforms, source };
}

const gainsOf = (of: (trial: number) => number) =>
  Float64Array.from({ length: TRIALS }, (_, trial) => of(trial));

test("a difference that is linear in one input changes sign at its root", () => {
  const { uniforms, source } = drawsOf(3, 1);
  // The other scenario is better by u - 0.7, noise beside it: above the 70 % quantile of x1.
  const gains = gainsOf((trial) => uniforms[1][trial] - 0.7 + 0.2 * (uniforms[2][trial] - 0.5));
  const [found, ...others] = findDecidingInputs(gains, [source]);
  expect(others).toEqual([]);
  expect([found.key, found.isAbove]).toEqual(["x1", true]);
  expect(Math.abs(found.quantile - 0.7)).toBeLessThan(0.03);
  expect(Math.abs(found.beyond - 0.3)).toBeLessThan(0.04);
  // The mean of u - 0.7 above 0.7 is 0.15, in 30 % of trials.
  expect(Math.abs(found.gain - 0.3 * 0.15)).toBeLessThan(0.005);
  const [mirrored] = findDecidingInputs(
    gains.map((gain, trial) => gain - 2 * (uniforms[1][trial] - 0.7)),
    [source],
  );
  expect([mirrored.key, mirrored.isAbove]).toEqual(["x1", false]);
});

test("noise decides nothing: not where nobody leads, not where one leads, and not by few outliers", () => {
  for (let seed = 0; seed < 4; seed++) {
    const { source } = drawsOf(40, 100 + seed);
    const next = generator(7000 + seed);
    const noise = gainsOf(() => normalQuantile(next()));
    expect(findDecidingInputs(noise, [source])).toEqual([]);
    expect(
      findDecidingInputs(
        noise.map((gain) => gain - 0.05),
        [source],
      ),
    ).toEqual([]);
    // One trial in a hundred is worth a thousand.
    expect(
      findDecidingInputs(
        noise.map((gain, trial) => (trial % 101 === 0 ? gain * 1000 : gain)),
        [source],
      ),
    ).toEqual([]);
  }
});

test("an input whose sides are both won by the same scenario does not decide, nor one that crosses at its outer end", () => {
  const { uniforms, source } = drawsOf(2, 3);
  expect(
    findDecidingInputs(
      gainsOf((trial) => uniforms[0][trial] - 1.2),
      [source],
    ),
  ).toEqual([]);
  expect(
    findDecidingInputs(
      gainsOf((trial) => uniforms[0][trial] - 0.97),
      [source],
    ),
  ).toEqual([]);
  expect(
    findDecidingInputs(
      gainsOf(() => 0),
      [source],
    ),
  ).toEqual([]);
  expect(
    findDecidingInputs(
      gainsOf(() => Number.NaN),
      [source],
    ),
  ).toEqual([]);
  expect(findDecidingInputs(new Float64Array(), [source])).toEqual([]);
});

test("trials without the figure are left out, and an input of both scenarios counts once", () => {
  const { uniforms, source } = drawsOf(2, 4);
  const gains = gainsOf((trial) => (trial % 3 === 0 ? Number.POSITIVE_INFINITY : uniforms[0][trial] - 0.5));
  const found = findDecidingInputs(gains, [source, source]);
  expect(found.map(({ key }) => key)).toEqual(["x0"]);
  expect(Math.abs(found[0].quantile - 0.5)).toBeLessThan(0.03);
});

test("a quantile becomes a value by the input's own distribution", () => {
  const scenario = loaded(
    scenarioText({
      more: [
        "let:",
        "  flat: { distribution: uniform, min: 10 thousand USD, max: 30 thousand USD }",
        "  when_it_comes: { distribution: uniform, min: 2027-01, max: 2028-01 }",
        "  coin: { distribution: discrete, values: { 1 MW: 50 %, 2 MW: 50 % } }",
        "  nested: { distribution: uniform, min: flat, max: 40 thousand USD }",
        "  table: { 2026-01: 1 MW to 2 MW, 2027-01: 2 MW to 3 MW }",
        "",
      ].join("\n"),
    }),
  );
  expect(valueAtQuantile(scenario, "let.flat", 0.25)).toEqual({ value: 15_000, dimension: "money" });
  expect(valueAtQuantile(scenario, "let.when_it_comes", 0.5)).toEqual({
    value: 2027 * 12 + 6,
    dimension: "date",
  });
  for (const key of ["let.coin", "let.nested", "let.table", "let.unknown"])
    expect(valueAtQuantile(scenario, key, 0.5)).toBeUndefined();
});
