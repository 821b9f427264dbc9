import type { EncodedBlocks } from "../fused/encode-blocks.ts";
import { STRIP, TILE } from "../statistics/figures.ts";
import type { TilePlaces } from "../statistics/sift.ts";
import { RANDOM_BLOCK } from "../statistics/summary.ts";
import { Code } from "./code.ts";
import { advance } from "./elementwise.ts";
import { encodeSift } from "./encode-sift.ts";
import { encodeSort } from "./encode-sort.ts";
import { encodeCount, encodeKeepWithin } from "./encode-values.ts";
import { LANE_BYTES, Type, VECTOR_BYTES, Vector, Wasm } from "./instructions.ts";
import { encodeModule, type WasmFunction } from "./module.ts";

/** Bytes of a row in one strip. */
const ROW_BYTES = STRIP * LANE_BYTES;

/** What a tile's module does; places are bytes. */
export type TileModule = {
  /** Simulates so many trials, whose uniforms stand at their places, into the rows of the tile. */
  readonly simulate: (trials: number) => void;
  /** `sumRows` of `statistics/figures.ts`, of all strips. */
  readonly sumRows: (source: number, months: number, target: number) => void;
  /** `countRows` of it. */
  readonly countRows: (source: number, months: number, target: number, code: number) => void;
  /** Copies the rows of figures `first` to before `end` to the places of values near, one behind the other, as `readRows` of `statistics/sift.ts`. */
  readonly readRows: (first: number, end: number) => void;
  /** `sift` of `statistics/sift.ts`. */
  readonly sift: (first: number, end: number, trials: number, nearStart: number) => number;
  /** Sorts the `RANDOM_BLOCK` numbers at the places of values near into ascending order, behind themselves. */
  readonly sort: () => void;
  /** `HeldValues` of `statistics/held-values.ts`, of numbers at the places of values near. */
  readonly countBelow: (count: number, number: number) => number;
  readonly countThrough: (count: number, number: number) => number;
  readonly keepWithin: (count: number, low: number, high: number) => number;
  /** 1 where rows have a bit that differs in their first `bytes`, whole pairs of trials, else 0. */
  readonly haveDifference: (row: number, other: number, bytes: number) => number;
};

/** Encodes the module of a tile at these places, with what simulates its blocks. */
export function encodeTile(
  places: TilePlaces,
  { imports, functions }: EncodedBlocks,
): Uint8Array<ArrayBuffer> {
  const near = places.near * LANE_BYTES;
  return encodeModule(
    [
      ...functions,
      encodeMonths("sumRows", places),
      encodeMonths("countRows", places),
      encodeReadRows(places),
      encodeSift(places),
      encodeSort(RANDOM_BLOCK, near, near + RANDOM_BLOCK * LANE_BYTES),
      encodeDifference(places),
      encodeCount("countBelow", near),
      encodeCount("countThrough", near),
      encodeKeepWithin(near),
    ],
    { imports },
  );
}

/** `sumRows`, or `countRows`, of all strips. */
function encodeMonths(name: "sumRows" | "countRows", { strip }: TilePlaces): WasmFunction {
  const isCount = name === "countRows";
  const [source, months, target, value] = [0, 1, 2, 3];
  const [end, at, left, strips, sum, wanted] = [0, 1, 2, 3, 4, 5].map((local) => local + (isCount ? 4 : 3));
  const code = new Code().constant32(TILE / STRIP).set(strips);
  if (isCount) code.get(value).vector(Vector.splat).set(wanted);
  const load = (): void => {
    code.get(at).vectorAccess(Vector.load, 0);
    if (isCount) code.get(wanted).vector(Vector.equal).constantVector(1).vector(Vector.and);
  };
  code.open(Wasm.loop, Type.none);
  code.get(target).constant32(ROW_BYTES).op(Wasm.add32).set(end);
  code.open(Wasm.loop, Type.none).get(source).set(at);
  load();
  code.set(sum).get(months).constant32(1).op(Wasm.subtract32).tee(left).open(Wasm.if, Type.none);
  code.open(Wasm.loop, Type.none);
  advance(code, at, ROW_BYTES);
  code.get(sum);
  load();
  code.vector(Vector.add).set(sum);
  code.get(left).constant32(1).op(Wasm.subtract32).tee(left).branch(Wasm.branchIf, 0);
  code.op(Wasm.end).op(Wasm.end);
  code.get(target).get(sum).vectorAccess(Vector.store, 0);
  advance(code, source, VECTOR_BYTES);
  advance(code, target, VECTOR_BYTES);
  code.get(target).get(end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  advance(code, source, strip * LANE_BYTES - ROW_BYTES);
  advance(code, target, strip * LANE_BYTES - ROW_BYTES);
  code.get(strips).constant32(1).op(Wasm.subtract32).tee(strips).branch(Wasm.branchIf, 0).op(Wasm.end);
  const integers = [Type.int32, Type.int32, Type.int32];
  return {
    name,
    parameters: isCount ? [...integers, Type.double] : integers,
    locals: [...integers, Type.int32, Type.vector, ...(isCount ? [Type.vector] : [])],
    code,
  };
}

function encodeReadRows({ figures, strip, near }: TilePlaces): WasmFunction {
  const [first, end, row, target, left, x] = [0, 1, 2, 3, 4, 5];
  const code = new Code().constant32(near * LANE_BYTES).set(target);
  const tableAt = (figure: number): Code =>
    code
      .get(figure)
      .constant32(LANE_BYTES)
      .op(Wasm.multiply32)
      .constant32(figures * LANE_BYTES)
      .op(Wasm.add32);
  tableAt(end).set(end);
  tableAt(first).set(first);
  code.open(Wasm.loop, Type.none);
  code.get(first).doubleAccess(Wasm.loadDouble, 0).truncate().set(row);
  code
    .constant32(TILE / STRIP)
    .set(left)
    .open(Wasm.loop, Type.none);
  for (let at = 0; at < ROW_BYTES; at += VECTOR_BYTES) {
    code.get(target).get(row).vectorAccess(Vector.load, at).tee(x);
    code.constantVector(Number.POSITIVE_INFINITY).get(x).get(x).vector(Vector.equal).vector(Vector.choose);
    code.vectorAccess(Vector.store, at);
  }
  advance(code, row, strip * LANE_BYTES);
  advance(code, target, ROW_BYTES);
  code.get(left).constant32(1).op(Wasm.subtract32).tee(left).branch(Wasm.branchIf, 0).op(Wasm.end);
  advance(code, first, LANE_BYTES);
  code.get(first).get(end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  return {
    name: "readRows",
    parameters: [Type.int32, Type.int32],
    locals: [Type.int32, Type.int32, Type.int32, Type.vector],
    code,
  };
}

function encodeDifference({ strip }: TilePlaces): WasmFunction {
  const [row, other, bytes, end, different] = [0, 1, 2, 3, 4];
  const code = new Code().open(Wasm.loop, Type.none);
  code
    .constant32(ROW_BYTES)
    .get(bytes)
    .get(bytes)
    .constant32(ROW_BYTES)
    .op(Wasm.greaterEqual32)
    .op(Wasm.select);
  code.get(row).op(Wasm.add32).set(end).open(Wasm.loop, Type.none);
  code.get(row).vectorAccess(Vector.load, 0).get(other).vectorAccess(Vector.load, 0).vector(Vector.xor);
  code.get(different).vector(Vector.or).set(different);
  advance(code, row, VECTOR_BYTES);
  advance(code, other, VECTOR_BYTES);
  code.get(row).get(end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  advance(code, row, strip * LANE_BYTES - ROW_BYTES);
  advance(code, other, strip * LANE_BYTES - ROW_BYTES);
  advance(code, bytes, -ROW_BYTES);
  code.constant32(0).get(bytes).op(Wasm.lessSigned32).branch(Wasm.branchIf, 0).op(Wasm.end);
  code.get(different).vector(Vector.anyTrue);
  return {
    name: "haveDifference",
    parameters: [Type.int32, Type.int32, Type.int32],
    results: [Type.int32],
    locals: [Type.int32, Type.vector],
    code,
  };
}
