import { interpretMonths, shiftedMonth, totalMonths } from "../../analysis/trace/interpret.ts";
import { membersOf, ownerOf, sumOver, type TraceRun } from "../../analysis/trace/trace-run.ts";
import type { Entity } from "../../compile/entities.ts";
import { DISCOUNT_RATES } from "../../compile/metric-registers.ts";
import type { OpenProgram } from "../../compile/record/open-program.ts";
import { formulaIn } from "../../compile/uses.ts";
import { DERIVED_INPUTS, type Discounter, type Formula, type InputName } from "../../metrics/formula.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import { columnName, columnRange } from "../cells.ts";
import type { InputBook, WorkbookInput } from "../input-book.ts";
import {
  figureAddress,
  HEAD_ROWS,
  helperColumn,
  type Layout,
  type LevelSheet,
  type RowLevel,
  rowOf,
  sheetOf,
  sumOfFigures,
} from "../layout.ts";
import { type CellReader, Chain } from "./chain.ts";
import { MOVING, pinTerm, pinText, type Read, type Spot } from "./spot.ts";
import { atom, numberTerm, operate, Precedence, scaled, type Term } from "./terms.ts";

/**
 * A formula for several months of an entity. Rows that move with the month stand as numbers between the texts, as they are in the
 * month that it was written for.
 */
export type Template = {
  readonly pieces: readonly (string | number)[];
  /** Last month in which the same formula holds. */
  readonly through: number;
  /** What it reads in the month that it was written for. */
  readonly reads: readonly Read[];
};

/** Members that are added one by one; a sum over more of them searches its sheet. */
const MOST_ADDED = 24;

/** A divisor longer than this gets a column of its own [characters]. */
const MOST_DIVISOR = 80;

/** How a formula reads a metric, where it is not the cell of the same month: the sum over a year, for instance. */
export type ReadMetric = (metric: Metric) => Term | undefined;

/**
 * Writes formulas of the metric table as formulas of cells. Values are read where they stand: in the row of the same month and
 * entity, of the entity that holds it, or months earlier or later.
 */
export class Translator implements CellReader {
  readonly layout: Layout;
  readonly inputs: InputBook;
  readonly chain: Chain;
  /** What formulas without months read. */
  readonly reads: Read[] = [];
  /** Of the formula that is being written: the last month that it holds in, and what it reads. */
  #through = 0;
  #reads: Read[] = [];

  constructor(layout: Layout, inputs: InputBook, program: OpenProgram) {
    this.layout = layout;
    this.inputs = inputs;
    this.chain = new Chain(this, program);
  }

  /** The formula of a figure without months; undefined where cells cannot say it. */
  writeFigure(metric: Metric, spot: Spot): string | undefined {
    if (metric.formula) return this.write(metric.formula, spot, metric.scale);
    this.#reads = this.reads;
    const text = this.writeMetric(metric, spot);
    return text === undefined ? undefined : pinText(text);
  }

  /** A formula in units of `scale`. */
  write(formula: Formula, spot: Spot, scale: number, read?: ReadMetric): string {
    this.#reads = this.reads;
    return pinText(this.#write(formula, spot, scale, read));
  }

  /** Writes a formula once for as many months as it stays the same in; `write` gives its text in the month of the spot. */
  template(spot: Spot, write: () => string): Template {
    this.#through = this.layout.run.monthCount - 1;
    this.#reads = [];
    const pieces = write()
      .split(MOVING)
      .map((piece, index) => (index % 2 === 1 ? Number(piece) : piece));
    return { pieces, through: Math.max(spot.month, this.#through), reads: this.#reads };
  }

  /** Whether a metric has a formula in the rows of an entity. */
  hasFormula(metric: Metric, entity: Entity): boolean {
    if (metric.time === "code") return false;
    return (
      metric.level !== entity.level || metric.formula !== undefined || this.chain.isFormula(metric, entity)
    );
  }

  /**
   * The formula of a metric in a row: its own, or the sum over what the entity holds; of a kernel, what inputs that can be changed
   * move, as far as cells can say it.
   */
  writeMetric(metric: Metric, spot: Spot): string | undefined {
    if (metric.level === spot.entity.level) {
      if (metric.formula) return this.#write(metric.formula, spot, metric.scale);
      const term = this.chain.write(metric, spot);
      return term && scaled(term, metric.scale).text;
    }
    const over = spot.entity.level === "total" ? sumOver(metric.name) : "parts";
    const members = over === "parts" && spot.entity.level === "total" ? "sites" : over;
    return this.sum(members, metric.name, spot).text;
  }

  #write(formula: Formula, spot: Spot, scale: number, read?: ReadMetric): string {
    return scaled(this.term(formulaIn(this.layout.run.scenario, formula), spot, read), scale).text;
  }

  /** A formula as an expression of cells. */
  term(formula: Formula, spot: Spot, read?: ReadMetric): Term {
    switch (formula.kind) {
      case "number":
        return numberTerm(formula.value);
      case "hours":
        return atom(this.#monthly(2, spot));
      case "years":
        return atom(`((${this.#monthly(1, spot)}-1)/12)`);
      case "discount":
        return this.#discount(formula.by, spot);
      case "final_discount": {
        const { originMonth, horizonMonths } = this.layout.run;
        const factor = this.#discount(formula.by, { ...spot, month: originMonth + horizonMonths - 1 });
        return pinTerm(factor);
      }
      case "metric": {
        const metric = findMetric(formula.name) as Metric;
        return read?.(metric) ?? this.metric(metric, spot);
      }
      case "input":
        return this.#input(formula.name, spot);
      case "operation":
        return this.#operation(formula, spot, read);
      case "sum":
        return this.sum(formula.over, formula.name, spot);
      case "previous":
        if (spot.month > 0) return this.#column(formula.of, { ...spot, month: spot.month - 1 });
        this.holdsThrough(0);
        return numberTerm(0);
      case "shifted": {
        const { run } = this.layout;
        const input = this.inputs.find(formula.by, spot.entity);
        this.inputs.lockAsMonths(input);
        const month = shiftedMonth(run, formula, spot.entity, spot.month);
        this.holdsThrough(lastAlike(run, formula, spot));
        return month === undefined ? numberTerm(0) : this.#column(formula.of, { ...spot, month });
      }
      case "running":
        return this.#column(formula, spot);
      case "total":
        return this.#total(formula, spot);
    }
  }

  #operation(
    { operator, operands }: Formula & { readonly kind: "operation" },
    spot: Spot,
    read?: ReadMetric,
  ): Term {
    const isQuotient = operator === "divide" || operator === "per";
    const hasColumns = !read && this.layout.levels.has(spot.entity.level as RowLevel);
    const terms = operands.map((operand, index) => {
      const term = this.term(operand, spot, read);
      // A divisor stands in its formula twice: the test whether it is 0, and the quotient.
      const isLong = isQuotient && index > 0 && term.text.length > MOST_DIVISOR;
      return isLong && hasColumns && !term.rate ? this.#column(operand, spot) : term;
    });
    return operate(operator, terms);
  }

  metric(metric: Metric, spot: Spot): Term {
    const { layout } = this;
    const owner = ownerOf(layout.run, metric.name, spot.entity);
    if (metric.isScalar) return atom(figureAddress(layout, metric.name, owner, spot.sheet), metric.scale);
    const sheet = sheetOf(layout, owner.level);
    return atom(
      this.cell(sheet, sheet.columns.get(metric.name) ?? 0, { ...spot, entity: owner }),
      metric.scale,
    );
  }

  /** The sum of a metric over the entities inside the spot's. */
  sum(over: Parameters<typeof membersOf>[1], name: string, spot: Spot): Term {
    const { layout } = this;
    const metric = findMetric(name) as Metric;
    const members = membersOf(layout.run, over, spot.entity);
    const [first] = members;
    if (!first) return numberTerm(0);
    if (metric.isScalar) {
      // All such sums are of the whole plan, over every entity of a level.
      if (members.length > MOST_ADDED) return atom(sumOfFigures(layout, name, members), metric.scale);
      const texts = members.map((member) => figureAddress(layout, name, member, spot.sheet));
      return { text: texts.join("+"), precedence: Precedence.sum, scale: metric.scale };
    }
    const sheet = sheetOf(layout, first.level);
    const column = sheet.columns.get(name) ?? 0;
    const cells = members.map((member) => this.cell(sheet, column, { ...spot, entity: member }));
    if (members.length <= MOST_ADDED)
      return {
        text: cells.join("+"),
        precedence: members.length > 1 ? Precedence.sum : Precedence.atom,
        scale: metric.scale,
      };
    const last = HEAD_ROWS + sheet.entities.length * layout.run.monthCount;
    const range = (column: number) => columnRange(sheet.name, column, HEAD_ROWS + 1, last);
    const here = rowOf(layout, sheetOf(layout, spot.entity.level), spot.entity, spot.month);
    const criteria = criteriaOf(spot.entity, sheet).map(
      ([column, text]) => `,${range(column)},"${text.replaceAll('"', '""')}"`,
    );
    return atom(
      `SUMIFS(${range(column)},${range(0)},$A${MOVING}${here}${MOVING}${criteria.join("")})`,
      metric.scale,
    );
  }

  /** The engine's value of a part of a formula in the rows of an entity, canonical. */
  valuesOf(formula: Formula, entity: Entity): Float64Array {
    const { run } = this.layout;
    if (formula.kind !== "running") return interpretMonths(run, formula, entity);
    const values = new Float64Array(run.monthCount);
    const of = interpretMonths(run, formula.of, entity);
    const first = formula.from === "horizon" ? run.originMonth : 0;
    for (let month = first; month < run.monthCount; month++)
      values[month] = (month > first ? values[month - 1] : 0) + of[month];
    return values;
  }

  /** The formula of a cell of a helper column. */
  writeHelper(formula: Formula, column: number, spot: Spot, scale: number): string {
    if (formula.kind !== "running") return this.#write(formula, spot, scale);
    const { layout } = this;
    if (formula.from === "horizon" && spot.month < layout.run.originMonth) {
      this.holdsThrough(layout.run.originMonth - 1);
      return "0";
    }
    const of = scaled(this.term(formula.of, spot), scale).text;
    const first = formula.from === "horizon" ? layout.run.originMonth : 0;
    if (spot.month === first) {
      this.holdsThrough(first);
      return of;
    }
    const sheet = sheetOf(layout, spot.entity.level);
    this.#reads.push({ sheet, column, entity: spot.entity, first, last: spot.month - 1 });
    return `${this.#cell(sheet, column, { ...spot, month: spot.month - 1 })}+${of}`;
  }

  /** A formula as the cell of a column: the metric's own, or one beside the metrics. */
  #column(formula: Formula, spot: Spot): Term {
    if (formula.kind === "metric") return this.metric(findMetric(formula.name) as Metric, spot);
    if (formula.kind === "input" && !DERIVED_INPUTS.has(formula.name)) return this.#input(formula.name, spot);
    const sheet = sheetOf(this.layout, spot.entity.level);
    const own = this.term(formula.kind === "running" ? formula.of : formula, spot);
    const { column, scale } = helperColumn(sheet, formula, own.scale);
    return atom(this.cell(sheet, column, spot), scale);
  }

  monthsFromStart(spot: Spot): Term {
    return atom(this.#monthly(1, spot));
  }

  holdsThrough(month: number): void {
    this.#through = Math.min(this.#through, month);
  }

  apart<Written>(write: () => Written): Written {
    const through = this.#through;
    const written = write();
    this.#through = through;
    return written;
  }

  #total(formula: Formula & { readonly kind: "total" }, spot: Spot): Term {
    const months = totalMonths(this.layout.run, formula);
    const [first] = months;
    const last = months.at(-1);
    if (first === undefined || last === undefined) return numberTerm(0);
    const whole: Entity = { level: "total" };
    const at = (month: number) => this.#column(formula.of, { entity: whole, month, sheet: spot.sheet });
    const [from, to] = [at(first), at(last)].map(pinTerm);
    const end = to.text.slice(to.text.indexOf("!") + 1);
    return atom(`SUM(${from.text}:${end})`, from.scale);
  }

  #input(name: InputName, spot: Spot): Term {
    const derived = DERIVED_INPUTS.get(name);
    if (derived) return this.term(derived, spot);
    return this.#inputTerm(this.inputs.find(name, spot.entity), spot);
  }

  line(path: string, spot: Spot): Term {
    return this.#inputTerm(this.inputs.line(path), spot);
  }

  #inputTerm(input: WorkbookInput, spot: Spot): Term {
    if (input.isConstant) return atom(input.definedName, input.unit.scale);
    return atom(
      `${this.inputs.columnOf(input)}${MOVING}${HEAD_ROWS + 1 + spot.month}${MOVING}`,
      input.unit.scale,
    );
  }

  /** The discount factor of a month's end: a column of Monthly, or the rate's own where that has none. */
  #discount(by: Discounter, spot: Spot): Term {
    if (by === "provider" || by === "buyer") return atom(this.#monthly(by === "provider" ? 3 : 4, spot));
    const { definedName } = this.inputs.field(DISCOUNT_RATES[by]);
    const text = `(1+${definedName})^(-${this.#monthly(1, spot)}/12)`;
    return { text, precedence: Precedence.power, scale: 1 };
  }

  #monthly(column: number, spot: Spot): string {
    const sheet = sheetOf(this.layout, "total");
    return this.#cell(sheet, column, { ...spot, entity: { level: "total" } });
  }

  cell(sheet: LevelSheet, column: number, spot: Spot): string {
    const { entity, month } = spot;
    this.#reads.push({ sheet, column, entity, first: month, last: month });
    return this.#cell(sheet, column, spot);
  }

  #cell(sheet: LevelSheet, column: number, spot: Spot): string {
    const row = rowOf(this.layout, sheet, spot.entity, spot.month);
    const cell = `${columnName(column)}${MOVING}${row}${MOVING}`;
    return sheet.name === spot.sheet ? cell : `${sheet.name}!${cell}`;
  }
}

/** The last month in which a shifted value is read as many months away as in the spot's. */
function lastAlike(
  run: TraceRun,
  formula: Formula & { readonly kind: "shifted" },
  { entity, month }: Spot,
): number {
  const distanceIn = (other: number) => {
    const source = shiftedMonth(run, formula, entity, other);
    return source === undefined ? undefined : source - other;
  };
  const distance = distanceIn(month);
  let last = month;
  while (last + 1 < run.monthCount && distanceIn(last + 1) === distance) last++;
  return last;
}

/** Columns of a sheet with the texts by which its rows belong to an entity. */
function criteriaOf(entity: Entity, { level }: LevelSheet): readonly (readonly [number, string])[] {
  if (entity.level === "site" && level === "part") return [[3, entity.site]];
  if (entity.level === "fleet" && level === "part") return [[1, entity.fleet]];
  if (entity.level === "workload" && level === "assignment") return [[1, entity.workload.name]];
  if (entity.level === "part" && level === "assignment")
    return [
      [2, entity.part.fleet],
      [3, entity.part.chip],
    ];
  return [];
}
