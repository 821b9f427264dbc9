/** The program of a worker thread: takes tasks of a sample until none is left. It contains only the engine. */
import { parentPort } from "node:worker_threads";
import { createTaskTaker, type WorkerMessage } from "./shared-tasks.ts";

const take = createTaskTaker();

parentPort?.on("message", (message: WorkerMessage) => {
  const answer = take(message);
  if (answer) parentPort?.postMessage(answer);
});
