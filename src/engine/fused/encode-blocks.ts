import { HEADER, Opcode } from "../operations/opcode.ts";
import { type Plan, Shape } from "../plan/plan.ts";
import { STRIP, TILE } from "../statistics/figures.ts";
import { COLUMN, type TilePlaces } from "../statistics/sift.ts";
import type { TileLayout } from "../statistics/tile.ts";
import { Code } from "../wasm/code.ts";
import { advance } from "../wasm/elementwise.ts";
import { LANE_BYTES, Type, VECTOR_BYTES, Vector, Wasm } from "../wasm/instructions.ts";
import type { WasmFunction, WasmImport } from "../wasm/module.ts";

/** A function that computes the instructions from `start` to before `end`; one of checks says with 0 that one of them fails. */
export type PlanFunction = { readonly name: string; readonly start: number; readonly end: number };

/** The functions that simulate the blocks of a tile, and those that they import; only the last one is called from outside. */
export type EncodedBlocks = {
  readonly imports: readonly WasmImport[];
  readonly functions: readonly WasmFunction[];
};

/** What WebAssembly cannot compute is executed outside: an instruction, by its place, of the block that begins with a trial. */
const EXECUTE = { name: "execute", parameters: [Type.int32, Type.int32], results: [] } as const;

/**
 * Columns whose values a block gives to rows of the tile, in the order of the program. Those that are the same in all trials stand in
 * their rows from the start.
 */
export function columnsByTrial(
  { program, columns, shapes }: Plan,
  { columnRows }: TileLayout,
): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < program.length; at += HEADER + program[at + 1]) {
    const column = program[at + HEADER];
    if (program[at] !== Opcode.emit || columnRows[column] < 0) continue;
    if (shapes[columns[column].register] >= Shape.trial) found.push(column);
  }
  return found;
}

/**
 * Encodes a function that simulates the trials of a tile: block by block, it takes their uniforms, goes through the program and copies
 * what columns give into the tile's rows. The module that it stands in has `imports` in front of its functions.
 *
 * Fails: never, for a Plan that was compiled.
 *
 * @param functions what computes the program, all but single instructions
 */
export function encodeBlocks(
  plan: Plan,
  layout: TileLayout,
  functions: readonly PlanFunction[],
  places: TilePlaces,
  blockSize: number,
): EncodedBlocks {
  const { program } = plan;
  const imports: readonly WasmImport[] = [
    EXECUTE,
    ...functions.map(({ name, start }) => {
      return { name, parameters: [], results: program[start] === Opcode.check ? [Type.int32] : [] };
    }),
  ];
  const copyColumns = imports.length;
  const byStart = new Map(functions.map((one, index) => [one.start, { ...one, index: index + 1 }]));
  const copied = new Set(columnsByTrial(plan, layout));
  const [trials, start, strip] = [0, 1, 2];
  const code = new Code().open(Wasm.loop, Type.none);
  code.get(start).constant32(STRIP).op(Wasm.divide32);
  code.constant32(places.strip * LANE_BYTES).op(Wasm.multiply32);
  code
    .get(start)
    .constant32(STRIP - 1)
    .op(Wasm.and32);
  code.constant32(LANE_BYTES).op(Wasm.multiply32).op(Wasm.add32).set(strip);
  writeInputs(code, plan, places, blockSize, start);
  let copiedBefore = 0;
  for (let at = 0; at < program.length; ) {
    const known = byStart.get(at);
    if (known) {
      code.call(known.index);
      if (program[at] === Opcode.check) {
        code.op(Wasm.isZero32).open(Wasm.if, Type.none);
        for (; at < known.end; at += HEADER + program[at + 1]) code.constant32(at).get(start).call(0);
        code.op(Wasm.end);
      }
      at = known.end;
    } else if (program[at] === Opcode.emit) {
      let count = 0;
      for (; program[at] === Opcode.emit; at += HEADER + program[at + 1])
        if (copied.has(program[at + HEADER])) count++;
      if (count === 0) continue;
      const tableAt = (index: number) => (places.columns + index * COLUMN) * LANE_BYTES;
      code.constant32(tableAt(copiedBefore)).constant32(tableAt(copiedBefore + count));
      code.get(strip).call(copyColumns);
      copiedBefore += count;
    } else {
      code.constant32(at).get(start).call(0);
      at += HEADER + program[at + 1];
    }
  }
  advance(code, start, blockSize);
  code.get(start).get(trials).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  const simulate: WasmFunction = {
    name: "simulate",
    parameters: [Type.int32],
    locals: [Type.int32, Type.int32, Type.int32, Type.int32, Type.int32],
    code,
  };
  return { imports, functions: [encodeCopyColumns(blockSize), simulate] };
}

/** Copies the uniforms of the block that begins with trial `start` to the registers of their variables. */
function writeInputs(
  code: Code,
  { variables }: Plan,
  { inputs, variables: table }: TilePlaces,
  blockSize: number,
  start: number,
): void {
  if (variables.length === 0) return;
  const [pointer, source, target] = [3, 4, 5];
  code.constant32(table * LANE_BYTES).set(pointer);
  code.get(start).constant32(LANE_BYTES).op(Wasm.multiply32);
  code
    .constant32(inputs * LANE_BYTES)
    .op(Wasm.add32)
    .set(source);
  code.open(Wasm.loop, Type.none);
  code.get(pointer).doubleAccess(Wasm.loadDouble, 0).truncate().set(target);
  for (let at = 0; at < blockSize * LANE_BYTES; at += VECTOR_BYTES)
    code.get(target).get(source).vectorAccess(Vector.load, at).vectorAccess(Vector.store, at);
  advance(code, source, TILE * LANE_BYTES);
  advance(code, pointer, LANE_BYTES);
  code
    .get(pointer)
    .constant32((table + variables.length) * LANE_BYTES)
    .op(Wasm.less32);
  code.branch(Wasm.branchIf, 0).op(Wasm.end);
}

/** Copies the columns of a part of the table from a block to the rows of the strip that begins so many bytes behind the first one. */
function encodeCopyColumns(blockSize: number): WasmFunction {
  const [from, end, strip, source, stride, months, target, scale] = [0, 1, 2, 3, 4, 5, 6, 7];
  const code = new Code().open(Wasm.loop, Type.none);
  const field = (index: number): Code => code.get(from).doubleAccess(Wasm.loadDouble, index * LANE_BYTES);
  for (const [index, local] of [source, stride, months, target].entries()) field(index).truncate().set(local);
  code.get(target).get(strip).op(Wasm.add32).set(target);
  field(4).tee(scale).constantDouble(1).op(Wasm.equalDouble).open(Wasm.if, Type.none);
  const copy = (isScaled: boolean): void => {
    code.open(Wasm.loop, Type.none);
    for (let at = 0; at < blockSize * LANE_BYTES; at += VECTOR_BYTES) {
      code.get(target).get(source).vectorAccess(Vector.load, at);
      if (isScaled) code.get(scale).vector(Vector.splat).vector(Vector.divide);
      code.vectorAccess(Vector.store, at);
    }
    code.get(source).get(stride).op(Wasm.add32).set(source);
    advance(code, target, STRIP * LANE_BYTES);
    code.get(months).constant32(1).op(Wasm.subtract32).tee(months).branch(Wasm.branchIf, 0).op(Wasm.end);
  };
  copy(false);
  code.op(Wasm.else);
  copy(true);
  code.op(Wasm.end);
  advance(code, from, COLUMN * LANE_BYTES);
  code.get(from).get(end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end);
  const integers = [Type.int32, Type.int32, Type.int32];
  return { parameters: integers, locals: [...integers, Type.int32, Type.double], code };
}
