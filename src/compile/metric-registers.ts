import type { PlanBuilder, Register } from "../engine/index.ts";
import type { Formula, Operator, SumOver } from "../metrics/formula.ts";
import { findMetric } from "../metrics/index.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Entity } from "./entities.ts";
import { membersOf, summedOver } from "./entities.ts";
import { inputRegister } from "./formula-inputs.ts";
import { kernelRegister } from "./kernel-registers.ts";
import type { Part } from "./parts.ts";
import type { World } from "./world.ts";

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

/** Lowers metrics to registers, each once for each entity. */
export class MetricRegisters {
  readonly #world: World;
  /** By metric, then by entity as `identityOf` has it. */
  readonly #known = new Map<string, Map<Part | string, Register | undefined>>();
  /** Entities inside others, by sum, then by entity. */
  readonly #members = new Map<SumOver, Map<Part | string, readonly Entity[]>>();

  constructor(world: World) {
    this.#world = world;
    world.metric = (name, entity) => this.#read(name, entity);
  }

  /** The register of a metric for an entity, or undefined where it does not exist at that level. */
  metric(name: string, entity: Entity): Register | undefined {
    const known = inner(this.#known, name);
    const key = identityOf(entity);
    const register = known.get(key);
    if (register !== undefined || known.has(key)) return register;
    const lowered = this.#lowerMetric(name, entity);
    known.set(key, lowered);
    return lowered;
  }

  /**
   * A ratio of the sums of some window months, one number a trial; undefined where its formula is made of anything but flows.
   *
   * Sums go by month as everywhere, so that a sample's trials and the plain run agree bit for bit.
   */
  ratioOfMonths({ formula }: Metric, entity: Entity, first: number, end: number): Register | undefined {
    const { builder } = this.#world.inputs.context;
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
    return formula && visit(formula);
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

  /** What an assignment reads of its workload, its part, or the part's site. */
  #ofAssignment(metric: Metric, { workload, part }: Assignment): Register | undefined {
    if (metric.level === "workload") return this.metric(metric.name, { level: "workload", workload });
    const isOfPart = metric.level === "part" || metric.level === "site";
    return isOfPart ? this.metric(metric.name, { level: "part", part }) : undefined;
  }

  #define(metric: Metric, entity: Entity): Register | undefined {
    if (metric.formula) return this.#lower(metric.formula, entity);
    return kernelRegister(this.#world, metric.name, entity, (name) => this.metric(name, entity) as Register);
  }

  #sum(over: SumOver, name: string, entity: Entity): Register {
    const { builder } = this.#world.inputs.context;
    const registers = this.#membersOf(over, entity).map((member) => this.metric(name, member) as Register);
    return registers.length === 0 ? builder.constant(0) : registers.reduce((x, y) => builder.op("add", x, y));
  }

  #membersOf(over: SumOver, entity: Entity): readonly Entity[] {
    const known = inner(this.#members, over);
    const key = identityOf(entity);
    const members = known.get(key) ?? membersOf(this.#world.entities, over, entity);
    known.set(key, members);
    return members;
  }

  #lower(formula: Formula, entity: Entity): Register {
    const { builder } = this.#world.inputs.context;
    const { originMonth, horizonMonths } = builder.window;
    switch (formula.kind) {
      case "number":
        return builder.constant(formula.value);
      case "hours":
        return this.#world.hours();
      case "input":
        return inputRegister(this.#world, formula.name, entity);
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
        const steps = inputRegister(this.#world, formula.by, entity);
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
        const sunk = this.#world.inputs.field("provider.sunk")?.boolean === true;
        const of = this.#lower(formula.of, { level: "total" });
        if (formula.from === "before") return builder.total(of, 0, originMonth);
        const first = formula.from === "costed" && !sunk ? 0 : originMonth;
        return builder.total(of, first, originMonth + horizonMonths);
      }
      case "discount":
        return this.#discount(
          formula.by,
          builder.monthsBy("discounted years", (month) => -(month - originMonth + 1) / 12),
        );
      case "final_discount":
        return this.#discount("provider", builder.constant(-horizonMonths / 12));
    }
  }

  #operate(operator: Operator, operands: readonly Register[]): Register {
    const { builder } = this.#world.inputs.context;
    if (operator === "per") return quotient(builder, operands[0], operands[1]);
    const operation = OPERATIONS[operator];
    return operands.reduce((x, y) => builder.op(operation, x, y));
  }

  /** A metric as a formula reads it: of the entity itself, or of a coarser one that holds it. */
  #read(name: string, entity: Entity): Register {
    const register = this.metric(name, entity);
    if (register === undefined) throw new Error(`${name} does not exist for ${entityKey(entity)}`);
    return register;
  }

  #discount(by: "provider" | "buyer", years: Register): Register {
    const { builder } = this.#world.inputs.context;
    const growth = builder.op("add", builder.constant(1), this.#world.inputs.number(`${by}.discount_rate`));
    return builder.op("power", growth, years);
  }
}

type Assignment = Extract<Entity, { level: "assignment" }>;
/** Codes of supply exist for parts, sites and the whole. */
function isOfSupply({ level }: Metric): boolean {
  return level === "part" || level === "site" || level === "total";
}

/** x / y, and nothing where y is 0. */
function quotient(builder: PlanBuilder, x: Register, y: Register): Register {
  const isNone = builder.op("equal", y, builder.constant(0));
  return builder.op("select", isNone, builder.constant(Number.NaN), builder.op("divide", x, y));
}

function siteOf(entity: Extract<Entity, { level: "part" }>): Entity {
  return { level: "site", site: entity.part.site };
}

/** What is the same for the same entity and for no other: parts are objects of the world, the others names. */
function identityOf(entity: Entity): Part | string {
  return entity.level === "part" ? entity.part : `${entity.level} ${entityKey(entity)}`;
}

/** The map behind a key of a map of maps, made where it is not there yet. */
function inner<Outer, Inner, Value>(maps: Map<Outer, Map<Inner, Value>>, key: Outer): Map<Inner, Value> {
  const known = maps.get(key);
  if (known) return known;
  const made = new Map<Inner, Value>();
  maps.set(key, made);
  return made;
}

/** Name of an entity as columns carry it; empty for the total and the run. */
export function entityKey(entity: Entity): string {
  switch (entity.level) {
    case "part":
      return entity.part.key;
    case "fleet":
      return entity.fleet;
    case "site":
      return entity.site;
    case "contract":
      return entity.contract;
    case "tranche":
      return entity.tranche;
    case "workload":
      return entity.workload.name;
    case "assignment":
      return `${entity.workload.name}/${entity.part.key}`;
    default:
      return "";
  }
}
