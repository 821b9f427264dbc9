import { HEADER } from "../operations/opcode.ts";
import { type Plan, Shape } from "../plan/plan.ts";
import { operandCount } from "../plan/plan-builder.ts";
import type { Workspace } from "../simulate/workspace.ts";
import { Code } from "../wasm/code.ts";
import { advance, encodeElementwise, endLoop } from "../wasm/elementwise.ts";
import { LANE_BYTES, Type, VECTOR_BYTES, Vector, Wasm } from "../wasm/instructions.ts";
import type { WasmFunction } from "../wasm/module.ts";
import type { FusedRun } from "./find-runs.ts";

/** Locals of a run's function: bytes of the month and of the trial, and of both in a slab; then its values. */
const Local = { month: 0, trial: 1, at: 2, values: 3 } as const;

/**
 * Makes WebAssembly of runs: one function each, which computes the run for a block in the workspace's memory.
 *
 * All instructions of a run are one pass over months and trials, two trials at a time; what only the run reads stays in a
 * register of the processor. Every operation is the one of IEEE 754 that `applyScalar` does, so that no bit changes.
 *
 * Fails: never, for a Plan that was compiled and a block of at least two trials.
 */
export function encodeRuns(
  plan: Plan,
  workspace: Workspace,
  runs: readonly FusedRun[],
): readonly WasmFunction[] {
  return runs.map((run) => encodeRun(plan, workspace, run));
}

function encodeRun(
  plan: Plan,
  { offsets, blockSize, memory }: Workspace,
  { name, start, end }: FusedRun,
): WasmFunction {
  const { program, shapes, transient } = plan;
  const [fromMonth, endMonth] = [program[start + 2], program[start + 3]];
  const locals = new Map<number, number>();
  const code = new Code();
  const load = (register: number): void => {
    const offset = offsets[register] * LANE_BYTES;
    const shape = shapes[register];
    if (shape === Shape.constant) code.constantVector(memory[offsets[register]]);
    else if (shape === Shape.month) code.get(Local.month).vectorAccess(Vector.loadSplat, offset);
    else code.get(shape === Shape.trial ? Local.trial : Local.at).vectorAccess(Vector.load, offset);
  };
  const keep = (register: number): number => {
    const local = Local.values + locals.size;
    locals.set(register, local);
    code.set(local);
    return local;
  };
  code.constant32(fromMonth * LANE_BYTES).set(Local.month);
  code.constant32(fromMonth * blockSize * LANE_BYTES).set(Local.at);
  code.open(Wasm.loop, Type.none).constant32(0).set(Local.trial).open(Wasm.loop, Type.none);
  for (let at = start; at < end; at += HEADER + program[at + 1]) {
    const target = program[at + HEADER];
    const inputs = program.subarray(at + HEADER + 1, at + HEADER + 1 + operandCount(program[at]));
    for (const input of inputs) {
      if (shapes[input] < Shape.trial || locals.has(input)) continue;
      load(input);
      keep(input);
    }
    encodeElementwise(code, program[at], (operand) => {
      const known = locals.get(inputs[operand]);
      if (known === undefined) load(inputs[operand]);
      else code.get(known);
    });
    const local = keep(target);
    if (transient[target] === 0)
      code
        .get(Local.at)
        .get(local)
        .vectorAccess(Vector.store, offsets[target] * LANE_BYTES);
  }
  advance(code, Local.at, VECTOR_BYTES);
  advance(code, Local.trial, VECTOR_BYTES);
  endLoop(code, Local.trial, blockSize * LANE_BYTES);
  advance(code, Local.month, LANE_BYTES);
  endLoop(code, Local.month, endMonth * LANE_BYTES);
  const types = [
    ...Array.from({ length: Local.values }, () => Type.int32),
    ...Array.from({ length: locals.size }, () => Type.vector),
  ];
  return { name, locals: types, code };
}
