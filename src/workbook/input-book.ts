import { type ShownUnit, unitOfDimension } from "../analysis/trace/shown-value.ts";
import { columnOf, readsOf, type TraceRun } from "../analysis/trace/trace-run.ts";
import { type Entity, entityKey, listEntities } from "../compile/entities.ts";
import { isElsewhere } from "../compile/facility.ts";
import type { OpenProgram } from "../compile/record/open-program.ts";
import { firstReaders, linesBehind, type Reading } from "../compile/record/reads.ts";
import type { Formula, InputName } from "../metrics/formula.ts";
import { findMetric, METRICS } from "../metrics/index.ts";
import { statesRead } from "../scenario/language/evaluate.ts";
import { plainValue, plainValues } from "../scenario/plain-value.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { ELSEWHERE } from "../scenario/tenure.ts";
import { columnName } from "./cells.ts";
import { RETURN_METRICS } from "./formulas/flows.ts";

/** A value of the scenario that formulas of the workbook read. */
export type WorkbookInput = {
  /** The input of formulas, or the row of its field. */
  readonly name: string;
  /** The field that it is; undefined where it is made of several. */
  readonly path: string | undefined;
  /** What stands in the sheet: a field, or what several make. */
  readonly label: string;
  readonly unit: ShownUnit;
  /** Canonical values by window month. */
  readonly values: Float64Array;
  readonly isConstant: boolean;
  /** Why a change of the cell would not move the workbook as the program moves; undefined for a live input. */
  lock: string | undefined;
  /** Defined name of a constant; heading of a column by month. */
  readonly definedName: string;
  /** Position among the inputs of its kind, as formulas met them; of those by month it is their column. */
  readonly position: number;
};

export const INPUT_SHEET = "Inputs";
export const MONTHLY_INPUT_SHEET = "InputsByMonth";
/** Column of the constants' values. */
export const INPUT_COLUMN = 1;

/** Name of the cell that holds whether every input is as the program read it. */
export const UNCHANGED_NAME = "inputs_unchanged";

/** The inputs of a workbook, each added when a formula first reads it. */
export class InputBook {
  readonly constants: WorkbookInput[] = [];
  readonly monthly: WorkbookInput[] = [];
  readonly #run: TraceRun;
  readonly #known = new Map<string, WorkbookInput>();
  readonly #units = new Map<string, ShownUnit>();
  readonly #names = new Set<string>();
  /** Of lines behind figures of kernels that others read: the first such figure in the order of metrics, and its place in it. */
  readonly #locking: ReadonlyMap<string, KernelFigure>;
  /** For each figure of kernels that no other reads, all lines behind it, of any entity. */
  readonly #guardedLines: ReadonlyMap<string, ReadonlySet<string>>;
  /** Fields that others are taken from by `like`, with these: a change of one moves them too. */
  readonly #copies: ReadonlyMap<string, readonly string[]>;
  /** Why open fields are locked; those without a reason can be changed. */
  readonly #openLocks: ReadonlyMap<string, string | undefined>;

  constructor(run: TraceRun, program: OpenProgram) {
    this.#run = run;
    const figures = kernelFigures(run);
    this.#locking = firstReaders(
      figures.flatMap((figure) => (GUARDABLE.has(figure.name) ? [] : [[figure, figure.readings] as const])),
    );
    this.#guardedLines = new Map(
      figures.flatMap((figure) =>
        GUARDABLE.has(figure.name) ? [[figure.name, linesOf(figure)] as const] : [],
      ),
    );
    this.#copies = copiesIn(run);
    const own = locksOf(program);
    this.#openLocks = new Map(
      [...own.keys()].map((path) => {
        const reasons = this.#withCopies(path).map((each) => this.#elsewhereLock(each) ?? own.get(each));
        return [path, reasons.find((reason) => reason !== undefined)];
      }),
    );
  }

  /** The input of an entity. */
  find(name: InputName, entity: Entity): WorkbookInput {
    const ofEntity = `${name} ${entity.level} ${entityKey(entity)}`;
    const known = this.#known.get(ofEntity);
    if (known) return known;
    const values = columnOf(this.#run, `input ${name}`, entity);
    if (!values) throw new Error(`no input ${name} of ${entityKey(entity)}`);
    const path = this.#pathOf(name, entity, values);
    const key = path ?? ofEntity;
    const input = this.#known.get(key) ?? this.#add(name, entity, values, path);
    this.#known.set(key, input);
    this.#known.set(ofEntity, input);
    return input;
  }

  /** A field that formulas read without an input of its own: the buyer's rate of discount. */
  field(path: string): WorkbookInput {
    return this.#known.get(path) ?? this.#addLine(path, plainValue(this.#run.scenario, path) ?? 0);
  }

  /** A field that figures of kernels follow. */
  line(path: string): WorkbookInput {
    const known = this.#known.get(path);
    if (known) return known;
    const { scenario, firstMonth, monthCount } = this.#run;
    return this.#addLine(path, plainValues(scenario, path, firstMonth, monthCount));
  }

  /**
   * Adds, locked, every other number of the scenario that a figure follows, so that none is missing from the sheets of inputs. Call it
   * when all formulas are made: what they read is known by then.
   */
  addOthers(): void {
    const { scenario } = this.#run;
    for (const path of linesOfRun(this.#run)) {
      const expr = scenario.fields.get(path)?.expr;
      // Conditions on the state are no numbers.
      if (expr && !expr.isDate && statesRead(expr).length === 0 && !this.#known.has(path))
        this.line(path).lock ??= "no cell follows it: change it in the scenario";
    }
  }

  /** Whether a field is open and can be changed. */
  isLive(path: string): boolean {
    return this.#openLocks.has(path) && this.#openLocks.get(path) === undefined;
  }

  /** Inputs that a person may change. */
  live(): readonly WorkbookInput[] {
    return [...this.constants, ...this.monthly].filter(({ lock }) => lock === undefined);
  }

  /** The input that one is taken from by `like`, where both can be changed. */
  baseOf({ path, lock, isConstant }: WorkbookInput): WorkbookInput | undefined {
    const { scenario } = this.#run;
    if (lock !== undefined || path === undefined) return undefined;
    for (let from = originalOf(scenario, path); from !== undefined; from = originalOf(scenario, from)) {
      const base = this.#known.get(from);
      if (base) return base.lock === undefined && base.isConstant === isConstant ? base : undefined;
    }
    return undefined;
  }

  /** Whether a figure that no cell formula computes follows an input that can be changed. Ask when all inputs are known. */
  isGuarded(metric: string): boolean {
    const lines = this.#guardedLines.get(metric);
    if (!lines) return false;
    const isBehind = ({ path }: WorkbookInput) =>
      path !== undefined &&
      !this.#openLocks.has(path) &&
      this.#withCopies(path).some((each) => lines.has(each));
    return this.live().some(isBehind);
  }

  /** Says that months are counted by the input, which no cell formula can follow. */
  lockAsMonths(input: WorkbookInput): void {
    input.lock = "moves amounts by whole months: change it in the scenario";
  }

  /** The column of an input by month, which a row follows. */
  columnOf({ position }: WorkbookInput): string {
    return `${MONTHLY_INPUT_SHEET}!$${columnName(1 + position)}`;
  }

  #addLine(path: string, values: number | Float64Array): WorkbookInput {
    const row = this.#run.scenario.fields.get(path)?.spec.path ?? path;
    const all = typeof values === "number" ? new Float64Array(this.#run.monthCount).fill(values) : values;
    const input = this.#add(row, { level: "total" }, all, path);
    this.#known.set(path, input);
    return input;
  }

  #add(name: string, entity: Entity, values: Float64Array, path: string | undefined): WorkbookInput {
    const isConstant = isSameInAllMonths(values);
    const list = isConstant ? this.constants : this.monthly;
    const label = path ?? `${name} of ${entityKey(entity) || "the whole"}`;
    const input: WorkbookInput = {
      name,
      path,
      label,
      unit: this.#unitOf(name, path, values),
      values,
      isConstant,
      lock: this.#lockOf(name, path, entity),
      definedName: this.#nameOf(label),
      position: list.length,
    };
    list.push(input);
    return input;
  }

  /** The one field that an input is; undefined if it is made of several or differs from the field. */
  #pathOf(name: InputName, entity: Entity, values: Float64Array): string | undefined {
    const { scenario, firstMonth } = this.#run;
    const lines = readsOf(this.#run, `input ${name}`, entity).flatMap((read) =>
      read.kind === "line" && !read.path.startsWith("let.") ? [read.path] : [],
    );
    const figures = lines.filter((path) => scenario.fields.get(path)?.expr);
    const [path] = figures;
    if (path === undefined || figures.length > 1) return undefined;
    const plain = plainValues(scenario, path, firstMonth, values.length);
    return areAlike(values, plain) ? path : undefined;
  }

  /** Where rented chips stand no scenario says anything, so that nothing of it can be changed there either. */
  #elsewhereLock(path: string): string | undefined {
    const isThere = path.startsWith(`sites.${ELSEWHERE}.`) && isElsewhere(this.#run, ELSEWHERE);
    return isThere ? "the rent of rented chips pays for it" : undefined;
  }

  #lockOf(name: string, path: string | undefined, entity: Entity): string | undefined {
    const elsewhere = path === undefined ? undefined : this.#elsewhereLock(path);
    if (elsewhere !== undefined) return elsewhere;
    if (path !== undefined && this.#openLocks.has(path)) return this.#openLocks.get(path);
    if (path === undefined) {
      const lines = readsOf(this.#run, `input ${name}`, entity).flatMap((read) =>
        read.kind === "line" ? [read.path] : [],
      );
      return lines.length > 0
        ? `made of ${lines.slice(0, 3).join(", ")}${lines.length > 3 ? " and others" : ""}: change them in the scenario`
        : "computed by the program from other values";
    }
    const [first] = this.#withCopies(path)
      .flatMap((each) => this.#locking.get(each) ?? [])
      .sort((one, other) => one.place - other.place);
    return first && `the program also computes ${first.name} from it: change it in the scenario`;
  }

  /** A field, and all that are taken from it. */
  #withCopies(path: string): readonly string[] {
    return [path, ...(this.#copies.get(path) ?? []).flatMap((copy) => this.#withCopies(copy))];
  }

  /** One unit for an input of all entities, so that a column of formulas has one unit. */
  #unitOf(name: string, path: string | undefined, values: Float64Array): ShownUnit {
    const known = this.#units.get(name);
    if (known) return known;
    const field = path === undefined ? undefined : this.#run.scenario.fields.get(path);
    const probe = values.find((value) => value !== 0 && Number.isFinite(value)) ?? 1;
    const shown: ShownUnit = field
      ? unitOfDimension(probe, field.dimension ?? "number")
      : { unit: "", scale: 1 };
    // A percentage is a share with a format, as spreadsheets have it.
    const unit = shown.unit === "%" || !Number.isFinite(shown.scale) ? { unit: "%", scale: 1 } : shown;
    if (path !== undefined) this.#units.set(name, unit);
    return unit;
  }

  /** A name that spreadsheets take: letters, digits and underscores, and never the address of a cell. */
  #nameOf(label: string): string {
    const base = `in_${label.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "")}`.slice(0, LONGEST_NAME);
    let name = base;
    for (let count = 2; this.#names.has(name.toLowerCase()); count++) name = `${base}_${count}`;
    this.#names.add(name.toLowerCase());
    return name;
  }
}

function copiesIn({ scenario }: TraceRun): ReadonlyMap<string, readonly string[]> {
  const copies = new Map<string, string[]>();
  for (const path of scenario.fields.keys()) {
    const original = originalOf(scenario, path);
    if (original !== undefined) copies.set(original, [...(copies.get(original) ?? []), path]);
  }
  return copies;
}

/**
 * The field that moves another one with it: a member `like` another has its fields, those too that both have from the same default,
 * since a value stated for the other takes the default's place in both.
 */
function originalOf({ fields }: Scenario, path: string): string | undefined {
  const [collection, name, ...rest] = path.split(".");
  const base = fields.get(`${collection}.${name}.like`)?.choice;
  if (base === undefined) return undefined;
  const original = `${collection}.${base}.${rest.join(".")}`;
  return fields.get(original)?.origin === fields.get(path)?.origin ? original : undefined;
}

// Loops, because there are thousands of inputs: a function called for each month would take most of the time of the book.

function isSameInAllMonths(values: Float64Array): boolean {
  for (let month = 1; month < values.length; month++)
    if (values[month] !== values[0] && !Number.isNaN(values[month])) return false;
  return true;
}

function areAlike(values: Float64Array, others: Float64Array): boolean {
  for (let month = 0; month < values.length; month++)
    if (!(Math.abs(values[month] - others[month]) <= 1e-12 * Math.abs(others[month]))) return false;
  return true;
}

/** Figures of kernels that no formula reads: after a change they are not available, rather than a reason to lock the input. */
const GUARDABLE: ReadonlySet<string> = guardable();

function guardable(): ReadonlySet<string> {
  const read = new Set(METRICS.flatMap(({ formula }) => (formula ? metricsIn(formula) : [])));
  const found = METRICS.filter(
    ({ name, isScalar, formula }) => isScalar && !formula && !read.has(name) && !RETURN_METRICS.has(name),
  );
  return new Set(found.map(({ name }) => name));
}

/** For each open field, the figure of a kernel that moves with it in a way that cells cannot say, in words; undefined where all can. */
function locksOf({ opened, columns, lost }: OpenProgram): ReadonlyMap<string, string | undefined> {
  const locks = new Map<string, string | undefined>([...opened.values()].map((path) => [path, undefined]));
  for (const { metric, level, register } of columns) {
    const found = findMetric(metric);
    const isLeftBehind = found && !found.formula && found.level === level && !RETURN_METRICS.has(metric);
    if (!isLeftBehind || GUARDABLE.has(metric)) continue;
    for (const path of lost.get(register) ?? [])
      locks.set(
        path,
        locks.get(path) ?? `the program also computes ${metric} from it: change it in the scenario`,
      );
  }
  return locks;
}

/** Metrics that a formula reads. */
function metricsIn(formula: Formula): readonly string[] {
  if (formula.kind === "metric" || formula.kind === "sum") return [formula.name];
  if (formula.kind === "operation") return formula.operands.flatMap(metricsIn);
  return "of" in formula ? metricsIn(formula.of) : [];
}

/** Spreadsheets take names of 255 characters; a number may follow. */
const LONGEST_NAME = 240;

/** A figure that a kernel computes, its place among them, and what was read to compile it for any entity. */
type KernelFigure = { readonly name: string; readonly place: number; readonly readings: readonly Reading[] };

/** The figures that kernels compute, without those that the workbook computes itself. */
function kernelFigures(run: TraceRun): readonly KernelFigure[] {
  const entities = listEntities(run.entities);
  return METRICS.flatMap(({ name, formula, level }, place) => {
    if (formula || RETURN_METRICS.has(name)) return [];
    const readings = entities
      .filter((entity) => entity.level === level)
      .flatMap((entity) => run.readingOf(name, level, entityKey(entity)) ?? []);
    return readings.length > 0 ? [{ name, place, readings }] : [];
  });
}

/** All lines that any figure of a run follows. */
function linesOfRun(run: TraceRun): ReadonlySet<string> {
  const entities = listEntities(run.entities);
  const readings = METRICS.flatMap(({ name, level }) =>
    entities
      .filter((entity) => entity.level === level)
      .flatMap((entity) => run.readingOf(name, level, entityKey(entity)) ?? []),
  );
  return linesOf({ readings });
}

/** All lines behind a figure, by one walk over what any entity's reads. */
function linesOf({ readings }: Pick<KernelFigure, "readings">): ReadonlySet<string> {
  const all: Reading = { subject: { kind: "step" }, reads: new Set(readings) };
  return new Set(linesBehind(all));
}
