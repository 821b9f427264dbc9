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
    if (!state) return { faults: [], isPlain: false };
    const { job, counter, memory } = state;
    const faults: Fault[] = [];
    for (let task = takeTask(counter); task < message.phase.tasks; task = takeTask(counter))
      faults.push(...runTask(job, message.phase, task, memory));
    return { faults, isPlain: memory.tile.isPlain };
  };
}

function takeTask(counter: Int32Array): number {
  return Atomics.add(counter, 0, 1);
}

/**
 * Shares the phases of one sample out among threads and the caller, which takes tasks as they do. Needs shared memory.
 *
 * @param pause awaited before each task of the caller, so that it can do other things, such as stop
 *
 * Fails: `work` rejects where a thread ends early, because the task it had taken is not done.
 */
export function createSharedExecutor(threads: readonly TaskThread[], pause: () => Promise<void>): Executor {
  const counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const post = (message: WorkerMessage): void => {
    for (const thread of threads) thread.post(message);
  };
  let own: { readonly job: SampleJob; readonly memory: TaskMemory } | undefined;
  const takeOwn = async (phase: Phase): Promise<PhaseOutcome> => {
    const faults: Fault[] = [];
    if (!own) return { faults, isPlain: false };
    const { job, memory } = own;
    // Not before whoever called `work` has drawn the next chunk.
    await pause();
    for (let task = takeTask(counter); task < phase.tasks; task = takeTask(counter)) {
      faults.push(...runTask(job, phase, task, memory));
      await pause();
    }
    return { faults, isPlain: memory.tile.isPlain };
  };
  return {
    allocate: (length) => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT)),
    begin: (job) => {
      const compiled = compileTile(job.plan, job.layout);
      post({ kind: "job", job, compiled, counter });
      own = { job, memory: createTaskMemory(job, createTileMemory(job, compiled)) };
    },
    work: async (phase) => {
      // All threads are idle, so none reads the counter meanwhile.
      Atomics.store(counter, 0, 0);
      const answers = threads.map((thread) => thread.answer());
      post({ kind: "phase", phase });
      const outcomes = await Promise.all([takeOwn(phase), ...answers]);
      return {
        faults: outcomes.flatMap(({ faults }) => faults),
        isPlain: outcomes.some(({ isPlain }) => isPlain),
      };
    },
  };
}
