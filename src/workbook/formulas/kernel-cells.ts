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
  /** The cell of a register in a month. */
  readonly read: (register: Register, month: number, name: string) => Term;
  /** The number of the month at hand, so many months away. */
  readonly monthTerm: (distance: number) => Term;
  /** Notes that the formula being written holds no longer than that month. */
  readonly holdsThrough: (month: number) => void;
};

/** What a kernel is read with: the months of the window, and which registers are known numbers. */
export type KernelSetting = {
  readonly monthCount: number;
  readonly originMonth: number;
  readonly horizonEnd: number;
  /** The number of a register: what no input that can be changed moves, and is the same in all months. */
  readonly known: (register: Register) => number | undefined;
};

/**
 * A value while a kernel is read: its formula, which is written where it is needed, and where it is known what it is: a number, or
 * the month's and a number.
 */
type Value = {
  readonly term: () => Term;
  readonly known?: { readonly at: number; readonly perMonth: 0 | 1 };
};

/** Operations that can make a straight line over the months from straight lines. */
const LINES: ReadonlySet<number> = new Set([Opcode.add, Opcode.subtract, Opcode.min, Opcode.max]);

/** Operations whose result over straight lines bends at most once: if both ends of some months lie on one line, so do those between. */
const BENDS_ONCE: ReadonlySet<number> = new Set([...LINES, Opcode.less, Opcode.lessEqual]);

type CellColumn = Column & { readonly name: string; readonly word: number };

/** Lists of a kernel's items, each with its columns by name. */
type Lists = Readonly<Record<string, readonly unknown[]>>;

/**
 * Formulas of the outputs of a kernel: a fourth reader of what a kernel says, beside the numbers, the record and the code.
 *
 * Conditions on months are decided while it is read, so a formula holds for as long as they stay as they are. A month is read once,
 * for all outputs. Other outputs are read from their cells.
 *
 * Fails: throws for what cells do not have: searches, tables, and places that move.
 */
export class KernelFormulas {
  readonly #kernel: Kernel;
  readonly #lists: Lists;
  readonly #setting: KernelSetting;
  readonly #months = new Map<number, KernelReading>();
  #end: KernelReading | undefined;

  constructor({ kernels, items }: Instruction, setting: KernelSetting) {
    this.#kernel = kernels?.[0] as Kernel;
    this.#setting = setting;
    this.#lists = Object.fromEntries(
      Object.entries(this.#kernel.schema).map(([list, fields]) => [
        list,
        (items?.[list] ?? []).map((words) =>
          Object.fromEntries(
            Object.entries(fields).map(([name, kind]) => [name, { kind, name, word: words[name] }]),
          ),
        ),
      ]),
    );
  }

  /** The formula of an output in a month. */
  ofMonth(output: Register, month: number, place: KernelPlace): Term {
    const reading = this.#months.get(month) ?? this.#read(month, false);
    this.#months.set(month, reading);
    return reading.write(output, place);
  }

  /** The formula of what the kernel makes after the last month of the horizon. */
  ofEnd(output: Register, place: KernelPlace): Term {
    this.#end ??= this.#read(this.#setting.horizonEnd - 1, true);
    return this.#end.write(output, place);
  }

  #read(month: number, isResult: boolean): KernelReading {
    const reading = new KernelReading(this.#kernel.name, this.#setting, month, isResult);
    if (isResult) this.#kernel.end?.(reading, this.#lists as never);
    else this.#kernel.month?.(reading, this.#lists as never);
    return reading;
  }
}

/** A kernel as it is in one month. */
class KernelReading implements Operations<Value, Value> {
  readonly #name: string;
  readonly #setting: KernelSetting;
  readonly #month: number;
  readonly #isResult: boolean;
  /** Outputs of the month, by register. */
  readonly #made = new Map<Register, Value>();
  /** The last month in which all that was decided while reading stays as it is. */
  #through: number;
  readonly #conditions: Value[] = [];
  /** Where the formula at hand is written, and what was written for it. */
  #place: KernelPlace | undefined;
  #written = new Map<Value, Term>();
  #cells: ReadonlyMap<Value, Register> | undefined;

  constructor(name: string, setting: KernelSetting, month: number, isResult: boolean) {
    this.#name = name;
    this.#setting = setting;
    this.#month = month;
    this.#isResult = isResult;
    this.#through = setting.monthCount - 1;
  }

  /** The formula of an output. */
  write(output: Register, place: KernelPlace): Term {
    place.holdsThrough(this.#through);
    const own = this.#made.get(output);
    if (!own) return numberTerm(0);
    // What is written may ask for another output before it is done.
    const outer = [this.#place, this.#written] as const;
    this.#place = place;
    this.#written = new Map();
    const term = asNumber(this.#ownCells().get(own) === output ? own.term() : this.#term(own));
    [this.#place, this.#written] = outer;
    return term;
  }

  /** Values that stand in cells of their own. */
  #ownCells(): ReadonlyMap<Value, Register> {
    const isInCell = ([, { known }]: readonly [Register, Value]) => !known && !this.#isResult;
    this.#cells ??= new Map([...this.#made].filter(isInCell).map(([register, value]) => [value, register]));
    return this.#cells;
  }

  /** A value as others read it. */
  #term(value: Value): Term {
    const written = this.#written.get(value);
    if (written) return written;
    const register = this.#ownCells().get(value);
    const term = register === undefined ? value.term() : this.#read(register, this.#month, "");
    this.#written.set(value, term);
    return term;
  }

  #read(register: Register, month: number, name: string): Term {
    return (this.#place as KernelPlace).read(register, month, name);
  }

  #holdsThrough(month: number): void {
    this.#through = Math.min(this.#through, month);
  }

  #number(at: number, perMonth: 0 | 1 = 0): Value {
    const term = () =>
      perMonth === 0 ? numberTerm(at) : (this.#place as KernelPlace).monthTerm(at - this.#month);
    return { term, known: { at, perMonth } };
  }

  /** An operation, computed at once where all operands are known; the formula then holds for as long as the result goes on alike. */
  #operation(opcode: number, operands: readonly Value[]): Value {
    const knowns = operands.map(({ known }) => known);
    if (!knowns.every((known) => known !== undefined))
      return {
        term: () =>
          operationTerm(
            opcode,
            operands.map((operand) => this.#term(operand)),
          ),
      };
    const at = (later: number) => {
      const [x, y, z] = knowns;
      const value = (known: typeof x) => (known ? known.at + later * known.perMonth : 0);
      return applyScalar(opcode, value(x), value(y), value(z));
    };
    const first = at(0);
    if (knowns.every(({ perMonth }) => perMonth === 0)) return this.#number(first);
    // A comparison may change to 1, but does not grow by the month.
    const perMonth = LINES.has(opcode) && at(1) - first === 1 ? 1 : 0;
    const most = this.#through - this.#month;
    const goesOn = BENDS_ONCE.has(opcode) && at(most) === first + most * perMonth;
    let later = goesOn ? most : 0;
    while (later < most && at(later + 1) === first + (later + 1) * perMonth) later++;
    this.#holdsThrough(this.#month + later);
    return this.#number(first, perMonth);
  }

  readonly #unary = (opcode: number) => (x: Value) => this.#operation(opcode, [x]);
  readonly #binary = (opcode: number) => (x: Value, y: Value) => this.#operation(opcode, [x, y]);

  readonly constant = (value: number) => this.#number(value);
  readonly month = () => this.#number(this.#month, 1);
  readonly monthCount = () => this.#number(this.#setting.monthCount);
  readonly originMonth = () => this.#number(this.#setting.originMonth);
  readonly horizonEnd = () => this.#number(this.#setting.horizonEnd);

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
    return {
      term: () =>
        operationTerm(
          Opcode.select,
          [test, x, y].map((value) => this.#term(value)),
        ),
    };
  }

  #isInput({ kind }: Column): boolean {
    return kind === "slab" || kind === "trial" || kind === "month" || kind === "number";
  }

  #at(column: Column, month: number): Value {
    const { name, word } = column as CellColumn;
    const known = this.#isInput(column) ? this.#setting.known(word) : undefined;
    return known === undefined ? { term: () => this.#read(word, month, name) } : this.#number(known);
  }

  now(column: Column): Value {
    if (this.#isInput(column)) return this.#at(column, this.#month);
    if (column.kind !== "output") throw this.#unknown(`a ${column.kind}`);
    // After the last month, an output is that of the last month.
    if (this.#isResult) return this.#at(column, this.#month);
    return this.#made.get((column as CellColumn).word) ?? this.#number(0);
  }

  before(column: Column, first?: Value): Value {
    if (this.#month > 0) return this.#at(column, this.#month - 1);
    this.#holdsThrough(0);
    return first ?? this.#number(0);
  }

  lag(column: Column, months: Value): Value {
    const month = this.#month;
    const back = Math.max(0, this.#distance(months));
    if (back === 0) return this.now(column);
    if (back <= month) return this.#at(column, month - back);
    this.#holdsThrough(back - 1);
    return this.#number(0);
  }

  ahead(column: Column, months: Value): Value {
    const month = this.#month;
    const { monthCount } = this.#setting;
    const at = month + this.#distance(months);
    if (at < 0) this.#holdsThrough(month);
    // Beyond the window each month reads the same one, so that the formula does not move on.
    if (at >= monthCount - 1) this.#holdsThrough(month);
    else this.#holdsThrough(month + monthCount - 1 - at);
    return this.#at(column, Math.min(monthCount - 1, Math.max(0, at)));
  }

  #distance({ known }: Value): number {
    if (!known) throw this.#unknown("a distance that moves");
    if (known.perMonth !== 0) this.#holdsThrough(this.#month);
    return known.at;
  }

  set(column: Column, value: Value): void {
    const { word } = column as CellColumn;
    const old = this.#made.get(word) ?? this.#number(0);
    this.#made.set(
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
    return new Error(`${this.#name} says ${what}, for which there is no cell`);
  }
}
