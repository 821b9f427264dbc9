import { exp, log, normalCdf, normalQuantile, power, powersOf } from "../../numbers/plain.ts";
import { Opcode } from "./opcode.ts";
import { applyScalar, largerOf, smallerOf } from "./scalar.ts";

/** Where an operand lies in the memory of a block, and how far apart its months and trials are (0: it does not vary). */
export type Operand = { readonly offset: number; readonly monthStride: number; readonly trialStride: number };

/**
 * Elementwise operation of one or two operands over `rows` rows of `width` elements.
 *
 * Operations that formulas and draws are made of have loops of their own, which the compiler of the machine can turn into
 * straight code; the few others share one loop over `applyScalar`, which all agree with bit for bit.
 *
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
  if (opcode === Opcode.power && x.monthStride === 0 && y.trialStride === 0) {
    growRows(memory, target, x, y, rows, width);
    return;
  }
  const row = rowLoops[opcode] ?? null;
  let t = target;
  let a = x.offset;
  let b = y.offset;
  for (let index = 0; index < rows; index++) {
    if (row) row(memory, t, a, b, width, x.trialStride, y.trialStride);
    else anyRow(memory, opcode, t, a, b, width, x.trialStride, y.trialStride);
    t += width;
    a += x.monthStride;
    b += y.monthStride;
  }
}

/** Powers of one row by an exponent for each row: growth by trial over months. The logarithm of each base is taken once. */
function growRows(
  m: Float64Array,
  target: number,
  x: Operand,
  y: Operand,
  rows: number,
  width: number,
): void {
  for (let i = 0; i < width; i++) {
    const powerOf = powersOf(m[x.offset + i * x.trialStride]);
    for (let row = 0; row < rows; row++)
      m[target + row * width + i] = powerOf(m[y.offset + row * y.monthStride]);
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
    if (condition.trialStride === 0) {
      const chosen = memory[c] !== 0 ? a : b;
      copyRow(memory, t, chosen, chosen, width, chosen === a ? x.trialStride : y.trialStride);
    } else {
      for (let i = 0; i < width; i++) {
        memory[t + i] = memory[c + i] !== 0 ? memory[a + i * x.trialStride] : memory[b + i * y.trialStride];
      }
    }
    t += width;
  }
}

/** One row: `width` elements from offsets a and b with strides xs and ys, 0 or 1, to offset t. */
type RowLoop = (
  memory: Float64Array,
  t: number,
  a: number,
  b: number,
  width: number,
  xs: number,
  ys: number,
) => void;

/**
 * The loops by operation code. Each is written out: a loop that takes its operation as a function costs a call an
 * element. Sums and products, which are most of all work, go four elements at a time.
 */
const rowLoops: readonly (RowLoop | undefined)[] = makeRowLoops();

function makeRowLoops(): readonly (RowLoop | undefined)[] {
  const loops: (RowLoop | undefined)[] = [];
  loops[Opcode.copy] = copyRow;
  loops[Opcode.exp] = expRow;
  loops[Opcode.log] = logRow;
  loops[Opcode.normalQuantile] = normalQuantileRow;
  loops[Opcode.normalCdf] = normalCdfRow;
  loops[Opcode.add] = addRow;
  loops[Opcode.subtract] = subtractRow;
  loops[Opcode.multiply] = multiplyRow;
  loops[Opcode.divide] = divideRow;
  loops[Opcode.ratio] = ratioRow;
  loops[Opcode.power] = powerRow;
  loops[Opcode.min] = minRow;
  loops[Opcode.max] = maxRow;
  loops[Opcode.less] = lessRow;
  loops[Opcode.lessEqual] = lessEqualRow;
  loops[Opcode.greater] = greaterRow;
  loops[Opcode.greaterEqual] = greaterEqualRow;
  loops[Opcode.equal] = equalRow;
  return loops;
}

function anyRow(
  memory: Float64Array,
  opcode: number,
  t: number,
  a: number,
  b: number,
  width: number,
  xs: number,
  ys: number,
): void {
  for (let i = 0; i < width; i++)
    memory[t + i] = applyScalar(opcode, memory[a + i * xs], memory[b + i * ys], 0);
}

function copyRow(m: Float64Array, t: number, a: number, _b: number, width: number, xs: number): void {
  if (xs === 0) m.fill(m[a], t, t + width);
  else m.copyWithin(t, a, a + width);
}

function addRow(m: Float64Array, t: number, a: number, b: number, width: number, xs: number, ys: number) {
  const paired = width & ~3;
  let i = 0;
  if (xs === 1 && ys === 1) {
    for (; i < paired; i += 4) {
      m[t + i] = m[a + i] + m[b + i];
      m[t + i + 1] = m[a + i + 1] + m[b + i + 1];
      m[t + i + 2] = m[a + i + 2] + m[b + i + 2];
      m[t + i + 3] = m[a + i + 3] + m[b + i + 3];
    }
  } else if (xs === 1) {
    const y = m[b];
    for (; i < paired; i += 4) {
      m[t + i] = m[a + i] + y;
      m[t + i + 1] = m[a + i + 1] + y;
      m[t + i + 2] = m[a + i + 2] + y;
      m[t + i + 3] = m[a + i + 3] + y;
    }
  } else if (ys === 1) {
    const x = m[a];
    for (; i < paired; i += 4) {
      m[t + i] = x + m[b + i];
      m[t + i + 1] = x + m[b + i + 1];
      m[t + i + 2] = x + m[b + i + 2];
      m[t + i + 3] = x + m[b + i + 3];
    }
  }
  for (; i < width; i++) m[t + i] = m[a + i * xs] + m[b + i * ys];
}

function multiplyRow(
  m: Float64Array,
  t: number,
  a: number,
  b: number,
  width: number,
  xs: number,
  ys: number,
) {
  const paired = width & ~3;
  let i = 0;
  if (xs === 1 && ys === 1) {
    for (; i < paired; i += 4) {
      m[t + i] = m[a + i] * m[b + i];
      m[t + i + 1] = m[a + i + 1] * m[b + i + 1];
      m[t + i + 2] = m[a + i + 2] * m[b + i + 2];
      m[t + i + 3] = m[a + i + 3] * m[b + i + 3];
    }
  } else if (xs === 1) {
    const y = m[b];
    for (; i < paired; i += 4) {
      m[t + i] = m[a + i] * y;
      m[t + i + 1] = m[a + i + 1] * y;
      m[t + i + 2] = m[a + i + 2] * y;
      m[t + i + 3] = m[a + i + 3] * y;
    }
  } else if (ys === 1) {
    const x = m[a];
    for (; i < paired; i += 4) {
      m[t + i] = x * m[b + i];
      m[t + i + 1] = x * m[b + i + 1];
      m[t + i + 2] = x * m[b + i + 2];
      m[t + i + 3] = x * m[b + i + 3];
    }
  }
  for (; i < width; i++) m[t + i] = m[a + i * xs] * m[b + i * ys];
}

function subtractRow(
  m: Float64Array,
  t: number,
  a: number,
  b: number,
  width: number,
  xs: number,
  ys: number,
) {
  const paired = width & ~3;
  let i = 0;
  if (xs === 1 && ys === 1) {
    for (; i < paired; i += 4) {
      m[t + i] = m[a + i] - m[b + i];
      m[t + i + 1] = m[a + i + 1] - m[b + i + 1];
      m[t + i + 2] = m[a + i + 2] - m[b + i + 2];
      m[t + i + 3] = m[a + i + 3] - m[b + i + 3];
    }
  }
  for (; i < width; i++) m[t + i] = m[a + i * xs] - m[b + i * ys];
}

function divideRow(m: Float64Array, t: number, a: number, b: number, width: number, xs: number, ys: number) {
  const paired = width & ~3;
  let i = 0;
  if (xs === 1 && ys === 1) {
    for (; i < paired; i += 4) {
      m[t + i] = m[a + i] / m[b + i];
      m[t + i + 1] = m[a + i + 1] / m[b + i + 1];
      m[t + i + 2] = m[a + i + 2] / m[b + i + 2];
      m[t + i + 3] = m[a + i + 3] / m[b + i + 3];
    }
  }
  for (; i < width; i++) m[t + i] = m[a + i * xs] / m[b + i * ys];
}

function ratioRow(m: Float64Array, t: number, a: number, b: number, width: number, xs: number, ys: number) {
  for (let i = 0; i < width; i++) {
    const y = m[b + i * ys];
    m[t + i] = y === 0 ? 0 : m[a + i * xs] / y;
  }
}

function powerRow(m: Float64Array, t: number, a: number, b: number, width: number, xs: number, ys: number) {
  if (xs === 0) {
    const powerOf = powersOf(m[a]);
    for (let i = 0; i < width; i++) m[t + i] = powerOf(m[b + i * ys]);
    return;
  }
  for (let i = 0; i < width; i++) m[t + i] = power(m[a + i * xs], m[b + i * ys]);
}

function minRow(m: Float64Array, t: number, a: number, b: number, width: number, xs: number, ys: number) {
  for (let i = 0; i < width; i++) m[t + i] = smallerOf(m[a + i * xs], m[b + i * ys]);
}

function maxRow(m: Float64Array, t: number, a: number, b: number, width: number, xs: number, ys: number) {
  for (let i = 0; i < width; i++) m[t + i] = largerOf(m[a + i * xs], m[b + i * ys]);
}

function lessRow(m: Float64Array, t: number, a: number, b: number, width: number, xs: number, ys: number) {
  for (let i = 0; i < width; i++) m[t + i] = m[a + i * xs] < m[b + i * ys] ? 1 : 0;
}

function lessEqualRow(
  m: Float64Array,
  t: number,
  a: number,
  b: number,
  width: number,
  xs: number,
  ys: number,
) {
  for (let i = 0; i < width; i++) m[t + i] = m[a + i * xs] <= m[b + i * ys] ? 1 : 0;
}

function greaterRow(m: Float64Array, t: number, a: number, b: number, width: number, xs: number, ys: number) {
  for (let i = 0; i < width; i++) m[t + i] = m[a + i * xs] > m[b + i * ys] ? 1 : 0;
}

function greaterEqualRow(
  m: Float64Array,
  t: number,
  a: number,
  b: number,
  width: number,
  xs: number,
  ys: number,
) {
  for (let i = 0; i < width; i++) m[t + i] = m[a + i * xs] >= m[b + i * ys] ? 1 : 0;
}

function equalRow(m: Float64Array, t: number, a: number, b: number, width: number, xs: number, ys: number) {
  for (let i = 0; i < width; i++) m[t + i] = m[a + i * xs] === m[b + i * ys] ? 1 : 0;
}

function expRow(m: Float64Array, t: number, a: number, _b: number, width: number, xs: number) {
  for (let i = 0; i < width; i++) m[t + i] = exp(m[a + i * xs]);
}

function logRow(m: Float64Array, t: number, a: number, _b: number, width: number, xs: number) {
  for (let i = 0; i < width; i++) m[t + i] = log(m[a + i * xs]);
}

function normalQuantileRow(m: Float64Array, t: number, a: number, _b: number, width: number, xs: number) {
  for (let i = 0; i < width; i++) m[t + i] = normalQuantile(m[a + i * xs]);
}

function normalCdfRow(m: Float64Array, t: number, a: number, _b: number, width: number, xs: number) {
  for (let i = 0; i < width; i++) m[t + i] = normalCdf(m[a + i * xs]);
}
