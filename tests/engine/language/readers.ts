/** A kernel read in both ways on the same numbers. */

import { emit } from "../../../src/engine/language/emit.ts";
import type { Items } from "../../../src/engine/language/items.ts";
import type { Kernel, Schema } from "../../../src/engine/language/operations.ts";
import { type Block, preparePlain } from "../../../src/engine/language/plain.ts";
import { record } from "../../../src/engine/language/record.ts";
import { layRecords } from "../../../src/engine/language/records.ts";
import { prune } from "../../../src/engine/language/uses.ts";
import { encodeModule } from "../../../src/engine/wasm/module.ts";
import { numberFunctions } from "../../../src/engine/wasm/number-functions.ts";

/** Items as a test writes them: numbers by trial and month, and `"here"` for what the kernel makes. */
export type TestItems = Readonly<Record<string, readonly Readonly<Record<string, TestField>>[]>>;
type TestField =
  | number
  | boolean
  | "made"
  | "absent"
  | readonly [number, number]
  | Float64Array
  | ((month: number, trial: number) => number);

type Placed = { readonly items: Items; readonly memory: Float64Array; readonly length: number };

function place(schema: Schema, lists: TestItems, block: Block, trials: readonly number[]): Placed {
  const { monthCount } = block;
  const values: number[] = [];
  const slab = (value: (month: number, trial: number) => number) => {
    const at = values.length;
    for (let month = 0; month < monthCount; month++)
      for (const trial of trials) values.push(value(month, trial));
    return at;
  };
  const items = Object.fromEntries(
    Object.entries(schema).map(([list, fields]) => [
      list,
      lists[list].map((item) =>
        Object.fromEntries(
          Object.entries(fields).map(([name, field]) => {
            const given = item[name];
            if (typeof field === "object" || field === "table") return [name, given];
            if (field === "state") return [name, undefined];
            if (given === "absent") return [name, -1];
            if (field === "flag") return [name, given ? 0 : -1];
            if (field === "number") return [name, values.push(given as number) - 1];
            // What the kernel makes holds something else before.
            const other = () => (given === "made" ? 7e77 : (given as number));
            const value = typeof given === "function" ? given : other;
            if (field === "trial" || field === "result") {
              const at = values.length;
              for (const trial of trials) values.push(value(0, trial));
              return [name, at];
            }
            return [name, slab(value)];
          }),
        ),
      ),
    ]),
  ) as unknown as Items;
  return { items, memory: Float64Array.from(values), length: values.length };
}

/** All numbers of the memory behind what a kernel made, trial by trial: `[trial][place]`. */
export type Read = (kernel: Kernel, lists: TestItems, block: Block, trials: number) => readonly number[][];

/** One trial after another on plain numbers. */
export const readPlain: Read = (kernel, lists, block, trials) =>
  Array.from({ length: trials }, (_, trial) => {
    const one = { ...block, blockSize: 1 };
    const { items, memory } = place(kernel.schema, lists, one, [trial]);
    const plain = preparePlain(kernel, items, memory, one);
    plain.begin();
    for (let month = 0; month < block.monthCount; month++) plain.month(month);
    plain.end();
    return [...memory];
  });

/** A whole block as WebAssembly. */
export const readEmitted: Read = (kernel, lists, block, trials) => {
  const blockSize = trials + (trials % 2);
  const wide = { ...block, blockSize };
  const all = Array.from({ length: blockSize }, (_, trial) => Math.min(trial, trials - 1));
  const { items, memory, length } = place(kernel.schema, lists, wide, all);
  const recording = prune(record(kernel), ({ list, name }) =>
    items[list].some((item) => (item[name] as number) >= 0),
  );
  const sink = length;
  const start = sink + block.monthCount * blockSize;
  const records = layRecords(recording, items, { start, blockSize, sink });
  const pages = Math.ceil(((start + records.length) * 8) / 65_536);
  const shared = new WebAssembly.Memory({ initial: pages });
  new Float64Array(shared.buffer).set(memory);
  records.write(shared.buffer);
  const emitted = emit(recording, items, {
    block: wide,
    endMonth: block.monthCount,
    records,
  });
  const { functions, globals } = numberFunctions();
  const bytes = encodeModule([...functions, { ...emitted, name: "main" }], { globals });
  const module = new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(module, { engine: { memory: shared } });
  (exports.main as () => void)();
  const made = new Float64Array(shared.buffer, 0, length);
  return Array.from({ length: trials }, (_, trial) => [
    ...onlyTrial(kernel.schema, items, made, wide, trial),
  ]);
};

/** The numbers of one trial, as a block of that trial alone has them. */
function onlyTrial(
  schema: Schema,
  items: Items,
  memory: Float64Array,
  { blockSize, monthCount }: Block,
  trial: number,
): readonly number[] {
  const numbers: number[] = [];
  for (const [list, fields] of Object.entries(schema)) {
    for (const item of items[list]) {
      for (const [name, field] of Object.entries(fields)) {
        const at = item[name] as number;
        if (typeof field === "object" || field === "table" || field === "flag" || field === "state") continue;
        if (at < 0) continue;
        if (field === "number") numbers.push(memory[at]);
        else if (field === "trial" || field === "result") numbers.push(memory[at + trial]);
        else
          for (let month = 0; month < monthCount; month++)
            numbers.push(memory[at + month * blockSize + trial]);
      }
    }
  }
  return numbers;
}
