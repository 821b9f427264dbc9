import { type Plan, PlanBuilder, type PlanOutline } from "../engine/index.ts";
import type { InputName } from "../metrics/formula.ts";
import { METRICS } from "../metrics/index.ts";
import { existsAt, type Metric, type MetricLevel } from "../metrics/metric.ts";
import { yearStartOf } from "../scenario/calendar.ts";
import { eventNames, eventPath } from "../scenario/events.ts";
import { pathOf } from "../scenario/fields/index.ts";
import type { Expr } from "../scenario/language/expr.ts";
import { definitionsOf } from "../scenario/plain-value.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { addAnnualRatios } from "./annual-ratios.ts";
import { lowerCondition } from "./condition.ts";
import { bindGates } from "./contracts/gates.ts";
import { withMeasuredShapes } from "./demand/measured-shapes.ts";
import { type Entity, entityKey, listEntities } from "./entities.ts";
import { Inputs } from "./inputs.ts";
import { type LowerContext, lowerName } from "./lower.ts";
import { MetricRegisters } from "./metric-registers.ts";
import {
  followOpenFields,
  isRegisterColumn,
  type OpenFields,
  type OpenProgram,
  registerColumn,
  shownRegisters,
} from "./record/open-program.ts";
import { type Reading, ReadRecorder } from "./record/reads.ts";
import { stateRegister } from "./state-register.ts";
import { isUsed } from "./uses.ts";
import { layOutWindow } from "./window.ts";

/** The part of a scenario to compile. */
export type CompileOptions = {
  /** Names of the metrics wanted; all if absent. The Plan leaves out what only other metrics need. */
  readonly metrics?: readonly string[];
  /** Names of the stated events wanted, or all; where absent those of a Plan of all metrics of the whole. */
  readonly events?: readonly string[] | "all";
  /** Whether ratios have a column for every year; they do if `metrics` is absent. */
  readonly annualRatios?: boolean;
  /** Levels asked for; all where absent. */
  readonly levels?: readonly MetricLevel[];
  /** Inputs of formulas to give as columns too, named `input NAME`, for `trace`. */
  readonly formulaInputs?: readonly InputName[];
  /** Paths of lines whose literal becomes an input of kind `value` [SI units, or absolute month] instead of a constant. */
  readonly inputs?: readonly string[];
  /** Fields that stay open: what follows from them is not folded, and comes back as `program`. */
  readonly open?: OpenFields;
  /** Months for which columns hold: those of the horizon, or, where absent, all of the window. */
  readonly months?: "horizon" | "window";
  /** Levels of the same metrics that come back as a Plan of their own, too: that which compiling them alone would give. */
  readonly first?: Pick<CompileOptions, "levels" | "months">;
};

/** Name of the columns that stated events are: 1 in the months in which the event's condition holds. */
export const EVENT = "event";

/** A Plan, and what each of its metrics and inputs of formulas reads. */
export type CompiledScenario = {
  readonly plan: Plan;
  /** Of the levels to compile first; undefined where none were asked for. */
  readonly first: Plan | undefined;
  /**
   * What a metric, an input of formulas as `input NAME`, or an event as `EVENT`, of an entity reads; undefined for what was
   * not compiled.
   */
  readonly readingOf: (name: string, level: MetricLevel, entity: string) => Reading | undefined;
  /** What follows from open fields; undefined where none were asked for. */
  readonly program: OpenProgram | undefined;
  /** Of the Plan without inputs of formulas and without open fields, whose figures are the same; undefined likewise. */
  readonly plain: PlanOutline | undefined;
};

/**
 * Compiles a checked scenario to a Plan.
 *
 * Fails: never, for a scenario that `loadScenario` gave without errors.
 */
export function compile(scenario: Scenario, options: CompileOptions = {}): Plan {
  return compileWithReads(scenario, options).plan;
}

/**
 * Compiles a checked scenario to a Plan and keeps a record of the fields that each metric read.
 *
 * Fails: as `compile`.
 */
export function compileWithReads(scenario: Scenario, options: CompileOptions = {}): CompiledScenario {
  const window = layOutWindow(scenario);
  const { firstMonth, monthCount, originMonth, horizonMonths } = window;
  const builder = new PlanBuilder({ monthCount, originMonth, horizonMonths });
  const context: LowerContext = {
    builder,
    record: new ReadRecorder(),
    firstMonth,
    startMonth: scenario.startMonth,
    lets: definitionsOf(scenario),
    inflation: () => inputs.number("money.inflation"),
    atMedians: false,
    state: (name) => stateRegister(name, compilation),
    known: new Map(),
    valuePaths: new Set(options.inputs),
    openRows: options.open?.rows ?? new Set(),
    opened: new Map(),
  };
  const inputs = new Inputs(withMeasuredShapes(scenario), context, window);
  const registers = new MetricRegisters(inputs);
  const { compilation } = registers;
  // In the order of definition, so that a long chain of names does not become a deep recursion.
  for (const name of context.lets.keys()) lowerName(context, name);
  const entities = listEntities(compilation.entities);
  const metrics = metricsAsked(scenario, options);
  const addColumns = ({ entities, events }: Asked): void => {
    for (const metric of metrics) {
      for (const entity of entities) {
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
    if (options.annualRatios ?? !options.metrics)
      addAnnualRatios(builder, registers, metrics, entities, { ...window, yearStart: yearStartOf(scenario) });
    for (const [entity, { path, expr }] of events) {
      const register = context.record.during(context.record.line(path), () => lowerCondition(context, expr));
      builder.column({ metric: EVENT, level: "total", entity, isScalar: false, register });
    }
  };
  // Bound after all columns, because conditions may read deliveries.
  const bindAll = (): void => {
    for (const each of registers.compilations) bindGates(each);
  };
  const asked = columnsAsked(scenario, entities, options);
  const early = options.first && columnsAsked(scenario, entities, { ...options, ...options.first });
  let first: Plan | undefined;
  if (early) {
    addColumns(early);
    bindAll();
    first = builder.build(options.first?.months);
  }
  addColumns(withoutThose(asked, early));
  for (const name of options.formulaInputs ?? []) {
    for (const entity of entities) {
      const register = registers.input(name, entity);
      if (register === undefined) continue;
      const metric = inputColumn(name);
      builder.column({ metric, level: entity.level, entity: entityKey(entity), isScalar: false, register });
    }
  }
  bindAll();
  const { open } = options;
  const program = open && followOpenFields(builder.draft, context.opened, open);
  for (const register of program ? shownRegisters(program, open) : [])
    builder.column({
      metric: registerColumn(register),
      level: "total",
      entity: "",
      isScalar: false,
      register,
    });
  const byKey = new Map(entities.map((entity) => [`${entity.level} ${entityKey(entity)}`, entity]));
  const plan = builder.build(options.months);
  const plain = program && builder.outline(({ metric }) => !isBeside(metric));
  // What a figure reads names parts of the scenario, which go on holding the builder.
  builder.forget();
  return {
    plan,
    first,
    program,
    plain,
    readingOf: (name, level, key) => {
      if (name === EVENT) return context.record.line(eventPath(key));
      const entity = byKey.get(`${level} ${key}`);
      if (!entity) return undefined;
      return name.startsWith(INPUT)
        ? registers.readingOfInput(name.slice(INPUT.length), entity)
        : registers.readingOfMetric(name, entity);
    },
  };
}

/** Name of the column that an input of formulas is. */
function inputColumn(name: string): string {
  return `${INPUT}${name}`;
}

const INPUT = "input ";

/** Whether a column is there for what formulas read, not as a result. */
function isBeside(metric: string): boolean {
  return metric.startsWith(INPUT) || isRegisterColumn(metric);
}

/** Entities and events whose columns are wanted. */
type Asked = { readonly entities: readonly Entity[]; readonly events: readonly AskedEvent[] };

function columnsAsked(scenario: Scenario, entities: readonly Entity[], options: CompileOptions): Asked {
  return {
    entities: entities.filter(({ level }) => options.levels?.includes(level) ?? true),
    events: eventsAsked(scenario, options),
  };
}

/** What is wanted and not there yet. */
function withoutThose({ entities, events }: Asked, there: Asked | undefined): Asked {
  const known = new Set(there?.events.map(([name]) => name));
  return {
    entities: entities.filter((entity) => !there?.entities.includes(entity)),
    events: events.filter(([name]) => !known.has(name)),
  };
}

/** A stated event: its name, its place, and its condition. */
type AskedEvent = readonly [string, { readonly path: string; readonly expr: Expr }];

function eventsAsked(scenario: Scenario, { metrics, events, levels }: CompileOptions): readonly AskedEvent[] {
  const asked = events ?? (metrics || levels?.includes("total") === false ? [] : "all");
  const names = eventNames(scenario).filter((name) => asked === "all" || asked.includes(name));
  return names.flatMap((name) => {
    const path = eventPath(name);
    const expr = scenario.fields.get(path)?.expr;
    return expr ? [[name, { path, expr }] as const] : [];
  });
}

function metricsAsked(scenario: Scenario, { metrics }: CompileOptions): readonly Metric[] {
  const { fields, names } = scenario;
  const possible = METRICS.filter(
    (metric) =>
      isUsed(scenario, metric) &&
      (metric.basis === undefined || fields.has(pathOf("chips.*.hbm_bandwidth", metric.basis))),
  );
  const meant = names.workloads.length > 0 ? possible : possible.filter(isOfSupply);
  return metrics ? meant.filter((metric) => metrics.includes(metric.name)) : meant;
}

/** The demand of a scenario without workloads. */
function isOfSupply({ group }: Metric): boolean {
  return group !== "demand" && group !== "serving";
}
