/** The program of a worker thread: takes tasks of a sample until none is left. It contains only the engine. */
import { parentPort } from "node:worker_threads";
import type { Fault } from "../engine/index.ts";
import { createTaskMemory, runTask, type SampleJob, type TaskMemory } from "./sample-job.ts";
import type { WorkerAnswer, WorkerMessage } from "./worker-runner.ts";

let state: { readonly job: SampleJob; readonly counter: Int32Array; readonly memory: TaskMemory } | undefined;

parentPort?.on("message", (message: WorkerMessage) => {
  if (message.kind === "job") {
    const { job, counter } = message;
    state = { job, counter, memory: createTaskMemory(job) };
    return;
  }
  const faults: Fault[] = [];
  while (state) {
    const task = Atomics.add(state.counter, 0, 1);
    if (task >= message.phase.tasks) break;
    faults.push(...runTask(state.job, message.phase, task, state.memory));
  }
  const answer: WorkerAnswer = { faults, isPlain: state?.memory.tile.isPlain ?? false };
  parentPort?.postMessage(answer);
});
