/** What an input has to do with a figure, against values worked out by hand. */

import { expect, test } from "vitest";
import { rankInputsBy } from "../../../src/analysis/sample/rank-inputs.ts";

/** A Plan of two uncertain inputs. */
const plan = {
  variables: ["let.first", "let.second"].map(
    (key) => ({ key, register: 0, kind: "uniform", plain: 0.5 }) as const,
  ),
};

test("the tenths of an input are the trials in which it is lowest and highest, of those in which the figure exists", () => {
  // The first input rises evenly from 0.025 to 0.975, and the figure with the square of its place; the second only alternates.
  const trials = 20;
  const places = Array.from({ length: trials }, (_, place) => place);
  const squares = Float64Array.from(places, (place) => place * place);
  const fill = (first: number, count: number, inputs: Float64Array, stride: number) => {
    for (let trial = 0; trial < count; trial++) {
      inputs[trial] = (first + trial + 0.5) / trials;
      inputs[stride + trial] = trial % 2 === 0 ? 0.3 : 0.7;
    }
  };
  const [first, second] = rankInputsBy(plan, fill, squares);
  // Squares of 0 and 1, of 18 and 19, and of all: 2,470 / 20.
  expect(first).toMatchObject({ key: "let.first", lowest: 0.5, highest: 342.5, mean: 123.5 });
  expect(first?.correlation).toBeCloseTo(1, 12);
  // No trial is in a tenth of the second.
  expect(second).toMatchObject({ key: "let.second", lowest: 123.5, highest: 123.5 });
  const without = Float64Array.from(squares, (value, place) => (place === 18 ? Number.NaN : value));
  expect(rankInputsBy(plan, fill, without)[0]).toMatchObject({ highest: 361, mean: (2470 - 324) / 19 });
});
