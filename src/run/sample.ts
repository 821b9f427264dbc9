import {
  createSummary,
  type Fault,
  type Figure,
  needsAnotherPass,
  type Plan,
  RANDOM_BLOCK,
  readStatistics,
  type SampleStore,
  type Statistics,
  slotsToHold,
  storeLength,
} from "../engine/index.ts";
import { monthsOfColumn, type Phase, phasesOf, type SampleJob } from "./sample-job.ts";

/** Trials to run and what to make of them. */
export type SampleRequest = {
  readonly trials: number;
  /**
   * Fills the uniforms of `count` trials from `firstTrial` on, which is the first of a random block; variable v's are at
   * `inputs[v * stride]` and behind.
   */
  readonly fill: (firstTrial: number, count: number, inputs: Float64Array, stride: number) => void;
  /** Canonical units in one shown unit of each column. */
  readonly scales: Float64Array;
  readonly figures: readonly Figure[];
  /** Ranks of the order statistics wanted, ascending. */
  readonly ranks: readonly number[];
  /** Whether every trial's figures come back. */
  readonly keep?: boolean;
  /** Memory for columns [bytes], 512 MB if absent; more than fits is simulated again instead of stored. */
  readonly memory?: number;
  readonly onProgress?: (progress: Progress) => void;
};

/** Trials simulated so far, in all passes so far known. */
export type Progress = { readonly done: number; readonly all: number };

/** What comes back of a sample. */
export type SampleOutput = {
  /** In the order of the figures asked for; empty where there are faults. */
  readonly statistics: readonly Statistics[];
  /** [figure][trial], where asked for. */
  readonly kept: Float64Array;
  readonly faults: readonly Fault[];
};

/** Something that works through phases: this thread, or several. */
export type Executor = {
  readonly allocate: (length: number) => Float64Array;
  readonly begin: (job: SampleJob) => void;
  /** Does all tasks of a phase; gives the faults found, in any order. */
  readonly work: (phase: Phase) => Promise<readonly Fault[]>;
};

/** Columns are kept in memory up to this [bytes] (docs/model.md section 11). */
export const SAMPLE_MEMORY = 512 * 2 ** 20;

/** What a search holds at least [values]. */
const FEWEST_SLOTS = 64;

/** How a sample is cut: trials of a chunk, and values that the search for each rank may hold. */
export type SamplePlan = {
  readonly chunkTrials: number;
  readonly slotCounts: readonly number[];
  /** Passes over the trials that nearly all samples need. */
  readonly passes: number;
  readonly bytesPerTrial: number;
};

/**
 * Cuts a sample so that it fits the memory: one chunk that holds all trials; else chunks of whole random blocks beside which
 * the searches can hold what one pass needs; else the smallest chunks, and searches in what they leave.
 */
export function planSample(plan: Plan, request: Omit<SampleRequest, "fill" | "scales">): SamplePlan {
  const { trials, figures, ranks, memory = SAMPLE_MEMORY } = request;
  const rowCount = layOutRows(plan, figures).rowCount;
  const bytesPerTrial = 8 * (rowCount + plan.variables.length);
  if (trials * bytesPerTrial <= memory)
    return { chunkTrials: trials, slotCounts: ranks.map(() => 0), passes: 1, bytesPerTrial };
  const cut = (blocks: number): { chunkTrials: number; slotCounts: number[]; share: number } => {
    const chunkTrials = Math.min(trials, blocks * RANDOM_BLOCK);
    const slotCounts = ranks.map((rank) => slotsToHold(rank, trials, chunkTrials));
    const slots = slotCounts.reduce((sum, count) => sum + count, 0);
    const share = (memory - chunkTrials * bytesPerTrial) / (8 * figures.length * slots);
    return { chunkTrials, slotCounts, share };
  };
  // Two blocks are enough tasks for the threads of a machine; more only took more memory (measured).
  const larger = cut(2);
  const { chunkTrials, slotCounts, share } = larger.share >= 1 ? larger : cut(1);
  if (share >= 1) return { chunkTrials, slotCounts, passes: 1, bytesPerTrial };
  const slotsThatFit = slotCounts.map((count) => Math.max(FEWEST_SLOTS, Math.floor(count * share)));
  return { chunkTrials, slotCounts: slotsThatFit, passes: 2, bytesPerTrial };
}

/**
 * Simulates a sample and sums it up.
 *
 * The result is the same for every executor and every memory: sums go by random block in block order, and an order
 * statistic is the value of that rank.
 *
 * Fails: as the executor does. Cost: trials x (program + figures), once for each pass over the trials: one where all
 * fits, else seldom more than two.
 */
export async function runSample(
  plan: Plan,
  request: SampleRequest,
  executor: Executor,
): Promise<SampleOutput> {
  const { trials, figures, ranks } = request;
  const { chunkTrials, slotCounts } = planSample(plan, request);
  const { rows, rowCount } = layOutRows(plan, figures);
  const { allocate } = executor;
  const store: SampleStore = { values: allocate(storeLength(rowCount, chunkTrials)), rows, rowCount };
  const keep = request.keep ?? false;
  const summary = createSummary(figures, ranks, trials, { slotCounts, keep, allocate });
  const inputs = allocate(plan.variables.length * chunkTrials);
  const job: SampleJob = { plan, scales: request.scales, inputs, capacity: chunkTrials, store, summary };
  executor.begin(job);
  const faults: Fault[] = [];
  const fill = (firstTrial: number): void => {
    if (firstTrial < trials)
      request.fill(firstTrial, Math.min(chunkTrials, trials - firstTrial), inputs, chunkTrials);
  };
  for (let pass = 0; pass === 0 || needsAnotherPass(summary); pass++) {
    fill(0);
    for (let firstTrial = 0; firstTrial < trials; firstTrial += chunkTrials) {
      const count = Math.min(chunkTrials, trials - firstTrial);
      const { simulation, summing } = phasesOf(job, { firstTrial, trials: count, pass });
      const found = await executor.work(simulation);
      if (pass === 0) faults.push(...found);
      const summed = executor.work(summing);
      // Draws are not needed while the chunk is summed up, so that those of the next are made meanwhile.
      fill(firstTrial + chunkTrials);
      await summed;
      request.onProgress?.({ done: pass * trials + firstTrial + count, all: (pass + 1) * trials });
    }
    if (faults.length > 0 || chunkTrials === trials) break;
  }
  return {
    statistics: faults.length > 0 ? [] : figures.map((_, index) => readStatistics(summary, index)),
    kept: summary.kept,
    faults: joinFaults(faults),
  };
}

/** Rows of the columns that figures read; -1 for the others. */
function layOutRows(plan: Plan, figures: readonly Figure[]): { rows: Int32Array; rowCount: number } {
  const rows = new Int32Array(plan.columns.length).fill(-1);
  let rowCount = 0;
  for (const { column } of figures) {
    if (rows[column] >= 0) continue;
    rows[column] = rowCount;
    rowCount += monthsOfColumn(plan, column);
  }
  return { rows, rowCount };
}

/** Faults of one range as one: all trials hit, and the first of them with its value. */
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
