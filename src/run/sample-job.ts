import {
  blockSizeFor,
  type Chunk,
  createSummaryScratch,
  type Fault,
  type Plan,
  placeInStore,
  type SampleStore,
  type SummaryScratch,
  type SummaryState,
  simulate,
  summariseChunk,
  TILE,
  type Workspace,
} from "../engine/index.ts";
import { createFusedWorkspace } from "./fused-workspace.ts";

/** Everything a thread needs to take part in a sample: cloneable, its memory shared where threads do. */
export type SampleJob = {
  readonly plan: Plan;
  /** Canonical units in one shown unit of each column. */
  readonly scales: Float64Array;
  /** Uniforms of the chunk at hand, [variable][trial] with `capacity` trials a row: those of the largest chunk. */
  readonly inputs: Float64Array;
  readonly capacity: number;
  readonly store: SampleStore;
  readonly summary: SummaryState;
};

/** A phase is cut into tasks; whichever thread is free takes the next. */
export type Phase = {
  readonly kind: "simulate" | "summarise";
  readonly chunk: Chunk;
  readonly tasks: number;
};

/** Trials of one task of simulation, and figures of one task of summary. */
const TASK_TRIALS = 128;
const TASK_FIGURES = 32;

/** The phases of a chunk, one after the other. */
export function phasesOf({ summary }: SampleJob, chunk: Chunk): { simulation: Phase; summing: Phase } {
  return {
    simulation: { kind: "simulate", chunk, tasks: Math.ceil(chunk.trials / TASK_TRIALS) },
    summing: { kind: "summarise", chunk, tasks: Math.ceil(summary.figures.length / TASK_FIGURES) },
  };
}

/** A thread's own memory for a job. */
export type TaskMemory = {
  readonly workspace: Workspace;
  readonly inputs: Float64Array;
  readonly scratch: SummaryScratch;
};

/** Allocates a thread's own memory. */
export function createTaskMemory({ plan, capacity, summary }: SampleJob): TaskMemory {
  return {
    workspace: createFusedWorkspace(plan, blockSizeFor(plan, Math.min(TILE, capacity))),
    inputs: new Float64Array(plan.variables.length * TASK_TRIALS),
    scratch: createSummaryScratch(summary, capacity),
  };
}

/**
 * Does one task of a phase: simulates some trials into the store, or takes some figures of it into the summary.
 *
 * Tasks touch disjoint memory, so that their order and their threads change no bit.
 *
 * @return ranges that draws left
 * Fails: never, for a Plan the compiler made.
 */
export function runTask(job: SampleJob, phase: Phase, task: number, memory: TaskMemory): readonly Fault[] {
  const { chunk } = phase;
  if (phase.kind === "simulate") {
    const first = task * TASK_TRIALS;
    return simulateInto(job, chunk, first, Math.min(TASK_TRIALS, chunk.trials - first), memory);
  }
  const from = task * TASK_FIGURES;
  const end = Math.min(job.summary.figures.length, from + TASK_FIGURES);
  summariseChunk(job.summary, job.store, chunk, from, end, memory.scratch);
  return [];
}

function simulateInto(
  { plan, scales, inputs, capacity, store }: SampleJob,
  { firstTrial }: Chunk,
  first: number,
  trials: number,
  memory: TaskMemory,
): readonly Fault[] {
  for (let variable = 0; variable < plan.variables.length; variable++) {
    const row = variable * capacity + first;
    memory.inputs.set(inputs.subarray(row, row + trials), variable * trials);
  }
  const { values: target, rows } = store;
  return simulate(
    plan,
    memory.inputs,
    trials,
    (column, from, count, values, offset, monthStride, trialStride) => {
      if (rows[column] < 0) return;
      const months = monthsOfColumn(plan, column);
      const start = offset + (months === 1 ? 0 : plan.originMonth * monthStride);
      const scale = scales[column];
      // A block is part of one tile: both are powers of two of trials.
      let row = placeInStore(store, rows[column], from - firstTrial);
      for (let month = 0; month < months; month++) {
        const source = start + month * monthStride;
        for (let trial = 0; trial < count; trial++) {
          target[row + trial] = values[source + trial * trialStride] / scale;
        }
        row += TILE;
      }
    },
    memory.workspace,
    firstTrial + first,
  );
}

/** Months reported of a column: one where it is one number a trial. */
export function monthsOfColumn({ columns, horizonMonths }: Plan, column: number): number {
  return columns[column].isScalar ? 1 : horizonMonths;
}
