import { LANE_BYTES, Type, Vector, Wasm } from "../wasm/instructions.ts";
import type { FunctionWriter } from "./function-writer.ts";
import type { Item, Items } from "./items.ts";
import type { MonthAtHand } from "./month-at-hand.ts";
import type { Block } from "./plain.ts";
import type { ItemId, RecordedColumn, RecordedList, Step, Value } from "./record.ts";
import { type Records, WORD_BYTES } from "./records.ts";

/** 2^52: added to a whole number from 0 up to 2^31, it leaves that number in the low 32 bits of the double. */
const INTEGER_BITS = 4503599627370496;

const LANES = [0, 1] as const;

/** An item: known when the code is made, at an address in a local, or at an address for each trial. */
export type Binding =
  | { readonly index: number }
  | { readonly pointer: number }
  | { readonly lanes: readonly (readonly [number, number])[] };

/** An address: the code that pushes it, and an offset to add. */
type Address = { readonly push: () => void; readonly offset: number };

/** What the code of columns is made for. */
export type ColumnsGiven = {
  readonly writer: FunctionWriter;
  readonly now: MonthAtHand;
  readonly items: Items;
  readonly records: Records;
  readonly block: Block;
  /** Leaves a value on the stack. */
  readonly push: (value: Value) => void;
};

/** Writes the code that finds items and their columns in memory, and reads and stores numbers there. */
export class ColumnCode {
  readonly #given: ColumnsGiven;
  readonly #now: MonthAtHand;
  readonly #records: Records;
  readonly #bindings = new Map<ItemId, Binding>();
  /** Bytes from a column's first number to that of each trial's own month, by the months that they are away. */
  #elsewhere = new Map<string, readonly [number, number]>();
  /** Addresses in code of the first pair, by column, item and row. */
  readonly #ofFirstPair = new Map<string, number>();

  constructor(given: ColumnsGiven) {
    this.#given = given;
    this.#now = given.now;
    this.#records = given.records;
  }

  get #code() {
    return this.#given.writer.code;
  }

  /** Says where an item is. */
  bind(item: ItemId, binding: Binding): void {
    this.#bindings.set(item, binding);
  }

  /** Writes a body, whose rows of other months end with it; in another month, those before it do not hold. */
  within(body: () => void, isOtherMonth = false): void {
    const outer = this.#elsewhere;
    this.#elsewhere = new Map(isOtherMonth ? [] : outer);
    body();
    this.#elsewhere = outer;
  }

  #word({ list, name }: { readonly list: string; readonly name: string }): number {
    return this.#records.words[list][name];
  }

  #binding(item: ItemId): Binding {
    return this.#bindings.get(item) as Binding;
  }

  /** The address of a record, of an item that each trial chooses that of one lane. */
  #pushRecord(list: string, item: ItemId, lane: number): void {
    const binding = this.#binding(item);
    if ("index" in binding) this.#code.constant32(this.#records.addressOf(list, binding.index));
    else this.#code.get("pointer" in binding ? binding.pointer : binding.lanes[this.#now.pair][lane]);
  }

  /** The address of a column's first number, plus bytes in a local. */
  #address(column: RecordedColumn, row: number | undefined, lane = 0): Address {
    const code = this.#code;
    const { list, name, item } = column;
    const binding = this.#binding(item);
    if ("index" in binding) {
      const push = () => (row === undefined ? code.constant32(0) : code.get(row));
      return { push, offset: this.#records.columnOf(list, name, binding.index) };
    }
    const push = () => {
      this.#pushRecord(list, item, lane);
      code.access32(Wasm.load32, this.#word(column));
      if (row !== undefined) code.get(row).op(Wasm.add32);
    };
    return { push, offset: 0 };
  }

  /** Leaves an address, which code of the second pair takes over from that of the first, right before it. */
  #pushOnce(key: string, push: () => void): void {
    const known = this.#now.pair > 0 ? this.#ofFirstPair.get(key) : undefined;
    if (known !== undefined) {
      this.#code.get(known);
      return;
    }
    push();
    const local = this.#given.writer.local(Type.int32);
    this.#code.tee(local);
    this.#ofFirstPair.set(key, local);
  }

  /** A column's number of the pair, and of the month whose row is given. */
  #at(column: RecordedColumn, row: number, lane = 0): Address {
    const { list, name, item } = column;
    const own = this.#rowOf(column, row);
    const address = this.#address(column, own, lane);
    if (!("pointer" in this.#binding(item))) return address;
    return { ...address, push: () => this.#pushOnce(`${list}.${name} ${item} ${own}`, address.push) };
  }

  /** The local with a column's bytes from its first number to that of the month whose row is given. */
  #rowOf({ kind }: RecordedColumn, row: number): number | undefined {
    if (kind === "number") return undefined;
    if (kind === "month") return this.#now.monthBytes;
    return kind === "trial" || kind === "state" || kind === "result" ? this.#now.trial : row;
  }

  /** Leaves a column's numbers of both trials, those of the month whose row is given. */
  load(column: RecordedColumn, row: number): void {
    const isShared = column.kind === "number" || column.kind === "month";
    if ("lanes" in this.#binding(column.item)) {
      this.#gather((lane) => this.#at(column, row, lane), !isShared);
      return;
    }
    const { push, offset } = this.#at(column, row);
    push();
    this.#code.vectorAccess(
      isShared ? Vector.loadSplat : Vector.load,
      isShared ? offset : offset + this.#now.pairBytes,
    );
  }

  /** Leaves one number for each lane, which stands at its address or, where trials have numbers of their own, at its place behind it. */
  #gather(addressOf: (lane: number) => Address, isByTrial: boolean): void {
    const [low, high] = LANES.map((lane) => addressOf(lane));
    const [first, step] = isByTrial ? [this.#now.pairBytes, LANE_BYTES] : [0, 0];
    high.push();
    low.push();
    this.#code.vectorAccess(Vector.loadSplat, low.offset + first);
    this.#code.laneAccess(Vector.loadLane, high.offset + first + step, 1);
  }

  /** Leaves a column of the month before, or what it is in the first month: 0 or a value. */
  loadBefore({ column, first }: Extract<Step, { do: "before" }>): void {
    this.load(column, this.#now.rowBefore);
    if (first !== undefined) this.#given.push(first);
    this.#code.get(this.#now.isNotFirst).vector(first === undefined ? Vector.and : Vector.choose);
  }

  /** Stores the results that a function leaves on the stack, except those of a known item that nothing reads. */
  store(column: RecordedColumn, pushValue: () => void): void {
    const { writer } = this.#given;
    const { code } = writer;
    const binding = this.#binding(column.item);
    if ("index" in binding && this.#records.columnOf(column.list, column.name, binding.index) < 0) return;
    if (!("lanes" in binding)) {
      const { push, offset } = this.#at(column, this.#now.row);
      push();
      pushValue();
      code.vectorAccess(Vector.store, offset + this.#now.pairBytes);
      return;
    }
    writer.scoped(() => {
      pushValue();
      const value = writer.keep(Type.vector);
      for (const lane of LANES) {
        const { push, offset } = this.#at(column, this.#now.row, lane);
        push();
        code.get(value).laneAccess(Vector.storeLane, offset + this.#now.pairBytes + lane * LANE_BYTES, lane);
      }
    });
  }

  /** Leaves a column in a month of each trial's own: so many months ago, 0 before the window, or later, within the window. */
  readElsewhere({ do: direction, column, x }: Extract<Step, { do: "lag" | "ahead" | "lookUp" }>): void {
    const code = this.#code;
    const isLag = direction === "lag";
    const rows = this.#rowsElsewhere(isLag, x);
    this.#gather((lane) => this.#address(column, rows[lane], lane), true);
    if (!isLag) return;
    this.#given.push(x);
    code.get(this.#now.vector).vector(Vector.lessEqual).vector(Vector.and);
  }

  /** Bytes from a slab's first number to the pair's in a month of each trial's own. */
  #rowsElsewhere(isLag: boolean, months: Value): readonly [number, number] {
    const key = `${this.#now.pair} ${isLag} ${months}`;
    const known = this.#elsewhere.get(key);
    if (known) return known;
    const code = this.#code;
    if (isLag) {
      // Not before the window, and not behind the month at hand; NaN is the month at hand.
      code.get(this.#now.vector).constantVector(0).get(this.#now.vector);
      this.#given.push(months);
      code.vector(Vector.pseudoMin).vector(Vector.pseudoMax).vector(Vector.subtract);
    } else {
      code
        .constantVector(this.#given.block.monthCount - 1)
        .constantVector(0)
        .get(this.#now.vector);
      this.#given.push(months);
      code.vector(Vector.add).vector(Vector.pseudoMax).vector(Vector.pseudoMin);
    }
    code.constantVector(this.#now.rowBytes).vector(Vector.multiply);
    const rows = this.#lanesOf();
    for (const local of rows) code.get(local).get(this.#now.trial).op(Wasm.add32).set(local);
    this.#elsewhere.set(key, rows);
    return rows;
  }

  /** Whole numbers from 0 up on the stack, as 32 bits of each lane. */
  #lanesOf(): readonly [number, number] {
    const { writer } = this.#given;
    const { code } = writer;
    code.constantVector(INTEGER_BITS).vector(Vector.add);
    const bits = writer.keep(Type.vector);
    const [low, high] = LANES.map((lane) => {
      code.get(bits).lane(Vector.extractLane32, 2 * lane);
      return writer.keep(Type.int32);
    });
    return [low, high];
  }

  /** Leaves the number at a place of a table, NaN outside it. */
  lookUp({ list, name, item }: RecordedColumn, place: Value): void {
    const { writer } = this.#given;
    const { code } = writer;
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
    this.#given.push(place);
    code.vector(Vector.lessEqual);
    this.#given.push(place);
    code.get(length).vector(Vector.less).vector(Vector.and);
    const isInside = writer.keep(Type.vector);
    writer.choose(
      () => code.get(isInside),
      () => this.#given.push(place),
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
    writer.choose(
      () => code.get(isInside),
      () => this.#gather(addressOf, false),
      () => code.constantVector(Number.NaN),
    );
  }

  /** Binds an item that another one refers to. */
  follow({ from, fromList, name, item }: Extract<Step, { do: "follow" }>): void {
    const binding = this.#binding(from);
    const kept = (pointer: number) => {
      this.#code.get(pointer).access32(Wasm.load32, this.#word({ list: fromList, name }));
      return this.#given.writer.keep(Type.int32);
    };
    if ("index" in binding)
      this.#bindings.set(item, { index: this.#given.items[fromList][binding.index][name] as number });
    else if ("pointer" in binding) this.#bindings.set(item, { pointer: kept(binding.pointer) });
    else this.#bindings.set(item, { lanes: binding.lanes.map(([low, high]) => [kept(low), kept(high)]) });
  }

  /** Binds the item of a list at a place of each trial's own: below 0 the first, beyond the list the last. */
  chooseItem(list: RecordedList, place: Value, item: ItemId): void {
    const { writer } = this.#given;
    const { code } = writer;
    const size = this.#records.sizes[list.target];
    const edgesOf = (lane: number) => {
      this.pushEdge(list, false, lane);
      const first = writer.keep(Type.int32);
      // The last item, as bytes from the first.
      this.pushEdge(list, true, lane);
      code.get(first).op(Wasm.subtract32).constant32(size).op(Wasm.subtract32);
      return { first, last: writer.keep(Type.int32) };
    };
    const ofAll = this.isChosen(list) ? undefined : edgesOf(0);
    const pointerOf = (lane: number) => {
      const { first, last } = ofAll ?? edgesOf(lane);
      this.#given.push(place);
      code.vector(Vector.truncate32).lane(Vector.extractLane32, lane).constant32(size).op(Wasm.multiply32);
      const bytes = writer.keep(Type.int32);
      code.get(bytes).constant32(0).get(bytes).constant32(0);
      code.op(Wasm.greaterEqualSigned32).op(Wasm.select).set(bytes);
      code.get(bytes).get(last).get(bytes).get(last).op(Wasm.less32).op(Wasm.select);
      code.get(first).op(Wasm.add32);
      return writer.keep(Type.int32);
    };
    const lanes: (readonly [number, number])[] = [];
    this.#now.eachPair(() => lanes.push([pointerOf(0), pointerOf(1)]));
    this.#bindings.set(item, { lanes });
  }

  /** The stretch of a list, where it is known when the code is made. */
  knownStretch({ target, owner }: RecordedList): readonly [from: number, end: number] | undefined {
    if (!owner) return [0, this.#given.items[target].length];
    const binding = this.#binding(owner.item);
    return "index" in binding
      ? (this.#given.items[owner.list][binding.index][owner.name] as readonly [number, number])
      : undefined;
  }

  /** Whether a list is that of an item that each trial chose. */
  isChosen({ owner }: RecordedList): boolean {
    return owner !== undefined && "lanes" in this.#binding(owner.item);
  }

  /** Leaves the address of the first item of a list, or the one behind its last. */
  pushEdge(list: RecordedList, isEnd: boolean, lane = 0): void {
    const known = this.knownStretch(list);
    if (known) {
      this.#code.constant32(this.#records.addressOf(list.target, known[isEnd ? 1 : 0]));
      return;
    }
    const { owner } = list as Required<RecordedList>;
    this.#pushRecord(owner.list, owner.item, lane);
    this.#code.access32(Wasm.load32, this.#word(owner) + (isEnd ? WORD_BYTES : 0));
  }

  /** Whether an item has a column, where that is known when the code is made: of the item itself, or of all of its list. */
  isKnownToBeThere({ item, list, name }: RecordedColumn): boolean | undefined {
    const has = (one: Item) => (one[name] as number) >= 0;
    const binding = this.#binding(item);
    if ("index" in binding) return has(this.#given.items[list][binding.index]);
    const all = this.#given.items[list];
    if (all.every(has)) return true;
    if (!all.some(has)) return false;
    if ("lanes" in binding)
      throw new Error(`${list}.${name} is asked for by plan, and the item differs by trial`);
    return undefined;
  }

  /** Leaves whether an item has a column, where its record says so. */
  pushIsThere(column: RecordedColumn): void {
    this.#pushRecord(column.list, column.item, 0);
    this.#code.access32(Wasm.load32, this.#word(column)).constant32(0).op(Wasm.greaterEqualSigned32);
  }
}
