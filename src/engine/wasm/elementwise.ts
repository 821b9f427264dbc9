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

/** Operations whose values are 1 or 0. */
const TRUTHS: ReadonlySet<number> = new Set([...COMPARISONS.keys(), Opcode.not, Opcode.and, Opcode.or]);

/** The operands of an operation, by number (0, 1, 2), for the code that is written for it. That code may use an operand more than once. */
export type Operands = {
  /** Writes code that leaves the operand on the stack. */
  readonly push: (operand: number) => void;
  /** Whether it is known to be 0 when the code is made. */
  readonly isZero: (operand: number) => boolean;
  /** A local with all ones where the operand is not 0 and zeros where it is, if there is one. */
  readonly truthOf?: (operand: number) => number | undefined;
};

/** Whether `encodeTruth` writes an operation. */
export function isTruth(opcode: number): boolean {
  return TRUTHS.has(opcode);
}

/**
 * Code of an elementwise operation for two trials, which leaves its value on the stack: what `applyScalar` says of it, bit for bit.
 *
 * Calls rest on a module that begins with `numberFunctions()`.
 */
export function encodeElementwise(code: Code, opcode: number, operands: Operands): void {
  const { push } = operands;
  const simple = ARITHMETIC.get(opcode);
  const called = CALLS.get(opcode);
  if (simple !== undefined) {
    push(0);
    if (opcode >= Opcode.add) push(1);
    code.vector(simple);
  } else if (called !== undefined) {
    push(0);
    if (opcode === Opcode.power) push(1);
    code.call(called);
  } else if (isTruth(opcode)) {
    encodeTruth(code, opcode, operands);
    code.constantVector(1).vector(Vector.and);
  } else encodeOther(code, opcode, operands);
}

/** Code of a comparison, or of truths, that leaves all ones where it holds and zeros elsewhere. */
export function encodeTruth(code: Code, opcode: number, operands: Operands): void {
  const comparison = COMPARISONS.get(opcode);
  if (comparison !== undefined) {
    operands.push(0);
    operands.push(1);
    code.vector(comparison);
    return;
  }
  pushTruth(code, operands, 0);
  if (opcode === Opcode.not) {
    code.vector(Vector.not);
    return;
  }
  pushTruth(code, operands, 1);
  code.vector(opcode === Opcode.and ? Vector.and : Vector.or);
}

function pushTruth(code: Code, { push, truthOf }: Operands, operand: number): void {
  const known = truthOf?.(operand);
  if (known !== undefined) code.get(known);
  else {
    push(operand);
    code.constantVector(0).vector(Vector.notEqual);
  }
}

function encodeOther(code: Code, opcode: number, operands: Operands): void {
  const { push } = operands;
  switch (opcode) {
    case Opcode.copy:
      push(0);
      break;
    case Opcode.round:
      push(0);
      code.constantVector(0.5).vector(Vector.add).vector(Vector.floor);
      break;
    case Opcode.ratio:
      push(0);
      push(1);
      code.vector(Vector.divide);
      push(1);
      code.constantVector(0).vector(Vector.equal).vector(Vector.andNot);
      break;
    case Opcode.min:
      encodeExtreme(code, Vector.pseudoMin, push);
      break;
    case Opcode.max:
      encodeExtreme(code, Vector.pseudoMax, push);
      break;
    case Opcode.select:
      encodeChoice(code, operands, () => pushTruth(code, operands, 0));
      break;
    default:
      throw new Error(`operation ${opcode} is not elementwise`);
  }
}

/**
 * The smaller or larger of two operands, the first of equal ones. The processor's instruction also takes the first where either is NaN:
 * all ones over it, where the second is, are NaN too.
 */
export function encodeExtreme(code: Code, instruction: number, push: (operand: number) => void): void {
  push(0);
  push(1);
  code.vector(instruction);
  push(1);
  push(1);
  code.vector(Vector.notEqual).vector(Vector.or);
}

/** A choice between operands 1 and 2, which is one instruction where one of them is 0. `pushTest` leaves all ones or zeros. */
export function encodeChoice(
  code: Code,
  { push, isZero }: Pick<Operands, "push" | "isZero">,
  pushTest: () => void,
): void {
  const isOneZero = isZero(1) || isZero(2);
  push(isZero(1) ? 2 : 1);
  if (!isOneZero) push(2);
  pushTest();
  if (!isOneZero) code.vector(Vector.choose);
  else code.vector(isZero(1) ? Vector.andNot : Vector.and);
}

/** Moves a local of bytes on. */
export function advance(code: Code, local: number, bytes: number): void {
  code.get(local).constant32(bytes).op(Wasm.add32).set(local);
}

/** The end of a loop that runs while a local of bytes is below a bound. */
export function endLoop(code: Code, local: number, bound: number): void {
  code.get(local).constant32(bound).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
}
