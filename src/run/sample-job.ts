import {
  type Chunk,
  createSummaryScratch,
  type Fault,
  holdTile,
  openFigures,
  reduceFigures,
  type SummaryScratch,
  type SummaryState,
  searchAgain,
  siftTile,
  TILE,
  takeTiles,
} from "../engine/index.ts";
import type { TileContent, TileTrials } from "./compiled-tile.ts";
import type { TileMemory } from "./tile-memory.ts";

/** Everything a thread needs to take part in a sample: cloneable, with shared memory if there are several threads. */
export type SampleJob = TileContent & {
  /** Uniforms of two chunks, [variable][trial] with `capacity` trials per row each, enough for the largest chunk. */
  readonly inputs: Float64Array;
  readonly capacity: number;
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
  /** Where the uniforms of its chunk begin, if it simulates. */
  readonly inputsAt: number;
};

/** What simulating tiles of a sample needs, whoever takes them into its summary; cloneable. */
export type TileJob = TileContent & Pick<SummaryState, "figures">;

/** Figures of one task of a phase that has no trials. */
export const TASK_FIGURES = 64;

/** The private memory of a thread for a job. */
export type TaskMemory = {
  readonly tile: TileMemory;
  readonly inputs: Float64Array<ArrayBuffer>;
  readonly scratch: SummaryScratch;
};

/** Allocates the private memory of a thread beside a tile of the job's Plan and rows. */
export function createTaskMemory({ plan, summary }: SampleJob, tile: TileMemory): TaskMemory {
  return {
    tile,
    inputs: new Float64Array(plan.variables.length * TILE),
    scratch: createSummaryScratch(summary, tile.held),
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
  if (kind === "open") openFigures(summary, from, end, memory.scratch, memory.tile.sort);
  else if (kind === "again") searchAgain(summary, chunk, from, end, memory.scratch);
  else if (kind === "take") takeTiles(summary, chunk, task, memory.scratch);
  else return simulateTile(job, phase, task, memory);
  return [];
}

function simulateTile(job: SampleJob, phase: Phase, task: number, memory: TaskMemory): readonly Fault[] {
  const { layout, summary } = job;
  const from = phase.chunk.firstTrial + task * TILE;
  const trials = copyInputs(job, phase, task, memory.inputs);
  const { figures } = summary;
  const faults = fillTile({ layout, figures }, { inputs: memory.inputs, from, trials }, memory.tile);
  takeTile(job, phase, task, memory);
  return faults;
}

/** Trials of a tile. */
export function trialsOfTile({ chunk }: Phase, task: number): number {
  return Math.min(TILE, chunk.trials - task * TILE);
}

/** Copies the uniforms of a tile, [variable][trial], out of those of its chunk; returns its trials. */
export function copyInputs(
  { plan, inputs, capacity }: SampleJob,
  phase: Phase,
  task: number,
  target: Float64Array,
): number {
  const trials = trialsOfTile(phase, task);
  for (let variable = 0; variable < plan.variables.length; variable++) {
    const row = phase.inputsAt + variable * capacity + task * TILE;
    target.set(inputs.subarray(row, row + trials), variable * trials);
  }
  return trials;
}

/** Simulates a tile and makes the rows of its figures. Fails: never, for a Plan from the compiler. */
export function fillTile(
  { layout, figures }: Pick<TileJob, "layout" | "figures">,
  trials: TileTrials,
  tile: TileMemory,
): readonly Fault[] {
  const faults = tile.simulate(trials);
  tile.sumRows(layout.sums);
  reduceFigures({ figures }, layout, tile);
  return faults;
}

/** Takes a tile whose figures have been made into the summary. */
export function takeTile({ summary }: SampleJob, phase: Phase, task: number, memory: TaskMemory): void {
  const { tile } = memory;
  const { firstTrial } = phase.chunk;
  // Of all trials where they are wanted, else of those of the chunk.
  const heldTile = summary.heldTrials === summary.trials ? firstTrial / TILE + task : task;
  if (phase.kind === "sift") siftTile(summary, tile, task, trialsOfTile(phase, task));
  else holdTile(summary, tile.readRows, heldTile);
}
