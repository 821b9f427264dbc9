import {
  type Chunk,
  createSummaryScratch,
  type Fault,
  holdTile,
  monthsOfColumn,
  openFigures,
  type Plan,
  reduceFigures,
  type Sink,
  type SummaryScratch,
  type SummaryState,
  searchAgain,
  siftTile,
  simulate,
  TILE,
  type TileLayout,
  takeTiles,
} from "../engine/index.ts";
import { createTileMemory, type TileMemory } from "./tile-memory.ts";

/** Everything a thread needs to take part in a sample: cloneable, with shared memory if there are several threads. */
export type SampleJob = {
  readonly plan: Plan;
  /** Canonical units per shown unit, by column. */
  readonly scales: Float64Array;
  /** Uniforms of the current chunk, [variable][trial] with `capacity` trials per row, enough for the largest chunk. */
  readonly inputs: Float64Array;
  readonly capacity: number;
  readonly layout: TileLayout;
  readonly summary: SummaryState;
};

/**
 * A phase is cut into tasks; whichever thread is free takes the next.
 *
 * `hold` simulates tiles and holds their figures, `open` takes what is held into the summary and begins its searches; `sift`
 * simulates tiles and sifts them, `take` takes what was sifted; `again` takes what is held into searches that go on.
 */
export type Phase = {
  readonly kind: "hold" | "open" | "sift" | "take" | "again";
  readonly chunk: Chunk;
  readonly tasks: number;
};

/** Figures of one task of a phase that has no trials. */
export const TASK_FIGURES = 64;

/** The private memory of a thread for a job. */
export type TaskMemory = {
  readonly tile: TileMemory;
  readonly inputs: Float64Array;
  readonly scratch: SummaryScratch;
};

/**
 * Allocates the private memory of a thread.
 *
 * @param tile that of an earlier job, which saves compiling the Plan if both have the same Plan and rows
 */
export function createTaskMemory({ plan, summary, layout }: SampleJob, tile?: TileMemory): TaskMemory {
  return {
    tile: tile ?? createTileMemory(plan, layout),
    inputs: new Float64Array(plan.variables.length * TILE),
    scratch: createSummaryScratch(summary),
  };
}

/**
 * Does one task of a phase: a tile of trials, or some figures.
 *
 * Tasks touch disjoint memory, so their order and their threads change no bit.
 *
 * @return draws outside their admissible ranges
 * Fails: never, for a Plan from the compiler.
 */
export function runTask(job: SampleJob, phase: Phase, task: number, memory: TaskMemory): readonly Fault[] {
  const { summary } = job;
  const { chunk, kind } = phase;
  const [from, end] = [task * TASK_FIGURES, Math.min(summary.figures.length, (task + 1) * TASK_FIGURES)];
  if (kind === "open") openFigures(summary, from, end, memory.scratch);
  else if (kind === "again") searchAgain(summary, chunk, from, end, memory.scratch);
  else if (kind === "take") takeTiles(summary, chunk, task, memory.scratch.search);
  else return simulateTile(job, phase, task, memory);
  return [];
}

function simulateTile(
  job: SampleJob,
  { kind, chunk }: Phase,
  task: number,
  memory: TaskMemory,
): readonly Fault[] {
  const { plan, inputs, capacity, layout, summary } = job;
  const { tile } = memory;
  const first = task * TILE;
  const trials = Math.min(TILE, chunk.trials - first);
  for (let variable = 0; variable < plan.variables.length; variable++) {
    const row = variable * capacity + first;
    memory.inputs.set(inputs.subarray(row, row + trials), variable * trials);
  }
  const from = chunk.firstTrial + first;
  const faults = simulate(plan, memory.inputs, trials, sinkOf(job, tile, from), tile.workspace, from);
  tile.sumRows(layout.sums);
  reduceFigures(summary, layout, tile.memory, tile.places.rows);
  if (kind === "sift") siftTile(summary, tile, task, trials, memory.scratch.sift);
  else {
    // Of all trials where they are wanted, else of those of the chunk.
    const at = summary.heldTrials === summary.trials ? from : first;
    holdTile(summary, layout, tile.memory, tile.places.rows, { at, trials, pass: chunk.pass });
  }
  return faults;
}

/** Puts columns into the rows of a tile that begins with trial `firstTrial`, in the units shown. */
function sinkOf({ plan, scales, layout }: SampleJob, tile: TileMemory, firstTrial: number): Sink {
  return (column, from, _count, _values, offset, monthStride, trialStride) => {
    const row = layout.columnRows[column];
    if (row < 0) return;
    const months = monthsOfColumn(plan, column);
    const source = offset + (months === 1 ? 0 : plan.originMonth * monthStride);
    const target = tile.places.rows + row * TILE + from - firstTrial;
    tile.copyRows({ source, monthStride, trialStride, months, scale: scales[column] }, target);
  };
}
