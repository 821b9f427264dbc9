import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { type Figure, PlanBuilder, Reduction } from "../../src/engine/index.ts";
import { createWorkerRunner, LostWorkerError } from "../../src/run/worker-runner.ts";

const builder = new PlanBuilder({ monthCount: 1, originMonth: 0, horizonMonths: 1 });
const register = builder.variable("x", "uniform", 0.5);
builder.column({ metric: "x", level: "run", entity: "", isScalar: true, register });
const plan = builder.build();
const figure: Figure = { column: 0, first: 0, end: 1, reduction: Reduction.sum, code: 0, ranked: true };
const request = {
  trials: 4096,
  fill: (_: number, count: number, inputs: Float64Array) => void inputs.fill(0.25, 0, count),
  scales: Float64Array.of(1),
  figures: [figure],
  ranks: [1],
};

describe("a thread that dies in the middle of a sample", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-worker-"));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  const worker = (body: string): URL => {
    const file = path.join(folder, `${body.length}.mjs`);
    fs.writeFileSync(file, `import { parentPort } from "node:worker_threads";\n${body}\n`);
    return pathToFileURL(file);
  };

  test.each([
    [
      "ends",
      'parentPort.on("message", ({ kind }) => { if (kind === "phase") process.exit(9); });',
      /exit code 9/,
    ],
    [
      "throws",
      'parentPort.on("message", ({ kind }) => { if (kind === "phase") throw new Error("out of luck"); });',
      /out of luck/,
    ],
    ["cannot start", "throw new Error('no start');", /no start/],
  ])("and %s is a clear failure", async (_, body, reason) => {
    const runner = createWorkerRunner(2, worker(body), async () => {});
    await expect(runner.sample(plan, request)).rejects.toThrow(LostWorkerError);
    await expect(runner.sample(plan, request)).rejects.toThrow(reason);
    await runner.close();
  });

  test("and ends before the sample begins is a clear failure", async () => {
    const runner = createWorkerRunner(1, worker("process.exit(7);"), async () => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(runner.sample(plan, request)).rejects.toThrow(/exit code 7/);
  });
});
