import { Opcode } from "./opcode.ts";

/** Extent of a block: months of the window and trials side by side. */
export type Extent = {
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
 * Fails: never. Cost: the slab.
 */
export function gather(
  memory: Float64Array,
  opcode: number,
  target: number,
  source: number,
  lag: number,
  { monthCount, blockSize }: Extent,
): void {
  const sign = opcode === Opcode.ahead || opcode === Opcode.aheadHold ? 1 : -1;
  const hold = opcode === Opcode.behindHold || opcode === Opcode.aheadHold;
  for (let month = 0; month < monthCount; month++) {
    const row = target + month * blockSize;
    for (let trial = 0; trial < blockSize; trial++) {
      const at = month + sign * memory[lag + trial];
      if (at >= 0 && at < monthCount) memory[row + trial] = memory[source + at * blockSize + trial];
      else if (!hold) memory[row + trial] = 0;
      else memory[row + trial] = memory[source + (at < 0 ? 0 : monthCount - 1) * blockSize + trial];
    }
  }
}

/** Scans a slab along its months: difference to the month before, running sum, maximum or product. */
export function scan(
  memory: Float64Array,
  opcode: number,
  target: number,
  source: number,
  { monthCount, blockSize }: Extent,
): void {
  for (let trial = 0; trial < blockSize; trial++) {
    let carried = opcode === Opcode.runningMax ? Number.NEGATIVE_INFINITY : opcode === Opcode.runningProduct ? 1 : 0;
    for (let month = 0; month < monthCount; month++) {
      const at = month * blockSize + trial;
      const value = memory[source + at];
      if (opcode === Opcode.difference) {
        memory[target + at] = value - carried;
        carried = value;
        continue;
      }
      if (opcode === Opcode.cumulate) carried += value;
      else if (opcode === Opcode.runningProduct) carried *= value;
      else carried = value > carried ? value : carried;
      memory[target + at] = carried;
    }
  }
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
