import type { Entity } from "../../compile/entities.ts";
import { DISCOUNT_RATES } from "../../compile/metric-registers.ts";
import type { Discounter, Formula, Operator } from "../../metrics/formula.ts";
import { power } from "../../numbers/plain.ts";
import { fieldNumber } from "./field-number.ts";
import { inputAt, inputColumn, membersOf, metricAt, metricColumn, type TraceRun } from "./trace-run.ts";

/** A value, and the sum of its terms without signs: comparisons are relative to that. */
export type Term = { readonly value: number; readonly gross: number };

/**
 * Evaluates a formula of the metric table slowly, from the columns of the metrics and inputs that it names.
 *
 * It shares no code with the compiler. Tests assert for every metric, level and month that both agree but for rounding.
 *
 * @param entity whose formula it is
 * @param month  window month, from 0
 *
 * Fails: throws `InternalError` for a metric or input that the entity has no column of. Cost: nodes of the formula, times
 * months for sums over months.
 */
export function interpret(run: TraceRun, formula: Formula, entity: Entity, month: number): Term {
  const at = (of: Formula, other: number): Term => interpret(run, of, entity, other);
  switch (formula.kind) {
    case "number":
      return termOf(formula.value);
    case "hours":
      return termOf(hoursOfMonth(run.firstMonth + month));
    case "years":
      return termOf(yearsSinceStart(run, month));
    case "metric":
      return termOf(metricAt(run, formula.name, entity, month));
    case "input":
      return termOf(inputAt(run, formula.name, entity, month));
    case "sum": {
      const members = membersOf(run, formula.over, entity);
      return addUp(members.map((member) => termOf(metricAt(run, formula.name, member, month))));
    }
    case "operation":
      return formula.operands
        .map((operand) => at(operand, month))
        .reduce((x, y) => applyOperator(formula.operator, x, y));
    case "previous":
      return month > 0 ? at(formula.of, month - 1) : termOf(0);
    case "shifted": {
      const source = shiftedMonth(run, formula, entity, month);
      return source === undefined ? termOf(0) : at(formula.of, source);
    }
    case "running": {
      const first = formula.from === "window" ? 0 : run.originMonth;
      return addUp(monthsFrom(first, month + 1).map((each) => at(formula.of, each)));
    }
    case "total":
      return addUp(
        totalMonths(run, formula).map((each) => interpret(run, formula.of, { level: "total" }, each)),
      );
    case "discount":
      return termOf(discountFactor(run, formula.by, month - run.originMonth + 1));
    case "final_discount":
      return termOf(discountFactor(run, formula.by, run.horizonMonths));
  }
}

/**
 * The values of `interpret` in all window months. What is read and computed month by month is done a column at a time.
 *
 * Fails: as `interpret`.
 */
export function interpretMonths(run: TraceRun, formula: Formula, entity: Entity): Float64Array {
  switch (formula.kind) {
    case "metric":
      return metricColumn(run, formula.name, entity);
    case "input":
      return inputColumn(run, formula.name, entity);
    case "operation": {
      const [first, ...others] = formula.operands.map((operand) => interpretMonths(run, operand, entity));
      const values = Float64Array.from(first ?? []);
      for (const other of others)
        for (let month = 0; month < values.length; month++)
          values[month] = resultOf(formula.operator, values[month], other[month]);
      return values;
    }
    default: {
      const values = new Float64Array(run.monthCount);
      for (let month = 0; month < values.length; month++)
        values[month] = interpret(run, formula, entity, month).value;
      return values;
    }
  }
}

/** The window month that a shifted value is read in; undefined outside the window, unless the value is held. */
export function shiftedMonth(
  run: TraceRun,
  { direction, by, hold }: Formula & { readonly kind: "shifted" },
  entity: Entity,
  month: number,
): number | undefined {
  const steps = inputAt(run, by, entity, month);
  const source = direction === "ahead" ? month + steps : month - steps;
  if (0 <= source && source < run.monthCount) return source;
  if (!hold) return undefined;
  return source < 0 ? 0 : run.monthCount - 1;
}

/** The window months that a sum over months is taken over. */
export function totalMonths(
  run: TraceRun,
  { from }: Formula & { readonly kind: "total" },
): readonly number[] {
  if (from === "before") return monthsFrom(0, run.originMonth);
  const isSunk = run.scenario.fields.get("provider.sunk")?.boolean === true;
  return monthsFrom(from === "costed" && !isSunk ? 0 : run.originMonth, run.originMonth + run.horizonMonths);
}

/** Factor of flows so many months after `start`, by the provider's rate a year. */
function discountFactor(run: TraceRun, by: Discounter, months: number): number {
  return power(1 + (fieldNumber(run, DISCOUNT_RATES[by], run.originMonth) ?? 0), -months / 12);
}

/** Years from `start` to a window month. */
export function yearsSinceStart({ originMonth }: TraceRun, month: number): number {
  return (month - originMonth) / 12;
}

const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Hours of an absolute month. */
export function hoursOfMonth(absoluteMonth: number): number {
  const year = Math.floor(absoluteMonth / 12);
  const month = absoluteMonth - year * 12;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return 24 * (isLeap && month === 1 ? 29 : (DAYS_OF_MONTHS[month] ?? 0));
}

/** What an operator of formulas makes of two numbers. */
function resultOf(operator: Operator, x: number, y: number): number {
  switch (operator) {
    case "add":
      return x + y;
    case "subtract":
      return x - y;
    case "multiply":
      return x * y;
    case "per":
      return y === 0 ? Number.NaN : x / y;
    case "divide":
      return y === 0 ? 0 : x / y;
    case "min":
      return Math.min(x, y);
    case "max":
      return Math.max(x, y);
    case "power":
      return power(x, y);
  }
}

/** Applies an operator of formulas to two values. */
function applyOperator(operator: Operator, x: Term, y: Term): Term {
  const value = resultOf(operator, x.value, y.value);
  switch (operator) {
    case "add":
    case "subtract":
      return { value, gross: x.gross + y.gross };
    case "multiply":
      return { value, gross: x.gross * y.gross };
    case "per":
    case "divide":
      return y.value === 0 ? termOf(value) : { value, gross: (x.gross / (y.value * y.value)) * y.gross };
    case "min":
    case "max":
      return { value, gross: Math.max(x.gross, y.gross) };
    case "power":
      return termOf(value);
  }
}

/** A value that stands for itself. */
function termOf(value: number): Term {
  return { value, gross: Math.abs(value) };
}

function addUp(terms: readonly Term[]): Term {
  return terms.reduce((sum, term) => applyOperator("add", sum, term), termOf(0));
}

function monthsFrom(first: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}
