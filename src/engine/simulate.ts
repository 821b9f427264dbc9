import { applyElementwise, applySelect, type Operand } from "./elementwise.ts";
import { type BookLayout, runBook, runChipResidual, runPool } from "./kernels/book.ts";
import { type FacilityLayout, runFacility, runFacilityResidual } from "./kernels/facility.ts";
import { createStockScratch, runStock, type StockLayout, type StockScratch } from "./kernels/stock.ts";
import { type Extent, gather, scan, totalMonths } from "./months.ts";
import { Opcode } from "./opcode.ts";
import { type Fault, type Plan, Shape } from "./plan.ts";
import { operandCount } from "./plan-builder.ts";
import { lookUpQuantile } from "./quantile-table.ts";
import { readStockLayout } from "./stock-layout.ts";

/**
 * Receives results as a block has them. `values` is the engine's own memory: read it now, keep a copy.
 * The value of trial `firstTrial + i` in window month m is at `offset + m * monthStride + i * trialStride`, i < count.
 */
export type Sink = (
  column: number,
  firstTrial: number,
  count: number,
  values: Float64Array,
  offset: number,
  monthStride: number,
  trialStride: number,
) => void;

/** Elements a slab should have so that the registers of a formula stay in the processor's first cache. */
const SLAB_ELEMENTS = 2048;

/** Memory for blocks of one size; reused from block to block and from call to call. */
export type Workspace = {
  readonly blockSize: number;
  readonly memory: Float64Array;
  /** Offset of every register, -1 for those the Plan left out. */
  readonly offsets: Int32Array;
  readonly monthStrides: Int32Array;
  readonly trialStrides: Int32Array;
  readonly scratch: StockScratch;
  readonly layouts: Map<number, StockLayout>;
};

/** A power of two of trials to a block, by the length of the window; results do not depend on it. */
export function blockSizeFor(plan: Plan, trials: number): number {
  let size = 1;
  while (size < trials && size * 2 * plan.monthCount <= SLAB_ELEMENTS) size *= 2;
  return size;
}

/** Memory for a Plan; the constants and month vectors are in place. */
export function createWorkspace(plan: Plan, blockSize: number): Workspace {
  const { monthCount, shapes, slots } = plan;
  const slabSize = monthCount * blockSize;
  const monthsAt = plan.constants.length;
  const trialsAt = monthsAt + plan.monthVectors.length;
  const slabsAt = trialsAt + plan.trialSlotCount * blockSize;
  const memory = new Float64Array(slabsAt + plan.slabSlotCount * slabSize);
  memory.set(plan.constants, 0);
  memory.set(plan.monthVectors, monthsAt);
  const starts = [0, monthsAt, trialsAt, slabsAt];
  const sizes = [1, monthCount, blockSize, slabSize];
  const monthStrides = [0, 1, 0, blockSize];
  const trialStrides = [0, 0, 1, 1];
  return {
    blockSize,
    memory,
    offsets: slots.map((slot, register) =>
      slot < 0 ? -1 : starts[shapes[register]] + slot * sizes[shapes[register]],
    ),
    monthStrides: Int32Array.from(shapes, (shape) => monthStrides[shape]),
    trialStrides: Int32Array.from(shapes, (shape) => trialStrides[shape]),
    scratch: createStockScratch(blockSize),
    layouts: new Map(),
  };
}

/**
 * Runs trials of a Plan, block by block, and hands every column to the sink.
 *
 * A trial depends on the Plan and its own inputs alone: how trials are split over blocks, calls and threads changes no bit.
 *
 * Shapes: `inputs` is [variable][trial], uniforms in (0, 1) or values, in the order of `plan.variables`.
 * Fails: never, for a Plan the compiler made; values outside a field's range come back as faults.
 * Cost: instructions x window months x trials.
 *
 * @param firstTrial number of the first trial, for the sink and the faults
 */
export function simulate(
  plan: Plan,
  inputs: Float64Array,
  trials: number,
  sink: Sink,
  workspace: Workspace = createWorkspace(plan, blockSizeFor(plan, trials)),
  firstTrial = 0,
): readonly Fault[] {
  const { blockSize, memory, offsets } = workspace;
  const faults = new Map<number, Fault>();
  for (let start = 0; start < trials; start += blockSize) {
    const count = Math.min(blockSize, trials - start);
    for (let variable = 0; variable < plan.variables.length; variable++) {
      const row = variable * trials + start;
      const target = offsets[plan.variables[variable].register];
      // The last block is filled up with copies of its last trial, so that loops need no second bound.
      for (let trial = 0; trial < blockSize; trial++) {
        memory[target + trial] = inputs[row + Math.min(trial, count - 1)];
      }
    }
    runProgram(plan, workspace, firstTrial + start, count, sink, faults);
  }
  return [...faults.values()];
}

/** The inputs of the plain run: every uniform 0.5, every value as the scenario has it. */
export function plainInputs(plan: Plan): Float64Array {
  return Float64Array.from(plan.variables, (variable) => variable.plain);
}

function runProgram(
  plan: Plan,
  workspace: Workspace,
  firstTrial: number,
  count: number,
  sink: Sink,
  faults: Map<number, Fault>,
): void {
  const { program } = plan;
  const { memory, offsets, blockSize, monthStrides, trialStrides } = workspace;
  const extent: Extent = {
    monthCount: plan.monthCount,
    blockSize,
    originMonth: plan.originMonth,
    horizonMonths: plan.horizonMonths,
  };
  for (let at = 0; at < program.length; at += 2 + program[at + 1]) {
    const opcode = program[at];
    const p = at + 2;
    if (opcode < Opcode.tableLookup) {
      runElementwise(plan, workspace, opcode, p);
      continue;
    }
    switch (opcode) {
      case Opcode.tableLookup: {
        const target = offsets[program[p]];
        const source = offsets[program[p + 1]];
        const size = plan.shapes[program[p]] === Shape.slab ? plan.monthCount * blockSize : blockSize;
        for (let i = 0; i < size; i++) {
          memory[target + i] = lookUpQuantile(plan.tables, program[p + 2], program[p + 3], memory[source + i]);
        }
        break;
      }
      case Opcode.behind:
      case Opcode.behindHold:
      case Opcode.ahead:
      case Opcode.aheadHold:
        gather(memory, opcode, offsets[program[p]], offsets[program[p + 1]], offsets[program[p + 2]], extent);
        break;
      case Opcode.difference:
      case Opcode.cumulate:
      case Opcode.runningMax:
      case Opcode.runningProduct:
        scan(memory, opcode, offsets[program[p]], offsets[program[p + 1]], extent);
        break;
      case Opcode.total:
        totalMonths(memory, offsets[program[p]], offsets[program[p + 1]], program[p + 2], program[p + 3], blockSize);
        break;
      case Opcode.stock:
        runStock(memory, stockLayoutAt(plan, workspace, at), workspace.scratch, extent);
        break;
      case Opcode.pool:
        runPool(
          memory,
          offsets[program[p]],
          offsets[program[p + 1]],
          offsets[program[p + 2]],
          offsets[program[p + 3]],
          extent,
        );
        break;
      case Opcode.book:
        runBook(memory, bookLayoutAt(program, offsets, p), extent);
        break;
      case Opcode.facility:
        runFacility(memory, facilityLayoutAt(program, offsets, p), extent);
        break;
      case Opcode.chipResidual:
        runChipResidual(
          memory,
          offsets[program[p]],
          offsets[program[p + 1]],
          offsets[program[p + 2]],
          offsets[program[p + 3]],
          offsets[program[p + 4]],
          offsets[program[p + 5]],
          extent,
        );
        break;
      case Opcode.facilityResidual:
        runFacilityResidual(
          memory,
          offsets[program[p]],
          offsets[program[p + 1]],
          offsets[program[p + 2]],
          offsets[program[p + 3]],
          offsets[program[p + 4]],
          extent,
        );
        break;
      case Opcode.emit: {
        const { register } = plan.columns[program[p]];
        sink(
          program[p],
          firstTrial,
          count,
          memory,
          offsets[register],
          monthStrides[register],
          trialStrides[register],
        );
        break;
      }
      case Opcode.check:
        checkRange(plan, workspace, program[p], firstTrial, count, faults);
        break;
      default:
        throw new Error(`plan has an unknown operation ${opcode}`);
    }
  }
}

function runElementwise(plan: Plan, workspace: Workspace, opcode: number, p: number): void {
  const { program, shapes, monthCount } = plan;
  const { memory, offsets, blockSize } = workspace;
  const target = program[p];
  const count = operandCount(opcode);
  const slab = shapes[target] === Shape.slab;
  // Where every operand is a slab or a constant the whole slab is one row.
  let flat = slab;
  for (let i = 1; i <= count; i++) {
    const shape = shapes[program[p + i]];
    if (shape === Shape.trial || shape === Shape.month) flat = false;
  }
  const rows = slab && !flat ? monthCount : 1;
  const width = flat ? monthCount * blockSize : blockSize;
  const x = operandOf(workspace, program[p + 1]);
  const y = count > 1 ? operandOf(workspace, program[p + 2]) : x;
  if (opcode === Opcode.select) {
    applySelect(memory, offsets[target], x, y, operandOf(workspace, program[p + 3]), rows, width);
  } else {
    applyElementwise(memory, opcode, offsets[target], x, y, rows, width);
  }
}

function operandOf({ offsets, monthStrides, trialStrides }: Workspace, register: number): Operand {
  return {
    offset: offsets[register],
    monthStride: monthStrides[register],
    trialStride: trialStrides[register],
  };
}

function stockLayoutAt(plan: Plan, workspace: Workspace, at: number): StockLayout {
  let layout = workspace.layouts.get(at);
  if (!layout) {
    layout = readStockLayout(plan.program, at + 2, workspace.offsets);
    workspace.layouts.set(at, layout);
  }
  return layout;
}

function bookLayoutAt(program: Int32Array, offsets: Int32Array, p: number): BookLayout {
  const at = (index: number) => offsets[program[p + index]];
  return {
    cost: at(0),
    survival: at(1),
    commissioning: at(2),
    bookLife: at(3),
    life: at(4),
    cumulative: at(5),
    moment: at(6),
    inService: at(7),
    depreciation: at(8),
    writtenOff: at(9),
    bookValue: at(10),
  };
}

function facilityLayoutAt(program: Int32Array, offsets: Int32Array, p: number): FacilityLayout {
  const at = (index: number) => offsets[program[p + index]];
  return {
    cost: at(0),
    buildTime: at(1),
    delay: at(2),
    bookLife: at(3),
    moment: at(4),
    cash: at(5),
    inService: at(6),
    depreciation: at(7),
    bookValue: at(8),
  };
}

function checkRange(
  plan: Plan,
  { memory, offsets, blockSize }: Workspace,
  index: number,
  firstTrial: number,
  count: number,
  faults: Map<number, Fault>,
): void {
  const { register, low, high, field } = plan.checks[index];
  const months = plan.shapes[register] === Shape.slab ? plan.monthCount : 1;
  for (let trial = 0; trial < count; trial++) {
    for (let month = 0; month < months; month++) {
      const value = memory[offsets[register] + month * blockSize + trial];
      // A draw may lie on a bound but for rounding; NaN fails both comparisons and is a fault.
      if (value >= low - Math.abs(low) * 1e-12 && value <= high + Math.abs(high) * 1e-12) continue;
      const known = faults.get(index);
      faults.set(
        index,
        known
          ? { ...known, trialsHit: known.trialsHit + 1 }
          : { field, trialsHit: 1, firstTrial: firstTrial + trial, value, low, high },
      );
      break;
    }
  }
}
