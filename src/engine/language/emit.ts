import { encodeChoice, encodeElementwise, encodeExtreme } from "../wasm/elementwise.ts";
import { TRIALS_OF_TWO_PAIRS, Type, VECTOR_BYTES, Vector, Wasm } from "../wasm/instructions.ts";
import type { WasmFunction } from "../wasm/module.ts";
import { NumberFunction } from "../wasm/number-functions.ts";
import { ColumnCode } from "./column-code.ts";
import { FunctionWriter } from "./function-writer.ts";
import type { Items } from "./items.ts";
import { MonthAtHand } from "./month-at-hand.ts";
import type { Block } from "./plain.ts";
import type { Carried, ItemId, RecordedList, Recording, Step, Value } from "./record.ts";
import { type Records, WORD_BYTES } from "./records.ts";

const ALL_TRUE: readonly number[] = new Array(VECTOR_BYTES).fill(0xff);

/** Instructions of operations whose names differ. */
const VECTOR_OF = { ...Vector, atMost: Vector.lessEqual, both: Vector.and, either: Vector.or } as const;

export type EmitOptions = {
  readonly block: Block;
  /** Months to compute: from the window's first to this one, exclusive. */
  readonly endMonth: number;
  readonly records: Records;
};

/** Steps whose values are known when the code is made, and those that decide which others run, and on what. */
type Constant = "constant" | "monthCount" | "originMonth" | "horizonEnd";
type Control = "follow" | "choose" | "loop" | "where" | "when";
type Loop = Extract<Step, { do: "loop" }>;
type OverList = { readonly list: RecordedList; readonly item: ItemId; readonly isBackwards: boolean };

/**
 * Makes a function of WebAssembly that computes a kernel for the items of one plan and a block in memory: month by month, and in
 * each one group of trials after another. A month of all trials is half a cache line of each column, which the other order would
 * fetch for each group anew.
 *
 * A group is two pairs, each in the lanes of a vector. Each step is written for one pair after the other, so that the processor
 * works on one while it waits for results of the other. A block that does not divide into such groups, and a kernel with more
 * locals than V8 takes for two pairs, are written for one pair.
 *
 * Calls rest on a module that begins with `numberFunctions()`.
 */
export function emit(recording: Recording, items: Items, options: EmitOptions): WasmFunction {
  const write = (pairCount: number): WasmFunction => {
    const emitter = new Emitter(recording, items, options, pairCount);
    emitter.emit();
    return emitter.writer;
  };
  if (options.block.blockSize % TRIALS_OF_TWO_PAIRS !== 0) return write(1);
  const code = write(2);
  return code.locals.length > MOST_LOCALS ? write(1) : code;
}

/** How often a body is written out at most (measured: 1 to 12): more code takes longer to compile than it saves. */
const MOST_COPIES = 6;

/** V8 refuses a function with more locals. */
const MOST_LOCALS = 50_000;

class Emitter {
  readonly writer = new FunctionWriter();
  readonly #code = this.writer.code;
  readonly #recording: Recording;
  readonly #options: EmitOptions;
  readonly #now: MonthAtHand;
  readonly #columns: ColumnCode;
  /** Locals of a value, one for each pair. */
  readonly #values: number[][] = [];
  readonly #constants = new Map<Value, number>();
  /** The trials in the current body; all outside of a body. */
  #mask: readonly number[] | undefined;
  /** How often the current body is written out. */
  #copies = 1;

  constructor(recording: Recording, items: Items, options: EmitOptions, pairCount: number) {
    this.#recording = recording;
    this.#options = options;
    const { writer } = this;
    this.#now = new MonthAtHand(writer, options.block.blockSize, pairCount);
    const push = (value: Value) => this.#push(value);
    this.#columns = new ColumnCode({ ...options, writer, items, now: this.#now, push });
  }

  emit(): void {
    const { writer } = this;
    const { block, endMonth } = this.#options;
    const { begin, month, end } = this.#recording;
    this.#clear();
    const bytes = VECTOR_BYTES * this.#now.pairs.length;
    const overTrials = (body: () => void) => writer.count(this.#now.trial, bytes, this.#now.rowBytes, body);
    if (begin.length > 0) overTrials(() => this.#phase(0, begin));
    if (month.length > 0) {
      writer.count(this.#now.month, 1, endMonth, () =>
        overTrials(() => {
          this.#now.start();
          this.#body(month);
        }),
      );
    }
    if (end.length > 0) overTrials(() => this.#phase(block.originMonth + block.horizonMonths - 1, end));
  }

  #phase(month: number, steps: readonly Step[]): void {
    this.#code.constant32(month).set(this.#now.month);
    this.#now.start();
    this.#body(steps);
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
          code.constant32(this.#options.endMonth * this.#now.rowBytes).fillMemory();
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
    this.#columns.within(() =>
      this.writer.scoped(() => {
        for (const step of steps) this.#step(step);
        read();
      }),
    );
  }

  #push(value: Value): void {
    const constant = this.#constants.get(value);
    if (constant === undefined) this.#code.get(this.#values[value][this.#now.pair]);
    else this.#code.constantVector(constant);
  }

  /** Keeps what is on the stack as the value of the pair that is being written. */
  #keep(to: Value): void {
    const local = this.writer.keep(Type.vector);
    if (this.#now.pair === 0) this.#values[to] = [local];
    else this.#values[to].push(local);
  }

  /** Keeps a vector of each pair, which a function leaves on the stack. */
  #keepEach(push: () => void): number[] {
    const locals: number[] = [];
    this.#now.eachPair(() => {
      push();
      locals.push(this.writer.keep(Type.vector));
    });
    return locals;
  }

  /** Leaves whether any trial is in a mask. */
  #pushAny(mask: readonly number[]): void {
    const code = this.#code;
    code.get(mask[0]);
    for (const other of mask.slice(1)) code.get(other).vector(Vector.or);
    code.vector(Vector.anyTrue);
  }

  #step(step: Step): void {
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
      case "follow":
        this.#columns.follow(step);
        return;
      case "choose":
        this.#columns.chooseItem(step.list, step.x, step.item);
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
      default:
        this.#now.eachPair(() => this.#compute(step));
    }
  }

  /** A step that makes values of one pair. */
  #compute(step: Exclude<Step, { do: Constant | Control }>): void {
    const code = this.#code;
    switch (step.do) {
      case "month":
        code.get(this.#now.vector);
        break;
      case "unary":
        this.#push(step.x);
        code.vector(VECTOR_OF[step.name]);
        break;
      case "binary":
        this.#binary(step);
        break;
      case "call":
        for (const input of step.inputs) this.#push(input);
        code.call(NumberFunction[step.name]);
        for (const value of [...step.made].reverse()) this.#keep(value);
        return;
      case "elementwise":
        encodeElementwise(code, step.opcode, {
          push: (operand) => this.#push(step.inputs[operand]),
          isZero: (operand) => this.#isZero(step.inputs[operand]),
        });
        break;
      case "select":
        this.#select(step);
        break;
      case "now":
        this.#columns.load(step.column, this.#now.row);
        break;
      case "before":
        this.#columns.loadBefore(step);
        break;
      case "lag":
      case "ahead":
        this.#columns.readElsewhere(step);
        break;
      case "lookUp":
        this.#columns.lookUp(step.column, step.x);
        break;
      case "set":
        this.#set(step);
        return;
    }
    this.#keep(step.to);
  }

  #binary({ name, x, y }: Extract<Step, { do: "binary" }>): void {
    if (name === "min" || name === "max") {
      const instruction = name === "min" ? Vector.pseudoMin : Vector.pseudoMax;
      encodeExtreme(this.#code, instruction, (operand) => this.#push(operand === 0 ? x : y));
      return;
    }
    this.#push(x);
    this.#push(y);
    this.#code.vector(VECTOR_OF[name]);
  }

  #isZero(value: Value): boolean {
    return Object.is(this.#constants.get(value), 0);
  }

  #select({ test, x, y }: Extract<Step, { do: "select" }>): void {
    const inputs = [test, x, y];
    const push = (operand: number) => this.#push(inputs[operand]);
    const isZero = (operand: number) => this.#isZero(inputs[operand]);
    encodeChoice(this.#code, { push, isZero }, () => push(0));
  }

  #set({ column, x }: Extract<Step, { do: "set" }>): void {
    const mask = this.#mask;
    this.#columns.store(column, () => {
      if (mask === undefined) this.#push(x);
      else
        this.writer.choose(
          () => this.#code.get(mask[this.#now.pair]),
          () => this.#push(x),
          () => this.#columns.load(column, this.#now.row),
        );
    });
  }

  #loop(step: Loop): void {
    const { carried, over } = step;
    const locals = carried.map(({ start }) => this.#keepEach(() => this.#push(start)));
    for (const [index, { inside, to }] of carried.entries()) {
      this.#values[inside] = locals[index];
      this.#values[to] = locals[index];
    }
    if (over === "months") this.#overMonths(step, locals);
    else if ("most" in over) this.#repeat(step, over.most, locals);
    else this.#overList(step, over, locals);
  }

  /** A body once: what it hands on stands in the locals behind it, for the trials that are in it. */
  #once(step: Loop, locals: readonly number[][]): void {
    const code = this.#code;
    const { goesOn } = step;
    this.#body(step.body, () => {
      this.#handOn(step.carried, locals, goesOn === undefined ? undefined : this.#mask);
      if (goesOn === undefined || this.#mask === undefined) return;
      const mask = this.#mask;
      this.#now.eachPair(() => {
        const own = mask[this.#now.pair];
        this.#push(goesOn);
        code.get(own).vector(Vector.and).set(own);
      });
    });
  }

  /** All values first, since one may be what another was. */
  #handOn(
    carried: readonly Carried[],
    locals: readonly number[][],
    mask: readonly number[] | undefined,
  ): void {
    const code = this.#code;
    this.#now.eachPair(() => {
      const { pair } = this.#now;
      for (const [index, { next }] of carried.entries()) {
        this.#push(next);
        if (mask !== undefined) code.get(locals[index][pair]).get(mask[pair]).vector(Vector.choose);
      }
      for (const local of [...locals].reverse()) code.set(local[pair]);
    });
  }

  /** Runs a body in which trials leave: under a mask of its own, which narrows. */
  #narrowing(body: (pushAnyLeft: () => void) => void): void {
    const code = this.#code;
    const outer = this.#mask;
    const mask = this.#keepEach(() => {
      if (outer === undefined) code.vector(Vector.constant).append(ALL_TRUE);
      else code.get(outer[this.#now.pair]);
    });
    this.#mask = mask;
    body(() => this.#pushAny(mask));
    this.#mask = outer;
  }

  #repeat(step: Loop, most: number, locals: readonly number[][]): void {
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

  #overMonths(step: Loop, locals: readonly number[][]): void {
    const { writer } = this;
    const code = this.#code;
    const { originMonth, horizonMonths } = this.#options.block;
    const { month } = this.#now;
    code.get(month);
    const outer = writer.keep(Type.int32);
    const body = () => {
      this.#now.start();
      this.#once(step, locals);
    };
    this.#columns.within(() => writer.count(month, 1, originMonth + horizonMonths, body), true);
    code.get(outer).set(month);
    this.#now.start();
  }

  #overList(step: Loop, over: OverList, locals: readonly number[][]): void {
    const known = this.#columns.knownStretch(over.list);
    const run = (pushAnyLeft?: () => void) => {
      if (known && this.#isWrittenOut(step, known[1] - known[0])) this.#writeOut(step, over, known, locals);
      else this.#overRecords(step, over, locals, pushAnyLeft);
    };
    if (step.goesOn === undefined) run();
    else this.#narrowing(run);
  }

  /** A loop that trials leave stays one: where all have left, it ends. */
  #isWrittenOut({ goesOn }: Loop, count: number): boolean {
    return count <= 1 || (goesOn === undefined && count * this.#copies <= MOST_COPIES);
  }

  /** A body for each item, in which the addresses of its columns are constants. */
  #writeOut(
    step: Loop,
    { item, isBackwards }: OverList,
    [from, end]: readonly [from: number, end: number],
    locals: readonly number[][],
  ): void {
    const outer = this.#copies;
    this.#copies *= end - from;
    for (let nth = 0; nth < end - from; nth++) {
      this.#columns.bind(item, { index: isBackwards ? end - 1 - nth : from + nth });
      this.#once(step, locals);
    }
    this.#copies = outer;
  }

  #overRecords(
    step: Loop,
    { list, item, isBackwards }: OverList,
    locals: readonly number[][],
    pushAnyLeft: (() => void) | undefined,
  ): void {
    const { writer } = this;
    const code = this.#code;
    const size = this.#options.records.sizes[list.target];
    if (this.#columns.isChosen(list)) throw new Error(`${list.target} of an item that differs by trial`);
    writer.scoped(() => {
      this.#columns.pushEdge(list, isBackwards);
      const pointer = writer.keep(Type.int32);
      this.#columns.pushEdge(list, !isBackwards);
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
            this.#columns.bind(item, { pointer });
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
    if (result) this.#values[result.to] = this.#keepEach(() => this.#push(result.otherwise));
    writer.scoped(() => {
      const outer = this.#mask;
      const mask = this.#keepEach(() => {
        this.#push(test);
        if (outer !== undefined) code.get(outer[this.#now.pair]).vector(Vector.and);
      });
      this.#pushAny(mask);
      this.#mask = mask;
      writer.when(() =>
        this.#body(body, () => {
          if (!result) return;
          this.#now.eachPair(() => {
            const { pair } = this.#now;
            this.writer.choose(
              () => code.get(mask[pair]),
              () => this.#push(result.x),
              () => this.#push(result.otherwise),
            );
            code.set(this.#values[result.to][pair]);
          });
        }),
      );
      this.#mask = outer;
    });
  }

  #when({ column, yes, no, result }: Extract<Step, { do: "when" }>): void {
    const { writer } = this;
    const known = this.#columns.isKnownToBeThere(column);
    if (result) this.#values[result.to] = this.#now.pairs.map(() => writer.local(Type.vector));
    const side = (body: readonly Step[], value: Value | undefined) =>
      this.#body(body, () => {
        if (!result || value === undefined) return;
        this.#now.eachPair(() => {
          this.#push(value);
          this.#code.set(this.#values[result.to][this.#now.pair]);
        });
      });
    if (known !== undefined) {
      if (known) side(yes, result?.x);
      else side(no, result?.y);
      return;
    }
    this.#columns.pushIsThere(column);
    writer.when(
      () => side(yes, result?.x),
      () => side(no, result?.y),
    );
  }
}
