/** Chances by month of a sample in which every trial goes the same way, so that they are known: 0 or 1. */

import { expect, test } from "vitest";
import { bindingChances, unservedChances } from "../../../src/analysis/results/chances.ts";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { prepareSample, runMonteCarlo } from "../../../src/analysis/sample/montecarlo.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { smallScenario } from "../../cli/gigafleet.ts";
import { load } from "../../scenario/load-files.ts";

/** Work for a chip or two from January on, where a hundred chips land in March. */
const WORK = `models:
  small: { parameters: 1 billion, layers: 10, hidden: 1024, heads: 16, head_dim: 64, attention: mha, context: 1000 tokens, weight_precision: bf16, compute_precision: bf16, kv_precision: bf16 }
workloads:
  chat: { kind: inference, model: small, requests: 1 requests/s, prompt: 100 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }
`;

test("work goes unserved before the chips land and power binds until there is more of it, in every trial", async () => {
  const text = smallScenario
    .replace("price: 10 thousand USD", "price: 8 thousand USD to 14 thousand USD")
    .replace(
      "failure_rate: 0 %",
      "failure_rate: 0 %\n    mfu: { inference: { bf16: 30 % } }\n    serving: { compute: 40 %, bandwidth: 60 %, reserve: 10 %, exchange: 20 microseconds }",
    );
  const { scenario } = load(text + WORK, { catalog: [] });
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
