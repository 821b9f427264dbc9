import type { Arithmetic } from "./arithmetic.ts";

/** The bits of a double, the upper half first. */
const bits = new DataView(new ArrayBuffer(8));

/** Reads a function of numbers as a computation on plain numbers: one trial at a time. */
export const plain: Arithmetic<number, boolean> = {
  constant: (value) => value,
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  sqrt: (x) => Math.sqrt(x),
  abs: (x) => Math.abs(x),
  floor: (x) => Math.floor(x),
  less: (x, y) => x < y,
  atMost: (x, y) => x <= y,
  equal: (x, y) => x === y,
  both: (x, y) => x && y,
  either: (x, y) => x || y,
  not: (x) => !x,
  select: (condition, x, y) => (condition ? x : y),
  where: (condition, otherwise, body) => (condition ? body() : otherwise),
  powerOfTwo,
  exponentOf,
  mantissaOf,
};

export function powerOfTwo(n: number): number {
  bits.setUint32(0, (n + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

export function exponentOf(x: number): number {
  bits.setFloat64(0, x);
  return (bits.getUint32(0) >>> 20) - 1023;
}

export function mantissaOf(x: number): number {
  bits.setFloat64(0, x);
  bits.setUint32(0, (bits.getUint32(0) & 0xfffff) | 0x3ff00000);
  return bits.getFloat64(0);
}
