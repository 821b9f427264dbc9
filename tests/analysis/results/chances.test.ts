/** Chances by month of a sample in which every trial goes the same way, so that they are known: 0 or 1. */

import { expect, test } from "vitest";
import { bindingChances, unservedChances } from "../../../src/analysis/results/chances.ts";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { prepareSample, runMonteCarlo } from "../../../src/analysis/sample/montecarlo.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { workingScenario } from "../../cli/gigafleet.ts";
import { load } from "../../scenario/load-files.ts";

test("work goes unserved before the chips land and power binds until there is more of it, in every trial", async () => {
  const text = workingScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 14 thousand USD");
  const { scenario } = load(text, { catalog: [] });
  if (!scenario) throw new Error("it does not load");
  const runner = createThreadRunner();
  const { results: plain } = await runPlain(scenario, runner);
  if (!plain) throw new Error("it does not run");
  expect([unservedChances(plain), bindingChances(plain)]).toEqual([undefined, []]);
  const prepared = prepareSample(scenario, plain, { trials: 64, seed: "1" });
  const { results } = await runMonteCarlo(prepared, plain, runner);
  if (!results) throw new Error("no sample");
  expect(unservedChances(results)).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const chances = new Map(bindingChances(results).map(({ limit, values }) => [limit, values]));
  expect(chances.get("power")).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
});
