import { Worker } from "node:worker_threads";
import { createThreadRunner, type Runner } from "./runner.ts";
import { type Executor, type PhaseOutcome, runSample } from "./sample.ts";
import type { Phase, SampleJob } from "./sample-job.ts";

/** Messages to a worker: a job with the counter of its tasks, then its phases. */
export type WorkerMessage =
  | { readonly kind: "job"; readonly job: SampleJob; readonly counter: Int32Array }
  | { readonly kind: "phase"; readonly phase: Phase };

/** The worker's answer when a phase has no task left. */
export type WorkerAnswer = PhaseOutcome;

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
 * Threads take tasks from a shared counter and write to disjoint memory. If a thread dies, the sample fails, because the
 * task it had taken is not done.
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
        return await runSample(plan, request, createWorkerExecutor(start()));
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}

function createWorkerExecutor(workers: readonly Worker[]): Executor {
  const counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const post = (message: WorkerMessage): void => {
    for (const worker of workers) worker.postMessage(message);
  };
  return {
    allocate: (length) => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT)),
    begin: (job) => post({ kind: "job", job, counter }),
    work: async (phase) => {
      // All threads are idle, so none reads the counter meanwhile.
      Atomics.store(counter, 0, 0);
      const answers = Promise.all(
        workers.map((worker) => answerOf<WorkerAnswer>(worker, (reason) => new LostWorkerError(reason))),
      );
      post({ kind: "phase", phase });
      const outcomes = await answers;
      return {
        faults: outcomes.flatMap(({ faults }) => faults),
        isPlain: outcomes.some(({ isPlain }) => isPlain),
      };
    },
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
