import { HEADER, Opcode } from "../operations/opcode.ts";
import { type Fault, type Plan, Shape } from "../plan/plan.ts";
import { checkBounds } from "./check-bounds.ts";
import { execute } from "./execute.ts";
import { blockSizeFor, createWorkspace, type Workspace } from "./workspace.ts";

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
      for (let trial = 0; trial < count; trial++) memory[target + trial] = inputs[row + trial];
      for (let trial = count; trial < blockSize; trial++) memory[target + trial] = inputs[row + count - 1];
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
  const { program, columns } = plan;
  const { memory, offsets, monthStrides, trialStrides, fused } = workspace;
  for (let at = 0; at < program.length; at += HEADER + program[at + 1]) {
    for (let run = fused.get(at); run; run = fused.get(at)) {
      if (run.compute() === 0) break;
      at = run.end;
    }
    if (at >= program.length) return;
    if (program[at] === Opcode.emit) {
      const column = program[at + HEADER];
      const { register } = columns[column];
      sink(
        column,
        firstTrial,
        count,
        memory,
        offsets[register],
        monthStrides[register],
        trialStrides[register],
      );
    } else runInstruction(plan, workspace, at, { firstTrial, count, faults });
  }
}

/** The trials of a block, and where their faults are noted, by check. */
export type BlockTrials = {
  readonly firstTrial: number;
  readonly count: number;
  readonly faults: Map<number, Fault>;
};

/** Executes one instruction, but no column, for the block that the workspace holds. */
export function runInstruction(
  plan: Plan,
  workspace: Workspace,
  at: number,
  { firstTrial, count, faults }: BlockTrials,
): void {
  const { program } = plan;
  if (program[at] === Opcode.check) {
    checkRange(plan, workspace, program[at + HEADER], firstTrial, count, faults);
    return;
  }
  const [fromMonth, endMonth] = [program[at + 2], program[at + 3]];
  execute(plan, workspace, at, { ...workspace.extent, fromMonth, endMonth });
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
  // NaN fails both comparisons and is a fault.
  const { least, most } = checkBounds(plan.checks[index]);
  const start = offsets[register];
  // The last block's spare trials are copies, so that the whole block may be looked at in one go.
  if (isWithin(memory, start, start + months * blockSize, least, most)) return;
  for (let trial = 0; trial < count; trial++) {
    for (let month = 0; month < months; month++) {
      const value = memory[start + month * blockSize + trial];
      if (value >= least && value <= most) continue;
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

function isWithin(memory: Float64Array, from: number, end: number, least: number, most: number): boolean {
  for (let at = from; at < end; at++) if (!(memory[at] >= least && memory[at] <= most)) return false;
  return true;
}
