import { columnKey } from "../analysis/results/results.ts";
import { columnOf, type TraceRun } from "../analysis/trace/trace-run.ts";
import type { Entity } from "../compile/entities.ts";
import { entityKey, listEntities } from "../compile/entities.ts";
import type { Register } from "../engine/index.ts";
import { type Formula, formatFormula } from "../metrics/formula.ts";
import { METRICS } from "../metrics/index.ts";
import type { Metric, MetricLevel } from "../metrics/metric.ts";
import { columnName, columnRange } from "./cells.ts";
import { returnColumns } from "./formulas/flows.ts";

/** Levels with a row for each entity and month. */
export type RowLevel = Exclude<MetricLevel, "run" | "fleet">;

/** A sheet with a block of window months for each entity. */
export type LevelSheet = {
  readonly level: RowLevel;
  readonly name: string;
  readonly entities: readonly Entity[];
  /** Headings of the columns that say whose row it is, before the metrics. */
  readonly keys: readonly string[];
  readonly metrics: readonly Metric[];
  /** Position of an entity's block, and column of a metric, from 0. */
  readonly blocks: ReadonlyMap<string, number>;
  readonly columns: ReadonlyMap<string, number>;
  /** Columns after the metrics that are kept for the provider's returns. */
  readonly reserved: number;
  /** Columns after these, for parts of formulas that have no metric of their own; found while formulas are written. */
  readonly helpers: Helper[];
};

/** A column beside the metrics: a part of a formula, in the unit given by `scale`, or steps on the way to figures of kernels. */
export type Helper =
  | { readonly formula: Formula; readonly text: string; readonly scale: number }
  | { readonly text: string; readonly registers: Map<string, Register> };

/** A sheet with one row for a figure without months. */
export type FigureSheet = { readonly name: string; readonly rows: readonly FigureRow[] };

/** A figure of an entity that is one number for the whole window. */
export type FigureRow = { readonly entity: Entity; readonly metric: Metric };

/** Rows above the data: names and units. */
export const HEAD_ROWS = 2;

/** Columns of the figures' names and values. */
const NAME_COLUMN = 1;
export const FIGURE_COLUMN = 2;

const SHEET_NAMES: Readonly<Record<RowLevel, string>> = {
  total: "Monthly",
  part: "Fleets",
  site: "Sites",
  contract: "Contracts",
  tranche: "Financing",
  loan: "Debt",
  workload: "Workloads",
  assignment: "Demand",
};

const KEYS_OF: Readonly<Record<RowLevel, readonly string[]>> = {
  total: ["month", "months from start", "hours", "provider's discount factor", "buyer's discount factor"],
  part: ["month", "fleet", "chip", "site"],
  site: ["month", "site"],
  contract: ["month", "contract"],
  tranche: ["month", "tranche"],
  loan: ["month", "loan"],
  workload: ["month", "workload", "kind"],
  assignment: ["month", "workload", "fleet", "chip"],
};

/** Where every figure of a run stands in the workbook. */
export type Layout = {
  readonly run: TraceRun;
  readonly levels: ReadonlyMap<RowLevel, LevelSheet>;
  readonly summary: FigureSheet;
  readonly figures: FigureSheet;
  /** Sheet and row, counted from 1, of each figure. */
  readonly figureRows: ReadonlyMap<string, { readonly sheet: string; readonly row: number }>;
};

/** Lays a run out: a sheet for each level that it has, and two for figures without months. */
export function layOut(run: TraceRun): Layout {
  const entities = listEntities(run.entities);
  const levels = new Map<RowLevel, LevelSheet>();
  for (const [level, name] of Object.entries(SHEET_NAMES) as [RowLevel, string][]) {
    const own = entities.filter((entity) => entity.level === level);
    const metrics = METRICS.filter(
      (metric) => !metric.isScalar && own[0] && columnOf(run, metric.name, own[0]) !== undefined,
    );
    if (own.length === 0) continue;
    const keys = KEYS_OF[level];
    const blocks = new Map(own.map((entity, index) => [entityKey(entity), index]));
    const columns = new Map(metrics.map((metric, index) => [metric.name, keys.length + index]));
    const reserved = level === "total" ? returnColumns(run).length : 0;
    levels.set(level, { level, name, entities: own, keys, metrics, blocks, columns, reserved, helpers: [] });
  }
  const rowsOf = (wanted: readonly MetricLevel[]): readonly FigureRow[] =>
    wanted.flatMap((level) =>
      entities
        .filter((entity) => entity.level === level)
        .flatMap((entity) =>
          METRICS.filter((metric) => metric.isScalar && columnOf(run, metric.name, entity) !== undefined).map(
            (metric) => ({ entity, metric }),
          ),
        ),
    );
  const summary = { name: "Summary", rows: rowsOf(["run", "contract", "tranche", "loan"]) };
  const figures = { name: "Figures", rows: rowsOf(["part", "site", "workload", "assignment"]) };
  const figureRows = new Map(
    [summary, figures].flatMap(({ name, rows }) =>
      rows.map(({ entity, metric }, index) => {
        const place = { sheet: name, row: HEAD_ROWS + 1 + index };
        return [columnKey(entity.level, metric.name, entityKey(entity)), place] as const;
      }),
    ),
  );
  return { run, levels, summary, figures, figureRows };
}

/** The sheet of a level, which exists wherever an entity of it does. */
export function sheetOf({ levels }: Layout, level: MetricLevel): LevelSheet {
  const sheet = levels.get(level as RowLevel);
  if (!sheet) throw new Error(`no sheet of ${level}`);
  return sheet;
}

/** Row, counted from 1, of an entity in a window month. */
export function rowOf({ run }: Layout, sheet: LevelSheet, entity: Entity, month: number): number {
  return HEAD_ROWS + 1 + (sheet.blocks.get(entityKey(entity)) ?? 0) * run.monthCount + month;
}

/** Column of the first helper. */
export function firstHelper({ keys, metrics, reserved }: LevelSheet): number {
  return keys.length + metrics.length + reserved;
}

/**
 * Column of a part of a formula, which is added if the sheet lacks it, and its unit: that of the entity that needed it first, whose
 * inputs may have other units than those of another.
 */
export function helperColumn(
  sheet: LevelSheet,
  formula: Formula,
  scale: number,
): { readonly column: number; readonly scale: number } {
  const text = formatFormula(formula);
  for (const [index, helper] of sheet.helpers.entries())
    if ("formula" in helper && helper.text === text && sameFormula(helper.formula, formula))
      return { column: firstHelper(sheet) + index, scale: helper.scale };
  return { column: firstHelper(sheet) + sheet.helpers.push({ formula, text, scale }) - 1, scale };
}

/** A register that a formula of an entity reads, which has no metric of its own. */
type StepOf = { readonly heading: string; readonly entity: Entity; readonly register: Register };

/** Column of a register, which is added if the sheet lacks it; entities share the columns of their steps. */
export function registerHelper(sheet: LevelSheet, { heading, entity, register }: StepOf): number {
  const key = entityKey(entity);
  const isOf = (helper: Helper) => "registers" in helper && helper.registers.get(key) === register;
  const isFree = (helper: Helper) =>
    "registers" in helper && helper.text === heading && !helper.registers.has(key);
  let index = sheet.helpers.findIndex(isOf);
  if (index < 0) {
    index = sheet.helpers.findIndex(isFree);
    if (index < 0) index = sheet.helpers.push({ text: heading, registers: new Map() }) - 1;
    const helper = sheet.helpers[index];
    if ("registers" in helper) helper.registers.set(key, register);
  }
  return firstHelper(sheet) + index;
}

function sameFormula(one: Formula, other: Formula): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Address of a figure without months, as a cell of the sheet `from` reads it. */
export function figureAddress(layout: Layout, name: string, entity: Entity, from: string): string {
  const { sheet, row } = placeOf(layout, name, entity);
  const cell = `$${columnName(FIGURE_COLUMN)}$${row}`;
  return sheet === from ? cell : `${sheet}!${cell}`;
}

/** The sum of a figure without months over all entities of a level, whose rows stand together, by its name. */
export function sumOfFigures(layout: Layout, name: string, entities: readonly Entity[]): string {
  const places = entities.map((entity) => placeOf(layout, name, entity));
  const rows = places.map(({ row }) => row);
  const range = (column: number) =>
    columnRange(places[0].sheet, column, Math.min(...rows), Math.max(...rows));
  return `SUMIFS(${range(FIGURE_COLUMN)},${range(NAME_COLUMN)},"${name}")`;
}

function placeOf({ figureRows }: Layout, name: string, entity: Entity) {
  const place = figureRows.get(columnKey(entity.level, name, entityKey(entity)));
  if (!place) throw new Error(`no figure ${name} of ${entityKey(entity)}`);
  return place;
}
