import { FURTHER_PREFIX, Further, type ValueType, VECTOR_PREFIX, Vector, Wasm } from "./instructions.ts";

/** Powers of two by which loads and stores are aligned. */
const LANE_ALIGNMENT = 3;
const ALIGNMENT_32 = 2;

const LEAST_ROOM = 256;

/**
 * Bytes of code, which grow as instructions are written. Methods give the code back, so that instructions stand in a row as
 * they run: `code.get(x).get(y).vector(Vector.add).set(z)`.
 */
export class Code {
  private bytes = new Uint8Array(LEAST_ROOM);
  private end = 0;

  get length(): number {
    return this.end;
  }

  /** What was written so far; later instructions may overwrite it. */
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.end);
  }

  /** One byte: an instruction without operands, or a part of one. */
  op(byte: number): this {
    if (this.end === this.bytes.length) this.makeRoom(1);
    this.bytes[this.end++] = byte;
    return this;
  }

  append(bytes: ArrayLike<number>): this {
    this.makeRoom(bytes.length);
    this.bytes.set(bytes, this.end);
    this.end += bytes.length;
    return this;
  }

  /** A number that is not negative, seven bits a byte. */
  unsigned(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.op((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.op(rest);
  }

  get(local: number): this {
    return this.op(Wasm.localGet).unsigned(local);
  }

  set(local: number): this {
    return this.op(Wasm.localSet).unsigned(local);
  }

  tee(local: number): this {
    return this.op(Wasm.localTee).unsigned(local);
  }

  call(index: number): this {
    return this.op(Wasm.call).unsigned(index);
  }

  constant32(value: number): this {
    this.op(Wasm.constant32);
    let rest = value | 0;
    while (rest < -0x40 || rest >= 0x40) {
      this.op((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    return this.op(rest & 0x7f);
  }

  constantDouble(value: number): this {
    return this.op(Wasm.constantDouble).append(new Uint8Array(Float64Array.of(value).buffer));
  }

  /** Opens a block, loop or condition that leaves a value of the type, or none. */
  open(instruction: number, type: ValueType | 0x40): this {
    return this.op(instruction).op(type);
  }

  /** A branch to the block so many further out. */
  branch(instruction: number, depth: number): this {
    return this.op(instruction).unsigned(depth);
  }

  /** A vector instruction without operands of its own. */
  vector(code: number): this {
    return this.op(VECTOR_PREFIX).unsigned(code);
  }

  /** A vector instruction on one lane. */
  lane(code: number, lane: number): this {
    return this.vector(code).op(lane);
  }

  /** Both lanes the same number. */
  constantVector(value: number): this {
    const pair = new Uint8Array(Float64Array.of(value, value).buffer);
    return this.vector(Vector.constant).append(pair);
  }

  /** A load or store of a vector, or of one lane to both, at the address on the stack plus an offset in bytes. */
  vectorAccess(code: number, offset: number): this {
    return this.vector(code).op(LANE_ALIGNMENT).unsigned(offset);
  }

  /** A load or store of one lane of a vector that stays as it is otherwise. */
  laneAccess(code: number, offset: number, lane: number): this {
    return this.vectorAccess(code, offset).op(lane);
  }

  /** A load or store of a double. */
  doubleAccess(code: number, offset: number): this {
    return this.op(code).op(LANE_ALIGNMENT).unsigned(offset);
  }

  /** A load or store of 32 bits. */
  access32(code: number, offset: number): this {
    return this.op(code).op(ALIGNMENT_32).unsigned(offset);
  }

  /** The double on the stack as a whole number of 32 bits, the nearest one if it is out of their range. */
  truncate(): this {
    return this.op(FURTHER_PREFIX).unsigned(Further.truncateDouble32);
  }

  /** Sets memory: address, byte and length stand on the stack. */
  fillMemory(): this {
    return this.op(FURTHER_PREFIX).unsigned(Further.fillMemory).op(0);
  }

  private makeRoom(count: number): void {
    if (this.end + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.end + count, 2 * this.bytes.length));
    larger.set(this.written);
    this.bytes = larger;
  }
}
