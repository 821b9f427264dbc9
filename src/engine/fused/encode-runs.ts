import { HEADER, Opcode } from "../operations/opcode.ts";
import { type Plan, Shape } from "../plan/plan.ts";
import { operandCount } from "../plan/plan-builder.ts";
import type { Workspace } from "../simulate/workspace.ts";
import type { FusedRun } from "./find-runs.ts";
import {
  constant32,
  encodeModule,
  LANE_BYTES,
  unsigned,
  VECTOR_BYTES,
  Vector,
  vector,
  vectorAccess,
  vectorConstant,
  Wasm,
  type WasmFunction,
} from "./wasm-module.ts";

/** Locals of a run's function: bytes of the month and of the trial, and of both in a slab; then its values. */
const Local = { month: 0, trial: 1, at: 2, values: 3 } as const;

/** Code that leaves the value of a register on the stack. */
type Push = (register: number) => readonly number[];

/**
 * Makes a WebAssembly module of runs: one function each, which computes the run for a block in the workspace's memory.
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
): Uint8Array<ArrayBuffer> {
  return encodeModule(runs.map((run) => encodeRun(plan, workspace, run)));
}

function encodeRun(
  plan: Plan,
  { offsets, blockSize, memory }: Workspace,
  { name, start, end }: FusedRun,
): WasmFunction {
  const { program, shapes, transient } = plan;
  const [fromMonth, endMonth] = [program[start + 2], program[start + 3]];
  const locals = new Map<number, number>();
  const code: number[] = [];
  const append = (...parts: readonly (readonly number[])[]) => {
    for (const part of parts) for (const byte of part) code.push(byte);
  };
  const load = (register: number): readonly number[] => {
    const offset = offsets[register] * LANE_BYTES;
    if (shapes[register] === Shape.constant) return vectorConstant(memory[offsets[register]]);
    if (shapes[register] === Shape.month)
      return [Wasm.localGet, Local.month, ...vectorAccess(Vector.loadSplat, offset)];
    const index = shapes[register] === Shape.trial ? Local.trial : Local.at;
    return [Wasm.localGet, index, ...vectorAccess(Vector.load, offset)];
  };
  const get = (local: number) => [Wasm.localGet, ...unsigned(local)];
  const keep = (register: number): number => {
    const local = Local.values + locals.size;
    locals.set(register, local);
    append([Wasm.localSet, ...unsigned(local)]);
    return local;
  };
  const push: Push = (register) => {
    const known = locals.get(register);
    return known === undefined ? load(register) : get(known);
  };
  append(constant32(fromMonth * LANE_BYTES), [Wasm.localSet, Local.month]);
  append(constant32(fromMonth * blockSize * LANE_BYTES), [Wasm.localSet, Local.at]);
  append([Wasm.loop, Wasm.noResult], constant32(0), [Wasm.localSet, Local.trial]);
  append([Wasm.loop, Wasm.noResult]);
  for (let at = start; at < end; at += HEADER + program[at + 1]) {
    const target = program[at + HEADER];
    const inputs = Array.from(
      { length: operandCount(program[at]) },
      (_, index) => program[at + HEADER + 1 + index],
    );
    for (const input of inputs) {
      if (shapes[input] < Shape.trial || locals.has(input)) continue;
      append(load(input));
      keep(input);
    }
    append(encodeOperation(program[at], inputs, push));
    const local = keep(target);
    if (transient[target] === 0)
      append(get(Local.at), get(local), vectorAccess(Vector.store, offsets[target] * LANE_BYTES));
  }
  append(advance(Local.at, VECTOR_BYTES), advance(Local.trial, VECTOR_BYTES));
  append(whileBelow(Local.trial, blockSize * LANE_BYTES), [Wasm.end]);
  append(advance(Local.month, LANE_BYTES), whileBelow(Local.month, endMonth * LANE_BYTES), [Wasm.end]);
  return { name, int32Locals: Local.values, vectorLocals: locals.size, code };
}

function advance(local: number, bytes: number): number[] {
  return [Wasm.localGet, local, ...constant32(bytes), Wasm.add32, Wasm.localSet, local];
}

function whileBelow(local: number, bytes: number): number[] {
  return [Wasm.localGet, local, ...constant32(bytes), Wasm.less32, Wasm.branchIf, 0];
}

/** Operations that are one instruction of the processor, on lanes that are numbers. */
const arithmetic: ReadonlyMap<number, number> = new Map([
  [Opcode.negate, Vector.negate],
  [Opcode.abs, Vector.abs],
  [Opcode.floor, Vector.floor],
  [Opcode.ceil, Vector.ceil],
  [Opcode.sqrt, Vector.sqrt],
  [Opcode.add, Vector.add],
  [Opcode.subtract, Vector.subtract],
  [Opcode.multiply, Vector.multiply],
  [Opcode.divide, Vector.divide],
]);

/** Comparisons: lanes are all ones or all zeros, of which 1 and 0 are made. */
const comparisons: ReadonlyMap<number, number> = new Map([
  [Opcode.less, Vector.less],
  [Opcode.lessEqual, Vector.lessEqual],
  [Opcode.greater, Vector.greater],
  [Opcode.greaterEqual, Vector.greaterEqual],
  [Opcode.equal, Vector.equal],
  [Opcode.notEqual, Vector.notEqual],
]);

/** What `applyScalar` says of each operation, for two trials. */
function encodeOperation(opcode: number, [x, y, z]: readonly number[], push: Push): readonly number[] {
  const one = vectorConstant(1);
  const isTrue = (register: number) => [...push(register), ...vectorConstant(0), ...vector(Vector.notEqual)];
  const simple = arithmetic.get(opcode);
  if (simple !== undefined) return [...push(x), ...(y === undefined ? [] : push(y)), ...vector(simple)];
  const comparison = comparisons.get(opcode);
  if (comparison !== undefined)
    return [...push(x), ...push(y), ...vector(comparison), ...one, ...vector(Vector.and)];
  switch (opcode) {
    case Opcode.copy:
      return push(x);
    case Opcode.round:
      return [...push(x), ...vectorConstant(0.5), ...vector(Vector.add), ...vector(Vector.floor)];
    case Opcode.not:
      return [...one, ...isTrue(x), ...vector(Vector.andNot)];
    case Opcode.ratio:
      return [
        ...[...push(x), ...push(y), ...vector(Vector.divide)],
        ...[...push(y), ...vectorConstant(0), ...vector(Vector.equal)],
        ...vector(Vector.andNot),
      ];
    case Opcode.min:
      return encodeExtreme(Vector.lessEqual, x, y, push);
    case Opcode.max:
      return encodeExtreme(Vector.greaterEqual, x, y, push);
    case Opcode.and:
      return [...isTrue(x), ...isTrue(y), ...vector(Vector.and), ...one, ...vector(Vector.and)];
    case Opcode.or:
      return [...isTrue(x), ...isTrue(y), ...vector(Vector.or), ...one, ...vector(Vector.and)];
    case Opcode.select:
      return [...push(y), ...push(z), ...isTrue(x), ...vector(Vector.choose)];
    default:
      throw new Error(`operation ${opcode} cannot be part of a run`);
  }
}

/** The first of x and y where they compare so, else y where y compares so to x, else NaN, which x + y is then. */
function encodeExtreme(comparison: number, x: number, y: number, push: Push): readonly number[] {
  return [
    ...push(x),
    ...[...push(y), ...push(x), ...push(y), ...vector(Vector.add)],
    ...[...push(y), ...push(x), ...vector(comparison), ...vector(Vector.choose)],
    ...[...push(x), ...push(y), ...vector(comparison), ...vector(Vector.choose)],
  ];
}
