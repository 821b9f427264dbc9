import { type Register, Shape } from "../engine/index.ts";
import { rangeOf } from "../scenario/fields/field-range.ts";
import type { FieldValue, Scenario } from "../scenario/scenario.ts";
import { DIMENSIONS, type DimensionName } from "../units/dimension.ts";
import { type LowerContext, lowerLine } from "./lower.ts";

/** Reads the fields of a scenario as registers in canonical units; every field is lowered and checked once. */
export class Inputs {
  readonly scenario: Scenario;
  readonly context: LowerContext;
  readonly #medians: LowerContext;
  readonly #known = new Map<string, Register>();
  readonly #knownMedians = new Map<string, Register>();

  constructor(scenario: Scenario, context: LowerContext) {
    this.scenario = scenario;
    this.context = context;
    this.#medians = { ...context, atMedians: true, known: new Map() };
  }

  field(path: string): FieldValue | undefined {
    return this.scenario.fields.get(path);
  }

  choice(path: string): string | undefined {
    return this.field(path)?.choice;
  }

  /** The field's value, or undefined where neither the scenario nor a default gives one. */
  optional(path: string): Register | undefined {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const value = this.field(path);
    if (!value?.expr) return undefined;
    const register = this.#read(value, this.context);
    this.#known.set(path, register);
    return register;
  }

  /** The field's value; 0 where nothing is said. */
  number(path: string): Register {
    return this.optional(path) ?? this.context.builder.constant(0);
  }

  /** A duration or date in whole months, rounded half up. */
  months(path: string): Register {
    return this.context.builder.op("round", this.number(path));
  }

  /** The field's value with every uncertain value at its median. */
  atMedians(path: string): Register {
    const known = this.#knownMedians.get(path);
    if (known !== undefined) return known;
    const value = this.field(path);
    const register = value?.expr ? this.#read(value, this.#medians) : this.context.builder.constant(0);
    this.#knownMedians.set(path, register);
    return register;
  }

  #read(value: FieldValue, context: LowerContext): Register {
    const { expr, spec } = value;
    if (!expr) return context.builder.constant(0);
    const lowered = lowerLine(context, value.origin.declaredAt, expr);
    const register = spec.varies === "month" ? lowered : atStart(context, lowered);
    if (expr.isDate) return register;
    const dimension = value.dimension ?? "number";
    const canonical = toCanonicalRegister(context, register, dimension);
    const [low, high] = rangeOf(spec, dimension);
    context.builder.check(canonical, low, high, value.path);
    return canonical;
  }
}

/** A value that may not vary by month is that of `start` (`pue_design` where it falls back to a table of `pue`). */
function atStart({ builder }: LowerContext, register: Register): Register {
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
