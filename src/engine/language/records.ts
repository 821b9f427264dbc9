import { LANE_BYTES } from "../wasm/instructions.ts";
import { partlySet } from "./coverage.ts";
import type { Items } from "./items.ts";
import type { Schema } from "./operations.ts";
import type { Recording } from "./record.ts";

export const WORD_BYTES = 4;

/**
 * The items of one plan as records in memory, behind the registers: a word a column (the address of its first number, or whether
 * a flag is up), two a list or table, one a reference. Loops over them are code of the same size for any number of items.
 */
export type Records = {
  /** Place of a field in the record of its list, and the size of a record [bytes]. */
  readonly words: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly sizes: Readonly<Record<string, number>>;
  /** Address of an item's record. */
  readonly addressOf: (list: string, index: number) => number;
  /** Address of a column of an item, where it has one. */
  readonly columnOf: (list: string, name: string, index: number) => number;
  /** The kernel's own numbers, as bytes: all of them are 0 when a block begins. */
  readonly states: { readonly from: number; readonly end: number };
  /** Addresses, one after another, of slabs to clear when a block begins. */
  readonly cleared: { readonly from: number; readonly end: number };
  /** Elements from the start that all this takes. */
  readonly length: number;
  /** Puts the records into the memory of the registers, once. */
  readonly write: (buffer: ArrayBufferLike) => void;
};

/** What decides where records stand [elements]. */
export type RecordPlace = {
  readonly start: number;
  readonly blockSize: number;
  /** An unused slab, where outputs that some items lack are written. */
  readonly sink: number;
};

export function layRecords(recording: Recording, items: Items, place: RecordPlace): Records {
  const { schema } = recording;
  const layout = placeFields(schema, items, place);
  const { words, sizes, addressOf, stateOf, tableOf } = layout;
  const columnOf = (list: string, name: string, index: number): number => {
    const state = stateOf(list, name, index);
    if (state !== undefined) return state;
    const offset = items[list][index][name] as number;
    return offset >= 0 ? offset * LANE_BYTES : -1;
  };
  const clearedFrom = layout.end;
  const cleared = partlySet(recording, items);
  const end = clearedFrom + cleared.length * WORD_BYTES;
  const write = (buffer: ArrayBufferLike): void => {
    const view = new DataView(buffer);
    const put = (address: number, ...numbers: readonly number[]) => {
      for (const [index, number] of numbers.entries())
        view.setInt32(address + index * WORD_BYTES, number, true);
    };
    for (const [list, fields] of Object.entries(schema)) {
      for (const [index, item] of items[list].entries()) {
        for (const [name, field] of Object.entries(fields)) {
          const at = addressOf(list, index) + words[list][name];
          const value = item[name];
          if (typeof field === "object" && "list" in field)
            put(at, ...(value as readonly [number, number]).map((one) => addressOf(field.list, one)));
          else if (typeof field === "object") put(at, addressOf(field.item, value as number));
          else if (field === "table") {
            put(at, tableOf(list, name, index), (value as Float64Array).length);
            new Float64Array(buffer).set(value as Float64Array, tableOf(list, name, index) / LANE_BYTES);
          } else if (field === "flag") put(at, value as number);
          else {
            const address = columnOf(list, name, index);
            put(at, address < 0 && field === "output" ? place.sink * LANE_BYTES : address);
          }
        }
      }
    }
    put(clearedFrom, ...cleared.map((offset) => offset * LANE_BYTES));
  };
  return {
    words,
    sizes,
    addressOf,
    columnOf,
    states: layout.states,
    cleared: { from: clearedFrom, end },
    length: Math.ceil(end / LANE_BYTES) - place.start,
    write,
  };
}

/** Where all fields, states and tables stand [bytes]. */
function placeFields(schema: Schema, items: Items, { start, blockSize }: RecordPlace) {
  const words: Record<string, Record<string, number>> = {};
  const sizes: Record<string, number> = {};
  const starts: Record<string, number> = {};
  const states = new Map<string, number>();
  const tables = new Map<string, number>();
  const keyOf = (list: string, name: string, index: number) => `${list} ${index} ${name}`;
  const from = start * LANE_BYTES;
  let end = from;
  for (const [list, fields] of Object.entries(schema)) {
    for (const [name, field] of Object.entries(fields)) {
      if (field !== "state") continue;
      for (let index = 0; index < items[list].length; index++) {
        states.set(keyOf(list, name, index), end);
        end += blockSize * LANE_BYTES;
      }
    }
  }
  const statesEnd = end;
  for (const [list, fields] of Object.entries(schema)) {
    for (const [name, field] of Object.entries(fields)) {
      if (field !== "table") continue;
      for (const [index, item] of items[list].entries()) {
        tables.set(keyOf(list, name, index), end);
        // One number more, so that a place behind the last is within memory.
        end += ((item[name] as Float64Array).length + 1) * LANE_BYTES;
      }
    }
  }
  for (const [list, fields] of Object.entries(schema)) {
    let size = 0;
    words[list] = {};
    for (const [name, field] of Object.entries(fields)) {
      words[list][name] = size;
      size += field === "table" || (typeof field === "object" && "list" in field) ? 2 : 1;
    }
    for (const name of Object.keys(fields)) words[list][name] *= WORD_BYTES;
    sizes[list] = size * WORD_BYTES;
    starts[list] = end;
    end += sizes[list] * items[list].length;
  }
  return {
    words,
    sizes,
    end,
    states: { from, end: statesEnd },
    addressOf: (list: string, index: number) => starts[list] + sizes[list] * index,
    stateOf: (list: string, name: string, index: number) => states.get(keyOf(list, name, index)),
    tableOf: (list: string, name: string, index: number) => tables.get(keyOf(list, name, index)) as number,
  };
}
