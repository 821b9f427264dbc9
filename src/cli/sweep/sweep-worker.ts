/** The program of a sweep thread: it loads the scenario itself, so that it can compile what each point needs. */
import { parentPort, workerData } from "node:worker_threads";
import { createPointRunner } from "../../analysis/sweep/run-sweep.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { loadSweep } from "./load-sweep.ts";
import type { SweepTask, SweepWorkerData } from "./sweep-threads.ts";

const { given, environment, workerFile, sweepWorkerFile, sample } = workerData as SweepWorkerData;
const { prepared, load } = loadSweep(given, {
  ...environment,
  workerFile: new URL(workerFile),
  sweepWorkerFile: new URL(sweepWorkerFile),
});
const run = prepared && createPointRunner(prepared, load, createThreadRunner(), sample);

parentPort?.on("message", async ({ firstPoint, count }: SweepTask) => {
  if (!run) throw new Error("the scenario no longer loads");
  parentPort?.postMessage(await run(firstPoint, count));
});
