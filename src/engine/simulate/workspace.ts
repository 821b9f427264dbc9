import type { PlainKernel } from "../language/plain.ts";
import type { Extent } from "../operations/months.ts";
import type { Plan } from "../plan/plan.ts";

/** Elements a slab should have: enough for long loops, few enough that the registers of a formula stay in the cache (measured). */
const SLAB_ELEMENTS = 4096;

/** Numbers of a cache line. What lies across two of them takes the processor twice the time. */
const LINE = 8;

/** Memory for blocks of one size; reused from block to block and from call to call. */
export type Workspace = {
  readonly blockSize: number;
  readonly memory: Float64Array;
  /** Offset of every register, -1 for those the Plan left out. */
  readonly offsets: Int32Array;
  readonly monthStrides: Int32Array;
  readonly trialStrides: Int32Array;
  /** All months of the window. */
  readonly extent: Extent;
  /** Scratch: whole months by which the trials of a block are moved. */
  readonly steps: Int32Array;
  /**
   * Instructions that are computed in one go, by the place of the first; all others are executed one by one, and so are these
   * where `compute` gives 0.
   */
  readonly fused: Map<number, { readonly end: number; readonly compute: () => number | undefined }>;
  /** Kernels that compute on plain numbers, by their place in the program. */
  readonly kernels: Map<number, PlainKernel>;
};

/** A power of two of trials to a block, by the length of the window; results do not depend on it. */
export function blockSizeFor(plan: Plan, trials: number): number {
  let size = 1;
  while (size < trials && size * 2 * plan.monthCount <= SLAB_ELEMENTS) size *= 2;
  return size;
}

/**
 * Memory for a Plan; the constants and month vectors are in place.
 *
 * @param allocate gives the memory of the registers, all 0; it is told where each stands
 */
export function createWorkspace(
  plan: Plan,
  blockSize: number,
  allocate: (length: number, offsets: Int32Array) => Float64Array = (length) => new Float64Array(length),
): Workspace {
  const { monthCount, originMonth, horizonMonths, shapes, slots } = plan;
  const slabSize = monthCount * blockSize;
  const monthsAt = plan.constants.length;
  const trialsAt = toCacheLine(monthsAt + plan.monthVectors.length);
  const slabsAt = toCacheLine(trialsAt + plan.trialSlotCount * blockSize);
  const starts = [0, monthsAt, trialsAt, slabsAt];
  const sizes = [1, monthCount, blockSize, slabSize];
  const offsets = slots.map((slot, register) =>
    slot < 0 ? -1 : starts[shapes[register]] + slot * sizes[shapes[register]],
  );
  const memory = allocate(slabsAt + plan.slabSlotCount * slabSize, offsets);
  memory.set(plan.constants, 0);
  memory.set(plan.monthVectors, monthsAt);
  const monthStrides = [0, 1, 0, blockSize];
  const trialStrides = [0, 0, 1, 1];
  return {
    blockSize,
    memory,
    offsets,
    monthStrides: new Int32Array(shapes.length).map((_, register) => monthStrides[shapes[register]]),
    trialStrides: new Int32Array(shapes.length).map((_, register) => trialStrides[shapes[register]]),
    extent: { fromMonth: 0, endMonth: monthCount, monthCount, blockSize, originMonth, horizonMonths },
    steps: new Int32Array(blockSize),
    fused: new Map(),
    kernels: new Map(),
  };
}

/** The next multiple of a cache line. */
export function toCacheLine(length: number): number {
  return Math.ceil(length / LINE) * LINE;
}
