// The functions of src/numbers/ in WebAssembly, one value at a time, for comparison with plain numbers.
import { Code } from "../../src/engine/wasm/code.ts";
import { Type, Vector } from "../../src/engine/wasm/instructions.ts";
import { encodeModule, type WasmFunction } from "../../src/engine/wasm/module.ts";
import { NumberFunction, numberFunctions } from "../../src/engine/wasm/number-functions.ts";

/** Bytes between arguments and results. */
const STEP = 16;

/** A function that takes one or two numbers in one lane, while other numbers are in the other. */
export type LaneFunction = (lane: 0 | 1, x: number, y: number, others: readonly [number, number]) => number;

export function wasmFunctions(): Record<keyof typeof NumberFunction, LaneFunction> {
  const { functions, globals } = numberFunctions();
  const names = Object.keys(NumberFunction) as (keyof typeof NumberFunction)[];
  const calls = names.map((name): WasmFunction => {
    const code = new Code();
    // Results are stored from the last one on; of a logarithm as a pair, that is its low part, then its high part.
    const { parameters = [], results = [] } = functions[NumberFunction[name]];
    for (const [at] of parameters.entries()) code.constant32(0).vectorAccess(Vector.load, at * STEP);
    code.call(NumberFunction[name]);
    for (const [at] of results.entries()) code.set(at);
    for (const [at] of results.entries())
      code
        .constant32(0)
        .get(at)
        .vectorAccess(Vector.store, (results.length - 1 - at) * STEP);
    return { name, locals: results.map(() => Type.vector), code };
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(encodeModule([...functions, ...calls], { globals }));
  const { exports } = new WebAssembly.Instance(module, { engine: { memory } });
  const values = new Float64Array(memory.buffer);
  const laneFunction =
    (name: keyof typeof NumberFunction): LaneFunction =>
    (lane, x, y, others) => {
      const order = (own: number, other: number) => (lane === 0 ? [own, other] : [other, own]);
      values.set([...order(x, others[0]), ...order(y, others[1])]);
      (exports[name] as () => void)();
      return values[lane];
    };
  return Object.fromEntries(names.map((name) => [name, laneFunction(name)])) as Record<
    keyof typeof NumberFunction,
    LaneFunction
  >;
}
