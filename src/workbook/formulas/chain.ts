import { columnKey } from "../../analysis/results/results.ts";
import { columnOf, type TraceRun } from "../../analysis/trace/trace-run.ts";
import { type Entity, entityKey } from "../../compile/entities.ts";
import { type OpenProgram, registerColumn, sourceOf } from "../../compile/record/open-program.ts";
import { applyScalar, type Instruction, Opcode, type Register } from "../../engine/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { InputBook } from "../input-book.ts";
import { type Layout, type LevelSheet, registerHelper, sheetOf } from "../layout.ts";
import { KernelFormulas, type KernelPlace } from "./kernel-cells.ts";
import { KERNEL_HEADINGS, SHIFTS } from "./open-fields.ts";
import { operationTerm } from "./operation-terms.ts";
import { pinTerm, type Spot } from "./spot.ts";
import { asNumber, atom, numberTerm, operate, scaled, type Term } from "./terms.ts";

/** How formulas read the cells around them. */
export type CellReader = {
  readonly layout: Layout;
  readonly inputs: InputBook;
  /** The cell of a metric, of the spot's entity or of one that holds it. */
  readonly metric: (metric: Metric, spot: Spot) => Term;
  /** A field that can be changed. */
  readonly line: (path: string, spot: Spot) => Term;
  /** The cell of a column, noted as read. */
  readonly cell: (sheet: LevelSheet, column: number, spot: Spot) => string;
  /** The months from start of the spot's month. */
  readonly monthsFromStart: (spot: Spot) => Term;
  /** Notes that the formula being written holds no longer than that month. */
  readonly holdsThrough: (month: number) => void;
  /** Writes a part of a formula that belongs to one fixed month. */
  readonly apart: <Written>(write: () => Written) => Written;
};

/** A formula longer than this gets a column of its own where others read it [characters]. */
const MOST_INLINE = 400;

/** Kernels whose formulas are kept. */
const MOST_KERNELS = 64;

/** Where the values of a register stand: as a metric of an entity. */
type Home = { readonly metric: Metric; readonly entity: Entity };

/**
 * Writes figures of kernels as cell formulas, from the instructions that compute them. What a changeable input moves is written out
 * back to cells with a name of their own: metrics, inputs, and columns beside the metrics. All else is a value.
 */
export class Chain {
  readonly #cells: CellReader;
  readonly #run: TraceRun;
  readonly #program: OpenProgram;
  readonly #homes = new Map<Register, Home>();
  readonly #registers = new Map<string, Register>();
  /** What was found of registers before. */
  readonly #numbers = new Map<Register, number | undefined>();
  readonly #moving = new Map<Register, boolean>();
  readonly #kernels = new Map<Instruction, KernelFormulas>();

  constructor(cells: CellReader, program: OpenProgram) {
    this.#cells = cells;
    this.#program = program;
    const { layout } = cells;
    this.#run = layout.run;
    for (const { level, metric, entity, register } of program.columns)
      this.#registers.set(columnKey(level, metric, entity), register);
    for (const { entities, metrics } of layout.levels.values())
      for (const entity of entities) for (const metric of metrics) this.#addHome(metric, entity);
    for (const { rows } of [layout.summary, layout.figures])
      for (const { metric, entity } of rows) this.#addHome(metric, entity);
  }

  #addHome(metric: Metric, entity: Entity): void {
    const register = this.#registerOf(metric.name, entity);
    if (register === undefined || metric.level !== entity.level || metric.time === "code") return;
    const source = sourceOf(this.#program, register);
    if (!this.#homes.has(source)) this.#homes.set(source, { metric, entity });
  }

  #registerOf(name: string, entity: Entity): Register | undefined {
    return this.#registers.get(columnKey(entity.level, name, entityKey(entity)));
  }

  /** Whether an input that can be changed moves a register, by instructions that cells can say. */
  isMoving(register: Register): boolean {
    const known = this.#moving.get(register);
    if (known !== undefined) return known;
    const isMoving = this.#follows(this.#program.followed, register);
    this.#moving.set(register, isMoving);
    return isMoving;
  }

  /** The formula of a figure of a kernel; undefined where no input that can be changed moves it, or where cells cannot say how. */
  write({ name }: Metric, spot: Spot): Term | undefined {
    const register = this.#saidRegister(name, spot.entity);
    if (register === undefined) return undefined;
    const source = sourceOf(this.#program, register);
    const isInput = this.#program.opened.has(source);
    return asNumber(isInput ? this.#term(source, spot, name) : this.#expand(source, spot, name));
  }

  /** Whether a figure of a kernel is a formula. */
  isFormula({ name }: Metric, entity: Entity): boolean {
    return this.#saidRegister(name, entity) !== undefined;
  }

  /** Whether a figure of a kernel is left behind where an input is changed that moves it in a way that cells cannot say. */
  isLost({ name }: Metric, entity: Entity): boolean {
    const register = this.#registerOf(name, entity);
    return register !== undefined && this.#follows(this.#program.lost, register);
  }

  #saidRegister(name: string, entity: Entity): Register | undefined {
    const register = this.#registerOf(name, entity);
    const isSaid =
      register !== undefined && this.isMoving(register) && !this.#follows(this.#program.lost, register);
    return isSaid ? register : undefined;
  }

  #follows(paths: OpenProgram["followed"], register: Register): boolean {
    return [...(paths.get(register) ?? [])].some((path) => this.#cells.inputs.isLive(path));
  }

  /** Values of a register by window month, in canonical units: those of its column, or computed as the program computes them. */
  valuesOf(register: Register): Float64Array {
    const { constants, monthVectors, makers } = this.#program;
    const { columns, monthCount } = this.#run;
    const constant = constants.get(register);
    if (constant !== undefined) return new Float64Array(monthCount).fill(constant);
    const home = this.#homes.get(register);
    const known =
      monthVectors.get(register) ??
      columns.get(columnKey("total", registerColumn(register), "")) ??
      (home && columnOf(this.#run, home.metric.name, home.entity));
    if (known) return known;
    const maker = makers.get(register);
    if (!maker) throw new Error(`no values of register ${register}`);
    const [x, y = x, z = x] = maker.inputs.map((input) => this.valuesOf(input));
    const values = new Float64Array(monthCount);
    for (let month = 0; month < monthCount; month++)
      values[month] = applyScalar(maker.opcode, x[month], y[month], z[month]);
    return values;
  }

  /** The number that a register is in all months, if no input that can be changed moves it. */
  #known(register: Register): number | undefined {
    if (this.#numbers.has(register)) return this.#numbers.get(register);
    const number = this.#findNumber(register);
    this.#numbers.set(register, number);
    return number;
  }

  #findNumber(register: Register): number | undefined {
    const source = sourceOf(this.#program, register);
    if (this.isMoving(source)) return undefined;
    const values = this.valuesOf(this.#program.constants.has(source) ? source : register);
    const [first] = values;
    return values.every((value) => Object.is(value, first)) ? first : undefined;
  }

  /** The formula of a cell of a column that stands for a register. */
  writeStep(heading: string, register: Register, spot: Spot): string {
    return scaled(asNumber(this.#expand(register, spot, heading)), 1).text;
  }

  /** A register as other formulas read it. */
  #term(register: Register, spot: Spot, heading: string): Term {
    const known = this.#known(register);
    if (known !== undefined) return numberTerm(known);
    const { opened, makers, monthVectors } = this.#program;
    const source = sourceOf(this.#program, register);
    const path = opened.get(source);
    if (path !== undefined) return this.#cells.line(path, spot);
    if (this.#homes.has(source)) return this.#cell(source, spot, heading);
    const maker = makers.get(source);
    // Values that nothing moves stand in a column, so that a formula does not hold a number for each month.
    if (!maker || monthVectors.has(source) || !this.isMoving(source))
      return this.#cell(this.isMoving(source) ? source : register, spot, heading);
    if (maker.opcode === Opcode.total || isResult(maker, source)) return this.#expand(source, spot, heading);
    if (hasOwnColumn(maker)) return this.#cell(source, spot, headingOf(maker, source, heading));
    const term = this.#expand(source, spot, heading);
    return term.text.length > MOST_INLINE ? this.#cell(source, spot, heading) : term;
  }

  /** The cell of a register: of its metric, or in a column beside the metrics. */
  #cell(register: Register, spot: Spot, heading: string): Term {
    const home = this.#homes.get(register);
    if (home) return this.#cells.metric(home.metric, { ...spot, entity: home.entity });
    const { sheet, entity } = this.#place(spot);
    const column = registerHelper(sheet, { heading, entity, register });
    return atom(this.#cells.cell(sheet, column, { ...spot, entity }));
  }

  /** The sheet and rows beside whose metrics the columns of an entity stand. */
  #place({ entity }: Spot): { readonly sheet: LevelSheet; readonly entity: Entity } {
    const own: Entity = entity.level === "run" ? { level: "total" } : entity;
    return { sheet: sheetOf(this.#cells.layout, own.level), entity: own };
  }

  /** What makes a register, in cells. */
  #expand(register: Register, spot: Spot, heading: string): Term {
    const maker = this.#program.makers.get(register);
    if (!maker) throw new Error(`register ${register} is made by nothing`);
    const { month } = spot;
    const { inputs, opcode, operands } = maker;
    if (opcode === Opcode.kernel) return this.#kernel(maker, register, spot);
    const at = (other: number) => this.#term(inputs[0], { ...spot, month: other }, heading);
    switch (opcode) {
      case Opcode.total: {
        const [first, end] = operands.slice(-2);
        return this.#total(inputs[0], first, end, spot, heading);
      }
      case Opcode.cumulate:
      case Opcode.runningMax:
      case Opcode.runningProduct: {
        const own = at(month);
        if (month === 0) {
          this.#cells.holdsThrough(0);
          return own;
        }
        const before = this.#cell(
          register,
          { ...spot, month: month - 1 },
          headingOf(maker, register, heading),
        );
        const operator = ({ [Opcode.cumulate]: "add", [Opcode.runningMax]: "max" } as const)[
          opcode as number
        ];
        return operate(operator ?? "multiply", [before, asNumber(own)]);
      }
      case Opcode.difference: {
        if (month > 0) return operate("subtract", [asNumber(at(month)), asNumber(at(month - 1))]);
        this.#cells.holdsThrough(0);
        return at(0);
      }
      default: {
        const shift = SHIFTS.get(opcode);
        if (shift) return this.#shifted(shift, inputs, spot, heading);
        return operationTerm(
          opcode,
          inputs.map((input) => this.#term(input, spot, heading)),
        );
      }
    }
  }

  #shifted(
    { sign, holds }: { readonly sign: 1 | -1; readonly holds: boolean },
    [source, lag]: readonly Register[],
    spot: Spot,
    heading: string,
  ): Term {
    const { monthCount } = this.#run;
    const cells = this.#cells;
    const steps = sign * Math.min(monthCount, this.#known(lag) as number);
    const at = spot.month + steps;
    if (at >= 0 && at < monthCount) {
      if (steps > 0) cells.holdsThrough(monthCount - 1 - steps);
      return this.#term(source, { ...spot, month: at }, heading);
    }
    cells.holdsThrough(at < 0 ? -steps - 1 : monthCount - 1);
    if (!holds) return numberTerm(0);
    const edge = at < 0 ? 0 : monthCount - 1;
    return this.#fixedTerm(source, edge, spot, heading);
  }

  /** A register in a month that does not move with the row. */
  #fixedTerm(register: Register, month: number, spot: Spot, heading: string): Term {
    const term = this.#cells.apart(() => this.#term(register, { ...spot, month }, heading));
    return pinTerm(term);
  }

  #total(source: Register, first: number, end: number, spot: Spot, heading: string): Term {
    if (end - first === 1) return this.#fixedTerm(source, first, spot, heading);
    const own = sourceOf(this.#program, source);
    const known = this.#known(source);
    if (known !== undefined) return numberTerm(known * (end - first));
    const cellAt = (month: number) => {
      const cell = this.#cells.apart(() =>
        this.#cell(this.isMoving(own) ? own : source, { ...spot, month }, heading),
      );
      return pinTerm(cell);
    };
    const [from, to] = [cellAt(first), cellAt(end - 1)];
    return atom(`SUM(${from.text}:${to.text.slice(to.text.indexOf("!") + 1)})`, from.scale);
  }

  #kernel(maker: Instruction, register: Register, spot: Spot): Term {
    const formulas = this.#kernelFormulas(maker);
    if (!isResult(maker, register))
      return formulas.ofMonth(register, spot.month, this.#kernelPlace(maker, spot));
    const month = this.#run.originMonth + this.#run.horizonMonths - 1;
    const place = this.#kernelPlace(maker, { ...spot, month });
    return pinTerm(this.#cells.apart(() => formulas.ofEnd(register, place)));
  }

  /** The formulas of a kernel. Those asked for last are kept: one part's columns are written one after the other, and there are many. */
  #kernelFormulas(maker: Instruction): KernelFormulas {
    const kernels = this.#kernels;
    const formulas = kernels.get(maker) ?? this.#readKernel(maker);
    kernels.delete(maker);
    kernels.set(maker, formulas);
    const [oldest] = kernels.keys();
    if (kernels.size > MOST_KERNELS && oldest) kernels.delete(oldest);
    return formulas;
  }

  #readKernel(maker: Instruction): KernelFormulas {
    const { originMonth, horizonMonths, monthCount } = this.#run;
    return new KernelFormulas(maker, {
      monthCount,
      originMonth,
      horizonEnd: originMonth + horizonMonths,
      known: (input) => this.#known(input),
    });
  }

  #kernelPlace(maker: Instruction, spot: Spot): KernelPlace {
    return {
      read: (input, month, name) => {
        const at = { ...spot, month };
        return maker.outputs.includes(input)
          ? this.#cell(input, at, headingOf(maker, input, name))
          : asNumber(this.#term(input, at, name));
      },
      // Months from start count from 1 in the first reported one.
      monthTerm: (distance) => {
        const months = this.#cells.monthsFromStart(spot);
        const later = this.#run.originMonth - 1 + distance;
        return later === 0 ? months : operate("add", [months, numberTerm(later)]);
      },
      holdsThrough: (month) => this.#cells.holdsThrough(month),
    };
  }
}

/** Whether a kernel makes a register after the last month, as one number. */
function isResult({ kernels, items }: Instruction, register: Register): boolean {
  const [kernel] = kernels ?? [];
  return Object.entries(kernel?.schema ?? {}).some(([list, fields]) =>
    Object.entries(fields).some(
      ([name, kind]) => kind === "result" && items?.[list].some((item) => item[name] === register),
    ),
  );
}

/** Whether what an instruction makes is read in other months than its own, or by kernels. */
function hasOwnColumn({ opcode }: Instruction): boolean {
  return (
    opcode === Opcode.kernel ||
    opcode === Opcode.cumulate ||
    opcode === Opcode.runningMax ||
    opcode === Opcode.runningProduct
  );
}

/** What the column of a register is called. */
function headingOf({ opcode, kernels, items }: Instruction, register: Register, heading: string): string {
  if (opcode === Opcode.cumulate) return `${heading}, so far`;
  if (opcode === Opcode.runningMax) return `${heading}, largest so far`;
  if (opcode === Opcode.runningProduct) return `${heading}, product so far`;
  const kernel = kernels?.[0].name ?? "";
  for (const item of Object.values(items ?? {}).flat())
    for (const [name, word] of Object.entries(item))
      if (word === register) return KERNEL_HEADINGS.get(kernel)?.[name] ?? `${kernel} ${name}`;
  return heading;
}
