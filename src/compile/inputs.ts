import { type Register, Shape } from "../engine/index.ts";
import { rangeOf } from "../scenario/fields/field-range.ts";
import { type FieldPath, pathOf } from "../scenario/fields/index.ts";
import type { FieldValue, Scenario } from "../scenario/scenario.ts";
import { DIMENSIONS, type DimensionName } from "../units/dimension.ts";
import { absoluteMonths, type LowerContext, lowerLine } from "./lower.ts";
import type { Reading } from "./record/reads.ts";
import type { Window } from "./window.ts";

/**
 * The one door to the fields of a scenario: reads them as registers in canonical units, lowers and checks each once, and
 * records every read. A field is named by its row of the table of fields and the names in place of the row's `*`.
 */
export class Inputs {
  readonly scenario: Scenario;
  readonly context: LowerContext;
  readonly window: Window;
  readonly #medians: LowerContext;
  readonly #known = new Map<FieldValue, Lowered>();
  readonly #knownMedians = new Map<FieldValue, Lowered>();
  /** Fields by their row and names: the reference looks up each several times, 13,500 in all. */
  readonly #lookedUp = new Map<FieldPath, Map<string, LookedUp>>();

  constructor(scenario: Scenario, context: LowerContext, window: Window) {
    this.scenario = scenario;
    this.context = context;
    this.window = window;
    this.#medians = { ...context, atMedians: true, known: new Map() };
  }

  /** The field as written, or undefined where neither the scenario nor a default gives one. */
  field(row: FieldPath, ...names: readonly string[]): FieldValue | undefined {
    const { value, line } = this.#lookUp(row, names);
    this.context.record.note(line);
    return value;
  }

  #lookUp(row: FieldPath, names: readonly string[]): LookedUp {
    const ofRow = this.#lookedUp.get(row) ?? new Map<string, LookedUp>();
    const key = names.length === 1 ? names[0] : names.join("\n");
    const known = ofRow.get(key);
    if (known) return known;
    const path = pathOf(row, ...names);
    const value = this.scenario.fields.get(path);
    // Workloads with the requests of a measurement stand for lines of the workload itself.
    const made = { value, line: this.context.record.line(value?.path ?? path) };
    this.#lookedUp.set(row, ofRow.set(key, made));
    return made;
  }

  /** Records that a field was looked up, whether or not it is stated. */
  note(path: string): void {
    const { record } = this.context;
    record.note(record.line(path));
  }

  choice(row: FieldPath, ...names: readonly string[]): string | undefined {
    return this.field(row, ...names)?.choice;
  }

  /** The field's value, or undefined where neither the scenario nor a default gives one. */
  optional(row: FieldPath, ...names: readonly string[]): Register | undefined {
    const value = this.field(row, ...names);
    return value?.expr && this.read(value);
  }

  /** The field's value; 0 where it is not stated. */
  number(row: FieldPath, ...names: readonly string[]): Register {
    return this.optional(row, ...names) ?? this.context.builder.constant(0);
  }

  /** A duration or date in whole months, rounded half up. */
  months(row: FieldPath, ...names: readonly string[]): Register {
    return this.context.builder.op("round", this.number(row, ...names));
  }

  /** The field's value with every uncertain value at its median. */
  atMedians(row: FieldPath, ...names: readonly string[]): Register {
    const value = this.field(row, ...names);
    return value
      ? this.#lowerOnce(value, this.#medians, this.#knownMedians)
      : this.context.builder.constant(0);
  }

  /** The value of a field that was looked up before. */
  read(value: FieldValue): Register {
    return this.#lowerOnce(value, this.context, this.#known);
  }

  #lowerOnce(value: FieldValue, context: LowerContext, known: Map<FieldValue, Lowered>): Register {
    const { record } = this.context;
    const found = known.get(value);
    if (found) {
      record.note(found.line);
      return found.register;
    }
    const line = record.line(value.path);
    const register = record.during(line, () => lowerField(value, context));
    known.set(value, { register, line });
    return register;
  }
}

/** A field that was looked up, and its line. */
type LookedUp = { readonly value: FieldValue | undefined; readonly line: Reading };

/** The register of a field, and its line. */
type Lowered = { readonly register: Register; readonly line: Reading };

function lowerField({ path, expr, spec, origin, ...value }: FieldValue, context: LowerContext): Register {
  if (!expr) return context.builder.constant(0);
  const lowered = lowerLine(context, origin.declaredAt, expr);
  const register = spec.varies === "month" ? lowered : atStart(context, lowered);
  if (expr.isDate) return register;
  const dimension = value.dimension ?? "number";
  const canonical = keepOpen(context, toCanonicalRegister(context, register, dimension), path, spec.path);
  const [low, high] = rangeOf(spec, dimension);
  const isUndated = spec.path === "sites.*.power" && expr.kind !== "table";
  context.builder.check(isUndated ? fromStart(context, canonical) : canonical, low, high, path);
  return canonical;
}

/** Power without dates is there from `start`: what an expression says of months before is read nowhere. */
function fromStart(context: LowerContext, register: Register): Register {
  const { builder, startMonth } = context;
  if (builder.shapeOf(register) !== Shape.slab) return register;
  const started = builder.op("greaterEqual", absoluteMonths(context), builder.constant(startMonth));
  return builder.op("select", started, register, builder.constant(0));
}

/** The value of an open field as a register of its own, not merged with equal values. */
function keepOpen(
  { builder, openRows, opened }: LowerContext,
  register: Register,
  path: string,
  row: string,
) {
  if (!openRows.has(row)) return register;
  const apart = builder.apart(register);
  opened.set(apart, path);
  return apart;
}

/** The value at `start`: in every month that of a field that may not vary by month (`pue_design` may fall back to a table of `pue`). */
export function atStart({ builder }: LowerContext, register: Register): Register {
  const { originMonth } = builder.window;
  const vector = builder.monthsOf(register);
  if (vector) return builder.constant(vector[originMonth]);
  return builder.shapeOf(register) === Shape.slab
    ? builder.total(register, originMonth, originMonth + 1)
    : register;
}

function toCanonicalRegister({ builder }: LowerContext, register: Register, name: DimensionName): Register {
  const { multiply, divide } = DIMENSIONS[name];
  const multiplied = multiply === 1 ? register : builder.op("multiply", register, builder.constant(multiply));
  return divide === 1 ? multiplied : builder.op("divide", multiplied, builder.constant(divide));
}
