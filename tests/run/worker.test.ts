/** A Plan is data: posted to a thread that knows only the bundled engine, it gives the same bytes. */

import fs from "node:fs";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { type Plan, simulate } from "../../src/engine/index.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import { catalogNames, packed } from "../scenario/shipped-catalog.ts";

const root = new URL("../../", import.meta.url);
const bundle = new URL("dist/engine.mjs", root);

/** Trials, and those in a block: one that does not divide them. */
const trials = 5;

/** The reference scenario, which has every kind of distribution, delays and lives among its variables. */
function referencePlan(): Plan {
  const { scenario } = loadScenario({
    path: "openai-aws.yaml",
    catalog: catalogNames.map((name) => `catalog/${name}`),
    packed,
    read: (file) => {
      const place = new URL(`scenarios/${file}`, root);
      return fs.existsSync(place) ? fs.readFileSync(place, "utf8") : undefined;
    },
  });
  if (!scenario) throw new Error("the reference scenario does not load");
  return compile(scenario);
}

function inputsOf(plan: Plan): Float64Array {
  const count = plan.variables.length * trials;
  return Float64Array.from(
    { length: count },
    (_, index) => ((index * 0.6180339887498949) % 1) * 0.998 + 0.001,
  );
}

/** Every value of every column, in the order in which the engine gives them; runs in both threads. */
function collect(run: typeof simulate, plan: Plan, inputs: Float64Array, trialCount: number) {
  const found: number[] = [];
  const faults = run(
    plan,
    inputs,
    trialCount,
    (_column, _first, count, values, offset, monthStride, trialStride) => {
      for (let trial = 0; trial < count; trial++)
        for (let month = 0; month < (monthStride === 0 ? 1 : plan.monthCount); month++)
          found.push(values[offset + month * monthStride + trial * trialStride]);
    },
  );
  return { values: Float64Array.from(found), faults };
}

const workerSource = `
const { parentPort, workerData } = require("node:worker_threads");
const collect = ${collect.toString()};
parentPort.once("message", async ({ plan, inputs, trials }) => {
  const engine = await import(workerData);
  parentPort.postMessage(collect(engine.simulate, plan, inputs, trials));
});
`;

function runInWorker(plan: Plan, inputs: Float64Array): Promise<ReturnType<typeof collect>> {
  const worker = new Worker(workerSource, { eval: true, workerData: bundle.href });
  return new Promise((resolve, reject) => {
    worker.once("message", (message) => {
      resolve(message);
      void worker.terminate();
    });
    worker.once("error", reject);
    worker.postMessage({ plan, inputs, trials });
  });
}

test("a posted Plan gives the same bytes in a thread that runs the bundled engine", async () => {
  const plan = referencePlan();
  const inputs = inputsOf(plan);
  const here = collect(simulate, plan, inputs, trials);
  expect(here.values.length).toBeGreaterThan(100_000);
  const there = await runInWorker(plan, inputs);
  expect(there.faults).toEqual(here.faults);
  expect(Buffer.from(there.values.buffer).equals(Buffer.from(here.values.buffer))).toBe(true);
});

test("a cloned Plan is the same data: no function, no class, nothing shared", () => {
  const plan = referencePlan();
  const cloned = structuredClone(plan);
  expect(cloned).toEqual(plan);
  const inputs = inputsOf(plan);
  const before = collect(simulate, plan, inputs, trials);
  // What a run does to its Plan would show in the next one.
  expect(plan).toEqual(cloned);
  const after = collect(simulate, cloned, inputs, trials);
  expect(Buffer.from(after.values.buffer).equals(Buffer.from(before.values.buffer))).toBe(true);
});
