import { HEADER, Opcode } from "../operations/opcode.ts";
import { type Plan, type PlanCheck, Shape } from "../plan/plan.ts";
import { checkBounds } from "../simulate/check-bounds.ts";
import type { Workspace } from "../simulate/workspace.ts";
import { Code } from "../wasm/code.ts";
import { advance, endLoop } from "../wasm/elementwise.ts";
import {
  LANE_BYTES,
  TRIALS_OF_TWO_PAIRS,
  Type,
  type ValueType,
  VECTOR_BYTES,
  Vector,
  Wasm,
} from "../wasm/instructions.ts";
import type { WasmFunction } from "../wasm/module.ts";

/** Totals, or checks, that stand side by side in a program, as a function of a module. */
export type EncodedStretch = {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly code: WasmFunction;
};

/** Totals of the same months that are added up in one pass. */
const TOGETHER = 8;

/**
 * Encodes the instructions between runs and kernels as WebAssembly: totals over months, and range checks. A function of checks
 * returns 0 where one fails; the engine's own loops then say which, and in how many trials.
 *
 * Bits are those of `totalMonths`: months are added in order, each trial by itself.
 *
 * Fails: never, for a Plan that was compiled and a block of an even number of trials.
 */
export function encodeBetween(plan: Plan, workspace: Workspace): readonly EncodedStretch[] {
  return findStretches(plan).map(({ start, end }): EncodedStretch => {
    const places: number[] = [];
    for (let at = start; at < end; at += HEADER + plan.program[at + 1]) places.push(at);
    const isTotals = plan.program[start] === Opcode.total;
    const code = isTotals ? encodeTotals(plan, workspace, places) : encodeChecks(plan, workspace, places);
    return { name: `between${start}`, start, end, code };
  });
}

function findStretches({ program }: Plan): readonly { start: number; end: number }[] {
  const stretches: { start: number; end: number; readonly opcode: number }[] = [];
  for (let at = 0; at < program.length; at += HEADER + program[at + 1]) {
    const opcode = program[at];
    if (opcode !== Opcode.total && opcode !== Opcode.check) continue;
    const end = at + HEADER + program[at + 1];
    const last = stretches.at(-1);
    if (last?.end === at && last.opcode === opcode) last.end = end;
    else stretches.push({ start: at, end, opcode });
  }
  return stretches;
}

const Local = { trial: 0, at: 1, first: 2 } as const;

function encodeTotals({ program }: Plan, workspace: Workspace, places: readonly number[]): WasmFunction {
  const { blockSize } = workspace;
  const rowBytes = blockSize * LANE_BYTES;
  const code = new Code();
  // Two pairs of trials at a time, since the sums of one wait for each other.
  const pairs = blockSize % TRIALS_OF_TWO_PAIRS === 0 ? [0, 1] : [0];
  const sums = Array.from({ length: TOGETHER * pairs.length }, (_, index) => Local.first + index);
  const bytesOf = (register: number) => workspace.offsets[register] * LANE_BYTES;
  for (const group of groupByMonths(program, places)) {
    const [first, end] = program.subarray(group[0] + HEADER + 2, group[0] + HEADER + 4);
    const parts = group.flatMap((at) => pairs.map((pair) => ({ at, bytes: pair * VECTOR_BYTES })));
    code.constant32(0).set(Local.trial).open(Wasm.loop, Type.none);
    for (const index of parts.keys()) code.constantVector(0).set(sums[index]);
    if (first < end) {
      code
        .get(Local.trial)
        .constant32(first * rowBytes)
        .op(Wasm.add32)
        .set(Local.at);
      code.open(Wasm.loop, Type.none);
      for (const [index, { at, bytes }] of parts.entries()) {
        code.get(sums[index]).get(Local.at);
        code
          .vectorAccess(Vector.load, bytesOf(program[at + HEADER + 1]) + bytes)
          .vector(Vector.add)
          .set(sums[index]);
      }
      advance(code, Local.at, rowBytes);
      endLoop(code, Local.at, end * rowBytes);
    }
    for (const [index, { at, bytes }] of parts.entries()) {
      code
        .get(Local.trial)
        .get(sums[index])
        .vectorAccess(Vector.store, bytesOf(program[at + HEADER]) + bytes);
    }
    advance(code, Local.trial, pairs.length * VECTOR_BYTES);
    endLoop(code, Local.trial, rowBytes);
  }
  const locals: ValueType[] = [Type.int32, Type.int32, ...sums.map(() => Type.vector)];
  return { locals, code };
}

/** Neighbouring totals of the same months, in groups that one pass can add up. */
function groupByMonths(program: Int32Array, places: readonly number[]): readonly (readonly number[])[] {
  const groups: number[][] = [];
  for (const at of places) {
    const last = groups.at(-1);
    const isSame =
      last !== undefined &&
      last.length < TOGETHER &&
      [2, 3].every((operand) => program[last[0] + HEADER + operand] === program[at + HEADER + operand]);
    if (isSame) last.push(at);
    else groups.push([at]);
  }
  return groups;
}

function encodeChecks(plan: Plan, workspace: Workspace, places: readonly number[]): WasmFunction {
  const { program, checks, shapes } = plan;
  const { blockSize, offsets } = workspace;
  const rowBytes = blockSize * LANE_BYTES;
  const isWithin = Local.first;
  const code = new Code().constantVector(1).constantVector(1).vector(Vector.equal).set(isWithin);
  /** Looks at rows of trials from a month on. */
  const check = (one: PlanCheck, month: number, months: number) => {
    const { least, most } = checkBounds(one);
    const start = offsets[one.register] * LANE_BYTES + month * rowBytes;
    const load = () => code.get(Local.at).vectorAccess(Vector.load, start);
    // The last block's spare trials are copies, so that the whole block may be looked at.
    code.constant32(0).set(Local.at).open(Wasm.loop, Type.none);
    load();
    code.constantVector(least).vector(Vector.greaterEqual);
    load();
    code.constantVector(most).vector(Vector.lessEqual).vector(Vector.and);
    code.get(isWithin).vector(Vector.and).set(isWithin);
    advance(code, Local.at, VECTOR_BYTES);
    endLoop(code, Local.at, months * rowBytes);
  };
  const factors = findFactors(plan);
  for (const at of places) {
    const one = checks[program[at + HEADER]];
    const extremes = extremesOf(plan, factors.get(one.register));
    if (shapes[one.register] !== Shape.slab) check(one, 0, 1);
    else if (extremes) for (const month of extremes) check(one, month, 1);
    else check(one, 0, plan.monthCount);
  }
  code.get(isWithin).vector(Vector.not).vector(Vector.anyTrue).op(Wasm.isZero32);
  return { results: [Type.int32], locals: [Type.int32, Type.int32, Type.vector], code };
}

/** The month vector of each slab that is the product of one and a number a trial. */
function findFactors({ program, shapes }: Plan): ReadonlyMap<number, number> {
  const factors = new Map<number, number>();
  for (let at = 0; at < program.length; at += HEADER + program[at + 1]) {
    if (program[at] !== Opcode.multiply) continue;
    const [target, x, y] = program.subarray(at + HEADER, at + HEADER + 3);
    if (shapes[x] === Shape.trial && shapes[y] === Shape.month) factors.set(target, y);
    if (shapes[x] === Shape.month && shapes[y] === Shape.trial) factors.set(target, x);
  }
  return factors;
}

/**
 * The months between whose values lie those of all months, if a number a trial times this month vector is made: products of one number
 * are in the order of the other factors, rounded or not. Not where a factor is 0, whose product with infinity is NaN.
 */
function extremesOf(plan: Plan, vector: number | undefined): readonly number[] | undefined {
  if (vector === undefined) return undefined;
  const { monthCount, monthVectors, slots } = plan;
  const values = monthVectors.subarray(slots[vector] * monthCount, (slots[vector] + 1) * monthCount);
  if (!values.every((value) => value > 0)) return undefined;
  return [values.indexOf(Math.min(...values)), values.indexOf(Math.max(...values))];
}
