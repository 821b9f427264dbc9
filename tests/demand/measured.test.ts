import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { prepareSample, runMonteCarlo } from "../../src/analysis/sample/montecarlo.ts";
import { trace } from "../../src/analysis/trace/trace.ts";
import { BINDING_WORDS } from "../../src/metrics/metric.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { faultsOf } from "../scenario/load-files.ts";
import { columnOf, loadWith, plainPlan, resultsOf, scenarioOf } from "./demand-files.ts";

const MEASURED = {
  model: "m",
  counts: "output",
  curve: "[[20, 4000], [40, 3000], [100, 600]]",
  prompt: "900 tokens",
  answer: "200 tokens",
  precision: "bf16",
};
type Fields = Readonly<Record<string, string>>;

const near = (got: number, expected: number) =>
  expect(Math.abs(got - expected), `${got} is not ${expected}`).toBeLessThanOrEqual(
    1e-12 * Math.abs(expected),
  );
const written = (fields: Fields) =>
  `{ ${Object.entries(fields)
    .filter(([, text]) => text !== "")
    .map(([field, text]) => `${field}: ${text}`)
    .join(", ")} }`;

/** The workload of roofline.test.ts, 900 tokens in and 200 out on one chip, with a measurement of chip c. */
const plan = (changes: Fields = {}, work: Fields = {}, chip = "c") =>
  plainPlan(
    `  w: ${written({
      kind: "inference",
      model: "m",
      replica: "1 chip",
      requests: "100 requests/s",
      prompt: "900 tokens",
      answer: "200 tokens",
      speed: "30 tokens/s",
      value: "5 USD/(million tokens)",
      measured: `{ ${chip}: ${written({ ...MEASURED, ...changes })} }`,
      ...work,
    })}`,
  );
const run = async (changes?: Fields, work?: Fields) =>
  resultsOf(scenarioOf(loadWith("plan.yaml", plan(changes, work))));
const ofPair = (results: Awaited<ReturnType<typeof run>>, metric: string) =>
  columnOf(results, "assignment", metric, "w/f/c")[0];

describe("a measured rate", () => {
  test("is read between two points, in place of the roofline's, and keeps its split into prompt and answer", async () => {
    const [results, roofline] = [await run(), await run({}, { measured: "" })];
    // Half way from 20 to 40 tokens/s: 3,500 output tokens/s a chip.
    near(ofPair(results, "chip_ms_per_token"), 1000 / 3500);
    near(ofPair(results, "rate_units_per_chip_hour"), 3600 * 3500);
    const part = (of: typeof results) =>
      ofPair(of, "prefill_chip_ms_per_token") / ofPair(of, "chip_ms_per_token");
    near(part(results), part(roofline));
    for (const same of ["batch_sequences", "decode_step_ms", "replica_bound_by", "replica_chips"])
      expect(ofPair(results, same), same).toBe(ofPair(roofline, same));
  });

  test.each([
    ["20 tokens/s", 4000],
    ["40 tokens/s", 3000],
    ["70 tokens/s", 1800],
    ["100 tokens/s", 600],
  ])("at %s a user is %d tokens/s a chip", async (speed, rate) => {
    near(ofPair(await run({}, { speed }), "chip_ms_per_token"), 1000 / rate);
  });

  test("of total tokens gives answers their part of them", async () => {
    near(ofPair(await run({ counts: "total" }), "chip_ms_per_token"), 1000 / (3500 * (200 / 1100)));
  });

  test("of one value holds at every speed, even where the roofline has no copy that is fast enough", async () => {
    const results = await run({ curve: "", rate: "250 tokens/s" }, { speed: "5000 tokens/s" });
    near(ofPair(results, "chip_ms_per_token"), 4);
    expect(ofPair(results, "replica_works")).toBe(1);
    expect(ofPair(results, "batch_sequences")).toBe(0);
    expect(BINDING_WORDS[ofPair(results, "replica_bound_by")]).toBe("compute");
    // Arithmetic alone: 18.0162 TFLOP of prompt for 200 tokens against 20.04 GFLOP a token.
    const [prompts, answers] = [18.0162e12 / 200, 20.04e9];
    near(ofPair(results, "prefill_chip_ms_per_token"), (4 * prompts) / (prompts + answers));
  });

  test("of other requests is scaled by the ratio of the roofline's rates, and by 1 for the same", async () => {
    near(ofPair(await run({ shape: "scale" }), "chip_ms_per_token"), 1000 / 3500);
    const time = async (prompt: string, answer: string) =>
      ofPair(await run({}, { measured: "", prompt, answer }), "chip_ms_per_token");
    const ratio = (await time("900 tokens", "200 tokens")) / (await time("3000 tokens", "100 tokens"));
    const other = { prompt: "3000 tokens", answer: "100 tokens", shape: "scale" };
    near(ofPair(await run(other), "chip_ms_per_token"), (1000 / 3500) * ratio);
    // Nothing to scale by: the roofline of the workload is too slow for one user.
    const none = await run({ ...other, curve: "", rate: "250 tokens/s" }, { speed: "5000 tokens/s" });
    expect(ofPair(none, "rate_units_per_chip_hour")).toBe(0);
    expect(BINDING_WORDS[ofPair(none, "replica_bound_by")]).toBe("latency");
  });

  test("counts the measured copy among what one interruption stops", async () => {
    const results = await run({ replica: "4 chips" }, { replica: "" });
    expect(ofPair(results, "replica_chips")).toBe(4);
    expect(ofPair(results, "job_size_chips")).toBe(4);
  });

  test("comes from a CSV file in any order and beside other columns, as benchmarks export them", () => {
    const csv = "hw,intvty,conc,tput_per_gpu\nc,100,1,600\nc,20.0,64,4000\nc,40,16,3e3\n";
    const text = plan({ curve: "{ csv: ./c.csv, user: intvty, chip: tput_per_gpu }" });
    const result = loadWith("plan.yaml", text, readers({ "plan.yaml": text, "c.csv": csv }));
    expect(scenarioOf(result).fields.get("workloads.w.measured.c.curve")?.curve).toEqual([
      { x: 20, y: 4000 },
      { x: 40, y: 3000 },
      { x: 100, y: 600 },
    ]);
    expect([...scenarioOf(result).files.keys()]).toContain("c.csv");
  });

  test("is named by trace, with the fields it rests on", () => {
    const { trace: found } = trace(scenarioOf(loadWith("plan.yaml", plan({ shape: "scale" }))), {
      metric: "decode_chip_ms_per_token",
      entity: "w/f/c",
    });
    expect(found?.tree.notes?.join()).toContain("measured: chip time of a token");
    expect(found?.tree.notes?.join()).not.toContain("@");
    expect(found?.tree.reads?.map(({ name }) => name)).toContain("workloads.w.measured.c.curve");
  });

  test("is a fault of the trials whose speed lies beyond it, told with their number", async () => {
    const text = plan({}, { speed: "{ distribution: uniform, min: 30 tokens/s, max: 110 tokens/s }" });
    const scenario = scenarioOf(loadWith("plan.yaml", text));
    const plain = await resultsOf(scenario);
    const sample = prepareSample(scenario, plain, { trials: 200, seed: "1" });
    const [fault] = faultsOf(await runMonteCarlo(sample, plain, createThreadRunner()));
    expect(fault).toContain("out-of-range");
    expect(fault).toMatch(/a `speed` of 20 tokens\/s to 100 tokens\/s.*\d+ of 200 trials/);
  });
});

/** Reads some files from memory, all others from the disk. */
function readers(files: Fields) {
  const fromDisk = (path: string) => (fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined);
  return { read: (path: string) => files[path] ?? fromDisk(path) };
}

describe("what cannot be meant is refused at its place, with what to type", () => {
  const faults = (changes: Fields, work?: Fields, chip?: string) =>
    faultsOf(loadWith("plan.yaml", plan(changes, work, chip)), true).join("\n");

  test.each<[Fields, Fields, string]>([
    [{ counts: "" }, {}, "missing-field"],
    [{ counts: "tokens" }, {}, "it is not one of the choices"],
    [{ model: "" }, {}, "missing-field"],
    [{ model: "deepseek_v3" }, {}, "the workload serves `m`"],
    [{ model: "n" }, {}, "unknown model `n`"],
    [{ precision: "fp8" }, {}, "the model computes in `bf16`"],
    [{ curve: "" }, {}, "or `rate`, one value for all speeds"],
    [{ rate: "100 tokens/s" }, {}, "a measurement has either `rate` or `curve`"],
    [{ rate: "-1 tokens/s", curve: "" }, {}, "out-of-range"],
    [{ rate: "0 tokens/s", curve: "" }, {}, "out-of-range"],
    [{ rate: "10", curve: "" }, {}, "missing-unit"],
    [{ curve: "[[20, 4000], [40, 4000]]" }, {}, "[40, 4000] does not fall below [20, 4000]"],
    [{ curve: "[[20, 3000], [40, 4000]]" }, {}, "[40, 4000] does not fall below [20, 3000]"],
    [{ curve: "[[20, 3000], [20, 2000], [40, 1000]]" }, {}, "does not fall below [20, "],
    [{ curve: "[[20, 4000]]" }, {}, "a curve has at least two points"],
    [{ curve: "[]" }, {}, "a curve has at least two points"],
    [{ curve: "[20, 4000]" }, {}, "invalid-type"],
    [{ curve: "[[20, 4000, 1], [40, 3000]]" }, {}, "invalid-type"],
    [{ curve: "[[20, .nan], [40, 3000]]" }, {}, "it is not a positive number"],
    [{ curve: "[[0, 4000], [40, 3000]]" }, {}, "it is not a positive number"],
    [{ curve: "[[20, 1e999], [40, 3000]]" }, {}, "it is not a positive number"],
    [{ curve: "5200" }, {}, "invalid-type"],
    [{ curve: "{ csv: ./no.csv, user: a, chip: b }" }, {}, "missing file `no.csv`"],
    [{ curve: "{ csv: ./no.csv, user: a }" }, {}, "missing-field"],
    [{ curve: "{ csv: ./no.csv, user: a, chip: b, unit: x }" }, {}, "unknown key `unit`"],
    [{ prompt: "1200 tokens" }, {}, "write `shape: scale`"],
    [{ answer: "100 tokens" }, {}, "the workload's `answer` is 200 tokens"],
    [{}, { cache_hit: "50 %" }, "the workload's `cache_hit` is 50 %, and 0 % was measured"],
    [
      {},
      { speed: "10 tokens/s" },
      "it goes from 20 tokens/s to 100 tokens/s a user, and `speed` is 10 tokens/s",
    ],
    [{}, { speed: "200 tokens/s" }, "and `speed` is 200 tokens/s"],
    [{ replica: "8 chips" }, {}, "the workload's copies have 1 chip, the measured one 8"],
    [{ shape: "stretch" }, {}, "it is not one of the choices"],
    [{ tokens: "1" }, {}, "unknown-key"],
  ])("%j beside %j", (changes, work, text) => {
    expect(faults(changes, work)).toContain(text);
  });

  test("of a chip that no fleet of the workload has, and of work that keeps state", () => {
    expect(faults({}, {}, "h100")).toContain("no fleet that `w` may run on has this chip");
    const sessions = { kind: "stateful", requests: "", sessions: "1 session/s", history: "10 tokens" };
    expect(faults({}, sessions)).toContain("misplaced-field");
  });

  test("nothing is said of a measurement that fits, and lengths within a tenth fit", () => {
    expect(faults({})).toBe("");
    expect(faults({ prompt: "980 tokens", answer: "185 tokens", cache_hit: "5 %" })).toBe("");
  });

  test.each([
    ["a;b\n1;2\n", "there is no column `a`"],
    ["a,b\n20,4000\n40\n", "the row has 1 cells, the heading 2"],
    ["a,a,b\n20,1,4000\n", "two columns are headed `a`"],
    ["a,b\n20,4000\n40,=1+1\n", "it is not a positive number"],
    ['a,b\n"20,4000\n', "a quote is not closed"],
    ["", "there is no column `a`"],
  ])("a file %j", (csv, text) => {
    const scenario = plan({ curve: "{ csv: ./c.csv, user: a, chip: b }" });
    const result = loadWith("plan.yaml", scenario, readers({ "plan.yaml": scenario, "c.csv": csv }));
    expect(faultsOf(result).join("\n")).toContain(text);
  });
});
