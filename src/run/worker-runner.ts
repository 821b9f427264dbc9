import { Worker } from "node:worker_threads";
import { createThreadRunner, type Runner } from "./runner.ts";
import { runSample } from "./sample.ts";
import { createSharedExecutor, type TaskThread, type WorkerAnswer } from "./shared-tasks.ts";

/** A runner that keeps threads until it is closed. */
export type WorkerRunner = Runner & { readonly close: () => Promise<void> };

/** Raised when a worker thread ends before its work is done. */
export class LostWorkerError extends Error {
  override readonly name = "LostWorkerError";

  constructor(reason: string) {
    super(`a simulation thread stopped before its work was done (${reason}); nothing was written`);
  }
}

/**
 * Makes a runner that simulates samples in worker threads, with the same numbers bit for bit.
 *
 * If a thread dies, the sample fails, because the task it had taken is not done.
 *
 * @param threads number of worker threads, at least 1
 * @param file    the worker's program
 *
 * Fails: `sample` rejects with `LostWorkerError` when a thread ends early.
 */
export function createWorkerRunner(threads: number, file: URL): WorkerRunner {
  let workers: readonly Worker[] = [];
  const start = (): readonly Worker[] => {
    if (workers.length === 0) workers = Array.from({ length: threads }, () => new Worker(file));
    return workers;
  };
  const close = async (): Promise<void> => {
    const ending = workers;
    workers = [];
    await Promise.all(ending.map((worker) => worker.terminate()));
  };
  return {
    run: createThreadRunner().run,
    sample: async (plan, request) => {
      try {
        return await runSample(plan, request, createSharedExecutor(start().map(threadOf)));
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}

function threadOf(worker: Worker): TaskThread {
  return {
    post: (message) => worker.postMessage(message),
    answer: () => answerOf<WorkerAnswer>(worker, (reason) => new LostWorkerError(reason)),
  };
}

/** The worker's next answer. Fails: with what `lost` makes of the reason if the thread ends. */
export function answerOf<Answer>(worker: Worker, lost: (reason: string) => Error): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      worker.off("message", onAnswer).off("error", onError).off("exit", onExit);
      then();
    };
    const onAnswer = (answer: Answer): void => settle(() => resolve(answer));
    const onError = (error: Error): void => settle(() => reject(lost(error.message)));
    const onExit = (code: number): void => settle(() => reject(lost(`exit code ${code}`)));
    worker.on("message", onAnswer).on("error", onError).on("exit", onExit);
  });
}
