import {
  type Chunk,
  copyHeld,
  countGroups,
  createSummary,
  type Fault,
  type Figure,
  layOutTile,
  needsAnotherPass,
  type Plan,
  partFigures,
  RANDOM_BLOCK,
  readStatistics,
  type Statistics,
  type SummaryState,
  shareEqualFigures,
  slotsToHold,
  TILE,
} from "../engine/index.ts";
import { type Phase, type SampleJob, TASK_FIGURES } from "./sample-job.ts";

/** Trials to run and figures to make of them. */
export type SampleRequest = {
  readonly trials: number;
  /**
   * Fills the uniforms of `count` trials from `firstTrial` on, which begins a random block; those of variable v start at
   * `inputs[v * stride]`.
   */
  readonly fill: (firstTrial: number, count: number, inputs: Float64Array, stride: number) => void;
  /** Canonical units per shown unit, by column. */
  readonly scales: Float64Array;
  readonly figures: readonly Figure[];
  /** Ranks of the requested order statistics, ascending. */
  readonly ranks: readonly number[];
  /** Whether to return every trial's figures. */
  readonly keep?: boolean;
  /** Positions of the figures of which the first trials come back, those that are held anyway. */
  readonly first?: readonly number[];
  /** Memory for searches [bytes], 300 MB if absent; ranks that more would be needed for are looked for in a second pass. */
  readonly memory?: number;
  readonly onProgress?: (progress: Progress) => void;
};

/** Trials simulated so far, over all passes; whether a thread has no WebAssembly and computes them in plain loops. */
export type Progress = { readonly done: number; readonly all: number; readonly isPlain?: boolean };

/** The result of a sample. */
export type SampleOutput = {
  /** In the order of the requested figures; empty if there are faults. */
  readonly statistics: readonly Statistics[];
  /** [figure][trial], if requested. */
  readonly kept: Float64Array;
  /** The first trials of each figure asked for by `first`: all trials, or a random block. */
  readonly first: readonly Float64Array[];
  readonly faults: readonly Fault[];
};

/** Faults found in a phase, in any order, and whether a thread computes in plain loops. */
export type PhaseOutcome = { readonly faults: readonly Fault[]; readonly isPlain: boolean };

/** Works through phases in this thread or in several. */
export type Executor = {
  readonly allocate: (length: number) => Float64Array;
  readonly begin: (job: SampleJob) => void;
  /** Does all tasks of a phase. */
  readonly work: (phase: Phase) => Promise<PhaseOutcome>;
  /** Told when the sample is done, or given up. */
  readonly end?: () => void;
};

/**
 * Memory that searches for order statistics may take [bytes] (docs/model.md section 11): the rest of a sample of the reference
 * takes some 260 MB, and a whole process is to stay under 600.
 */
const SAMPLE_MEMORY = 300e6;

/** Least capacity of a search [values]. */
const FEWEST_SLOTS = 64;

/** Tiles of a chunk: more are more tasks for threads, and more memory for their sifted values. */
const CHUNK_TILES = 16;

/** How a sample is cut: values that the search for each rank may hold, and passes over the trials that nearly all samples need. */
export type SamplePlan = {
  readonly slotCounts: readonly number[];
  readonly passes: number;
  /** Memory of its searches. */
  readonly bytes: number;
};

/**
 * Memory that a search may take, to that which one pass needs: with so much, nearly all searches of the standard number of trials are
 * narrowed once, and not with each chunk.
 */
const ROOMY = 1.5;

/** Gives searches more memory than one pass needs, or as much as there is; where that is too little, two passes. */
export function planSample(request: Omit<SampleRequest, "fill" | "scales">): SamplePlan {
  const { trials, figures, ranks, memory = SAMPLE_MEMORY, keep = false } = request;
  const isSearched = !keep && trials > RANDOM_BLOCK;
  const needed = ranks.map((rank) => (isSearched ? slotsToHold(rank, trials, RANDOM_BLOCK) : 0));
  const bytesNeeded = 8 * figures.length * needed.reduce((sum, count) => sum + count, 0);
  const room = Math.min(ROOMY, memory / bytesNeeded);
  const slotCounts = needed.map((count) => count && Math.max(FEWEST_SLOTS, Math.floor(count * room)));
  return { slotCounts, passes: room < 1 ? 2 : 1, bytes: bytesNeeded * room };
}

/**
 * Simulates a sample and summarises it.
 *
 * The first random block is held; from it searches for order statistics begin. Later trials go by in chunks, of which tiles
 * are sifted as they come. Where a search missed its rank, all trials are simulated again for it.
 *
 * The result is the same for every executor and every memory: sums go by tile in the order of tiles, and an order
 * statistic is the value of that rank.
 *
 * Fails: as the executor does. Cost: trials x (program + figures), once for each pass over the trials, seldom more than one.
 */
export async function runSample(
  plan: Plan,
  request: SampleRequest,
  executor: Executor,
): Promise<SampleOutput> {
  try {
    return await workThrough(plan, request, executor);
  } finally {
    executor.end?.();
  }
}

async function workThrough(plan: Plan, request: SampleRequest, executor: Executor): Promise<SampleOutput> {
  const { trials, figures, ranks, keep = false } = request;
  const { allocate } = executor;
  const layout = layOutTile(plan, figures, ranks.length);
  const heldTrials = keep ? trials : Math.min(trials, RANDOM_BLOCK);
  const summary = createSummary(figures, ranks, trials, {
    slotCounts: planSample(request).slotCounts,
    heldTrials,
    chunkTiles: CHUNK_TILES,
    figureRows: layout.figureRows,
    allocate,
  });
  const capacity = Math.min(trials, CHUNK_TILES * TILE);
  // Two chunks: the draws of one are made while the other is simulated.
  const chunkInputs = plan.variables.length * capacity;
  const inputs = allocate(2 * chunkInputs);
  const job: SampleJob = { plan, scales: request.scales, inputs, capacity, layout, summary };
  executor.begin(job);
  const faults: Fault[] = [];
  const phases = {
    tiles: (kind: "hold" | "sift", chunk: Chunk, inputsAt: number): Phase => ({
      kind,
      chunk,
      tasks: Math.ceil(chunk.trials / TILE),
      inputsAt,
    }),
    figures: (kind: "open" | "again", chunk: Chunk): Phase => {
      return { kind, chunk, tasks: Math.ceil(figures.length / TASK_FIGURES), inputsAt: 0 };
    },
    groups: (chunk: Chunk): Phase => ({ kind: "take", chunk, tasks: countGroups(summary), inputsAt: 0 }),
  };
  /** Chunks of trials from one to another, each simulated and then summed up. */
  const run = async (
    range: { readonly from: number; readonly end: number; readonly chunk: number; readonly pass: number },
    simulation: "hold" | "sift",
    summing: (chunk: Chunk) => Phase | undefined,
  ): Promise<void> => {
    let inputsAt = 0;
    const fill = (firstTrial: number): void => {
      const target = inputs.subarray(inputsAt, inputsAt + chunkInputs);
      if (firstTrial < range.end)
        request.fill(firstTrial, Math.min(range.chunk, range.end - firstTrial), target, capacity);
    };
    fill(range.from);
    for (let firstTrial = range.from; firstTrial < range.end; firstTrial += range.chunk) {
      const chunk = { firstTrial, trials: Math.min(range.chunk, range.end - firstTrial), pass: range.pass };
      const simulated = executor.work(phases.tiles(simulation, chunk, inputsAt));
      inputsAt = chunkInputs - inputsAt;
      fill(firstTrial + range.chunk);
      const { faults: found, isPlain } = await simulated;
      if (range.pass === 0) faults.push(...found);
      const phase = summing(chunk);
      if (phase) await executor.work(phase);
      const done = firstTrial + chunk.trials;
      request.onProgress?.({ done: range.pass * trials + done, all: (range.pass + 1) * trials, isPlain });
    }
  };
  const held = { from: 0, end: heldTrials, chunk: capacity, pass: 0 };
  await run(held, "hold", ({ firstTrial, trials: count, pass }) => {
    if (firstTrial + count < heldTrials) return undefined;
    if (heldTrials < trials) shareEqualFigures(summary);
    return phases.figures("open", { firstTrial: 0, trials: heldTrials, pass });
  });
  // Copied now: another pass holds other trials.
  const first = (request.first ?? []).map((figure) => {
    const values = new Float64Array(heldTrials);
    copyHeld(summary, figure, values);
    return values;
  });
  if (heldTrials < trials) {
    await run({ ...held, from: heldTrials, end: trials }, "sift", (chunk) => {
      partFigures(summary);
      return phases.groups(chunk);
    });
  }
  for (let pass = 1; faults.length === 0 && needsAnotherPass(summary); pass++) {
    await run({ from: 0, end: trials, chunk: Math.min(capacity, heldTrials), pass }, "hold", (chunk) =>
      phases.figures("again", chunk),
    );
  }
  return {
    statistics: faults.length > 0 ? [] : figures.map((_, index) => readStatistics(summary, index)),
    kept: keep ? allHeld(summary) : new Float64Array(),
    first,
    faults: joinFaults(faults),
  };
}

/** [figure][trial] of what a summary holds. */
function allHeld(summary: SummaryState): Float64Array {
  const { figures, heldTrials } = summary;
  const all = new Float64Array(figures.length * heldTrials);
  for (let figure = 0; figure < figures.length; figure++)
    copyHeld(summary, figure, all.subarray(figure * heldTrials, (figure + 1) * heldTrials));
  return all;
}

/** Merges faults of one range: all trials affected, and the first of them with its value. */
function joinFaults(faults: readonly Fault[]): readonly Fault[] {
  const joined = new Map<string, Fault>();
  for (const fault of faults) {
    const key = `${fault.field} ${fault.low} ${fault.high}`;
    const known = joined.get(key);
    const first = known && known.firstTrial < fault.firstTrial ? known : fault;
    joined.set(key, { ...first, trialsHit: fault.trialsHit + (known?.trialsHit ?? 0) });
  }
  return [...joined].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fault]) => fault);
}
