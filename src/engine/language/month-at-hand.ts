import { LANE_BYTES, Type, Vector, Wasm } from "../wasm/instructions.ts";
import type { FunctionWriter } from "./function-writer.ts";

/** Locals that say where the code of a kernel stands: the month at hand, and the pair of trials. */
export class MonthAtHand {
  readonly month: number;
  readonly trial: number;
  /** Bytes from a column's first number to the pair's of this month, and of the month before. */
  readonly row: number;
  readonly rowBefore: number;
  /** The month as a number, and whether it is not the window's first. */
  readonly vector: number;
  readonly isNotFirst: number;
  readonly rowBytes: number;
  readonly #writer: FunctionWriter;

  constructor(writer: FunctionWriter, blockSize: number) {
    this.#writer = writer;
    this.rowBytes = blockSize * LANE_BYTES;
    this.month = writer.local(Type.int32);
    this.trial = writer.local(Type.int32);
    this.row = writer.local(Type.int32);
    this.rowBefore = writer.local(Type.int32);
    this.vector = writer.local(Type.vector);
    this.isNotFirst = writer.local(Type.vector);
  }

  /** Computes the other locals from those of the month and the trial. */
  start(): void {
    const { code } = this.#writer;
    code.get(this.month).op(Wasm.doubleOf32).vector(Vector.splat).set(this.vector);
    code.get(this.vector).constantVector(0).vector(Vector.notEqual).set(this.isNotFirst);
    code.get(this.month).constant32(this.rowBytes).op(Wasm.multiply32);
    code.get(this.trial).op(Wasm.add32).set(this.row);
    // In the first month the row itself, whose numbers `isNotFirst` then hides.
    code.get(this.row).constant32(-this.rowBytes).constant32(0).get(this.month);
    code.op(Wasm.select).op(Wasm.add32).set(this.rowBefore);
  }
}
