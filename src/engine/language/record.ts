import type { Column, ColumnKind, Kernel, List, Operations, Schema, State, Table } from "./operations.ts";

/** A number or a truth, by its place among all that a kernel makes. */
export type Value = number;

/** An item while its body runs, by a number of its own. */
export type ItemId = number;

/** A column or a table of the item at hand. */
export type RecordedColumn = {
  readonly kind: ColumnKind | "table";
  readonly item: ItemId;
  readonly list: string;
  readonly name: string;
};

/** A list: a whole one, or the stretch of one that an item has. */
export type RecordedList = {
  readonly target: string;
  readonly owner?: { readonly item: ItemId; readonly list: string; readonly name: string };
};

/** Operations of one, two and three values. */
export type Unary = "floor" | "ceil" | "abs" | "sqrt" | "not";
export type Binary =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "min"
  | "max"
  | "less"
  | "atMost"
  | "equal"
  | "both"
  | "either";
/** Functions that are more than one operation of the processor. */
export type Called = "power" | "log" | "log2" | "logOf" | "powerByLog";

/** A value that a loop carries: at its start, in the body, after the body, and behind the loop. */
export type Carried = {
  readonly start: Value;
  readonly inside: Value;
  readonly next: Value;
  readonly to: Value;
};

/** What a loop goes over: the items of a list, a number of steps, or the months. */
export type Over =
  | { readonly list: RecordedList; readonly item: ItemId; readonly isBackwards: boolean }
  | { readonly most: number }
  | "months";

/** One step of a kernel; `to` is the value it makes. Steps inside a step run for each item, or in some cases only. */
export type Step =
  | { readonly do: "constant"; readonly value: number; readonly to: Value }
  | { readonly do: "month" | "monthCount" | "originMonth" | "horizonEnd"; readonly to: Value }
  | { readonly do: "unary"; readonly name: Unary; readonly x: Value; readonly to: Value }
  | { readonly do: "binary"; readonly name: Binary; readonly x: Value; readonly y: Value; readonly to: Value }
  | {
      readonly do: "call";
      readonly name: Called;
      readonly inputs: readonly Value[];
      readonly made: readonly Value[];
    }
  | {
      readonly do: "elementwise";
      readonly opcode: number;
      readonly inputs: readonly Value[];
      readonly to: Value;
    }
  | { readonly do: "select"; readonly test: Value; readonly x: Value; readonly y: Value; readonly to: Value }
  | { readonly do: "now"; readonly column: RecordedColumn; readonly to: Value }
  | { readonly do: "before"; readonly column: RecordedColumn; readonly first?: Value; readonly to: Value }
  | {
      readonly do: "lag" | "ahead" | "lookUp";
      readonly column: RecordedColumn;
      /** Months, or the place in the table. */
      readonly x: Value;
      readonly to: Value;
    }
  | { readonly do: "set"; readonly column: RecordedColumn; readonly x: Value }
  /** Follows a reference of an item. */
  | {
      readonly do: "follow";
      readonly from: ItemId;
      readonly fromList: string;
      readonly name: string;
      readonly item: ItemId;
    }
  /** Chooses an item by trial. */
  | { readonly do: "choose"; readonly list: RecordedList; readonly x: Value; readonly item: ItemId }
  | {
      readonly do: "loop";
      readonly over: Over;
      readonly body: readonly Step[];
      readonly carried: readonly Carried[];
      /** Whether a trial goes on behind the body; without it, all do. */
      readonly goesOn?: Value;
    }
  | {
      readonly do: "where";
      readonly test: Value;
      readonly body: readonly Step[];
      readonly result?: { readonly x: Value; readonly otherwise: Value; readonly to: Value };
    }
  | {
      readonly do: "when";
      readonly column: RecordedColumn;
      readonly yes: readonly Step[];
      readonly no: readonly Step[];
      readonly result?: { readonly x: Value; readonly y: Value; readonly to: Value };
    };

/** All that a kernel says, once: the body of a loop for any item, both sides of a case. */
export type Recording = {
  readonly name: string;
  readonly schema: Schema;
  readonly begin: readonly Step[];
  readonly month: readonly Step[];
  readonly end: readonly Step[];
};

/** The phases of a recording in the order in which a trial goes through them. */
export const PHASES = ["begin", "month", "end"] as const;

const recordings = new WeakMap<Kernel, Recording>();

/** The recorded operations of a kernel, recorded once. */
export function record(kernel: Kernel): Recording {
  let recording = recordings.get(kernel);
  if (!recording) {
    recording = new Recorder(kernel).recording();
    recordings.set(kernel, recording);
  }
  return recording;
}

/** A body that is being recorded: its steps, and the references followed in it. */
type Block = { readonly steps: Step[]; readonly followed: Map<string, unknown> };

/** Where an item keeps its number. */
const ITEM = Symbol("item");

class Recorder implements Operations<Value, Value> {
  readonly #kernel: Kernel;
  /** The block in which each value was made, and those that are open, from the outermost in. */
  readonly #madeIn: Block[] = [];
  #open: Block[] = [];
  #items = 0;
  readonly #forms = new Map<string, object>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  recording(): Recording {
    const { name, schema } = this.#kernel;
    const lists = Object.fromEntries(Object.keys(schema).map((target) => [target, { target }])) as never;
    const [begin, month, end] = PHASES.map(
      (phase) => this.#inside(() => this.#kernel[phase]?.(this, lists)).body,
    );
    return { name, schema, begin, month, end };
  }

  #put(step: Step): void {
    (this.#open.at(-1) as Block).steps.push(step);
  }

  #new(): Value {
    return this.#madeIn.push(this.#open.at(-1) as Block) - 1;
  }

  /** A new value, made by a step from others that must still exist. */
  #make(inputs: readonly Value[], step: (to: Value) => Step): Value {
    this.#assertThere(inputs);
    const to = this.#new();
    this.#put(step(to));
    return to;
  }

  #assertThere(values: readonly Value[]): void {
    if (values.some((value) => !this.#open.includes(this.#madeIn[value])))
      throw new Error(`${this.#kernel.name} uses a value outside the body that made it`);
  }

  /** Records a body; `read` gives its results while it is still open. */
  #inside<R>(body: () => R, read: (result: R) => readonly Value[] = () => []) {
    const block: Block = { steps: [], followed: new Map() };
    this.#open.push(block);
    const result = body();
    this.#assertThere(read(result));
    this.#open.pop();
    return { body: block.steps, result };
  }

  readonly #unary = (name: Unary) => (x: Value) => this.#make([x], (to) => ({ do: "unary", name, x, to }));
  readonly #binary = (name: Binary) => (x: Value, y: Value) =>
    this.#make([x, y], (to) => ({ do: "binary", name, x, y, to }));
  #call(name: Called, inputs: readonly Value[], count = 1): readonly Value[] {
    this.#assertThere(inputs);
    const made = Array.from({ length: count }, () => this.#new());
    this.#put({ do: "call", name, inputs, made });
    return made;
  }
  readonly #known = (name: "month" | "monthCount" | "originMonth" | "horizonEnd") => () =>
    this.#make([], (to) => ({ do: name, to }));

  constant = (value: number) => this.#make([], (to) => ({ do: "constant", value, to }));
  month = this.#known("month");
  monthCount = this.#known("monthCount");
  originMonth = this.#known("originMonth");
  horizonEnd = this.#known("horizonEnd");
  add = this.#binary("add");
  subtract = this.#binary("subtract");
  multiply = this.#binary("multiply");
  divide = this.#binary("divide");
  min = this.#binary("min");
  max = this.#binary("max");
  floor = this.#unary("floor");
  ceil = this.#unary("ceil");
  abs = this.#unary("abs");
  sqrt = this.#unary("sqrt");
  power = (x: Value, y: Value) => this.#call("power", [x, y])[0];
  powers = (base: Value) => {
    const logarithm = this.#call("logOf", [this.abs(base)], 2);
    return (exponent: Value) => this.#call("powerByLog", [base, ...logarithm, exponent])[0];
  };
  log = (x: Value) => this.#call("log", [x])[0];
  log2 = (x: Value) => this.#call("log2", [x])[0];
  less = this.#binary("less");
  atMost = this.#binary("atMost");
  equal = this.#binary("equal");
  both = this.#binary("both");
  either = this.#binary("either");
  not = this.#unary("not");
  select = (test: Value, x: Value, y: Value) =>
    this.#make([test, x, y], (to) => ({ do: "select", test, x, y, to }));

  elementwise = (opcode: number, inputs: readonly Value[]) =>
    this.#make(inputs, (to) => ({ do: "elementwise", opcode, inputs, to }));

  now = (column: Column) => this.#make([], (to) => ({ do: "now", column: recorded(column), to }));
  before = (column: Column, first?: Value) =>
    this.#make(first === undefined ? [] : [first], (to) => ({
      do: "before",
      column: recorded(column),
      first,
      to,
    }));
  readonly #elsewhere = (name: "lag" | "ahead" | "lookUp") => (column: Column | Table, x: Value) =>
    this.#make([x], (to) => ({ do: name, column: recorded(column), x, to }));
  lag = this.#elsewhere("lag");
  ahead = this.#elsewhere("ahead");
  lookUp = this.#elsewhere("lookUp");
  set = (column: Column, x: Value) => {
    this.#assertThere([x]);
    this.#put({ do: "set", column: recorded(column), x });
  };

  /** An item of a list: its columns and lists by name; a reference is followed where it is first asked for. */
  #itemOf(list: string, item: ItemId): never {
    const handle = Object.create(this.#formOf(list));
    handle[ITEM] = item;
    return handle as never;
  }

  /** What items of a list have in common, made once. */
  #formOf(list: string): object {
    const known = this.#forms.get(list);
    if (known) return known;
    const form = {};
    const follow = (item: ItemId, name: string, target: string) => this.#follow(list, item, name, target);
    for (const [name, field] of Object.entries(this.#kernel.schema[list])) {
      Object.defineProperty(form, name, {
        get(this: { readonly [ITEM]: ItemId }) {
          const item = this[ITEM];
          if (typeof field === "string") return { kind: field, item, list, name };
          if ("list" in field) return { target: field.list, owner: { item, list, name } };
          return follow(item, name, field.item);
        },
      });
    }
    this.#forms.set(list, form);
    return form;
  }

  #follow(fromList: string, from: ItemId, name: string, target: string): unknown {
    const key = `${from} ${name}`;
    const known = this.#open.find(({ followed }) => followed.has(key))?.followed.get(key);
    if (known) return known;
    const item = this.#items++;
    this.#put({ do: "follow", from, fromList, name, item });
    const handle = this.#itemOf(target, item);
    (this.#open.at(-1) as Block).followed.set(key, handle);
    return handle;
  }

  at = <Item>(list: List<Item>, x: Value): Item => {
    this.#assertThere([x]);
    const item = this.#items++;
    this.#put({ do: "choose", list: recordedList(list), x, item });
    return this.#itemOf(recordedList(list).target, item);
  };

  /** A loop whose body gets and hands out values; the values behind it. */
  #loop<R>(
    over: Over,
    start: readonly Value[],
    body: (inside: readonly Value[]) => R,
    read: (result: R) => { readonly next: readonly Value[]; readonly goesOn?: Value },
  ): readonly Value[] {
    this.#assertThere(start);
    let inside: readonly Value[] = [];
    const made = this.#inside(
      () => {
        inside = start.map(() => this.#new());
        return read(body(inside));
      },
      ({ next, goesOn }) => (goesOn === undefined ? next : [...next, goesOn]),
    );
    const { next, goesOn } = made.result;
    const carried = start.map((from, index) => ({
      start: from,
      inside: inside[index],
      next: next[index],
      to: this.#new(),
    }));
    this.#put({ do: "loop", over, body: made.body, carried, goesOn });
    return carried.map(({ to }) => to);
  }

  #overList<Item>(list: List<Item>, isBackwards = false) {
    const item = this.#items++;
    const { target } = recordedList(list);
    return {
      over: { list: recordedList(list), item, isBackwards },
      handle: (): Item => this.#itemOf(target, item),
    };
  }

  readonly #each =
    (isBackwards: boolean) =>
    <Item>(list: List<Item>, step: (item: Item) => void): void => {
      const { over, handle } = this.#overList(list, isBackwards);
      this.#loop(
        over,
        [],
        () => step(handle()),
        () => ({ next: [] }),
      );
    };
  each = this.#each(false);
  eachBack = this.#each(true);
  readonly #fold =
    (isBackwards: boolean) =>
    <Item>(list: List<Item>, start: Value, step: (carried: Value, item: Item) => Value): Value => {
      const { over, handle } = this.#overList(list, isBackwards);
      return this.#loop(
        over,
        [start],
        ([carried]) => step(carried, handle()),
        (next) => ({ next: [next] }),
      )[0];
    };
  fold = this.#fold(false);
  foldBack = this.#fold(true);
  walk = <Item>(
    list: List<Item>,
    start: Value,
    step: (carried: Value, item: Item) => { readonly carried: Value; readonly goesOn: Value },
  ): Value => {
    const { over, handle } = this.#overList(list);
    return this.#loop(
      over,
      [start],
      ([carried]) => step(carried, handle()),
      ({ carried, goesOn }) => ({ next: [carried], goesOn }),
    )[0];
  };

  repeat = <S extends State<Value>>(
    most: number,
    start: S,
    step: (state: S) => { state: S; goesOn: Value },
  ): S => {
    const names = Object.keys(start);
    const made = this.#loop(
      { most },
      Object.values(start),
      (inside) => step(stateOf(names, inside) as S),
      ({ state, goesOn }) => ({ next: names.map((name) => state[name]), goesOn }),
    );
    return stateOf(names, made) as S;
  };
  overMonths = <S extends State<Value>>(start: S, step: (state: S) => S): S => {
    const names = Object.keys(start);
    const made = this.#loop(
      "months",
      Object.values(start),
      (inside) => step(stateOf(names, inside) as S),
      (state) => ({ next: names.map((name) => state[name]) }),
    );
    return stateOf(names, made) as S;
  };

  where = (test: Value, then: () => void) => {
    this.#assertThere([test]);
    this.#put({ do: "where", test, body: this.#inside(then).body });
  };
  whereValue = (test: Value, then: () => Value, otherwise: Value): Value => {
    this.#assertThere([test, otherwise]);
    const { body, result: x } = this.#inside(then, (result) => [result]);
    const to = this.#new();
    this.#put({ do: "where", test, body, result: { x, otherwise, to } });
    return to;
  };
  when = (column: Column, then: () => void, otherwise?: () => void) => {
    const yes = this.#inside(then).body;
    const no = this.#inside(() => otherwise?.()).body;
    this.#put({ do: "when", column: recorded(column), yes, no });
  };
  whenValue = (column: Column, then: () => Value, otherwise: () => Value): Value => {
    const yes = this.#inside(then, (result) => [result]);
    const no = this.#inside(otherwise, (result) => [result]);
    const to = this.#new();
    const result = { x: yes.result, y: no.result, to };
    this.#put({ do: "when", column: recorded(column), yes: yes.body, no: no.body, result });
    return to;
  };
}

/** In this reader a column is only its identity. */
function recorded(column: Column | Table): RecordedColumn {
  return column as RecordedColumn;
}

function recordedList<Item>(list: List<Item>): RecordedList {
  return list as unknown as RecordedList;
}

function stateOf(names: readonly string[], values: readonly Value[]): State<Value> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}
