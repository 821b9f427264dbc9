import { Code } from "./code.ts";
import { advance } from "./elementwise.ts";
import { Type, VECTOR_BYTES, Vector, Wasm } from "./instructions.ts";
import type { WasmFunction } from "./module.ts";

/** Vectors that a step holds at once: with one to compare by, they fit the registers of a processor. */
const HELD = 8;

/** A sorting network of eight: comparisons by place, the smaller value to the first. */
const EIGHT = "02 13 46 57 04 15 26 37 01 23 45 67 24 35 14 36 12 34 56";

/** Steps that compare vectors half of a power of two apart, a quarter … and beside each other. */
const stepsOver = (length: number): number => 31 - Math.clz32(length);

/**
 * Encodes a function that sorts `count` numbers from the address `source` on, and leaves them from `target` on; those at
 * `source` are overwritten. `count` is 2 x 8^n, such as 1,024; no number is NaN.
 *
 * A bitonic network: no step depends on the numbers, so that nothing is mispredicted. The two lanes hold a half of the numbers
 * each, sorted beside each other and merged at last. Steps go together as long as their vectors fit registers.
 *
 * Source: K. E. Batcher, "Sorting networks and their applications", AFIPS Spring Joint Computer Conference 32 (1968) 307.
 */
export function encodeSort(count: number, source: number, target: number): WasmFunction {
  const vectors = count / 2;
  const end = source + vectors * VECTOR_BYTES;
  const [block, up, down, stop] = [0, 1, 2, 3];
  const held = Array.from({ length: HELD }, (_, index) => 4 + index);
  const code = new Code();
  /** Loads vectors a distance apart from a pointer on, and stores them. */
  const load = (pointer: number, distance: number, locals: readonly number[]): void => {
    for (const [index, local] of locals.entries())
      code
        .get(pointer)
        .vectorAccess(Vector.load, index * distance * VECTOR_BYTES)
        .set(local);
  };
  const store = (pointer: number, distance: number, locals: readonly number[]): void => {
    for (const [index, local] of locals.entries())
      code
        .get(pointer)
        .get(local)
        .vectorAccess(Vector.store, index * distance * VECTOR_BYTES);
  };
  /** Of two equal numbers, such as 0 and -0, each stays one of the two. */
  const compare = (first: number, second: number): void => {
    code.get(first).get(second).vector(Vector.pseudoMin).get(second).get(first).vector(Vector.pseudoMax);
    code.set(second).set(first);
  };
  /** Comparisons over half, a quarter … of the locals, which stand in the order of their places. */
  const clean = (locals: readonly number[]): void => {
    for (let apart = locals.length / 2; apart >= 1; apart /= 2) {
      for (const [index, local] of locals.entries())
        if ((index & apart) === 0) compare(local, locals[index + apart]);
    }
  };
  /** The body for each block of so many vectors. */
  const eachBlock = (length: number, body: () => void): void => {
    code.constant32(source).set(block).open(Wasm.loop, Type.none);
    body();
    advance(code, block, length * VECTOR_BYTES);
    code.get(block).constant32(end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  };
  /** The body for each of so many vectors from the block's begin on, at `up`. */
  const eachVector = (length: number, body: () => void): void => {
    code
      .get(block)
      .tee(up)
      .constant32(length * VECTOR_BYTES)
      .op(Wasm.add32)
      .set(stop);
    code.open(Wasm.loop, Type.none);
    body();
    advance(code, up, VECTOR_BYTES);
    code.get(up).get(stop).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  };
  /** Compares each vector of sorted halves of a block with its mirror image, and goes on over a quarter … as far as held ones reach. */
  const mirror = (length: number, pairs: number): void => {
    const apart = length / 2 / pairs;
    const [lower, upper] = [held.slice(0, pairs), held.slice(pairs, 2 * pairs)];
    eachBlock(length, () => {
      code
        .get(block)
        .constant32((length - 1 - (pairs - 1) * apart) * VECTOR_BYTES)
        .op(Wasm.add32)
        .set(down);
      eachVector(apart, () => {
        load(up, apart, lower);
        load(down, apart, upper);
        for (const [index, local] of lower.entries()) compare(local, upper[pairs - 1 - index]);
        clean(lower);
        clean(upper);
        store(up, apart, lower);
        store(down, apart, upper);
        advance(code, down, -VECTOR_BYTES);
      });
    });
  };
  /** Comparisons over 4, 2 and 1 times a distance. */
  const cleanBlocks = (apart: number): void => {
    eachBlock(HELD * apart, () => {
      const body = (pointer: number): void => {
        load(pointer, apart, held);
        clean(held);
        store(pointer, apart, held);
      };
      if (apart === 1) body(block);
      else eachVector(apart, () => body(up));
    });
  };
  /** Compares the first lane with the mirror image of the second. */
  const mirrorLanes = (): void => {
    const [low, high, x, y] = held;
    code
      .constant32(source)
      .set(block)
      .constant32(end - VECTOR_BYTES)
      .set(down);
    eachVector(vectors / 2, () => {
      load(up, 0, [low]);
      load(down, 0, [high]);
      // First lanes beside each other, and second lanes the other way round.
      shuffle(code, low, high, 0, 2);
      code.set(x);
      shuffle(code, high, low, 1, 3);
      code.set(y);
      compare(x, y);
      shuffle(code, x, y, 0, 3);
      code.set(low);
      shuffle(code, x, y, 1, 2);
      code.set(high);
      store(up, 0, [low]);
      store(down, 0, [high]);
      advance(code, down, -VECTOR_BYTES);
    });
  };
  /** The last three steps, and the lanes one behind the other. */
  const finish = (): void => {
    const [first, second] = [0, vectors * (VECTOR_BYTES / 2)];
    code.constant32(target).set(up);
    eachBlock(HELD, () => {
      load(block, 1, held);
      clean(held);
      for (let index = 0; index < HELD; index += 2) {
        for (const [lane, place] of [first, second].entries()) {
          code.get(up);
          shuffle(code, held[index], held[index + 1], lane, 2 + lane);
          code.vectorAccess(Vector.store, place + (index / 2) * VECTOR_BYTES);
        }
      }
      advance(code, up, (HELD / 2) * VECTOR_BYTES);
    });
  };

  eachBlock(HELD, () => {
    load(block, 1, held);
    for (const [first, second] of EIGHT.split(" ")) compare(held[Number(first)], held[Number(second)]);
    store(block, 1, held);
  });
  for (let length = 2 * HELD; length <= vectors; length *= 2) {
    // Steps behind the mirror are done in threes, so that it takes one or two of them along, or none.
    const steps = stepsOver(length) - 1;
    mirror(length, 1 << (steps % 3));
    for (let left = steps - (steps % 3); left > 0; left -= 3) cleanBlocks(1 << (left - 3));
  }
  mirrorLanes();
  for (let left = stepsOver(vectors); left > 3; left -= 3) cleanBlocks(1 << (left - 3));
  finish();
  const locals = [Type.int32, Type.int32, Type.int32, Type.int32, ...held.map(() => Type.vector)];
  return { name: "sort", locals, code };
}

/** Puts two lanes, 0 and 1 of the first and 2 and 3 of the second, into one vector. */
function shuffle(code: Code, first: number, second: number, low: number, high: number): void {
  code.get(first).get(second).vector(Vector.shuffle);
  for (const lane of [low, high]) for (let byte = 0; byte < 8; byte++) code.op(8 * lane + byte);
}
