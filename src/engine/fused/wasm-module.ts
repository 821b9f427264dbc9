/**
 * The few parts of the WebAssembly binary format that a module of plain loops needs.
 *
 * Source: WebAssembly Core Specification 2.0, chapter 5 (binary format), with the vector instructions.
 */
export const Wasm = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  localGet: 0x20,
  localSet: 0x21,
  constant32: 0x41,
  less32: 0x49,
  add32: 0x6a,
  noResult: 0x40,
  functionType: 0x60,
  int32: 0x7f,
  vector: 0x7b,
} as const;

/** Vector instructions: codes behind `vectorPrefix`. Lanes are two doubles. */
export const Vector = {
  load: 0x00,
  loadSplat: 0x0a,
  store: 0x0b,
  constant: 0x0c,
  equal: 0x47,
  notEqual: 0x48,
  less: 0x49,
  greater: 0x4a,
  lessEqual: 0x4b,
  greaterEqual: 0x4c,
  and: 0x4e,
  andNot: 0x4f,
  or: 0x50,
  choose: 0x52,
  ceil: 0x74,
  floor: 0x75,
  abs: 0xec,
  negate: 0xed,
  sqrt: 0xef,
  add: 0xf0,
  subtract: 0xf1,
  multiply: 0xf2,
  divide: 0xf3,
} as const;

const vectorPrefix = 0xfd;

/** Bytes of a vector, and of one of its lanes; the powers of two by which loads of them are aligned. */
export const VECTOR_BYTES = 16;
export const LANE_BYTES = 8;
const laneAlignment = 3;

const Section = { type: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;

/** An unsigned number, seven bits a byte. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

/** `i32.const` of a number that is not negative: its sign bit must be 0. */
export function constant32(value: number): number[] {
  const bytes = unsigned(value);
  const last = bytes.length - 1;
  if (bytes[last] >= 0x40) {
    bytes[last] |= 0x80;
    bytes.push(0);
  }
  return [Wasm.constant32, ...bytes];
}

/** A vector instruction without operands of its own. */
export function vector(code: number): number[] {
  return [vectorPrefix, ...unsigned(code)];
}

/** A load or store at the address on the stack plus an offset in bytes. */
export function vectorAccess(code: number, offset: number): number[] {
  return [...vector(code), laneAlignment, ...unsigned(offset)];
}

/** Both lanes the same number. */
export function vectorConstant(value: number): number[] {
  const bytes = new Uint8Array(Float64Array.of(value, value).buffer);
  return [...vector(Vector.constant), ...bytes];
}

/** A function without parameters and results: numbers of 32-bit and vector locals, and its instructions. */
export type WasmFunction = {
  readonly name: string;
  readonly int32Locals: number;
  readonly vectorLocals: number;
  readonly code: readonly number[];
};

/** A module that imports `engine.memory` and exports its functions by name. */
export function encodeModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const bodies = functions.map(({ int32Locals, vectorLocals, code }) => {
    const locals = [
      [int32Locals, Wasm.int32],
      [vectorLocals, Wasm.vector],
    ].filter(([count]) => count > 0);
    const body = [
      ...unsigned(locals.length),
      ...locals.flatMap(([count, type]) => [...unsigned(count), type]),
    ];
    return concatenate([unsigned(body.length + code.length + 1), body, code, [Wasm.end]]);
  });
  return Uint8Array.from(
    concatenate([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(Section.type, [[Wasm.functionType, 0, 0]]),
      section(Section.imports, [[...text("engine"), ...text("memory"), 2, 0, 0]]),
      section(
        Section.functions,
        functions.map(() => [0]),
      ),
      section(
        Section.exports,
        functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]),
      ),
      section(Section.code, bodies),
    ]),
  );
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = concatenate([unsigned(entries.length), ...entries]);
  return concatenate([[id], unsigned(content.length), content]);
}

function text(name: string): number[] {
  return [...unsigned(name.length), ...Array.from(name, (letter) => letter.charCodeAt(0))];
}

/** Bodies are too long to be spread as arguments. */
function concatenate(parts: readonly (readonly number[])[]): number[] {
  const all: number[] = [];
  for (const part of parts) for (const byte of part) all.push(byte);
  return all;
}
