import { Opcode } from "./opcode.ts";

/**
 * Extent of a block: months of the window and trials side by side, and the months to work on.
 *
 * Usually these are all months that the instruction is computed for; inside a feedback they are one month after another.
 */
export type Extent = {
  readonly fromMonth: number;
  readonly endMonth: number;
  readonly monthCount: number;
  readonly blockSize: number;
  readonly originMonth: number;
  readonly horizonMonths: number;
};

/**
 * Gathers a slab at [month - lag] or [month + lag], the lag by trial.
 *
 * Shapes: `source` and `target` are slabs, `lag` is [trial] of whole months >= 0. Outside the window the value is 0,
 * or that of the nearest month where the code holds; `behind` also holds the last value, which cannot be reached by a lag >= 0.
 * Memory: overwrites `steps` (block). Fails: never. Cost: the slab.
 */
export function gather(
  memory: Float64Array,
  opcode: number,
  target: number,
  source: number,
  lag: number,
  { fromMonth, endMonth, monthCount, blockSize }: Extent,
  steps: Int32Array,
): void {
  const sign = opcode === Opcode.ahead || opcode === Opcode.aheadHold ? 1 : -1;
  const hold = opcode === Opcode.behindHold || opcode === Opcode.aheadHold;
  const commonLag = commonValue(memory, lag, blockSize);
  if (!Number.isNaN(commonLag)) {
    shiftRows(memory, target, source, sign * commonLag, hold, { fromMonth, endMonth, monthCount, blockSize });
    return;
  }
  // Whole numbers from here on: months of at most the window, which everything beyond it is like.
  for (let trial = 0; trial < blockSize; trial++) {
    steps[trial] = sign * Math.min(monthCount, memory[lag + trial]);
  }
  const last = monthCount - 1;
  for (let month = fromMonth; month < endMonth; month++) {
    const row = target + month * blockSize;
    for (let trial = 0; trial < blockSize; trial++) {
      const at = month + steps[trial];
      if (at >= 0 && at <= last) memory[row + trial] = memory[source + at * blockSize + trial];
      else memory[row + trial] = hold ? memory[source + (at < 0 ? 0 : last) * blockSize + trial] : 0;
    }
  }
}

/** The value that all trials of a row share, or NaN. */
function commonValue(memory: Float64Array, row: number, blockSize: number): number {
  const first = memory[row];
  for (let trial = 1; trial < blockSize; trial++) if (memory[row + trial] !== first) return Number.NaN;
  return first;
}

/** A gather whose lag is the same in every trial moves whole rows. */
function shiftRows(
  memory: Float64Array,
  target: number,
  source: number,
  steps: number,
  hold: boolean,
  {
    fromMonth,
    endMonth,
    monthCount,
    blockSize,
  }: Pick<Extent, "fromMonth" | "endMonth" | "monthCount" | "blockSize">,
): void {
  for (let month = fromMonth; month < endMonth; month++) {
    const row = target + month * blockSize;
    const at = month + steps;
    const isInside = at >= 0 && at < monthCount;
    if (!isInside && !hold) memory.fill(0, row, row + blockSize);
    else {
      const from = source + Math.min(monthCount - 1, Math.max(0, at)) * blockSize;
      memory.copyWithin(row, from, from + blockSize);
    }
  }
}

/** What a scan carries into the first month. */
function scanStart(opcode: number): number {
  if (opcode === Opcode.runningMax) return Number.NEGATIVE_INFINITY;
  return opcode === Opcode.runningProduct ? 1 : 0;
}

/** Scans a slab along its months: difference to the month before, running sum, maximum or product. */
export function scan(
  memory: Float64Array,
  opcode: number,
  target: number,
  source: number,
  { fromMonth, endMonth, blockSize }: Extent,
): void {
  if (fromMonth === 0 && opcode === Opcode.cumulate) {
    cumulate(memory, target, source, endMonth, blockSize);
    return;
  }
  const carrier = opcode === Opcode.difference ? source : target;
  for (let month = fromMonth; month < endMonth; month++) {
    const row = month * blockSize;
    for (let trial = 0; trial < blockSize; trial++) {
      const before = month > 0 ? memory[carrier + row - blockSize + trial] : scanStart(opcode);
      const value = memory[source + row + trial];
      memory[target + row + trial] = scanStep(opcode, before, value);
    }
  }
}

/** The running sum, by far the most frequent scan; it begins with 0 + x, as every other way to it does. */
function cumulate(
  memory: Float64Array,
  target: number,
  source: number,
  endMonth: number,
  blockSize: number,
): void {
  for (let trial = 0; trial < blockSize; trial++) memory[target + trial] = 0 + memory[source + trial];
  const end = endMonth * blockSize;
  const before = target - blockSize;
  for (let i = blockSize; i < end; i++) memory[target + i] = memory[before + i] + memory[source + i];
}

/** One step of a scan; the compiler folds with it. */
function scanStep(opcode: number, before: number, value: number): number {
  if (opcode === Opcode.difference) return value - before;
  if (opcode === Opcode.cumulate) return before + value;
  if (opcode === Opcode.runningProduct) return before * value;
  return value > before ? value : before;
}

/** A scan of a month vector. */
export function scanVector(opcode: number, source: Float64Array): Float64Array {
  const target = new Float64Array(source.length);
  for (const [month, value] of source.entries()) {
    const before =
      month > 0 ? (opcode === Opcode.difference ? source : target)[month - 1] : scanStart(opcode);
    target[month] = scanStep(opcode, before, value);
  }
  return target;
}

/** Sums a slab over the months `first` .. `end` - 1: one number a trial. */
export function totalMonths(
  memory: Float64Array,
  target: number,
  source: number,
  first: number,
  end: number,
  blockSize: number,
): void {
  memory.fill(0, target, target + blockSize);
  for (let month = first; month < end; month++) {
    const row = source + month * blockSize;
    for (let trial = 0; trial < blockSize; trial++) memory[target + trial] += memory[row + trial];
  }
}
