import { type Plan, PlanBuilder, type Register } from "../engine/index.ts";
import type { InputName } from "../metrics/formula.ts";
import { METRICS } from "../metrics/index.ts";
import { existsAt, type Metric, type MetricLevel } from "../metrics/metric.ts";
import { STATE_METRICS } from "../metrics/states.ts";
import { splitState, stateDimension } from "../scenario/language/state-names.ts";
import { definitionsOf } from "../scenario/plain-value.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { DIMENSIONS } from "../units/dimension.ts";
import { addAnnualRatios } from "./annual-ratios.ts";
import type { Entity } from "./entities.ts";
import { listEntities } from "./entities.ts";
import { inputRegister } from "./formula-inputs.ts";
import { hoursOfMonths } from "./hours.ts";
import { Inputs } from "./inputs.ts";
import { type LowerContext, lower, lowerName } from "./lower.ts";
import { entityKey, MetricRegisters } from "./metric-registers.ts";
import { layOutWindow } from "./window.ts";
import { World } from "./world.ts";

/** The part of a scenario to compile. */
export type CompileOptions = {
  /** Names of the metrics wanted; all if absent. The Plan leaves out what only other metrics need. */
  readonly metrics?: readonly string[];
  /** Levels asked for; all where absent. */
  readonly levels?: readonly MetricLevel[];
  /** Inputs of formulas to give as columns too, named `input NAME`, for `trace`. */
  readonly formulaInputs?: readonly InputName[];
  /** Paths of lines whose literal becomes an input of kind `value` [SI units, or absolute month] instead of a constant. */
  readonly inputs?: readonly string[];
  /** Months for which columns hold: those of the horizon, or, where absent, all of the window. */
  readonly months?: "horizon" | "window";
};

/** Name of the columns that stated events are: 1 in the months in which the event's condition holds. */
export const EVENT = "event";

/**
 * Compiles a checked scenario to a Plan.
 *
 * Fails: never, for a scenario that `loadScenario` gave without errors.
 */
export function compile(scenario: Scenario, options: CompileOptions = {}): Plan {
  const window = layOutWindow(scenario);
  const { firstMonth, monthCount, originMonth, horizonMonths } = window;
  const builder = new PlanBuilder({ monthCount, originMonth, horizonMonths });
  const context: LowerContext = {
    builder,
    firstMonth,
    startMonth: scenario.startMonth,
    lets: definitionsOf(scenario),
    inflation: () => inputs.number("money.inflation"),
    atMedians: false,
    state: (name) => stateRegister(name, world),
    known: new Map(),
    valuePaths: new Set(options.inputs),
  };
  const inputs = new Inputs(scenario, context);
  // In the order of definition, so that a long chain of names does not become a deep recursion.
  for (const name of context.lets.keys()) lowerName(context, name);
  const hours = hoursOfMonths(firstMonth, monthCount);
  const world = new World(inputs, hours);
  const registers = new MetricRegisters(world);
  const entities = listEntities(world.entities);
  const asked = entities.filter(({ level }) => options.levels?.includes(level) ?? true);
  const metrics = metricsAsked(scenario, options);
  for (const metric of metrics) {
    for (const entity of asked) {
      if (!existsAt(metric, entity.level)) continue;
      const register = registers.metric(metric.name, entity);
      if (register === undefined) continue;
      const isScalar = metric.isScalar === true;
      builder.column({
        metric: metric.name,
        level: entity.level,
        entity: entityKey(entity),
        isScalar,
        register,
      });
    }
  }
  for (const name of options.formulaInputs ?? []) {
    for (const entity of entities) {
      if (!readsInput(entity, name)) continue;
      const register = inputRegister(world, name, entity);
      const metric = `input ${name}`;
      builder.column({ metric, level: entity.level, entity: entityKey(entity), isScalar: false, register });
    }
  }
  if (!options.metrics) addAnnualRatios(builder, registers, metrics, asked, window);
  if (!options.metrics && (options.levels?.includes("total") ?? true)) {
    for (const { path, expr } of scenario.fields.values()) {
      if (!path.startsWith("events.") || !expr) continue;
      const entity = path.slice("events.".length);
      const register = lower(context, expr);
      builder.column({ metric: EVENT, level: "total", entity, isScalar: false, register });
    }
  }
  world.bindGates();
  return builder.build(options.months);
}

/** A metric of the simulated state as a condition names it, in SI units. */
function stateRegister(name: string, world: World): Register {
  const [owner, metric] = splitState(name);
  const [collection, entity = ""] = owner.split(".");
  const column = STATE_METRICS.get(metric)?.name ?? metric;
  const register = world.metric(column, entityOf(collection, entity, world));
  const { multiply, divide } = DIMENSIONS[stateDimension(metric)];
  const { builder } = world.inputs.context;
  const scaled = divide === 1 ? register : builder.op("multiply", register, builder.constant(divide));
  return multiply === 1 ? scaled : builder.op("divide", scaled, builder.constant(multiply));
}

function entityOf(collection: string, name: string, { entities }: World): Entity {
  const workload = entities.workloads.find((each) => each.name === name);
  if (collection === "workloads" && workload) return { level: "workload", workload };
  if (collection === "fleets") return { level: "fleet", fleet: name };
  return collection === "sites" ? { level: "site", site: name } : { level: "total" };
}

function metricsAsked(scenario: Scenario, { metrics }: CompileOptions): readonly Metric[] {
  const possible = scenario.fields.has("chips.h100.hbm_bandwidth")
    ? METRICS
    : METRICS.filter((metric) => !metric.name.startsWith("h100e_"));
  const meant = scenario.names.workloads.length > 0 ? possible : possible.filter(isOfSupply);
  return metrics ? meant.filter((metric) => metrics.includes(metric.name)) : meant;
}

/** The demand of a scenario without workloads. */
function isOfSupply({ group }: Metric): boolean {
  return group !== "demand" && group !== "serving";
}

function readsInput(entity: Entity, name: InputName): boolean {
  const isOfDemand = /^(model|workload)\./.test(name);
  if (entity.level === "workload") return isOfDemand;
  if (entity.level === "assignment") return isOfDemand || /^(chip|fleet)\./.test(name);
  if (isOfDemand || /^chip\.(serving|training)_/.test(name)) return false;
  if (name.startsWith("contract.")) return entity.level === "contract";
  if (name.startsWith("buyer.")) return entity.level === "total";
  if (name.startsWith("site.")) return entity.level === "site" || entity.level === "part";
  if (name.startsWith("basis.") || name.startsWith("run.")) return entity.level === "part";
  return entity.level === "part";
}
