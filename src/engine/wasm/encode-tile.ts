import { ROW, TILE } from "../statistics/figures.ts";
import type { TilePlaces } from "../statistics/sift.ts";
import { RANDOM_BLOCK } from "../statistics/summary.ts";
import { Code } from "./code.ts";
import { advance } from "./elementwise.ts";
import { encodeSift } from "./encode-sift.ts";
import { encodeSort } from "./encode-sort.ts";
import { LANE_BYTES, Type, VECTOR_BYTES, Vector, Wasm } from "./instructions.ts";
import { encodeModule, type WasmFunction } from "./module.ts";

const ROW_BYTES = ROW * LANE_BYTES;

/** What a tile's module does; places are bytes. */
export type TileModule = {
  /** Copies `months` rows of `bytes` from `source`, a stride apart, to rows of the tile from `target` on. */
  readonly copyRows: (source: number, stride: number, months: number, target: number, bytes: number) => void;
  /** The same, divided by a scale. */
  readonly scaleRows: (
    source: number,
    stride: number,
    months: number,
    target: number,
    bytes: number,
    scale: number,
  ) => void;
  /** `sumRows` of `statistics/figures.ts`. */
  readonly sumRows: (source: number, months: number, target: number) => void;
  /** `sift` of `statistics/sift.ts`. */
  readonly sift: (figures: number, trials: number) => void;
  /** Sorts the `RANDOM_BLOCK` numbers at the places of values near into ascending order, behind themselves. */
  readonly sort: () => void;
  /** 1 where rows have a bit that differs in their first `bytes`, whole pairs of trials, else 0. */
  readonly haveDifference: (row: number, other: number, bytes: number) => number;
};

/** Encodes the module of a tile at these places. */
export function encodeTile(places: TilePlaces): Uint8Array<ArrayBuffer> {
  const near = places.near * LANE_BYTES;
  return encodeModule([
    encodeRows("copyRows"),
    encodeRows("scaleRows"),
    encodeSums(),
    encodeSift(places),
    encodeSort(RANDOM_BLOCK, near, near + RANDOM_BLOCK * LANE_BYTES),
    encodeDifference(),
  ]);
}

function encodeRows(name: "copyRows" | "scaleRows"): WasmFunction {
  const isScaled = name === "scaleRows";
  const integers = [Type.int32, Type.int32, Type.int32, Type.int32, Type.int32];
  const [source, stride, months, target, bytes, scale] = [0, 1, 2, 3, 4, 5];
  const at = isScaled ? 6 : 5;
  const code = new Code().open(Wasm.loop, Type.none).constant32(0).set(at).open(Wasm.loop, Type.none);
  code.get(target).get(at).op(Wasm.add32);
  code.get(source).get(at).op(Wasm.add32).vectorAccess(Vector.load, 0);
  if (isScaled) code.get(scale).vector(Vector.splat).vector(Vector.divide);
  code.vectorAccess(Vector.store, 0);
  advance(code, at, VECTOR_BYTES);
  code.get(at).get(bytes).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  code.get(source).get(stride).op(Wasm.add32).set(source);
  advance(code, target, ROW_BYTES);
  code.get(months).constant32(1).op(Wasm.subtract32).tee(months).branch(Wasm.branchIf, 0).op(Wasm.end);
  return { name, parameters: isScaled ? [...integers, Type.double] : integers, locals: [Type.int32], code };
}

function encodeSums(): WasmFunction {
  const [source, months, target, end, at, left, sum] = [0, 1, 2, 3, 4, 5, 6];
  const code = new Code()
    .get(target)
    .constant32(TILE * LANE_BYTES)
    .op(Wasm.add32)
    .set(end);
  code.open(Wasm.loop, Type.none);
  code.get(source).tee(at).vectorAccess(Vector.load, 0).set(sum);
  code.get(months).constant32(1).op(Wasm.subtract32).set(left);
  code.open(Wasm.loop, Type.none);
  advance(code, at, ROW_BYTES);
  code.get(sum).get(at).vectorAccess(Vector.load, 0).vector(Vector.add).set(sum);
  code.get(left).constant32(1).op(Wasm.subtract32).tee(left).branch(Wasm.branchIf, 0).op(Wasm.end);
  code.get(target).get(sum).vectorAccess(Vector.store, 0);
  advance(code, source, VECTOR_BYTES);
  advance(code, target, VECTOR_BYTES);
  code.get(target).get(end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  return {
    name: "sumRows",
    parameters: [Type.int32, Type.int32, Type.int32],
    locals: [Type.int32, Type.int32, Type.int32, Type.vector],
    code,
  };
}

function encodeDifference(): WasmFunction {
  const [row, other, bytes, end, different] = [0, 1, 2, 3, 4];
  const code = new Code().get(row).get(bytes).op(Wasm.add32).set(end);
  code.open(Wasm.loop, Type.none);
  code.get(row).vectorAccess(Vector.load, 0).get(other).vectorAccess(Vector.load, 0).vector(Vector.xor);
  code.get(different).vector(Vector.or).set(different);
  advance(code, row, VECTOR_BYTES);
  advance(code, other, VECTOR_BYTES);
  code.get(row).get(end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  code.get(different).vector(Vector.anyTrue);
  return {
    name: "haveDifference",
    parameters: [Type.int32, Type.int32, Type.int32],
    results: [Type.int32],
    locals: [Type.int32, Type.vector],
    code,
  };
}
