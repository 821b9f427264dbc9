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

/** A thread, and why it ended if it has, be it while nobody waits for its answer. */
type OwnThread = { readonly worker: Worker; lost?: string };

/**
 * Makes a runner that simulates samples in this thread and in worker threads, with the same numbers bit for bit. They start at
 * once, so that a sample can be prepared meanwhile.
 *
 * If a thread dies, the sample fails, because the task it had taken is not done.
 *
 * @param workers number of worker threads beside this one, at least 1
 * @param file    the worker's program
 * @param pause   awaited before each task of this thread, so that it can do other things, such as stop
 *
 * Fails: `sample` rejects with `LostWorkerError` when a thread ends early.
 */
export function createWorkerRunner(workers: number, file: URL, pause: () => Promise<void>): WorkerRunner {
  let started: readonly OwnThread[] = [];
  const start = (): readonly OwnThread[] => {
    if (started.length === 0) started = Array.from({ length: workers }, () => startThread(file));
    return started;
  };
  const close = async (): Promise<void> => {
    const ending = started;
    started = [];
    await Promise.all(ending.map(({ worker }) => worker.terminate()));
  };
  start();
  return {
    run: createThreadRunner().run,
    sample: async (plan, request) => {
      try {
        return await runSample(plan, request, createSharedExecutor(start().map(threadOf), pause));
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}

function startThread(file: URL): OwnThread {
  const thread: OwnThread = { worker: new Worker(file) };
  const note = (reason: string): void => {
    thread.lost ??= reason;
  };
  thread.worker.on("error", (error) => note(error.message)).on("exit", (code) => note(exitText(code)));
  return thread;
}

function threadOf(thread: OwnThread): TaskThread {
  const { worker } = thread;
  const lost = (reason: string): Error => new LostWorkerError(reason);
  return {
    post: (message) => worker.postMessage(message),
    answer: () =>
      thread.lost === undefined
        ? answerOf<WorkerAnswer>(worker, lost)
        : Promise.reject<WorkerAnswer>(lost(thread.lost)),
  };
}

function exitText(code: number): string {
  return `exit code ${code}`;
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
    const onExit = (code: number): void => settle(() => reject(lost(exitText(code))));
    worker.on("message", onAnswer).on("error", onError).on("exit", onExit);
  });
}
