import { type Fault, type Plan, simulate } from "../engine/index.ts";
import { type Executor, runSample, type SampleOutput, type SampleRequest } from "./sample.ts";
import { createTaskMemory, runTask, type SampleJob, type TaskMemory } from "./sample-job.ts";
import type { TileMemory } from "./tile-memory.ts";

/** Trials to run: `inputs` is [variable][trial], in the order of `plan.variables`. */
export type RunRequest = {
  readonly inputs: Float64Array;
  readonly trials: number;
  /** Months that columns give: those of the horizon where absent, or all, if the Plan has columns hold in the whole window. */
  readonly months?: "horizon" | "window";
};

/** The result, independent of the engine's memory, so that a thread can transfer it. */
export type RunOutput = {
  /** For each column of the Plan [month][trial], or [trial] for a value of the whole run. */
  readonly columns: readonly Float64Array[];
  /** Draws outside their admissible ranges. */
  readonly faults: readonly Fault[];
};

/**
 * Runs simulations in this thread, in worker threads or elsewhere, with the same numbers everywhere.
 *
 * A runner handles only Plans and inputs, so that everything it transfers can be posted.
 */
export type Runner = {
  readonly run: (plan: Plan, request: RunRequest) => Promise<RunOutput>;
  /** Simulates a sample and summarises it. */
  readonly sample: (plan: Plan, request: SampleRequest) => Promise<SampleOutput>;
};

/**
 * Makes a runner that simulates in the calling thread. It keeps the memory of its last sample, so that another one of the same Plan
 * compiles nothing.
 *
 * Memory: allocates the columns it returns. Fails: never, for a Plan from the compiler.
 *
 * @param pause awaited between tasks of a sample, so that the caller can do other things, such as stop
 */
export function createThreadRunner(pause?: () => Promise<void>): Runner {
  const kept: { last?: KeptTile | undefined } = {};
  return {
    run: async (plan, request) => runHere(plan, request),
    sample: (plan, request) => runSample(plan, request, createThreadExecutor(kept, pause)),
  };
}

/** The compiled tile of a sample that is done. */
type KeptTile = { readonly plan: Plan; readonly rowCount: number; readonly tile: TileMemory };

function createThreadExecutor(kept: { last?: KeptTile | undefined }, pause?: () => Promise<void>): Executor {
  let state: { readonly job: SampleJob; readonly memory: TaskMemory } | undefined;
  return {
    allocate: (length) => new Float64Array(length),
    begin: (job) => {
      const { last } = kept;
      const { plan } = job;
      const { rowCount } = job.layout;
      // Taken away, so that a sample beside this one does not write into it.
      kept.last = undefined;
      const isSame = last?.plan === plan && last.rowCount === rowCount;
      state = { job, memory: createTaskMemory(job, isSame ? last.tile : undefined) };
    },
    work: async (phase) => {
      const faults: Fault[] = [];
      for (let task = 0; state && task < phase.tasks; task++) {
        faults.push(...runTask(state.job, phase, task, state.memory));
        await pause?.();
      }
      return { faults, isPlain: state?.memory.tile.isPlain ?? false };
    },
    end: () => {
      if (!state) return;
      const { job, memory } = state;
      kept.last = { plan: job.plan, rowCount: job.layout.rowCount, tile: memory.tile };
    },
  };
}

function runHere(plan: Plan, { inputs, trials, months }: RunRequest): RunOutput {
  const firstMonth = months === "window" ? 0 : plan.originMonth;
  const monthCount = plan.originMonth + plan.horizonMonths - firstMonth;
  // One block of memory, because the garbage collector would track each of tens of thousands.
  const sizes = plan.columns.map(({ isScalar }) => (isScalar ? 1 : monthCount) * trials);
  const block = new Float64Array(sizes.reduce((sum, size) => sum + size, 0));
  let end = 0;
  const columns = sizes.map((size) => {
    end += size;
    return block.subarray(end - size, end);
  });
  const faults = simulate(
    plan,
    inputs,
    trials,
    (column, firstTrial, count, values, offset, monthStride, trialStride) => {
      const target = columns[column];
      const months = target.length / trials;
      const start = offset + (months === 1 ? 0 : firstMonth * monthStride);
      for (let month = 0; month < months; month++) {
        const row = month * trials + firstTrial;
        for (let trial = 0; trial < count; trial++) {
          target[row + trial] = values[start + month * monthStride + trial * trialStride];
        }
      }
    },
  );
  return { columns, faults };
}
