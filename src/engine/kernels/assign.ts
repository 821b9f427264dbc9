import type { Extent } from "../operations/months.ts";
import { Bound } from "./serve.ts";

/** A workload is short if it misses more than this share of its demand. */
const TOLERANCE = 1e-9;

/** A part as the kernel sees it: productive chips and the code of what binds it (slabs). */
export type AssignPart = { readonly productive: number; readonly bound: number };

/** A workload, in order of priority. Slabs are [month][trial], the rest [trial]. */
export type AssignWorkload = {
  /** Units due in the month (slab). */
  readonly required: number;
  /** Capacity held over the mean, and worth of a unit. */
  readonly peak: number;
  readonly value: number;
  /** Fewest chips of a part that it runs on. */
  readonly minimum: number;
  /** 1 where it may use the trough of others. */
  readonly deferrable: number;
  /** Window month in which what is left is lost; -1 where every month's is. */
  readonly last: number;
  readonly unserved: number;
  readonly bound: number;
  /** Positions of its pairs: from `first` up to `end`, in order of the parts' names. */
  readonly first: number;
  readonly end: number;
};

/** A workload on a part. */
export type AssignPair = {
  readonly part: number;
  /** Units a chip-hour, and what limits the replica. */
  readonly rate: number;
  readonly limit: number;
  /** Chips held and units served (slabs). */
  readonly held: number;
  readonly served: number;
};

export type AssignLayout = {
  /** Hours by month (a slab). */
  readonly hours: number;
  readonly parts: readonly AssignPart[];
  readonly workloads: readonly AssignWorkload[];
  readonly pairs: readonly AssignPair[];
  readonly scratch: AssignScratch;
};

/** Rows of a block that the kernel works on. */
export type AssignScratch = {
  /** Pairs of each workload by falling ratio: [pair][trial], a position among all pairs, -1 behind the last of use. */
  readonly order: Int32Array;
  /** Chips free and in the trough: [part][trial]. */
  readonly free: Float64Array;
  readonly trough: Float64Array;
  readonly backlog: Float64Array;
};

export function createAssignScratch(
  parts: number,
  workloads: number,
  pairs: number,
  blockSize: number,
): AssignScratch {
  return {
    order: new Int32Array(pairs * blockSize),
    free: new Float64Array(parts * blockSize),
    trough: new Float64Array(parts * blockSize),
    backlog: new Float64Array(workloads * blockSize),
  };
}

/**
 * Gives the chips of every month to workloads, in order of priority, each taking parts in an order of its own.
 *
 * No chip is given twice and no unit is made or lost:
 *
 *     sum of held over workloads <= productive;   required = served + unserved + growth of the backlog
 *
 * Shapes: see the types; slabs [monthCount][blockSize]. Memory: overwrites the outputs and the scratch, allocates nothing.
 * Fails: never. Cost: months x pairs x trials. Source: docs/model.md section 15.6.
 */
export function runAssign(memory: Float64Array, layout: AssignLayout, extent: Extent): void {
  const { endMonth, blockSize } = extent;
  const { scratch, parts, workloads } = layout;
  orderPairs(memory, layout, blockSize);
  clearOutputs(memory, layout, endMonth * blockSize);
  scratch.backlog.fill(0);
  for (let month = 0; month < endMonth; month++) {
    const row = month * blockSize;
    for (let part = 0; part < parts.length; part++) {
      const at = parts[part].productive + row;
      scratch.free.set(memory.subarray(at, at + blockSize), part * blockSize);
    }
    scratch.trough.fill(0);
    for (let workload = 0; workload < workloads.length; workload++)
      assignWorkload(memory, layout, workload, month, blockSize);
  }
}

/** What nobody asks for, serves or is short of is nothing. */
function clearOutputs(
  memory: Float64Array,
  { parts, workloads, pairs }: AssignLayout,
  slabSize: number,
): void {
  for (const { bound } of parts) memory.fill(Bound.none, bound, bound + slabSize);
  for (const { unserved, bound } of workloads) {
    memory.fill(0, unserved, unserved + slabSize);
    memory.fill(Bound.none, bound, bound + slabSize);
  }
  for (const { held, served } of pairs) {
    memory.fill(0, held, held + slabSize);
    memory.fill(0, served, served + slabSize);
  }
}

/** Sorts the parts of each workload by the ratio of its rate to the best later value, once for all months. */
function orderPairs(memory: Float64Array, layout: AssignLayout, blockSize: number): void {
  const { workloads, pairs, scratch } = layout;
  for (let workload = 0; workload < workloads.length; workload++) {
    const { first, end } = workloads[workload];
    for (let trial = 0; trial < blockSize; trial++) {
      let count = 0;
      for (let pair = first; pair < end; pair++) {
        if (!(memory[pairs[pair].rate + trial] > 0)) continue;
        // Insertion keeps ties in order of names.
        let at = count++;
        const ratio = ratioOf(memory, layout, workload, pair, trial);
        while (at > 0) {
          const before = scratch.order[(first + at - 1) * blockSize + trial];
          if (ratioOf(memory, layout, workload, before, trial) >= ratio) break;
          scratch.order[(first + at) * blockSize + trial] = before;
          at--;
        }
        scratch.order[(first + at) * blockSize + trial] = pair;
      }
      for (let at = first + count; at < end; at++) scratch.order[at * blockSize + trial] = -1;
    }
  }
}

/** Rate over the largest value per chip-hour of a later workload on the part; infinite where there is none. */
function ratioOf(
  memory: Float64Array,
  { workloads, pairs }: AssignLayout,
  workload: number,
  pair: number,
  trial: number,
): number {
  let most = 0;
  for (let later = workload + 1; later < workloads.length; later++) {
    const { first, end, value, peak, deferrable } = workloads[later];
    for (let other = first; other < end; other++) {
      if (pairs[other].part !== pairs[pair].part) continue;
      const held = deferrable === 1 ? 1 : memory[peak + trial];
      const worth = (memory[value + trial] * memory[pairs[other].rate + trial]) / held;
      if (worth > most) most = worth;
    }
  }
  const rate = memory[pairs[pair].rate + trial];
  return most > 0 ? rate / most : Number.POSITIVE_INFINITY;
}

/** One workload in one month: the chips it takes, the demand left, and its limit. */
function assignWorkload(
  memory: Float64Array,
  layout: AssignLayout,
  index: number,
  month: number,
  blockSize: number,
): void {
  const { workloads, scratch, hours } = layout;
  const workload = workloads[index];
  const { backlog } = scratch;
  const row = month * blockSize;
  for (let trial = 0; trial < blockSize; trial++) {
    const debt = index * blockSize + trial;
    const wanted = memory[workload.required + row + trial] + backlog[debt];
    if (!(wanted > 0)) continue;
    const left = takeParts(
      memory,
      layout,
      workload,
      wanted,
      trial,
      row,
      memory[hours + row + trial],
      blockSize,
    );
    if (workload.last < 0 || month === workload.last) {
      memory[workload.unserved + row + trial] = left;
      backlog[debt] = 0;
    } else backlog[debt] = left;
    if (left > TOLERANCE * wanted) sayWhatBinds(memory, layout, index, trial, row, blockSize);
  }
}

/** Takes chips part by part in the workload's order until nothing of `wanted` is left, and returns what is. */
function takeParts(
  memory: Float64Array,
  { pairs, scratch }: AssignLayout,
  { first, end, minimum, deferrable, peak }: AssignWorkload,
  wanted: number,
  trial: number,
  row: number,
  hours: number,
  blockSize: number,
): number {
  const { order, free, trough } = scratch;
  const isDeferrable = deferrable === 1;
  const fewest = memory[minimum + trial] * (1 - TOLERANCE);
  const reserve = isDeferrable ? 1 : memory[peak + trial];
  let left = wanted;
  for (let at = first; at < end; at++) {
    const position = order[at * blockSize + trial];
    if (position < 0) break;
    const { part, rate, held: heldChips, served: servedUnits } = pairs[position];
    const chips = part * blockSize + trial;
    const here = free[chips];
    const spare = isDeferrable ? trough[chips] : 0;
    const available = here + spare;
    if (available < fewest || available <= 0) continue;
    const unit = (memory[rate + trial] * hours) / reserve;
    const needed = left / unit;
    const isEnough = needed <= available;
    const used = isEnough ? needed : available;
    const served = isEnough ? left : used * unit;
    const idle = used < spare ? used : spare;
    const held = used - idle;
    trough[chips] = isDeferrable ? spare - idle : trough[chips] + held * (1 - 1 / reserve);
    free[chips] = held < here ? here - held : 0;
    memory[heldChips + row + trial] = held;
    memory[servedUnits + row + trial] = served;
    if (isEnough) return 0;
    left -= served;
    if (!(left > 0)) return left;
  }
  return left;
}

/** More than there are codes: the base in which a part's limit is counted. */
export const CODES = 16;

/** Names what binds a short workload, and the parts it could run on that none of higher priority is short on. */
function sayWhatBinds(
  memory: Float64Array,
  { workloads, pairs, parts, scratch }: AssignLayout,
  index: number,
  trial: number,
  row: number,
  blockSize: number,
): void {
  const { first, end, minimum, bound } = workloads[index];
  let code: number = Bound.none;
  for (let at = first; at < end; at++) {
    const position = scratch.order[at * blockSize + trial];
    if (position < 0) break;
    const { part, limit } = pairs[position];
    const chips = memory[parts[part].productive + row + trial];
    const isBelow = chips < memory[minimum + trial] * (1 - TOLERANCE);
    const here = chips <= 0 ? Bound.chips : isBelow ? Bound.contiguous : memory[limit + trial];
    // The first part that could serve says it; too few chips in one place says more than none.
    if (code < Bound.contiguous && here > code) code = here;
    else if (code === Bound.contiguous && here >= Bound.compute) code = here;
    // Workload and code in one number, so that a site can tell whose it is; the highest priority came first.
    const cell = parts[part].bound + row + trial;
    if (memory[cell] === Bound.none && here !== Bound.chips) memory[cell] = (index + 1) * CODES + here;
  }
  memory[bound + row + trial] = code === Bound.none ? misfit(memory, pairs, first, end, trial) : code;
}

/** Why no part has a rate: too slow on one at least, else too large. */
function misfit(
  memory: Float64Array,
  pairs: readonly AssignPair[],
  first: number,
  end: number,
  trial: number,
): number {
  for (let pair = first; pair < end; pair++) {
    if (memory[pairs[pair].limit + trial] === Bound.latency) return Bound.latency;
  }
  return Bound.fit;
}
