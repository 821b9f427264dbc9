import type { Register } from "../../engine/index.ts";
import type { Formula, Operator, SumOver } from "../../metrics/formula.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Entity } from "./entities.ts";
import { membersOf, summedOver } from "./entities.ts";
import { inputRegister } from "./formula-inputs.ts";
import { kernelRegister } from "./kernel-registers.ts";
import type { World } from "./world.ts";

const OPERATIONS: Readonly<
  Record<Operator, "add" | "subtract" | "multiply" | "ratio" | "min" | "max" | "power">
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
  readonly #hours: Float64Array;
  readonly #known = new Map<string, Register | undefined>();

  /** @param hours hours of every window month */
  constructor(world: World, hours: Float64Array) {
    this.#world = world;
    this.#hours = hours;
    world.metric = (name, entity) => this.#read(name, entity);
  }

  /** The register of a metric for an entity, or undefined where it does not exist at that level. */
  metric(name: string, entity: Entity): Register | undefined {
    const key = `${name} ${entity.level} ${entityKey(entity)}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#lowerMetric(name, entity));
    return this.#known.get(key);
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
    const registers = membersOf(this.#world.entities, over, entity).map(
      (member) => this.metric(name, member) as Register,
    );
    return registers.length === 0 ? builder.constant(0) : registers.reduce((x, y) => builder.op("add", x, y));
  }

  #lower(formula: Formula, entity: Entity): Register {
    const { builder } = this.#world.inputs.context;
    const { originMonth, horizonMonths } = builder.window;
    switch (formula.kind) {
      case "number":
        return builder.constant(formula.value);
      case "hours":
        return builder.months(this.#hours);
      case "input":
        return inputRegister(this.#world, formula.name, entity);
      case "metric":
        return this.#read(formula.name, entity);
      case "sum":
        return this.#sum(formula.over, formula.name, entity);
      case "operation": {
        const operands = formula.operands.map((operand) => this.#lower(operand, entity));
        return operands.reduce((x, y) => builder.op(OPERATIONS[formula.operator], x, y));
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
        const reported = Float64Array.from({ length: builder.window.monthCount }, (_, month) =>
          month >= originMonth ? 1 : 0,
        );
        const masked = builder.op("select", builder.months(reported), of, builder.constant(0));
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
          Float64Array.from(
            { length: builder.window.monthCount },
            (_, month) => -(month - originMonth + 1) / 12,
          ),
        );
      case "final_discount":
        return this.#discount(
          "provider",
          new Float64Array(builder.window.monthCount).fill(-horizonMonths / 12),
        );
    }
  }

  /** A metric as a formula reads it: of the entity itself, or of a coarser one that holds it. */
  #read(name: string, entity: Entity): Register {
    const register = this.metric(name, entity);
    if (register === undefined) throw new Error(`${name} does not exist for ${entityKey(entity)}`);
    return register;
  }

  #discount(by: "provider" | "buyer", years: Float64Array): Register {
    const { builder } = this.#world.inputs.context;
    const growth = builder.op("add", builder.constant(1), this.#world.inputs.number(`${by}.discount_rate`));
    return builder.op("power", growth, builder.months(years));
  }
}

type Assignment = Extract<Entity, { level: "assignment" }>;
/** Codes of supply exist for parts, sites and the whole. */
function isOfSupply({ level }: Metric): boolean {
  return level === "part" || level === "site" || level === "total";
}

function siteOf(entity: Extract<Entity, { level: "part" }>): Entity {
  return { level: "site", site: entity.part.site };
}

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
