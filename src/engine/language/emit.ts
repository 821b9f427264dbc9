import { LANE_BYTES, Type, VECTOR_BYTES, Vector, Wasm } from "../wasm/instructions.ts";
import type { WasmFunction } from "../wasm/module.ts";
import { NumberFunction } from "../wasm/number-functions.ts";
import { FunctionWriter } from "./function-writer.ts";
import type { Item, Items } from "./items.ts";
import type { Block } from "./plain.ts";
import type { Carried, ItemId, RecordedColumn, RecordedList, Recording, Step, Value } from "./record.ts";
import { type Records, WORD_BYTES } from "./records.ts";

/** A whole number from 0 up and below 2^31 plus this has its 32 bits where an integer has them. */
const INTEGER_BITS = 2 ** 52;

const LANES = [0, 1] as const;

const ALL_TRUE: readonly number[] = new Array(VECTOR_BYTES).fill(0xff);

/** Instructions of operations whose names differ. */
const VECTOR_OF = { ...Vector, atMost: Vector.lessEqual, both: Vector.and, either: Vector.or } as const;

export type EmitOptions = {
  readonly block: Block;
  /** Months to compute: from the window's first to this one, exclusive. */
  readonly endMonth: number;
  readonly records: Records;
};

/** An item: known when the code is made, at an address in a local, or at an address for each trial. */
type Binding =
  | { readonly index: number }
  | { readonly pointer: number }
  | { readonly lanes: readonly [number, number] };

/** An address: the code that pushes it, and an offset to add. */
type Address = { readonly push: () => void; readonly offset: number };

type Loop = Extract<Step, { do: "loop" }>;
type OverList = { readonly list: RecordedList; readonly item: ItemId; readonly isBackwards: boolean };

/**
 * Makes a function of WebAssembly that computes a kernel for the items of one plan and a block in memory: one pair of trials
 * after another, in the lanes of a vector.
 *
 * Calls rest on a module that begins with `numberFunctions()`.
 */
export function emit(recording: Recording, items: Items, options: EmitOptions): WasmFunction {
  const emitter = new Emitter(recording, items, options);
  emitter.emit();
  return emitter.writer;
}

class Emitter {
  readonly writer = new FunctionWriter();
  readonly #code = this.writer.code;
  readonly #recording: Recording;
  readonly #items: Items;
  readonly #options: EmitOptions;
  readonly #rowBytes: number;
  /** The month at hand; bytes from a column's first number to the pair's, and to its number of this month and the month before. */
  readonly #month = this.writer.local(Type.int32);
  readonly #trial = this.writer.local(Type.int32);
  readonly #row = this.writer.local(Type.int32);
  readonly #rowBefore = this.writer.local(Type.int32);
  /** The month as a number, and whether it is not the window's first. */
  readonly #monthVector = this.writer.local(Type.vector);
  readonly #isNotFirst = this.writer.local(Type.vector);
  readonly #values: number[] = [];
  readonly #constants = new Map<Value, number>();
  readonly #bindings = new Map<ItemId, Binding>();
  /** The trials in the current body; all outside of a body. */
  #mask: number | undefined;
  /** Bytes from a column's first number to that of each trial's own month, by the months that they are away. */
  #elsewhere = new Map<string, readonly [number, number]>();

  constructor(recording: Recording, items: Items, options: EmitOptions) {
    this.#recording = recording;
    this.#items = items;
    this.#options = options;
    this.#rowBytes = options.block.blockSize * LANE_BYTES;
  }

  emit(): void {
    const { writer } = this;
    const { block, endMonth } = this.#options;
    const { begin, month, end } = this.#recording;
    this.#clear();
    writer.count(this.#trial, VECTOR_BYTES, this.#rowBytes, () => {
      if (begin.length > 0) this.#phase(0, begin);
      if (month.length > 0) {
        writer.count(this.#month, 1, endMonth, () => {
          this.#startMonth();
          this.#body(month);
        });
      }
      if (end.length > 0) this.#phase(block.originMonth + block.horizonMonths - 1, end);
    });
  }

  #phase(month: number, steps: readonly Step[]): void {
    this.#code.constant32(month).set(this.#month);
    this.#startMonth();
    this.#body(steps);
  }

  #startMonth(): void {
    const code = this.#code;
    code.get(this.#month).op(Wasm.doubleOf32).vector(Vector.splat).set(this.#monthVector);
    code.get(this.#monthVector).constantVector(0).vector(Vector.notEqual).set(this.#isNotFirst);
    code.get(this.#month).constant32(this.#rowBytes).op(Wasm.multiply32);
    code.get(this.#trial).op(Wasm.add32).set(this.#row);
    // In the first month the row itself, whose numbers `isNotFirst` then hides.
    code.get(this.#row).constant32(-this.#rowBytes).constant32(0).get(this.#month);
    code.op(Wasm.select).op(Wasm.add32).set(this.#rowBefore);
  }

  /** The kernel's own numbers, and outputs that are not set in every month, begin with 0. */
  #clear(): void {
    const { writer } = this;
    const code = this.#code;
    const { states, cleared } = this.#options.records;
    const length = states.end - states.from;
    if (length > 0) code.constant32(states.from).constant32(0).constant32(length).fillMemory();
    if (cleared.end === cleared.from) return;
    writer.scoped(() => {
      const pointer = writer.local(Type.int32);
      code.constant32(cleared.from).set(pointer);
      writer.loop(
        () => {
          code.get(pointer).access32(Wasm.load32, 0).constant32(0);
          code.constant32(this.#options.endMonth * this.#rowBytes).fillMemory();
        },
        () => {
          code.get(pointer).constant32(WORD_BYTES).op(Wasm.add32).tee(pointer);
          code.constant32(cleared.end).op(Wasm.less32);
        },
      );
    });
  }

  /** Steps whose values end with them; `read` takes what they hand out. */
  #body(steps: readonly Step[], read: () => void = () => {}): void {
    const outer = this.#elsewhere;
    this.#elsewhere = new Map(outer);
    this.writer.scoped(() => {
      for (const step of steps) this.#step(step);
      read();
    });
    this.#elsewhere = outer;
  }

  #push(value: Value): void {
    const constant = this.#constants.get(value);
    if (constant === undefined) this.#code.get(this.#values[value]);
    else this.#code.constantVector(constant);
  }

  #keep(to: Value): void {
    this.#values[to] = this.writer.keep(Type.vector);
  }

  /** x where the condition holds, else y, each left on the stack by a function. */
  #choose(condition: () => void, x: () => void, y: () => void): void {
    x();
    y();
    condition();
    this.#code.vector(Vector.choose);
  }

  #step(step: Step): void {
    const code = this.#code;
    const { block } = this.#options;
    switch (step.do) {
      case "constant":
        this.#constants.set(step.to, step.value);
        return;
      case "monthCount":
        this.#constants.set(step.to, block.monthCount);
        return;
      case "originMonth":
        this.#constants.set(step.to, block.originMonth);
        return;
      case "horizonEnd":
        this.#constants.set(step.to, block.originMonth + block.horizonMonths);
        return;
      case "month":
        code.get(this.#monthVector);
        break;
      case "unary":
        this.#push(step.x);
        code.vector(VECTOR_OF[step.name]);
        break;
      case "binary":
        this.#push(step.x);
        this.#push(step.y);
        code.vector(VECTOR_OF[step.name]);
        break;
      case "call":
        for (const input of step.inputs) this.#push(input);
        code.call(NumberFunction[step.name]);
        for (const value of [...step.made].reverse()) this.#keep(value);
        return;
      case "select":
        this.#choose(
          () => this.#push(step.test),
          () => this.#push(step.x),
          () => this.#push(step.y),
        );
        break;
      case "now":
        this.#load(step.column, this.#row);
        break;
      case "before":
        this.#loadBefore(step);
        break;
      case "lag":
      case "ahead":
        this.#readElsewhere(step);
        break;
      case "lookUp":
        this.#lookUp(step.column, step.x);
        break;
      case "set":
        this.#set(step.column, step.x);
        return;
      case "follow":
        this.#follow(step);
        return;
      case "choose":
        this.#chooseItem(step.list, step.x, step.item);
        return;
      case "loop":
        this.#loop(step);
        return;
      case "where":
        this.#where(step);
        return;
      case "when":
        this.#when(step);
        return;
    }
    this.#keep(step.to);
  }

  // Columns.

  #word({ list, name }: { readonly list: string; readonly name: string }): number {
    return this.#options.records.words[list][name];
  }

  #binding(item: ItemId): Binding {
    return this.#bindings.get(item) as Binding;
  }

  /** The address of a record, of an item that each trial chooses that of one lane. */
  #pushRecord(list: string, item: ItemId, lane: number): void {
    const binding = this.#binding(item);
    if ("index" in binding) this.#code.constant32(this.#options.records.addressOf(list, binding.index));
    else this.#code.get("pointer" in binding ? binding.pointer : binding.lanes[lane]);
  }

  /** The address of a column's first number plus what `row` leaves on the stack. */
  #address(column: RecordedColumn, row: () => void, lane = 0): Address {
    const { list, name, item } = column;
    const binding = this.#binding(item);
    if ("index" in binding)
      return { push: row, offset: this.#options.records.columnOf(list, name, binding.index) };
    const push = () => {
      this.#pushRecord(list, item, lane);
      this.#code.access32(Wasm.load32, this.#word(column));
      row();
      this.#code.op(Wasm.add32);
    };
    return { push, offset: 0 };
  }

  /** A column's number of the pair, and of the month whose row is given. */
  #at(column: RecordedColumn, row: number, lane = 0): Address {
    const code = this.#code;
    const { kind } = column;
    if (kind === "number") return this.#address(column, () => code.constant32(0), lane);
    if (kind === "month")
      return this.#address(
        column,
        () => code.get(this.#month).constant32(LANE_BYTES).op(Wasm.multiply32),
        lane,
      );
    const isByTrial = kind === "trial" || kind === "state" || kind === "result";
    return this.#address(column, () => code.get(isByTrial ? this.#trial : row), lane);
  }

  /** Leaves a column's numbers of both trials, those of the month whose row is given. */
  #load(column: RecordedColumn, row: number): void {
    const isShared = column.kind === "number" || column.kind === "month";
    if ("lanes" in this.#binding(column.item)) {
      this.#gather((lane) => this.#at(column, row, lane), isShared ? 0 : LANE_BYTES);
      return;
    }
    const { push, offset } = this.#at(column, row);
    push();
    this.#code.vectorAccess(isShared ? Vector.loadSplat : Vector.load, offset);
  }

  /** Leaves one number for each lane, that of the second so many bytes behind its address. */
  #gather(addressOf: (lane: number) => Address, step = 0): void {
    const [low, high] = LANES.map((lane) => addressOf(lane));
    high.push();
    low.push();
    this.#code.vectorAccess(Vector.loadSplat, low.offset);
    this.#code.laneAccess(Vector.loadLane, high.offset + step, 1);
  }

  #loadBefore({ column, first }: Extract<Step, { do: "before" }>): void {
    this.#load(column, this.#rowBefore);
    if (first !== undefined) this.#push(first);
    this.#code.get(this.#isNotFirst).vector(first === undefined ? Vector.and : Vector.choose);
  }

  #set(column: RecordedColumn, x: Value): void {
    const { writer } = this;
    const code = this.#code;
    const mask = this.#mask;
    const binding = this.#binding(column.item);
    if ("index" in binding && this.#options.records.columnOf(column.list, column.name, binding.index) < 0)
      return;
    const pushValue = () => {
      if (mask === undefined) this.#push(x);
      else
        this.#choose(
          () => code.get(mask),
          () => this.#push(x),
          () => this.#load(column, this.#row),
        );
    };
    if (!("lanes" in binding)) {
      const { push, offset } = this.#at(column, this.#row);
      push();
      pushValue();
      code.vectorAccess(Vector.store, offset);
      return;
    }
    writer.scoped(() => {
      pushValue();
      const value = writer.keep(Type.vector);
      for (const lane of LANES) {
        const { push, offset } = this.#at(column, this.#row, lane);
        push();
        code.get(value).laneAccess(Vector.storeLane, offset + lane * LANE_BYTES, lane);
      }
    });
  }

  /** Leaves a column in a month of each trial's own: so many months ago, 0 before the window, or later, within the window. */
  #readElsewhere({ do: direction, column, x }: Extract<Step, { do: "lag" | "ahead" | "lookUp" }>): void {
    const code = this.#code;
    const isLag = direction === "lag";
    const rows = this.#rowsElsewhere(isLag, x);
    this.#gather((lane) => this.#address(column, () => code.get(rows[lane]), lane), LANE_BYTES);
    if (!isLag) return;
    this.#push(x);
    code.get(this.#monthVector).vector(Vector.lessEqual).vector(Vector.and);
  }

  /** Bytes from a slab's first number to the pair's in a month of each trial's own. */
  #rowsElsewhere(isLag: boolean, months: Value): readonly [number, number] {
    const key = `${isLag} ${months}`;
    const known = this.#elsewhere.get(key);
    if (known) return known;
    const code = this.#code;
    if (isLag) {
      // Not before the window, and not behind the month at hand; NaN is the month at hand.
      code.get(this.#monthVector).constantVector(0).get(this.#monthVector);
      this.#push(months);
      code.vector(Vector.pseudoMin).vector(Vector.pseudoMax).vector(Vector.subtract);
    } else {
      code
        .constantVector(this.#options.block.monthCount - 1)
        .constantVector(0)
        .get(this.#monthVector);
      this.#push(months);
      code.vector(Vector.add).vector(Vector.pseudoMax).vector(Vector.pseudoMin);
    }
    code.constantVector(this.#rowBytes).vector(Vector.multiply);
    const rows = this.#lanesOf();
    for (const local of rows) code.get(local).get(this.#trial).op(Wasm.add32).set(local);
    this.#elsewhere.set(key, rows);
    return rows;
  }

  /** Whole numbers from 0 up on the stack, as 32 bits of each lane. */
  #lanesOf(): readonly [number, number] {
    const { writer } = this;
    const code = this.#code;
    code.constantVector(INTEGER_BITS).vector(Vector.add);
    const bits = writer.keep(Type.vector);
    const [low, high] = LANES.map((lane) => {
      code.get(bits).lane(Vector.extractLane32, 2 * lane);
      return writer.keep(Type.int32);
    });
    return [low, high];
  }

  /** Leaves the number at a place of a table, NaN outside it. */
  #lookUp({ list, name, item }: RecordedColumn, place: Value): void {
    const { writer } = this;
    const code = this.#code;
    const word = this.#word({ list, name });
    const pushLength = (lane: number) => {
      this.#pushRecord(list, item, lane);
      code.access32(Wasm.load32, word + WORD_BYTES).op(Wasm.doubleOf32);
    };
    pushLength(0);
    code.vector(Vector.splat);
    if ("lanes" in this.#binding(item)) {
      pushLength(1);
      code.lane(Vector.replaceLane, 1);
    }
    const length = writer.keep(Type.vector);
    code.constantVector(0);
    this.#push(place);
    code.vector(Vector.lessEqual);
    this.#push(place);
    code.get(length).vector(Vector.less).vector(Vector.and);
    const isInside = writer.keep(Type.vector);
    this.#choose(
      () => code.get(isInside),
      () => this.#push(place),
      () => code.constantVector(0),
    );
    const places = this.#lanesOf();
    const addressOf = (lane: number): Address => {
      const push = () => {
        this.#pushRecord(list, item, lane);
        code.access32(Wasm.load32, word);
        code.get(places[lane]).constant32(LANE_BYTES).op(Wasm.multiply32).op(Wasm.add32);
      };
      return { push, offset: 0 };
    };
    this.#choose(
      () => code.get(isInside),
      () => this.#gather(addressOf),
      () => code.constantVector(Number.NaN),
    );
  }

  // Items.

  #follow({ from, fromList, name, item }: Extract<Step, { do: "follow" }>): void {
    const binding = this.#binding(from);
    const kept = (pointer: number) => {
      this.#code.get(pointer).access32(Wasm.load32, this.#word({ list: fromList, name }));
      return this.writer.keep(Type.int32);
    };
    if ("index" in binding)
      this.#bindings.set(item, { index: this.#items[fromList][binding.index][name] as number });
    else if ("pointer" in binding) this.#bindings.set(item, { pointer: kept(binding.pointer) });
    else this.#bindings.set(item, { lanes: [kept(binding.lanes[0]), kept(binding.lanes[1])] });
  }

  #chooseItem(list: RecordedList, place: Value, item: ItemId): void {
    const { writer } = this;
    const code = this.#code;
    const size = this.#options.records.sizes[list.target];
    const last = writer.local(Type.int32);
    const pointers = LANES.map((lane) => {
      // The last item, as bytes from the first.
      this.#pushEdge(list, true, lane);
      this.#pushEdge(list, false, lane);
      code.op(Wasm.subtract32).constant32(size).op(Wasm.subtract32).set(last);
      this.#push(place);
      code.vector(Vector.truncate32).lane(Vector.extractLane32, lane).constant32(size).op(Wasm.multiply32);
      const bytes = writer.keep(Type.int32);
      // Below 0 the first, beyond the list the last.
      code.get(bytes).constant32(0).get(bytes).constant32(0);
      code.op(Wasm.greaterEqualSigned32).op(Wasm.select).set(bytes);
      code.get(bytes).get(last).get(bytes).get(last).op(Wasm.less32).op(Wasm.select);
      this.#pushEdge(list, false, lane);
      code.op(Wasm.add32);
      return writer.keep(Type.int32);
    });
    this.#bindings.set(item, { lanes: [pointers[0], pointers[1]] });
  }

  /** The stretch of a list, where it is known when the code is made. */
  #knownStretch({ target, owner }: RecordedList): readonly [from: number, end: number] | undefined {
    if (!owner) return [0, this.#items[target].length];
    const binding = this.#binding(owner.item);
    return "index" in binding
      ? (this.#items[owner.list][binding.index][owner.name] as readonly [number, number])
      : undefined;
  }

  /** Leaves the address of the first item of a list, or the one behind its last. */
  #pushEdge(list: RecordedList, isEnd: boolean, lane = 0): void {
    const known = this.#knownStretch(list);
    if (known) {
      this.#code.constant32(this.#options.records.addressOf(list.target, known[isEnd ? 1 : 0]));
      return;
    }
    const { owner } = list as Required<RecordedList>;
    this.#pushRecord(owner.list, owner.item, lane);
    this.#code.access32(Wasm.load32, this.#word(owner) + (isEnd ? WORD_BYTES : 0));
  }

  // Loops and cases.

  #loop(step: Loop): void {
    const { carried, over } = step;
    const locals = carried.map(({ start }) => {
      this.#push(start);
      return this.writer.keep(Type.vector);
    });
    for (const [index, { inside, to }] of carried.entries()) {
      this.#values[inside] = locals[index];
      this.#values[to] = locals[index];
    }
    if (over === "months") this.#overMonths(step, locals);
    else if ("most" in over) this.#repeat(step, over.most, locals);
    else this.#overList(step, over, locals);
  }

  /** A body once: what it hands on stands in the locals behind it, for the trials that are in it. */
  #once(step: Loop, locals: readonly number[]): void {
    const code = this.#code;
    const { goesOn } = step;
    this.#body(step.body, () => {
      this.#handOn(step.carried, locals, goesOn === undefined ? undefined : this.#mask);
      if (goesOn === undefined || this.#mask === undefined) return;
      this.#push(goesOn);
      code.get(this.#mask).vector(Vector.and).set(this.#mask);
    });
  }

  /** All values first, since one may be what another was. */
  #handOn(carried: readonly Carried[], locals: readonly number[], mask: number | undefined): void {
    const code = this.#code;
    for (const [index, { next }] of carried.entries()) {
      this.#push(next);
      if (mask !== undefined) code.get(locals[index]).get(mask).vector(Vector.choose);
    }
    for (const local of [...locals].reverse()) code.set(local);
  }

  /** Runs a body in which trials leave: under a mask of its own, which narrows. */
  #narrowing(body: (pushAnyLeft: () => void) => void): void {
    const code = this.#code;
    const outer = this.#mask;
    if (outer === undefined) code.vector(Vector.constant).append(ALL_TRUE);
    else code.get(outer);
    const mask = this.writer.keep(Type.vector);
    this.#mask = mask;
    body(() => code.get(mask).vector(Vector.anyTrue));
    this.#mask = outer;
  }

  #repeat(step: Loop, most: number, locals: readonly number[]): void {
    const { writer } = this;
    const code = this.#code;
    const count = writer.local(Type.int32);
    code.constant32(0).set(count);
    this.#narrowing((pushAnyLeft) =>
      writer.loop(
        () => this.#once(step, locals),
        () => {
          code.get(count).constant32(1).op(Wasm.add32).tee(count).constant32(most).op(Wasm.less32);
          pushAnyLeft();
          code.op(Wasm.and32);
        },
      ),
    );
  }

  #overMonths(step: Loop, locals: readonly number[]): void {
    const { writer } = this;
    const code = this.#code;
    const { originMonth, horizonMonths } = this.#options.block;
    const known = this.#elsewhere;
    this.#elsewhere = new Map();
    code.get(this.#month);
    const outer = writer.keep(Type.int32);
    writer.count(this.#month, 1, originMonth + horizonMonths, () => {
      this.#startMonth();
      this.#once(step, locals);
    });
    code.get(outer).set(this.#month);
    this.#startMonth();
    this.#elsewhere = known;
  }

  #overList(step: Loop, over: OverList, locals: readonly number[]): void {
    const known = this.#knownStretch(over.list);
    const run = (pushAnyLeft?: () => void) => {
      // One item needs no loop.
      if (known && known[1] - known[0] <= 1) {
        for (let index = known[0]; index < known[1]; index++) {
          this.#bindings.set(over.item, { index });
          this.#once(step, locals);
        }
      } else this.#overRecords(step, over, locals, pushAnyLeft);
    };
    if (step.goesOn === undefined) run();
    else this.#narrowing(run);
  }

  #overRecords(
    step: Loop,
    { list, item, isBackwards }: OverList,
    locals: readonly number[],
    pushAnyLeft: (() => void) | undefined,
  ): void {
    const { writer } = this;
    const code = this.#code;
    const size = this.#options.records.sizes[list.target];
    writer.scoped(() => {
      this.#pushEdge(list, isBackwards);
      const pointer = writer.keep(Type.int32);
      this.#pushEdge(list, !isBackwards);
      const stop = writer.keep(Type.int32);
      const pushIsBeforeStop = () =>
        isBackwards
          ? code.get(stop).get(pointer).op(Wasm.less32)
          : code.get(pointer).get(stop).op(Wasm.less32);
      pushIsBeforeStop();
      writer.when(() =>
        writer.loop(
          () => {
            if (isBackwards) code.get(pointer).constant32(size).op(Wasm.subtract32).set(pointer);
            this.#bindings.set(item, { pointer });
            this.#once(step, locals);
            if (!isBackwards) code.get(pointer).constant32(size).op(Wasm.add32).set(pointer);
          },
          () => {
            pushIsBeforeStop();
            if (!pushAnyLeft) return;
            pushAnyLeft();
            code.op(Wasm.and32);
          },
        ),
      );
    });
  }

  #where({ test, body, result }: Extract<Step, { do: "where" }>): void {
    const { writer } = this;
    const code = this.#code;
    if (result) {
      this.#push(result.otherwise);
      this.#keep(result.to);
    }
    writer.scoped(() => {
      const outer = this.#mask;
      this.#push(test);
      if (outer !== undefined) code.get(outer).vector(Vector.and);
      const mask = writer.keep(Type.vector);
      code.get(mask).vector(Vector.anyTrue);
      this.#mask = mask;
      writer.when(() =>
        this.#body(body, () => {
          if (!result) return;
          this.#choose(
            () => code.get(mask),
            () => this.#push(result.x),
            () => this.#push(result.otherwise),
          );
          code.set(this.#values[result.to]);
        }),
      );
      this.#mask = outer;
    });
  }

  #when({ column, yes, no, result }: Extract<Step, { do: "when" }>): void {
    const { writer } = this;
    const known = this.#isKnownToBeThere(column);
    if (result) this.#values[result.to] = writer.local(Type.vector);
    const side = (body: readonly Step[], value: Value | undefined) =>
      this.#body(body, () => {
        if (!result || value === undefined) return;
        this.#push(value);
        this.#code.set(this.#values[result.to]);
      });
    if (known !== undefined) {
      if (known) side(yes, result?.x);
      else side(no, result?.y);
      return;
    }
    this.#pushRecord(column.list, column.item, 0);
    this.#code.access32(Wasm.load32, this.#word(column)).constant32(0).op(Wasm.greaterEqualSigned32);
    writer.when(
      () => side(yes, result?.x),
      () => side(no, result?.y),
    );
  }

  /** Whether an item has a column, where that is known when the code is made: of the item itself, or of all of its list. */
  #isKnownToBeThere({ item, list, name }: RecordedColumn): boolean | undefined {
    const has = (one: Item) => (one[name] as number) >= 0;
    const binding = this.#binding(item);
    if ("index" in binding) return has(this.#items[list][binding.index]);
    const all = this.#items[list];
    if (all.every(has)) return true;
    if (!all.some(has)) return false;
    if ("lanes" in binding)
      throw new Error(`${list}.${name} is asked for by plan, and the item differs by trial`);
    return undefined;
  }
}
