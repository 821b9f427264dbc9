import { Code } from "./code.ts";
import { advance } from "./elementwise.ts";
import { LANE_BYTES, Type, VECTOR_BYTES, Vector, Wasm } from "./instructions.ts";
import type { WasmFunction } from "./module.ts";

/** Vectors that a step compares. */
const TOGETHER = 4;
const STEP_BYTES = TOGETHER * VECTOR_BYTES;

/**
 * Encodes `countBelow`, or `countThrough`, of `statistics/held-values.ts` for numbers from an address on.
 *
 * What stands behind the numbers, up to a step, is compared too, and is overwritten with what is below nothing.
 */
export function encodeCount(name: "countBelow" | "countThrough", start: number): WasmFunction {
  const [count, number, at, end, limit] = [0, 1, 2, 3, 4];
  const sums = Array.from({ length: TOGETHER }, (_, index) => 5 + index);
  const code = new Code();
  pushEnd(code, count, start).set(end);
  for (let offset = 0; offset < STEP_BYTES; offset += VECTOR_BYTES)
    code.get(end).constantVector(Number.NaN).vectorAccess(Vector.store, offset);
  code.get(number).vector(Vector.splat).set(limit).constant32(start).set(at);
  code.open(Wasm.loop, Type.none);
  for (const [index, sum] of sums.entries()) {
    code
      .get(sum)
      .get(at)
      .vectorAccess(Vector.load, index * VECTOR_BYTES)
      .get(limit);
    code
      .vector(name === "countBelow" ? Vector.less : Vector.lessEqual)
      .vector(Vector.subtract64)
      .set(sum);
  }
  advance(code, at, STEP_BYTES);
  code.get(at).get(end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  code.get(sums[0]);
  for (const sum of sums.slice(1)) code.get(sum).vector(Vector.add64);
  code.tee(sums[0]).lane(Vector.extractLane64, 0).op(Wasm.wrap64);
  code.get(sums[0]).lane(Vector.extractLane64, 1).op(Wasm.wrap64).op(Wasm.add32);
  return {
    name,
    parameters: [Type.int32, Type.double],
    results: [Type.int32],
    locals: [Type.int32, Type.int32, Type.vector, ...sums.map(() => Type.vector)],
    code,
  };
}

/**
 * Encodes `keepWithin` of it. Without branches, which the processor could not foresee: each number is written where the next one is to
 * stand, and stays there if it is kept.
 */
export function encodeKeepWithin(start: number): WasmFunction {
  const [count, low, high, at, end, kept, bits, x, least, most] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const code = new Code();
  pushEnd(code, count, start).tee(end).constantDouble(Number.NaN).doubleAccess(Wasm.storeDouble, 0);
  code.get(low).vector(Vector.splat).set(least).get(high).vector(Vector.splat).set(most);
  code.constant32(start).tee(at).set(kept).open(Wasm.loop, Type.none);
  code.get(at).vectorAccess(Vector.load, 0).tee(x).get(least).vector(Vector.greaterEqual);
  code.get(x).get(most).vector(Vector.lessEqual).vector(Vector.and);
  append(code, kept, x, bits);
  advance(code, at, VECTOR_BYTES);
  code.get(at).get(end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  code.get(kept).constant32(start).op(Wasm.subtract32).constant32(LANE_BYTES).op(Wasm.divide32);
  return {
    name: "keepWithin",
    parameters: [Type.int32, Type.double, Type.double],
    results: [Type.int32],
    locals: [...Array.from({ length: 4 }, () => Type.int32), Type.vector, Type.vector, Type.vector],
    code,
  };
}

/** Writes each lane of `x` to where a list's next number is to stand; it stays there if it is in the mask on the stack. */
export function append(code: Code, list: number, x: number, bits: number): void {
  code.vector(Vector.bitmask64).set(bits);
  for (const [lane, bit] of [1, 2].entries()) {
    code.get(list).get(x).laneAccess(Vector.storeLane, 0, lane);
    code.get(list).get(bits).constant32(bit).op(Wasm.and32);
    code
      .constant32(LANE_BYTES / bit)
      .op(Wasm.multiply32)
      .op(Wasm.add32)
      .set(list);
  }
}

/** The address behind so many numbers. */
function pushEnd(code: Code, count: number, start: number): Code {
  code.get(count).constant32(LANE_BYTES).op(Wasm.multiply32);
  return code.constant32(start).op(Wasm.add32);
}
