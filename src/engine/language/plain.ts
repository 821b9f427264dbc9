import { log, log2, power, powersOf } from "../../numbers/plain.ts";
import { plain } from "../../numbers/plain-arithmetic.ts";
import { applyScalar, largerOf, smallerOf } from "../operations/scalar.ts";
import type { Items } from "./items.ts";
import type { Column, ColumnKind, Kernel, List, Operations, Schema, State, Table } from "./operations.ts";
import type { PHASES } from "./record.ts";

/** Months and trials of a block; slabs are [month][trial]. */
export type Block = {
  readonly blockSize: number;
  readonly monthCount: number;
  readonly originMonth: number;
  readonly horizonMonths: number;
};

/** A column that is there or not: in which memory, where, and how far its months and trials are apart. */
type Place = Column & {
  readonly memory: Float64Array;
  readonly offset: number;
  readonly monthStride: number;
  readonly trialStride: number;
};

/** A kernel that computes on plain numbers; months are asked for in order, from 0. */
export type PlainKernel = {
  /** What comes before the months. */
  readonly begin: () => void;
  readonly month: (month: number) => void;
  /** What comes behind them. */
  readonly end: () => void;
};

/** Makes a kernel compute on plain numbers, one trial after another, in a block's memory. A breakpoint in the kernel works. */
export function preparePlain(kernel: Kernel, items: Items, memory: Float64Array, block: Block): PlainKernel {
  const { blockSize, monthCount, originMonth } = block;
  const horizonEnd = originMonth + block.horizonMonths;
  const lists = placeItems(kernel.schema, items, memory, blockSize);
  const outputs = placesOf(kernel.schema, lists, "output");
  const states = placesOf(kernel.schema, lists, "state");
  let month = 0;
  let trial = 0;
  const read = (column: Column, when: number) => {
    const { memory: its, offset, monthStride, trialStride } = column as Place;
    return its[offset + when * monthStride + trial * trialStride];
  };
  const isThere = (column: Column) => (column as Place).offset >= 0;
  const last = monthCount - 1;
  const operations: Operations<number, boolean> = {
    ...plain,
    power,
    powers: powersOf,
    log,
    log2,
    elementwise: (opcode, [x, y = 0, z = 0]) => applyScalar(opcode, x, y, z),
    month: () => month,
    monthCount: () => monthCount,
    originMonth: () => originMonth,
    horizonEnd: () => horizonEnd,
    min: smallerOf,
    max: largerOf,
    ceil: (x) => Math.ceil(x),
    // Not by `read`: kernels call this far more often than the rest, and the call would take longer than the reading.
    now(column) {
      const { memory: its, offset, monthStride, trialStride } = column as Place;
      return its[offset + month * monthStride + trial * trialStride];
    },
    before: (column, first = 0) => (month > 0 ? read(column, month - 1) : first),
    lag: (column, months) => (months <= month ? read(column, month - Math.max(0, months)) : 0),
    ahead(column, months) {
      const at = month + months;
      return read(column, at > 0 ? Math.min(at, last) : 0);
    },
    set(column, value) {
      const { memory: its, offset, monthStride, trialStride } = column as Place;
      if (offset >= 0) its[offset + month * monthStride + trial * trialStride] = value;
    },
    lookUp(table, place) {
      const values = table as unknown as Float64Array;
      return place >= 0 && place < values.length ? values[place] : Number.NaN;
    },
    each(list, step) {
      for (const item of itemsIn(list)) step(item);
    },
    eachBack(list, step) {
      const all = itemsIn(list);
      for (let index = all.length - 1; index >= 0; index--) step(all[index]);
    },
    fold: (list, start, step) => itemsIn(list).reduce(step, start),
    foldBack: (list, start, step) => itemsIn(list).reduceRight(step, start),
    walk(list, start, step) {
      let carried = start;
      for (const item of itemsIn(list)) {
        const made = step(carried, item);
        carried = made.carried;
        if (!made.goesOn) break;
      }
      return carried;
    },
    at(list, place) {
      const all = itemsIn(list);
      return all[place > 0 ? Math.min(place, all.length - 1) : 0];
    },
    where(p, then) {
      if (p) then();
    },
    whereValue: (p, then, otherwise) => (p ? then() : otherwise),
    when(column, then, otherwise) {
      if (isThere(column)) then();
      else otherwise?.();
    },
    whenValue: (column, then, otherwise) => (isThere(column) ? then() : otherwise()),
    repeat(most, start, step) {
      let state = start;
      for (let count = 0; count < most; count++) {
        const made = step(state);
        state = made.state;
        if (!made.goesOn) break;
      }
      return state;
    },
    overMonths<S extends State<number>>(start: S, step: (state: S) => S): S {
      const outer = month;
      let state = start;
      for (month = 0; month < horizonEnd; month++) state = step(state);
      month = outer;
      return state;
    },
  };
  const run = (phase: (typeof PHASES)[number], when: number) => {
    month = when;
    for (trial = 0; kernel[phase] && trial < blockSize; trial++) kernel[phase](operations, lists as never);
  };
  return {
    begin() {
      for (const { memory: its, offset } of states) its.fill(0, offset, offset + blockSize);
      run("begin", 0);
    },
    month(when) {
      // An output that is not set in a month is 0.
      for (const { offset } of outputs) {
        const row = offset + when * blockSize;
        for (let at = row; at < row + blockSize; at++) memory[at] = 0;
      }
      run("month", when);
    },
    end: () => run("end", horizonEnd - 1),
  };
}

type Lists = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** Here, a list is an array. */
function itemsIn<Item>(list: List<Item>): readonly Item[] {
  return list as unknown as readonly Item[];
}

function placeItems(schema: Schema, items: Items, memory: Float64Array, blockSize: number): Lists {
  const lists: Record<string, Record<string, unknown>[]> = {};
  for (const list of Object.keys(schema)) lists[list] = items[list].map(() => ({}));
  for (const [list, fields] of Object.entries(schema)) {
    for (const [index, item] of items[list].entries()) {
      for (const [name, field] of Object.entries(fields)) {
        const value = item[name];
        lists[list][index][name] =
          typeof field === "string"
            ? field === "table"
              ? (value as unknown as Table)
              : placeOf(field, value as number, memory, blockSize)
            : "list" in field
              ? lists[field.list].slice(...(value as readonly [number, number]))
              : lists[field.item][value as number];
      }
    }
  }
  return lists;
}

function placeOf(kind: ColumnKind, offset: number, memory: Float64Array, blockSize: number): Place {
  if (kind === "state")
    return { kind, memory: new Float64Array(blockSize), offset: 0, monthStride: 0, trialStride: 1 };
  const [monthStride, trialStride] = stridesOf(kind, blockSize);
  return { kind, memory, offset, monthStride, trialStride };
}

function stridesOf(kind: ColumnKind, blockSize: number): readonly [month: number, trial: number] {
  if (kind === "number" || kind === "flag") return [0, 0];
  if (kind === "month") return [1, 0];
  return kind === "trial" || kind === "result" ? [0, 1] : [blockSize, 1];
}

/** The columns of a kind that are there. */
function placesOf(schema: Schema, lists: Lists, kind: ColumnKind): readonly Place[] {
  return Object.entries(schema).flatMap(([list, fields]) =>
    Object.entries(fields)
      .filter(([, field]) => field === kind)
      .flatMap(([name]) => lists[list].map((item) => item[name] as Place))
      .filter(({ offset }) => offset >= 0),
  );
}
