import {
  applyScalar,
  type Column,
  type Instruction,
  type Kernel,
  type List,
  Opcode,
  type Operations,
  type Register,
  type State,
  type Step,
} from "../../engine/index.ts";
import { operationTerm } from "./operation-terms.ts";
import { asNumber, numberTerm, type Term } from "./terms.ts";

/** Where a kernel's formula is written, and how it reads cells. */
export type KernelPlace = {
  readonly month: number;
  readonly monthCount: number;
  readonly originMonth: number;
  readonly horizonEnd: number;
  /** A register in a month, and its number if it is known: what no input that can be changed moves, and is the same in all months. */
  readonly read: (register: Register, month: number, name: string) => Term;
  readonly known: (register: Register) => number | undefined;
  /** The number of the month at hand, so many months away. */
  readonly monthTerm: (distance: number) => Term;
  /** Notes that the formula being written holds no longer than that month. */
  readonly holdsThrough: (month: number) => void;
  /** The last month in which it holds as far as is known. */
  readonly through: () => number;
};

/**
 * A value while a kernel is read: its formula, which is written where it is needed, and where it is known what it is: a number, or
 * the month's and a number. The serial tells the values of one reading apart, and is the same in each.
 */
type Value = {
  readonly term: () => Term;
  readonly known?: { readonly at: number; readonly perMonth: 0 | 1 };
  readonly serial: number;
};

/** Operations that can make a straight line over the months from straight lines. */
const LINES: ReadonlySet<number> = new Set([Opcode.add, Opcode.subtract, Opcode.min, Opcode.max]);

/** Operations whose result over straight lines bends at most once: if both ends of some months lie on one line, so do those between. */
const BENDS_ONCE: ReadonlySet<number> = new Set([...LINES, Opcode.less, Opcode.lessEqual]);

type CellColumn = Column & { readonly name: string; readonly word: number };

/** Which values of a kernel stand in cells of their own, by serial, for each month that was asked for. */
type SharedValues = Map<number, ReadonlyMap<number, Register>>;

const sharedOf = new WeakMap<Instruction, SharedValues>();

/**
 * The formula of an output of a kernel in one month: a fourth reader of what a kernel says, beside the numbers, the record and
 * the code.
 *
 * Conditions on months are decided while it is written, so a formula holds for as long as they stay as they are. Other outputs are
 * read from their cells.
 *
 * @param isResult whether the kernel makes it after the last month; the place is then in that month
 *
 * Fails: throws for what cells do not have: searches, tables, and places that move.
 */
export function kernelTerm(
  instruction: Instruction,
  output: Register,
  isResult: boolean,
  place: KernelPlace,
): Term {
  const shared = new Map(isResult ? [] : sharedValues(instruction, place));
  for (const [serial, register] of shared) if (register === output) shared.delete(serial);
  const reading = new KernelCells(instruction, place, isResult, shared);
  reading.run();
  const own = reading.made.get(output);
  return own ? asNumber(own.term()) : numberTerm(0);
}

function sharedValues(instruction: Instruction, place: KernelPlace): ReadonlyMap<number, Register> {
  const byMonth: SharedValues = sharedOf.get(instruction) ?? new Map();
  sharedOf.set(instruction, byMonth);
  const found = byMonth.get(place.month);
  if (found) return found;
  const reading = new KernelCells(instruction, { ...place, holdsThrough: () => {} }, false);
  reading.run();
  const shared = new Map<number, Register>();
  for (const [register, { serial, known }] of reading.made) if (!known) shared.set(serial, register);
  byMonth.set(place.month, shared);
  return shared;
}

class KernelCells implements Operations<Value, Value> {
  /** Outputs of the month, by register. */
  readonly made = new Map<Register, Value>();
  readonly #kernel: Kernel;
  readonly #items: NonNullable<Instruction["items"]>;
  readonly #place: KernelPlace;
  readonly #isResult: boolean;
  /** Values that stand in cells of their own, by serial. */
  readonly #shared: ReadonlyMap<number, Register>;
  readonly #conditions: Value[] = [];
  #serial = 0;

  constructor(
    { kernels, items }: Instruction,
    place: KernelPlace,
    isResult: boolean,
    shared: ReadonlyMap<number, Register> = new Map(),
  ) {
    this.#isResult = isResult;
    this.#kernel = kernels?.[0] as Kernel;
    this.#items = items ?? {};
    this.#place = place;
    this.#shared = shared;
  }

  run(): void {
    const lists = Object.fromEntries(
      Object.entries(this.#kernel.schema).map(([list, fields]) => [
        list,
        this.#items[list].map((words) =>
          Object.fromEntries(
            Object.entries(fields).map(([name, kind]) => [name, { kind, name, word: words[name] }]),
          ),
        ),
      ]),
    );
    if (this.#isResult) this.#kernel.end?.(this, lists as never);
    else this.#kernel.month?.(this, lists as never);
  }

  #value(write: () => Term, known?: Value["known"]): Value {
    const serial = this.#serial++;
    const register = this.#shared.get(serial);
    const { month, read } = this.#place;
    const make = register === undefined ? write : () => read(register, month, "");
    let made: Term | undefined;
    const term = () => {
      made ??= make();
      return made;
    };
    return known && register === undefined ? { term, known, serial } : { term, serial };
  }

  #number(at: number, perMonth: 0 | 1 = 0): Value {
    const { month, monthTerm } = this.#place;
    const write = () => (perMonth === 0 ? numberTerm(at) : monthTerm(at - month));
    return this.#value(write, { at, perMonth });
  }

  /** An operation, computed at once where all operands are known; the formula then holds for as long as the result goes on alike. */
  #operation(opcode: number, operands: readonly Value[]): Value {
    const knowns = operands.map(({ known }) => known);
    if (!knowns.every((known) => known !== undefined))
      return this.#value(() =>
        operationTerm(
          opcode,
          operands.map(({ term }) => term()),
        ),
      );
    const at = (later: number) => {
      const [x, y, z] = knowns;
      const value = (known: typeof x) => (known ? known.at + later * known.perMonth : 0);
      return applyScalar(opcode, value(x), value(y), value(z));
    };
    const first = at(0);
    if (knowns.every(({ perMonth }) => perMonth === 0)) return this.#number(first);
    // A comparison may change to 1, but does not grow by the month.
    const perMonth = LINES.has(opcode) && at(1) - first === 1 ? 1 : 0;
    const { month, through, holdsThrough } = this.#place;
    const most = through() - month;
    const goesOn = BENDS_ONCE.has(opcode) && at(most) === first + most * perMonth;
    let later = goesOn ? most : 0;
    while (later < most && at(later + 1) === first + (later + 1) * perMonth) later++;
    holdsThrough(month + later);
    return this.#number(first, perMonth);
  }

  readonly #unary = (opcode: number) => (x: Value) => this.#operation(opcode, [x]);
  readonly #binary = (opcode: number) => (x: Value, y: Value) => this.#operation(opcode, [x, y]);

  readonly constant = (value: number) => this.#number(value);
  readonly month = () => this.#number(this.#place.month, 1);
  readonly monthCount = () => this.#number(this.#place.monthCount);
  readonly originMonth = () => this.#number(this.#place.originMonth);
  readonly horizonEnd = () => this.#number(this.#place.horizonEnd);

  readonly add = this.#binary(Opcode.add);
  readonly subtract = this.#binary(Opcode.subtract);
  readonly multiply = this.#binary(Opcode.multiply);
  readonly divide = this.#binary(Opcode.divide);
  readonly min = this.#binary(Opcode.min);
  readonly max = this.#binary(Opcode.max);
  readonly power = this.#binary(Opcode.power);
  readonly sqrt = this.#unary(Opcode.sqrt);
  readonly abs = this.#unary(Opcode.abs);
  readonly floor = this.#unary(Opcode.floor);
  readonly log = this.#unary(Opcode.log);
  readonly less = this.#binary(Opcode.less);
  readonly atMost = this.#binary(Opcode.lessEqual);
  readonly equal = this.#binary(Opcode.equal);
  readonly both = this.#binary(Opcode.and);
  readonly either = this.#binary(Opcode.or);
  readonly not = this.#unary(Opcode.not);
  readonly elementwise = (opcode: number, inputs: readonly Value[]) => this.#operation(opcode, inputs);

  select(test: Value, x: Value, y: Value): Value {
    if (test.known) return test.known.at !== 0 ? x : y;
    return this.#value(() => operationTerm(Opcode.select, [test.term(), x.term(), y.term()]));
  }

  #isInput({ kind }: Column): boolean {
    return kind === "slab" || kind === "trial" || kind === "month" || kind === "number";
  }

  #at(column: Column, month: number): Value {
    const { name, word } = column as CellColumn;
    const known = this.#isInput(column) ? this.#place.known(word) : undefined;
    return known === undefined ? this.#value(() => this.#place.read(word, month, name)) : this.#number(known);
  }

  now(column: Column): Value {
    if (this.#isInput(column)) return this.#at(column, this.#place.month);
    if (column.kind !== "output") throw this.#unknown(`a ${column.kind}`);
    // After the last month, an output is that of the last month.
    if (this.#isResult) return this.#at(column, this.#place.month);
    return this.made.get((column as CellColumn).word) ?? this.#number(0);
  }

  before(column: Column, first?: Value): Value {
    const { month, holdsThrough } = this.#place;
    if (month > 0) return this.#at(column, month - 1);
    holdsThrough(0);
    return first ?? this.#number(0);
  }

  lag(column: Column, months: Value): Value {
    const { month, holdsThrough } = this.#place;
    const back = Math.max(0, this.#distance(months));
    if (back === 0) return this.now(column);
    if (back <= month) return this.#at(column, month - back);
    holdsThrough(back - 1);
    return this.#number(0);
  }

  ahead(column: Column, months: Value): Value {
    const { month, monthCount, holdsThrough } = this.#place;
    const at = month + this.#distance(months);
    if (at < 0) holdsThrough(month);
    // Beyond the window each month reads the same one, so that the formula does not move on.
    if (at >= monthCount - 1) holdsThrough(month);
    else holdsThrough(month + monthCount - 1 - at);
    return this.#at(column, Math.min(monthCount - 1, Math.max(0, at)));
  }

  #distance({ known }: Value): number {
    if (!known) throw this.#unknown("a distance that moves");
    if (known.perMonth !== 0) this.#place.holdsThrough(this.#place.month);
    return known.at;
  }

  set(column: Column, value: Value): void {
    const { word } = column as CellColumn;
    const old = this.made.get(word) ?? this.#number(0);
    this.made.set(
      word,
      this.#conditions.reduceRight((inner, condition) => this.select(condition, inner, old), value),
    );
  }

  readonly each = <Item>(list: List<Item>, step: (item: Item) => void) => {
    for (const item of list as unknown as readonly Item[]) step(item);
  };

  readonly eachBack = <Item>(list: List<Item>, step: (item: Item) => void) => {
    for (const item of [...(list as unknown as readonly Item[])].reverse()) step(item);
  };

  readonly fold = <Item>(list: List<Item>, start: Value, step: (carried: Value, item: Item) => Value) =>
    (list as unknown as readonly Item[]).reduce(step, start);

  readonly foldBack = <Item>(list: List<Item>, start: Value, step: (carried: Value, item: Item) => Value) =>
    (list as unknown as readonly Item[]).reduceRight(step, start);

  where(test: Value, then: () => void): void {
    if (test.known) {
      if (test.known.at !== 0) then();
      return;
    }
    this.#conditions.push(test);
    then();
    this.#conditions.pop();
  }

  whereValue(test: Value, then: () => Value, otherwise: Value): Value {
    if (test.known) return test.known.at !== 0 ? then() : otherwise;
    return this.select(test, then(), otherwise);
  }

  when(column: Column, then: () => void, otherwise?: () => void): void {
    if ((column as CellColumn).word >= 0) then();
    else otherwise?.();
  }

  whenValue(column: Column, then: () => Value, otherwise: () => Value): Value {
    return (column as CellColumn).word >= 0 ? then() : otherwise();
  }

  ceil(): Value {
    throw this.#unknown("a ceiling");
  }
  log2(): Value {
    throw this.#unknown("a logarithm to base 2");
  }
  powers(): (exponent: Value) => Value {
    throw this.#unknown("powers of one base");
  }
  lookUp(): Value {
    throw this.#unknown("a table");
  }
  at<Item>(): Item {
    throw this.#unknown("a place in a list");
  }
  walk<Item>(
    _list: List<Item>,
    _start: Value,
    _step: (carried: Value, item: Item) => Step<Value, Value>,
  ): Value {
    throw this.#unknown("a walk");
  }
  repeat<S extends State<Value>>(): S {
    throw this.#unknown("a search");
  }
  overMonths<S extends State<Value>>(): S {
    throw this.#unknown("a loop over months");
  }

  #unknown(what: string): Error {
    return new Error(`${this.#kernel.name} says ${what}, for which there is no cell`);
  }
}
