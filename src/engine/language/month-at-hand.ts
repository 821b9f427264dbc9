import { LANE_BYTES, Type, VECTOR_BYTES, Vector, Wasm } from "../wasm/instructions.ts";
import type { FunctionWriter } from "./function-writer.ts";

/** Locals that say where the code of a kernel stands: the month at hand, and the trials. */
export class MonthAtHand {
  readonly month: number;
  readonly trial: number;
  /** Bytes from the first number of a month vector to that of this month. */
  readonly monthBytes: number;
  /** Bytes from a column's first number to the pair's of this month, and of the month before. */
  readonly row: number;
  readonly rowBefore: number;
  /** The month as a number, and whether it is not the window's first. */
  readonly vector: number;
  readonly isNotFirst: number;
  readonly rowBytes: number;
  /** Pairs of trials that the code computes side by side, and the one that is being written. */
  readonly pairs: readonly number[];
  pair = 0;
  readonly #writer: FunctionWriter;

  constructor(writer: FunctionWriter, blockSize: number, pairCount: number) {
    this.#writer = writer;
    this.rowBytes = blockSize * LANE_BYTES;
    this.pairs = Array.from({ length: pairCount }, (_, pair) => pair);
    this.month = writer.local(Type.int32);
    this.trial = writer.local(Type.int32);
    this.monthBytes = writer.local(Type.int32);
    this.row = writer.local(Type.int32);
    this.rowBefore = writer.local(Type.int32);
    this.vector = writer.local(Type.vector);
    this.isNotFirst = writer.local(Type.vector);
  }

  /** Bytes from the first pair's numbers to those of the pair that is being written. */
  get pairBytes(): number {
    return this.pair * VECTOR_BYTES;
  }

  /** Writes code for one pair after the other. */
  eachPair(body: () => void): void {
    for (const pair of this.pairs) {
      this.pair = pair;
      body();
    }
    this.pair = 0;
  }

  /** Computes the other locals from those of the month and the trial. */
  start(): void {
    const { code } = this.#writer;
    code.get(this.month).op(Wasm.doubleOf32).vector(Vector.splat).set(this.vector);
    code.get(this.vector).constantVector(0).vector(Vector.notEqual).set(this.isNotFirst);
    code.get(this.month).constant32(LANE_BYTES).op(Wasm.multiply32).set(this.monthBytes);
    code.get(this.month).constant32(this.rowBytes).op(Wasm.multiply32);
    code.get(this.trial).op(Wasm.add32).set(this.row);
    // In the first month the row itself, whose numbers `isNotFirst` then hides.
    code.get(this.row).constant32(-this.rowBytes).constant32(0).get(this.month);
    code.op(Wasm.select).op(Wasm.add32).set(this.rowBefore);
  }
}
