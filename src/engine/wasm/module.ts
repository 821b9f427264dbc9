import { Code } from "./code.ts";
import { Type, type ValueType, Wasm } from "./instructions.ts";

/** A function of a module. */
export type WasmFunction = {
  /** By which it is exported, if it is. */
  readonly name?: string;
  readonly parameters?: readonly ValueType[];
  readonly results?: readonly ValueType[];
  /** Types of the locals behind the parameters. */
  readonly locals: readonly ValueType[];
  /** Instructions, without the end of the function. */
  readonly code: Code;
};

/** A function that a module imports from `engine`. */
export type WasmImport = {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
};

const Section = { type: 1, imports: 2, functions: 3, globals: 6, exports: 7, code: 10 } as const;
const FUNCTION_TYPE = 0x60;
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * A module that imports `engine.memory` and functions, and exports its own that are named. `call` takes a function's place among those
 * that are imported and its own behind them.
 *
 * @param globals numbers that functions read by their places, as vectors whose lanes are both that number
 */
export function encodeModule(
  functions: readonly WasmFunction[],
  {
    globals = [],
    imports = [],
  }: { readonly globals?: readonly number[]; readonly imports?: readonly WasmImport[] } = {},
): Uint8Array<ArrayBuffer> {
  const types = new Map<string, { readonly index: number; readonly code: Code }>();
  const typeOf = ({ parameters = [], results = [] }: WasmFunction | WasmImport): number => {
    const key = `${parameters} ${results}`;
    const known = types.get(key);
    if (known) return known.index;
    const code = new Code().op(FUNCTION_TYPE).unsigned(parameters.length).append(parameters);
    code.unsigned(results.length).append(results);
    types.set(key, { index: types.size, code });
    return types.size - 1;
  };
  const importIndices = imports.map(typeOf);
  const typeIndices = functions.map(typeOf);
  const exported = [...functions.entries()].filter(([, { name }]) => name !== undefined);
  const module = new Code().append(MAGIC);
  appendSection(
    module,
    Section.type,
    [...types.values()].map(({ code }) => code),
  );
  const importOf = (name: string) => text(text(new Code(), "engine"), name);
  appendSection(module, Section.imports, [
    importOf("memory").append([2, 0, 0]),
    ...imports.map(({ name }, index) => importOf(name).op(0).unsigned(importIndices[index])),
  ]);
  appendSection(
    module,
    Section.functions,
    typeIndices.map((index) => new Code().unsigned(index)),
  );
  appendSection(module, Section.globals, globals.map(encodeGlobal));
  appendSection(
    module,
    Section.exports,
    exported.map(([index, { name = "" }]) =>
      text(new Code(), name)
        .op(0)
        .unsigned(imports.length + index),
    ),
  );
  appendSection(module, Section.code, functions.map(encodeBody));
  return module.written.slice();
}

/** A constant vector: its type, that it stays as it is, and the code that makes it. */
function encodeGlobal(value: number): Code {
  return new Code().op(Type.vector).op(0).constantVector(value).op(Wasm.end);
}

function encodeBody({ locals, code }: WasmFunction): Code {
  const runs: { readonly type: ValueType; count: number }[] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  const head = new Code().unsigned(runs.length);
  for (const { type, count } of runs) head.unsigned(count).op(type);
  const body = new Code().unsigned(head.length + code.length + 1);
  return body.append(head.written).append(code.written).op(Wasm.end);
}

function appendSection(module: Code, id: number, entries: readonly Code[]): void {
  const count = new Code().unsigned(entries.length);
  const length = entries.reduce((sum, entry) => sum + entry.length, count.length);
  module.op(id).unsigned(length).append(count.written);
  for (const entry of entries) module.append(entry.written);
}

function text(code: Code, name: string): Code {
  return code.unsigned(name.length).append(Array.from(name, (letter) => letter.charCodeAt(0)));
}
