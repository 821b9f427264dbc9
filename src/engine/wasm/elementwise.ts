import { Opcode } from "../operations/opcode.ts";
import type { Code } from "./code.ts";
import { Vector, Wasm } from "./instructions.ts";
import { NumberFunction } from "./number-functions.ts";

/** Operations that are one instruction of the processor, on lanes that are numbers. */
const ARITHMETIC: ReadonlyMap<number, number> = new Map([
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

/** Comparisons: lanes are all ones or all zeros, which become 1 and 0. */
const COMPARISONS: ReadonlyMap<number, number> = new Map([
  [Opcode.less, Vector.less],
  [Opcode.lessEqual, Vector.lessEqual],
  [Opcode.greater, Vector.greater],
  [Opcode.greaterEqual, Vector.greaterEqual],
  [Opcode.equal, Vector.equal],
  [Opcode.notEqual, Vector.notEqual],
]);

/** Operations that the module's functions of numbers compute. */
const CALLS: ReadonlyMap<number, number> = new Map([
  [Opcode.exp, NumberFunction.exp],
  [Opcode.log, NumberFunction.log],
  [Opcode.power, NumberFunction.power],
  [Opcode.normalQuantile, NumberFunction.normalQuantile],
  [Opcode.normalCdf, NumberFunction.normalCdf],
]);

/**
 * Code of an elementwise operation for two trials, which leaves its value on the stack: what `applyScalar` says of it, bit for bit.
 *
 * @param push writes code that leaves the operand of that number (0, 1, 2) on the stack; it may be asked more than once
 *
 * Calls rest on a module that begins with `numberFunctions()`.
 */
export function encodeElementwise(code: Code, opcode: number, push: (operand: number) => void): void {
  const isTrue = (operand: number): void => {
    push(operand);
    code.constantVector(0).vector(Vector.notEqual);
  };
  const simple = ARITHMETIC.get(opcode) ?? COMPARISONS.get(opcode);
  if (simple !== undefined) {
    push(0);
    if (opcode >= Opcode.add) push(1);
    code.vector(simple);
    if (COMPARISONS.has(opcode)) code.constantVector(1).vector(Vector.and);
    return;
  }
  const called = CALLS.get(opcode);
  if (called !== undefined) {
    push(0);
    if (opcode === Opcode.power) push(1);
    code.call(called);
    return;
  }
  switch (opcode) {
    case Opcode.copy:
      push(0);
      break;
    case Opcode.round:
      push(0);
      code.constantVector(0.5).vector(Vector.add).vector(Vector.floor);
      break;
    case Opcode.not:
      code.constantVector(1);
      isTrue(0);
      code.vector(Vector.andNot);
      break;
    case Opcode.ratio:
      push(0);
      push(1);
      code.vector(Vector.divide);
      push(1);
      code.constantVector(0).vector(Vector.equal).vector(Vector.andNot);
      break;
    case Opcode.min:
      encodeExtreme(code, Vector.lessEqual, push);
      break;
    case Opcode.max:
      encodeExtreme(code, Vector.greaterEqual, push);
      break;
    case Opcode.and:
    case Opcode.or:
      isTrue(0);
      isTrue(1);
      code.vector(opcode === Opcode.and ? Vector.and : Vector.or);
      code.constantVector(1).vector(Vector.and);
      break;
    case Opcode.select:
      push(1);
      push(2);
      isTrue(0);
      code.vector(Vector.choose);
      break;
    default:
      throw new Error(`operation ${opcode} is not elementwise`);
  }
}

/** The first of x and y where they compare so, else y where y compares so to x, else NaN, which x + y is then. */
function encodeExtreme(code: Code, comparison: number, push: (operand: number) => void): void {
  push(0);
  push(1);
  push(0);
  push(1);
  code.vector(Vector.add);
  push(1);
  push(0);
  code.vector(comparison).vector(Vector.choose);
  push(0);
  push(1);
  code.vector(comparison).vector(Vector.choose);
}

/** Moves a local of bytes on. */
export function advance(code: Code, local: number, bytes: number): void {
  code.get(local).constant32(bytes).op(Wasm.add32).set(local);
}

/** The end of a loop that runs while a local of bytes is below a bound. */
export function endLoop(code: Code, local: number, bound: number): void {
  code.get(local).constant32(bound).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
}
