import { exp, log, normalCdf, normalQuantile, power } from "../../numbers/plain.ts";
import { Opcode } from "./opcode.ts";

/**
 * One element of an elementwise operation. The compiler folds with it and the block operations agree with it bit for
 * bit, so that a value is the same whether folded or computed.
 */
export function applyScalar(opcode: number, x: number, y: number, z: number): number {
  switch (opcode) {
    case Opcode.copy:
      return x;
    case Opcode.negate:
      return -x;
    case Opcode.abs:
      return Math.abs(x);
    case Opcode.round:
      return Math.floor(x + 0.5);
    case Opcode.floor:
      return Math.floor(x);
    case Opcode.ceil:
      return Math.ceil(x);
    case Opcode.sqrt:
      return Math.sqrt(x);
    case Opcode.exp:
      return exp(x);
    case Opcode.log:
      return log(x);
    case Opcode.not:
      return x === 0 ? 1 : 0;
    case Opcode.normalQuantile:
      return normalQuantile(x);
    case Opcode.normalCdf:
      return normalCdf(x);
    case Opcode.add:
      return x + y;
    case Opcode.subtract:
      return x - y;
    case Opcode.multiply:
      return x * y;
    case Opcode.divide:
      return x / y;
    case Opcode.ratio:
      return y === 0 ? 0 : x / y;
    case Opcode.power:
      return power(x, y);
    case Opcode.min:
      return smallerOf(x, y);
    case Opcode.max:
      return largerOf(x, y);
    case Opcode.less:
      return x < y ? 1 : 0;
    case Opcode.lessEqual:
      return x <= y ? 1 : 0;
    case Opcode.greater:
      return x > y ? 1 : 0;
    case Opcode.greaterEqual:
      return x >= y ? 1 : 0;
    case Opcode.equal:
      return x === y ? 1 : 0;
    case Opcode.notEqual:
      return x !== y ? 1 : 0;
    case Opcode.and:
      return x !== 0 && y !== 0 ? 1 : 0;
    case Opcode.or:
      return x !== 0 || y !== 0 ? 1 : 0;
    case Opcode.select:
      return x !== 0 ? y : z;
    default:
      throw new Error(`operation ${opcode} is not elementwise`);
  }
}

/** The smaller of two numbers, the first of equal ones; NaN where either is. */
export function smallerOf(x: number, y: number): number {
  return x <= y ? x : y < x ? y : Number.NaN;
}

/** The larger of two numbers, the first of equal ones; NaN where either is. */
export function largerOf(x: number, y: number): number {
  return x >= y ? x : y > x ? y : Number.NaN;
}
