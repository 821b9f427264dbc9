import {
  blockSizeFor,
  createWorkspace,
  type Fault,
  type Plan,
  simulate,
  type Workspace,
} from "../engine/index.ts";
import { compileTile, type TileContent } from "./compiled-tile.ts";
import type { Crew } from "./crew.ts";
import { createFusedWorkspace } from "./fused-workspace.ts";
import {
  type Executor,
  type PhaseOutcome,
  runSample,
  type SampleOutput,
  type SampleRequest,
} from "./sample.ts";
import { createTaskMemory, type Phase, runTask, type SampleJob, type TaskMemory } from "./sample-job.ts";
import { takeBack } from "./take-back.ts";
import { createTileMemory, type TileMemory } from "./tile-memory.ts";

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
 * Makes a runner that simulates in the calling thread.
 *
 * Memory: allocates the columns it returns. Fails: never, for a Plan from the compiler.
 */
export function createThreadRunner(pause?: () => Promise<void>): Runner {
  return createThreadRunners()(pause);
}

/**
 * Makes runners that simulate in the calling thread, with a crew that helps if there is one. They keep the compiled Plan of their
 * last sample, so that another one of it compiles nothing. A Plan that
 * is run for one trial a second time is compiled, and so is each run behind that one: a slider that moves has one before every sample.
 *
 * `pause` is awaited between tasks of a sample, so that the caller can do other things, such as stop; a crew is heard then.
 */
export function createThreadRunners(): (pause?: () => Promise<void>, crew?: Crew) => Runner {
  const kept: { last?: KeptTile | undefined } = {};
  const workspaceFor = keepWorkspaces();
  const spare = keepArrays();
  return (pause, crew) => ({
    run: async (plan, request) =>
      runHere(plan, request, request.trials === 1 ? workspaceFor(plan) : undefined),
    sample: (plan, request) => {
      const memory = request.keep ? NEW_ARRAYS : spare();
      return runSample(plan, request, createThreadExecutor(kept, memory, pause, crew));
    },
  });
}

/** Trials of a vector of WebAssembly: the least that a compiled Plan simulates at a time. */
const PAIR = 2;

/** Gives the compiled workspace of a Plan, and none the first time: most Plans are run once. It lasts as long as its Plan. */
function keepWorkspaces(): (plan: Plan) => Workspace | undefined {
  const kept = new WeakMap<Plan, { workspace?: Workspace }>();
  return (plan) => {
    const known = kept.get(plan);
    if (!known) {
      kept.set(plan, {});
      return undefined;
    }
    known.workspace ??= createFusedWorkspace(plan, PAIR);
    return known.workspace;
  };
}

/** The memory of one sample. */
type Arrays = { readonly allocate: (length: number) => Float64Array; readonly end: () => void };

/** Memory that a sample returns. */
const NEW_ARRAYS: Arrays = { allocate: (length) => new Float64Array(length), end: () => {} };

/**
 * Gives samples their memory, and takes it back from those that are done: left to the garbage collector, that of each stays beside
 * that of the next, forty megabytes for the reference, or for as long as nothing else is wanted. Where it cannot be taken back
 * (Node before 21), the next sample gets it, as far as the collector has not come first.
 */
function keepArrays(): () => Arrays {
  let spare: WeakRef<Float64Array>[] = [];
  return () => {
    const own: Float64Array[] = [];
    return {
      allocate: (length) => {
        const at = spare.findIndex((one) => one.deref()?.length === length);
        const found = at < 0 ? undefined : spare.splice(at, 1)[0].deref();
        const array = found?.fill(0) ?? new Float64Array(length);
        own.push(array);
        return array;
      },
      end: () => {
        const left = spare.filter((one) => one.deref());
        const kept = own.filter((array) => !takeBack(array));
        spare = [...left, ...kept.map((array) => new WeakRef(array))];
      },
    };
  };
}

/** The tile of a sample that is done, and what was simulated into it. */
type KeptTile = { readonly content: TileContent; readonly tile: TileMemory };

/** Whether a tile for one content serves another. */
function isSameContent(one: TileContent, other: TileContent): boolean {
  const [rows, otherRows] = [one.layout.columnRows, other.layout.columnRows];
  return (
    one.plan === other.plan &&
    one.layout.rowCount === other.layout.rowCount &&
    one.layout.entries === other.layout.entries &&
    rows.every((row, column) => row === otherRows[column]) &&
    one.scales.every((scale, column) => scale === other.scales[column])
  );
}

function createThreadExecutor(
  kept: { last?: KeptTile | undefined },
  arrays: Arrays,
  pause?: () => Promise<void>,
  crew?: Crew,
): Executor {
  let state: { readonly job: SampleJob; readonly memory: TaskMemory } | undefined;

  /** The tasks of a phase that are to be done, and what helps. */
  async function work(job: SampleJob, memory: TaskMemory, phase: Phase): Promise<PhaseOutcome> {
    const faults: Fault[] = [];
    const errand = crew?.share(job, memory, phase);
    let next = 0;
    const nextTask = errand?.next ?? (() => (next < phase.tasks ? next++ : undefined));
    try {
      for (;;) {
        const task = nextTask();
        if (task !== undefined) faults.push(...runTask(job, phase, task, memory));
        else if (!(await errand?.wait())) break;
        await pause?.();
      }
    } finally {
      errand?.end();
    }
    return {
      faults: [...faults, ...(errand?.faults ?? [])],
      isPlain: memory.tile.isPlain,
    };
  }

  return {
    allocate: arrays.allocate,
    begin: (job) => {
      const { last } = kept;
      // Taken away, so that a sample beside this one does not write into it.
      kept.last = undefined;
      const isSame = last && isSameContent(last.content, job);
      const tile = isSame ? last.tile : createTileMemory(job, compileTile(job.plan, job.layout), last?.tile);
      state = { job, memory: createTaskMemory(job, tile) };
      crew?.begin(job, tile.compiled);
    },
    work: async (phase) => (state ? work(state.job, state.memory, phase) : { faults: [], isPlain: false }),
    end: () => {
      arrays.end();
      if (!state) return;
      const { plan, scales, layout } = state.job;
      kept.last = { content: { plan, scales, layout }, tile: state.memory.tile };
    },
  };
}

function runHere(plan: Plan, { inputs, trials, months }: RunRequest, workspace?: Workspace): RunOutput {
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
  const own = workspace ?? createWorkspace(plan, blockSizeFor(plan, trials));
  const faults = simulate(
    plan,
    inputs,
    trials,
    (column, firstTrial, count, values, offset, monthStride, trialStride) => {
      const target = columns[column];
      const months = target.length / trials;
      const start = offset + (months === 1 ? 0 : firstMonth * monthStride);
      if (trials === 1 && monthStride === 1) {
        target.set(values.subarray(start, start + months));
        return;
      }
      for (let month = 0; month < months; month++) {
        const row = month * trials + firstTrial;
        for (let trial = 0; trial < count; trial++) {
          target[row + trial] = values[start + month * monthStride + trial * trialStride];
        }
      }
    },
    own,
  );
  if (!workspace) takeBack(own.memory);
  return { columns, faults };
}
