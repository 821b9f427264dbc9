import type { PlanBuilder, Register } from "../engine/index.ts";
import {
  DERIVED_INPUTS,
  type Discounter,
  type Formula,
  type InputName,
  inputsIn,
  type Operator,
  type SumOver,
} from "../metrics/formula.ts";
import { findMetric } from "../metrics/index.ts";
import type { Metric, MetricLevel } from "../metrics/metric.ts";
import { MONTHS_PER_YEAR } from "../metrics/unit-factors.ts";
import type { FieldPath } from "../scenario/fields/index.ts";
import { discountFactor, finalDiscountFactor } from "./arithmetic.ts";
import { type Compilation, onceForAll } from "./compilation.ts";
import { listPairs } from "./demand/workloads.ts";
import { DOMAIN_METRICS } from "./domains.ts";
import { type Entity, entityKey, membersOf, summedOver } from "./entities.ts";
import { inputRegister } from "./formula-inputs.ts";
import { Inputs } from "./inputs.ts";
import type { LowerContext } from "./lower.ts";
import type { Part } from "./parts.ts";
import type { Reading, ReadSubject } from "./record/reads.ts";
import { recordedEntities } from "./record/recorded-entities.ts";
import { stateRegister } from "./state-register.ts";
import { formulaIn, rowsDeciding } from "./uses.ts";
import { hoursOf } from "./window.ts";

const OPERATIONS: Readonly<
  Record<Exclude<Operator, "per">, "add" | "subtract" | "multiply" | "ratio" | "min" | "max" | "power">
> = {
  add: "add",
  subtract: "subtract",
  multiply: "multiply",
  divide: "ratio",
  min: "min",
  max: "max",
  power: "power",
};

/** Discount rates of the provider, the buyer, and the provider's equity. */
export const DISCOUNT_RATES = {
  provider: "provider.discount_rate",
  buyer: "buyer.discount_rate",
  equity: "provider.equity_rate",
} as const satisfies Readonly<Record<Discounter, FieldPath>>;

type Known = { readonly register: Register | undefined; readonly reading: Reading };

/** Registers by level, name and entity: formulas ask for thousands, so that no key is made of texts. */
class KnownRegisters {
  readonly #byLevel = new Map<MetricLevel, Map<string, Map<Part | string, Known>>>();

  find(name: string, entity: Entity): Known | undefined {
    return this.#byLevel.get(entity.level)?.get(name)?.get(identityOf(entity));
  }

  add(name: string, entity: Entity, known: Known): void {
    const ofLevel = this.#byLevel.get(entity.level) ?? new Map<string, Map<Part | string, Known>>();
    this.#byLevel.set(entity.level, ofLevel);
    const ofName = ofLevel.get(name) ?? new Map<Part | string, Known>();
    ofLevel.set(name, ofName);
    ofName.set(identityOf(entity), known);
  }
}

/** Lowers metrics and inputs of formulas to registers, once per entity, and records what each reads. */
export class MetricRegisters {
  /** What the domains compile with; it reads metrics and inputs from here. */
  readonly compilation: Compilation;
  readonly #metrics = new KnownRegisters();
  readonly #inputs = new KnownRegisters();
  #plain: MetricRegisters | undefined;

  constructor(inputs: Inputs) {
    this.compilation = {
      inputs,
      entities: recordedEntities(inputs, () => pairsOf(this.compilation)),
      metric: (name, entity) => this.#read(name, entity),
      input: (name, entity) => this.#readInput(name, entity),
      plain: () => this.#plainRegisters().compilation,
      gates: new Map(),
    };
  }

  /** What was compiled: the scenario, and its plain run if something asked for it. */
  get compilations(): readonly Compilation[] {
    return this.#plain ? [this.compilation, this.#plain.compilation] : [this.compilation];
  }

  /** Those of the plain run, in the same Plan: what does not vary by trial anyway is the same register. */
  #plainRegisters(): MetricRegisters {
    const { inputs } = this.compilation;
    if (inputs.context.atMedians) return this;
    if (this.#plain) return this.#plain;
    const context: LowerContext = {
      ...inputs.context,
      atMedians: true,
      known: new Map(),
      inflation: () => plainInputs.number("money.inflation"),
      state: (name) => stateRegister(name, plain.compilation),
    };
    const plainInputs = new Inputs(inputs.scenario, context, inputs.window);
    const plain = new MetricRegisters(plainInputs);
    this.#plain = plain;
    return plain;
  }

  /** The register of a metric for an entity, or undefined where it does not exist at that level. */
  metric(name: string, entity: Entity): Register | undefined {
    const known = this.#metrics.find(name, entity);
    if (known) return this.#note(known);
    const subject = { kind: "metric", name, entity } as const;
    return this.#make(this.#metrics, subject, () => this.#lowerMetric(name, entity));
  }

  /** The register of an input of formulas for an entity, or undefined where the entity has no such input. */
  input(name: InputName, entity: Entity): Register | undefined {
    const known = this.#inputs.find(name, entity);
    if (known) return this.#note(known);
    return this.#make(this.#inputs, { kind: "input", name, entity }, () => {
      const derived = DERIVED_INPUTS.get(name);
      if (!derived) return inputRegister(this.compilation, name, entity);
      const isThere = inputsIn(derived).every((each) => this.input(each, entity) !== undefined);
      return isThere ? this.#lower(derived, entity) : undefined;
    });
  }

  /** What a metric of an entity read; undefined where it was not compiled. */
  readingOfMetric(name: string, entity: Entity): Reading | undefined {
    return this.#metrics.find(name, entity)?.reading;
  }

  /** What an input of formulas of an entity read; undefined likewise. */
  readingOfInput(name: string, entity: Entity): Reading | undefined {
    return this.#inputs.find(name, entity)?.reading;
  }

  #note({ register, reading }: Known): Register | undefined {
    this.compilation.inputs.context.record.note(reading);
    return register;
  }

  #make(
    known: KnownRegisters,
    subject: Extract<ReadSubject, { readonly entity: Entity }>,
    make: () => Register | undefined,
  ): Register | undefined {
    const { record } = this.compilation.inputs.context;
    const reading = record.start(subject);
    const register = record.during(reading, make);
    known.add(subject.name, subject.entity, { register, reading });
    return register;
  }

  /**
   * A ratio of sums over some window months, one number per trial; undefined unless its formula is made of flows.
   *
   * Sums go month by month as everywhere, so a sample's trials and the plain run agree bit for bit.
   */
  ratioOfMonths({ formula }: Metric, entity: Entity, first: number, end: number): Register | undefined {
    const { builder } = this.compilation.inputs.context;
    const visit = (of: Formula): Register | undefined => {
      if (of.kind === "metric") {
        const isFlow = findMetric(of.name)?.time === "flow";
        return isFlow ? builder.total(this.#read(of.name, entity), first, end) : undefined;
      }
      if (of.kind !== "operation") return undefined;
      const operands = of.operands.map(visit);
      const known = operands.filter((operand) => operand !== undefined);
      return known.length === operands.length ? this.#operate(of.operator, known) : undefined;
    };
    return formula && visit(formulaIn(this.compilation.inputs.scenario, formula));
  }

  #lowerMetric(name: string, entity: Entity): Register | undefined {
    const metric = findMetric(name);
    if (!metric) throw new Error(`no metric ${name}`);
    if (metric.level === entity.level || (metric.time === "code" && isOfSupply(metric)))
      return this.#define(metric, entity);
    if (entity.level === "assignment") return this.#ofAssignment(metric, entity);
    if (entity.level === "part")
      return metric.level === "site" ? this.metric(name, siteOf(entity)) : undefined;
    if (!metric.adds) return undefined;
    if (entity.level === "site" || entity.level === "fleet")
      return metric.level === "part" ? this.#sum("parts", name, entity) : undefined;
    return entity.level === "total" ? this.#sum(summedOver(metric.level), name, entity) : undefined;
  }

  /** A metric that an assignment reads from its workload, its part, or the part's site. */
  #ofAssignment(metric: Metric, { workload, part }: Assignment): Register | undefined {
    if (metric.level === "workload") return this.metric(metric.name, { level: "workload", workload });
    const isOfPart = metric.level === "part" || metric.level === "site";
    return isOfPart ? this.metric(metric.name, { level: "part", part }) : undefined;
  }

  #define(metric: Metric, entity: Entity): Register | undefined {
    const { inputs } = this.compilation;
    const { scenario } = inputs;
    if (metric.formula) {
      const fleets = entity.level === "part" ? [entity.part.fleet] : scenario.names.fleets;
      for (const row of rowsDeciding(metric.formula)) for (const fleet of fleets) inputs.field(row, fleet);
      return this.#lower(formulaIn(scenario, metric.formula), entity);
    }
    return DOMAIN_METRICS.get(metric.name)?.(this.compilation, entity);
  }

  #sum(over: SumOver, name: string, entity: Entity): Register {
    const { inputs, entities } = this.compilation;
    const members = membersOf(entities, over, entity);
    const registers = members.map((member) => this.metric(name, member) as Register);
    const { builder } = inputs.context;
    return registers.length === 0 ? builder.constant(0) : registers.reduce((x, y) => builder.op("add", x, y));
  }

  #lower(formula: Formula, entity: Entity): Register {
    const { builder } = this.compilation.inputs.context;
    const { originMonth, horizonMonths } = builder.window;
    switch (formula.kind) {
      case "number":
        return builder.constant(formula.value);
      case "hours":
        return hoursOf(this.compilation.inputs.context);
      case "years": {
        const { firstMonth, startMonth } = this.compilation.inputs.context;
        return builder.monthsBy("years", (month) => (firstMonth + month - startMonth) / MONTHS_PER_YEAR);
      }
      case "input":
        return this.#readInput(formula.name, entity);
      case "metric":
        return this.#read(formula.name, entity);
      case "sum":
        return this.#sum(formula.over, formula.name, entity);
      case "operation": {
        const operands = formula.operands.map((operand) => this.#lower(operand, entity));
        return this.#operate(formula.operator, operands);
      }
      case "previous":
        return builder.shift("behind", this.#lower(formula.of, entity), builder.constant(1));
      case "shifted": {
        const steps = this.#readInput(formula.by, entity);
        return builder.shift(
          formula.hold ? `${formula.direction}Hold` : formula.direction,
          this.#lower(formula.of, entity),
          steps,
        );
      }
      case "running": {
        const of = this.#lower(formula.of, entity);
        if (formula.from === "window") return builder.scan("cumulate", of);
        const reported = builder.monthsBy("reported", (month) => (month >= originMonth ? 1 : 0));
        const masked = builder.op("select", reported, of, builder.constant(0));
        return builder.scan("cumulate", masked);
      }
      case "total": {
        const of = this.#lower(formula.of, { level: "total" });
        if (formula.from === "before") return builder.total(of, 0, originMonth);
        const isAll =
          formula.from === "costed" && this.compilation.inputs.field("provider.sunk")?.boolean !== true;
        return builder.total(of, isAll ? 0 : originMonth, originMonth + horizonMonths);
      }
      case "discount":
        return discountFactor(builder, this.#rate(formula.by));
      case "final_discount":
        return finalDiscountFactor(builder, this.#rate(formula.by));
    }
  }

  #operate(operator: Operator, operands: readonly Register[]): Register {
    const { builder } = this.compilation.inputs.context;
    if (operator === "per") return quotient(builder, operands[0], operands[1]);
    const operation = OPERATIONS[operator];
    return operands.reduce((x, y) => builder.op(operation, x, y));
  }

  /** A metric as a formula reads it: from the entity itself, or from a coarser one that holds it. */
  #read(name: string, entity: Entity): Register {
    const register = this.metric(name, entity);
    if (register === undefined) throw new Error(`${name} does not exist for ${entityKey(entity)}`);
    return register;
  }

  #readInput(name: InputName, entity: Entity): Register {
    const register = this.input(name, entity);
    if (register === undefined) throw new Error(`${entityKey(entity)} has no input ${name}`);
    return register;
  }

  #rate(by: keyof typeof DISCOUNT_RATES): Register {
    return this.compilation.inputs.number(DISCOUNT_RATES[by]);
  }
}

const pairsOf = onceForAll(({ entities }) => listPairs(entities.workloads, entities.parts));

type Assignment = Extract<Entity, { level: "assignment" }>;
/** Codes of supply exist for parts, sites and the whole. */
function isOfSupply({ level }: Metric): boolean {
  return level === "part" || level === "site" || level === "total";
}

/** x / y, and NaN where y is 0. */
function quotient(builder: PlanBuilder, x: Register, y: Register): Register {
  const isNone = builder.op("equal", y, builder.constant(0));
  return builder.op("select", isNone, builder.constant(Number.NaN), builder.op("divide", x, y));
}

function siteOf(entity: Extract<Entity, { level: "part" }>): Entity {
  return { level: "site", site: entity.part.site };
}

/** A key of an entity among those of its level: its part, which is one object, or its name. */
function identityOf(entity: Entity): Part | string {
  return entity.level === "part" ? entity.part : entityKey(entity);
}
