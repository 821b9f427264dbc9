import { Worker } from "node:worker_threads";
import type { SampleSettings } from "../../analysis/sample/sample-request.ts";
import type { PreparedSweep } from "../../analysis/sweep/prepare-sweep.ts";
import { createPointRunner, type PointRunner, type SweepChunk } from "../../analysis/sweep/run-sweep.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { answerOf } from "../../run/worker-runner.ts";
import type { Environment, Given } from "../io/command.ts";
import type { LoadedSweep } from "./load-sweep.ts";

/** Data that starts a sweep thread: everything that decides its rows. URLs are texts, because they cannot be posted. */
export type SweepWorkerData = {
  readonly given: Given;
  readonly environment: Omit<Environment, "workerFile" | "sweepWorkerFile">;
  readonly workerFile: string;
  readonly sweepWorkerFile: string;
  readonly sample: SampleSettings | undefined;
};

/** Raised when a sweep thread ends before its work does; unlike with a sample, finished points are kept. */
export class LostPointsError extends Error {
  override readonly name = "LostPointsError";

  constructor(reason: string) {
    super(
      `a sweep thread stopped before its work was done (${reason}); finished points are kept, so run the same command again to resume`,
    );
  }
}

/** Points to run; the answer is their rows. */
export type SweepTask = { readonly firstPoint: number; readonly count: number };

/** Runs points; `chunk` points are handed to it at a time. */
export type SweepRunners = {
  readonly runners: readonly PointRunner[];
  readonly chunkPoints: number;
  readonly close: () => Promise<void>;
};

/** Least trials per chunk; loading and compiling a combination of values takes as long as `compileTrials` trials. */
const [chunkTrials, compileTrials] = [512, 64];

/** A thread pays off from this many trials, because it first loads the scenario. */
const THREAD_TRIALS = 2048;

/** Opens runners for the remaining points: this thread for few of them, else the requested number of threads. */
export function openSweepRunners(
  prepared: PreparedSweep,
  load: LoadedSweep["load"],
  left: number,
  how: {
    readonly threads: number;
    readonly sample: SampleSettings | undefined;
    readonly given: Given;
    readonly environment: Environment;
  },
): SweepRunners {
  const plans = Math.min(left, countPlans(prepared));
  const trials = left * Math.max(1, how.sample?.trials ?? 1) + plans * compileTrials;
  const chunkPoints = Math.ceil(left / Math.ceil(trials / chunkTrials)) || 1;
  const threads = Math.min(how.threads, Math.floor(trials / THREAD_TRIALS), Math.ceil(left / chunkPoints));
  if (threads < 2) {
    const run = createPointRunner(prepared, load, createThreadRunner(pause), how.sample);
    const runner: PointRunner = async (firstPoint, count) => {
      await pause();
      return run(firstPoint, count);
    };
    return { runners: [runner], chunkPoints, close: async () => {} };
  }
  const workers = Array.from({ length: threads }, () => openWorker(how));
  return {
    runners: workers.map((worker) => (firstPoint, count) => askWorker(worker, { firstPoint, count })),
    chunkPoints,
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** Combinations of the values that change the structure. */
export function countPlans({ sweep, keys }: PreparedSweep): number {
  if (sweep.kind !== "grid") return keys.includes(undefined) ? sweep.count : 1;
  return sweep.axes.reduce(
    (product, { count }, axis) => (keys[axis] === undefined ? product * count : product),
    1,
  );
}

/** A pending interruption is handled only between tasks. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function openWorker({ given, environment, sample }: Parameters<typeof openSweepRunners>[3]): Worker {
  const { workerFile, sweepWorkerFile, ...others } = environment;
  const workerData: SweepWorkerData = {
    given: { ...given },
    environment: others,
    workerFile: workerFile.href,
    sweepWorkerFile: sweepWorkerFile.href,
    sample,
  };
  return new Worker(sweepWorkerFile, { workerData });
}

/** A worker's answer; it runs one task at a time. Fails: `LostPointsError` if the thread ends. */
function askWorker(worker: Worker, task: SweepTask): Promise<SweepChunk["rows"]> {
  const answer = answerOf<SweepChunk["rows"]>(worker, (reason) => new LostPointsError(reason));
  worker.postMessage(task);
  return answer;
}
