import { Opcode } from "./opcode.ts";
import { applyScalar } from "./scalar.ts";

/** Where an operand lies in the memory of a block, and how far apart its months and trials are (0: it does not vary). */
export type Operand = { readonly offset: number; readonly monthStride: number; readonly trialStride: number };

/**
 * Elementwise operation of one or two operands over `rows` rows of `width` elements.
 *
 * The four operations that make up most formulas have loops of their own; the rest share one loop over `applyScalar`.
 * Shapes: `target` is [rows][width] without gaps; operands by their strides. Memory: overwrites the target, allocates nothing.
 * Fails: never. Cost: rows x width.
 */
export function applyElementwise(
  memory: Float64Array,
  opcode: number,
  target: number,
  x: Operand,
  y: Operand,
  rows: number,
  width: number,
): void {
  const { trialStride: xs } = x;
  const { trialStride: ys } = y;
  let t = target;
  let a = x.offset;
  let b = y.offset;
  for (let row = 0; row < rows; row++) {
    switch (opcode) {
      case Opcode.add:
        for (let i = 0; i < width; i++) memory[t + i] = memory[a + i * xs] + memory[b + i * ys];
        break;
      case Opcode.subtract:
        for (let i = 0; i < width; i++) memory[t + i] = memory[a + i * xs] - memory[b + i * ys];
        break;
      case Opcode.multiply:
        for (let i = 0; i < width; i++) memory[t + i] = memory[a + i * xs] * memory[b + i * ys];
        break;
      case Opcode.divide:
        for (let i = 0; i < width; i++) memory[t + i] = memory[a + i * xs] / memory[b + i * ys];
        break;
      case Opcode.copy:
        for (let i = 0; i < width; i++) memory[t + i] = memory[a + i * xs];
        break;
      default:
        for (let i = 0; i < width; i++)
          memory[t + i] = applyScalar(opcode, memory[a + i * xs], memory[b + i * ys], 0);
    }
    t += width;
    a += x.monthStride;
    b += y.monthStride;
  }
}

/** `target = condition != 0 ? x : y`, by the rules of `applyElementwise`. */
export function applySelect(
  memory: Float64Array,
  target: number,
  condition: Operand,
  x: Operand,
  y: Operand,
  rows: number,
  width: number,
): void {
  let t = target;
  for (let row = 0; row < rows; row++) {
    const c = condition.offset + row * condition.monthStride;
    const a = x.offset + row * x.monthStride;
    const b = y.offset + row * y.monthStride;
    for (let i = 0; i < width; i++) {
      memory[t + i] =
        memory[c + i * condition.trialStride] !== 0
          ? memory[a + i * x.trialStride]
          : memory[b + i * y.trialStride];
    }
    t += width;
  }
}
