import { type CompiledScenario, compileWithReads } from "../../compile/compile.ts";
import type { Entity, EntitySource } from "../../compile/entities.ts";
import {
  entityKey,
  entitySourceOf,
  membersOf as membersOfScenario,
  summedOver,
} from "../../compile/entities.ts";
import type { Part } from "../../compile/parts.ts";
import type { OpenFields } from "../../compile/record/open-program.ts";
import { directReads, type ReadSubject } from "../../compile/record/reads.ts";
import { layOutWindow, type Window } from "../../compile/window.ts";
import { type Diagnostic, InternalError } from "../../diagnostics/diagnostic.ts";
import { type PlanOutline, plainInputs, type Register, simulate } from "../../engine/index.ts";
import { DERIVED_INPUTS, type InputName, inputsIn, type SumOver } from "../../metrics/formula.ts";
import { findMetric, METRICS } from "../../metrics/index.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "../results/faults.ts";
import { type PlainRun, plainRunOf } from "../results/plain-run.ts";
import { columnKey } from "../results/results.ts";

/** The plain run of a scenario over all months of its window, from which figures are taken apart. */
export type TraceRun = Window & {
  readonly scenario: Scenario;
  /** Parts sorted by fleet and chip. */
  readonly parts: readonly Part[];
  readonly entities: EntitySource;
  /** By `columnKey`, [window month], in canonical units; inputs of formulas stand under `input NAME`. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** What was read to compile a metric or `input NAME` of an entity. */
  readonly readingOf: CompiledScenario["readingOf"];
  /** What follows from open fields; undefined where none were asked for. */
  readonly program: CompiledScenario["program"];
  /** The same run as a plain one; undefined likewise. */
  readonly plain: PlainRun | undefined;
};

/**
 * Runs a scenario once with every uncertain value at its median and keeps every column and every input of a formula,
 * also before `start` and after the horizon: formulas read those months, and a runner returns reported months only.
 *
 * @param open fields whose consequences are to be followed in the program
 *
 * Fails: never, for a scenario without errors; a value outside its field's range comes back as a diagnostic.
 */
export function runForTrace(
  scenario: Scenario,
  open?: OpenFields,
): {
  readonly run?: TraceRun;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { plan, readingOf, program, plain } = compileWithReads(scenario, {
    formulaInputs: listInputs(),
    ...(open ? { open } : {}),
  });
  const columns = new Map<string, Float64Array>();
  const room = new ColumnRoom(plan.monthCount);
  const faults = simulate(
    plan,
    plainInputs(plan),
    1,
    (index, _first, _count, values, offset, monthStride) => {
      const { level, metric, entity, register } = plan.columns[index];
      columns.set(columnKey(level, metric, entity), room.keep(register, values, offset, monthStride));
    },
  );
  const diagnostics = describeFaults(scenario, faults, 1);
  if (diagnostics.length > 0) return { diagnostics };
  const entities = entitySourceOf(scenario);
  return {
    run: {
      ...layOutWindow(scenario),
      scenario,
      parts: entities.parts,
      entities,
      columns,
      readingOf,
      program,
      plain: plain && plainRunOf(scenario, plain, { columns: plainColumns(plain, columns), faults }),
    },
    diagnostics,
  };
}

/** Columns that memory is taken for at once: thousands of small arrays take longer to make than to fill. */
const COLUMNS_AT_ONCE = 256;

/** Keeps the values of one trial, once for all columns that are the same register: two columns of five are. */
class ColumnRoom {
  readonly #monthCount: number;
  readonly #kept = new Map<Register, Float64Array>();
  #room = new Float64Array(0);
  #used = 0;

  constructor(monthCount: number) {
    this.#monthCount = monthCount;
  }

  /** The values of a register in all months, which stand side by side where they are not the same in each. */
  keep(register: Register, values: Float64Array, offset: number, monthStride: number): Float64Array {
    const known = this.#kept.get(register);
    if (known) return known;
    const column = this.#take();
    if (monthStride === 0) column.fill(values[offset]);
    else column.set(values.subarray(offset, offset + this.#monthCount));
    this.#kept.set(register, column);
    return column;
  }

  #take(): Float64Array {
    const end = this.#used + this.#monthCount;
    if (end <= this.#room.length) {
      this.#used = end;
      return this.#room.subarray(end - this.#monthCount, end);
    }
    this.#room = new Float64Array(COLUMNS_AT_ONCE * this.#monthCount);
    this.#used = 0;
    return this.#take();
  }
}

/** The columns of a plain Plan, in all months of its window to the horizon's end. */
function plainColumns(plain: PlanOutline, columns: TraceRun["columns"]): readonly Float64Array[] {
  const end = plain.originMonth + plain.horizonMonths;
  return plain.columns.map(({ level, metric, entity, isScalar }) => {
    const column = columns.get(columnKey(level, metric, entity));
    if (!column) throw new InternalError(`no column ${metric} of ${entity}`);
    return column.subarray(0, isScalar ? 1 : end);
  });
}

/** Inputs that some formula of the metric table reads, and those that derived inputs read. */
function listInputs(): readonly InputName[] {
  const formulas = METRICS.flatMap(({ formula, kernel }) => [formula, kernel?.identity]);
  const names = new Set(
    [...formulas, ...DERIVED_INPUTS.values()].flatMap((each) => (each ? inputsIn(each) : [])),
  );
  return [...names];
}

/** What a metric or `input NAME` of an entity reads itself: lines of the scenario, and other figures. */
export function readsOf({ readingOf }: TraceRun, name: string, entity: Entity): readonly ReadSubject[] {
  const reading = readingOf(name, entity.level, entityKey(entity));
  return reading ? directReads(reading) : [];
}

/** Values of a metric by window month; undefined if the entity has no such column. */
export function columnOf({ columns }: TraceRun, name: string, entity: Entity): Float64Array | undefined {
  return columns.get(columnKey(entity.level, name, entityKey(entity)));
}

/**
 * The entity whose column a formula reads when it names a metric: the formula's own entity, else one that holds it.
 *
 * Fails: throws `InternalError` where none has the metric.
 */
export function ownerOf(run: TraceRun, name: string, entity: Entity): Entity {
  if (columnOf(run, name, entity)) return entity;
  const larger = holdersOf(entity).find((holder) => columnOf(run, name, holder));
  if (larger) return larger;
  throw new InternalError(`${nameOf(entity)} has no column ${name}`);
}

/** Whether the run has a metric that a formula of the entity could name: some exist only where a fleet is hired or a loan is taken. */
export function hasMetric(run: TraceRun, name: string, entity: Entity): boolean {
  return [entity, ...holdersOf(entity)].some((owner) => columnOf(run, name, owner));
}

/** Entities whose metrics an entity reads beside its own, nearest first. */
export function holdersOf(entity: Entity): readonly Entity[] {
  if (entity.level !== "part" && entity.level !== "assignment") return [];
  const { part } = entity;
  const site: Entity = { level: "site", site: part.site };
  if (entity.level === "part") return [site];
  return [{ level: "workload", workload: entity.workload }, { level: "part", part }, site];
}

/** A metric's value in a window month, as a formula of the entity reads it. */
export function metricAt(run: TraceRun, name: string, entity: Entity, month: number): number {
  return valueAt(metricColumn(run, name, entity), month);
}

/** A metric's values by window month, as a formula of the entity reads them. */
export function metricColumn(run: TraceRun, name: string, entity: Entity): Float64Array {
  return columnReadBy(run, entity, name, () => columnOf(run, name, ownerOf(run, name, entity)));
}

/** An input's value in a window month, as a formula of the entity reads it. */
export function inputAt(run: TraceRun, name: InputName, entity: Entity, month: number): number {
  return valueAt(inputColumn(run, name, entity), month);
}

/** An input's values by window month, as a formula of the entity reads them. */
export function inputColumn(run: TraceRun, name: InputName, entity: Entity): Float64Array {
  return columnReadBy(run, entity, name, () => columnOf(run, `input ${name}`, entity));
}

/** Columns that formulas of an entity have read, by the name of the metric or input: inputs have names with a point, metrics none. */
const readColumns = new WeakMap<TraceRun, WeakMap<Entity, Map<string, Float64Array>>>();

/** A column that a formula of an entity reads, looked up once for all months. */
function columnReadBy(
  run: TraceRun,
  entity: Entity,
  name: string,
  lookUp: () => Float64Array | undefined,
): Float64Array {
  const ofRun = readColumns.get(run) ?? new WeakMap<Entity, Map<string, Float64Array>>();
  readColumns.set(run, ofRun);
  const columns = ofRun.get(entity) ?? new Map<string, Float64Array>();
  ofRun.set(entity, columns);
  const column = columns.get(name) ?? lookUp();
  if (!column) throw new InternalError(`${nameOf(entity)} has no ${name}`);
  columns.set(name, column);
  return column;
}

function valueAt(column: Float64Array, month: number): number {
  const value = column[month];
  if (value === undefined) throw new InternalError(`window month ${month} is not simulated`);
  return value;
}

/** Entities that a sum goes over, in the order in which they are summed. */
export function membersOf({ entities }: TraceRun, over: SumOver, entity: Entity): readonly Entity[] {
  return membersOfScenario(entities, over, entity);
}

/** The members that coarser columns of a metric are summed over: parts for a metric of parts. */
export function sumOver(name: string): SumOver {
  const level = findMetric(name)?.level ?? "part";
  return level === "part" ? "parts" : summedOver(level);
}

/** Name of an entity in words. */
export function nameOf(entity: Entity): string {
  if (entity.level === "total") return "the whole";
  return entity.level === "run" ? "the whole run" : entityKey(entity);
}
