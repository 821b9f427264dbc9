/**
 * A sample whose tasks several threads take from a shared counter: they write to disjoint memory, so that the numbers are those of
 * one thread, bit for bit. The page's threads share no memory: see `crew.ts`.
 */
import type { Fault } from "../engine/index.ts";
import { type CompiledTile, compileTile } from "./compiled-tile.ts";
import type { Executor, PhaseOutcome } from "./sample.ts";
import { createTaskMemory, type Phase, runTask, type SampleJob, type TaskMemory } from "./sample-job.ts";
import { createTileMemory } from "./tile-memory.ts";

/** Messages to a thread: a job, compiled if it can be, with the counter of its tasks; then its phases. */
export type WorkerMessage =
  | {
      readonly kind: "job";
      readonly job: SampleJob;
      readonly compiled: CompiledTile | undefined;
      readonly counter: Int32Array;
    }
  | { readonly kind: "phase"; readonly phase: Phase };

/** A thread's answer when a phase has no task left. */
export type WorkerAnswer = PhaseOutcome;

/** A thread as those see it that give it tasks. */
export type TaskThread = {
  readonly post: (message: WorkerMessage) => void;
  /** Its next answer. Fails: rejects where the thread ends. */
  readonly answer: () => Promise<WorkerAnswer>;
};

/** What a thread does with the messages to it; undefined where none is answered. Fails: never, for a Plan from the compiler. */
export function createTaskTaker(): (message: WorkerMessage) => WorkerAnswer | undefined {
  let state:
    | { readonly job: SampleJob; readonly counter: Int32Array; readonly memory: TaskMemory }
    | undefined;
  return (message) => {
    if (message.kind === "job") {
      const { job, compiled, counter } = message;
      const tile = createTileMemory(job, compiled);
      state = { job, counter, memory: createTaskMemory(job, tile) };
      return undefined;
    }
    const faults: Fault[] = [];
    while (state) {
      const task = Atomics.add(state.counter, 0, 1);
      if (task >= message.phase.tasks) break;
      faults.push(...runTask(state.job, message.phase, task, state.memory));
    }
    return { faults, isPlain: state?.memory.tile.isPlain ?? false };
  };
}

/**
 * Shares the phases of one sample out among threads. Needs shared memory.
 *
 * Fails: `work` rejects where a thread ends early, because the task it had taken is not done.
 */
export function createSharedExecutor(threads: readonly TaskThread[]): Executor {
  const counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const post = (message: WorkerMessage): void => {
    for (const thread of threads) thread.post(message);
  };
  return {
    allocate: (length) => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT)),
    begin: (job) => post({ kind: "job", job, compiled: compileTile(job.plan, job.layout), counter }),
    work: async (phase) => {
      // All threads are idle, so none reads the counter meanwhile.
      Atomics.store(counter, 0, 0);
      const answers = Promise.all(threads.map((thread) => thread.answer()));
      post({ kind: "phase", phase });
      const outcomes = await answers;
      return {
        faults: outcomes.flatMap(({ faults }) => faults),
        isPlain: outcomes.some(({ isPlain }) => isPlain),
      };
    },
  };
}
