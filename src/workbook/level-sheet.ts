import { wordOf } from "../analysis/tables/columns.ts";
import { hoursOfMonth } from "../analysis/trace/interpret.ts";
import { columnOf } from "../analysis/trace/trace-run.ts";
import { type Entity, entityKey } from "../compile/entities.ts";
import type { Metric } from "../metrics/metric.ts";
import { power } from "../numbers/plain.ts";
import {
  type Cell,
  type CellStyle,
  dayOfMonth,
  type FilledFormula,
  longestOf,
  MovedFormula,
  type Row,
  type Sheet,
  shownNumber,
  textCell,
  widthUnder,
} from "./cells.ts";
import { formatOf, MONTH_STYLE } from "./formats.ts";
import type { Coverage, Covered } from "./formulas/coverage.ts";
import { returnColumns } from "./formulas/flows.ts";
import { returnCells } from "./formulas/returns.ts";
import type { Translator } from "./formulas/translate.ts";
import { firstHelper, HEAD_ROWS, type LevelSheet } from "./layout.ts";

/** A column of a sheet: its head, and what it holds of an entity. */
type Column = {
  readonly name: string;
  readonly unit: string;
  readonly width: number;
  readonly style: CellStyle;
  /** Style where an entity has a value in place of a formula. */
  readonly valueStyle: CellStyle;
  /** Reads values of window months as they are shown. */
  readonly valuesOf: (entity: Entity) => (month: number) => Cell["value"];
  /** Position on the sheet, from 0. */
  readonly column: number;
};

/**
 * A sheet with a block of window months for each entity: every metric of the level, live where it has a formula. Months
 * before `start` and after the horizon are folded away, and hold only what other cells read.
 *
 * @param coverage what each column holds; columns beside the metrics were found with it
 */
export function makeLevelSheet(translator: Translator, sheet: LevelSheet, coverage: Coverage): Sheet {
  const { run } = translator.layout;
  const { metrics, helpers, keys, entities } = sheet;
  const columns = [
    ...metrics.map((metric, index) => metricColumn(translator, metric, keys.length + index)),
    ...helpers.map((_, index) => helperColumn(translator, sheet, index)),
  ];
  const returns = sheet.level === "total" ? returnColumns(run) : [];
  const heads = [
    ...keys.map((name) => ({ name, unit: "", width: Math.max(KEY_WIDTH, name.length + 3) })),
    ...columns.slice(0, metrics.length),
    ...returns.map(({ heading, unit }) => ({ name: heading, unit, width: widthUnder(heading) })),
    ...columns.slice(metrics.length),
  ];
  const headRows: readonly Row[] = [
    heads.map(({ name }) => textCell(name, "head")),
    heads.map(({ unit }) => textCell(unit, "unit")),
  ];
  const keyReaders = entities.map((entity) => keyReader(translator, entity));
  const folded = new Set<number>();
  for (const [block] of entities.entries())
    for (let month = 0; month < run.monthCount; month++)
      if (month < run.originMonth || month >= run.originMonth + run.horizonMonths)
        folded.add(HEAD_ROWS + block * run.monthCount + month);
  return {
    name: sheet.name,
    widths: heads.map(({ width }) => width),
    rows: {
      length: HEAD_ROWS + entities.length * run.monthCount,
      ahead: {
        styles: [
          ...new Set([
            ...headRows.flatMap((row) => row.flatMap((cell) => cell?.style ?? [])),
            ...KEY_STYLES,
            ...columns.flatMap(({ style, valueStyle }) => [style, valueStyle]),
          ]),
        ],
        longestText: lengthOfLongest([...heads.map(({ name }) => name), ...entities.flatMap(namesOf)]),
        longestFormula: longestFormula(sheet, columns, coverage),
      },
      *[Symbol.iterator]() {
        yield* headRows;
        for (const [block, entity] of entities.entries())
          yield* blockRows(translator, sheet, columns, coverage, { entity, keysOf: keyReaders[block] });
      },
    },
    frozen: { rows: HEAD_ROWS, columns: sheet.level === "total" ? 1 : keys.length },
    hasFilter: true,
    foldedRows: folded,
    ...(helpers.length + returns.length > 0 ? { foldedFrom: keys.length + metrics.length } : {}),
  };
}

function lengthOfLongest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

function longestFormula(sheet: LevelSheet, columns: readonly Column[], coverage: Coverage): number {
  let most = 0;
  for (const entity of sheet.entities)
    for (const { column } of columns) {
      const covered = coverage.find(sheet, column, entity);
      for (const filled of covered ? filledIn(covered) : []) most = Math.max(most, longestOf(filled));
    }
  return most;
}

/** The formulas of a column, each with the month from which it is filled down. */
function filledIn({ last, stretches }: Covered): readonly (FilledFormula & { readonly from: number })[] {
  return stretches.map(({ pieces, first: from }, index) => ({
    from,
    pieces,
    count: (stretches[index + 1]?.first ?? last + 1) - from,
  }));
}

/** The rows of an entity, one a month. Cost: cells. */
function* blockRows(
  translator: Translator,
  sheet: LevelSheet,
  columns: readonly Column[],
  coverage: Coverage,
  { entity, keysOf }: { readonly entity: Entity; readonly keysOf: (month: number) => Row },
): Generator<Row> {
  const { run } = translator.layout;
  const isTotal = sheet.level === "total";
  const readers = columns.map((column) => {
    const covered = coverage.find(sheet, column.column, entity);
    return covered && cellReader(column, covered, entity);
  });
  const [metrics, helpers] = [readers.slice(0, sheet.metrics.length), readers.slice(sheet.metrics.length)];
  for (let month = 0; month < run.monthCount; month++) {
    const row = [...keysOf(month)];
    const hasMetrics = addCells(row, metrics, month);
    if (isTotal) row.push(...returnCells(translator.layout, month));
    const hasHelpers = addCells(row, helpers, month);
    // A month that nothing reads is an empty row.
    yield isTotal || hasMetrics || hasHelpers ? row : [];
  }
}

type CellReader = (month: number) => Cell | undefined;

/** Adds the cells of a month to its row, and says whether there are any. */
function addCells(
  row: (Cell | undefined)[],
  readers: readonly (CellReader | undefined)[],
  month: number,
): boolean {
  let hasAny = false;
  // Hundreds of thousands of cells: without an iterator.
  for (let index = 0; index < readers.length; index++) {
    const cell = readers[index]?.(month);
    row.push(cell);
    if (cell) hasAny = true;
  }
  return hasAny;
}

/** Reads the cells of a column month by month, in order. */
function cellReader({ style, valueStyle, valuesOf }: Column, covered: Covered, entity: Entity): CellReader {
  const valueIn = valuesOf(entity);
  const { first, last } = covered;
  const filled = filledIn(covered);
  let at = 0;
  return (month) => {
    if (month < first || month > last) return undefined;
    while (filled[at + 1] && filled[at + 1].from <= month) at++;
    const value = valueIn(month);
    const formula = filled[at];
    if (!formula) return { value, style: valueStyle };
    return { formula: new MovedFormula(formula, month - formula.from), value: value ?? "", style };
  };
}

const KEY_WIDTH = 12;

const PLAIN_STYLE: CellStyle = { kind: "text" };
const FACTOR_STYLE: CellStyle = { kind: "formula", format: "0.0000" };
const KEY_STYLES = [PLAIN_STYLE, MONTH_STYLE, FACTOR_STYLE];

/** Reads the first cells of an entity's rows: the month, and whose row it is. */
function keyReader(translator: Translator, entity: Entity): (month: number) => Row {
  const { run } = translator.layout;
  const clock = entity.level === "total" ? clockReader(translator) : undefined;
  const names = namesOf(entity).map((value): Cell => ({ value, style: PLAIN_STYLE }));
  return (month) => [
    { value: dayOfMonth(run.firstMonth + month), style: MONTH_STYLE },
    ...(clock?.(month) ?? names),
  ];
}

function namesOf(entity: Entity): readonly string[] {
  switch (entity.level) {
    case "part":
      return [entity.part.fleet, entity.part.chip, entity.part.site];
    case "site":
      return [entity.site];
    case "contract":
      return [entity.contract];
    case "tranche":
      return [entity.tranche];
    case "loan":
      return [entity.loan];
    case "workload":
      return [entity.workload.name, entity.workload.kind];
    case "assignment":
      return [entity.workload.name, entity.part.fleet, entity.part.chip];
    default:
      return [];
  }
}

/** Reads months from start, hours and discount factors, which all sheets read from Monthly. */
function clockReader({ layout: { run }, inputs }: Translator): (month: number) => Row {
  const rates = ["provider.discount_rate", "buyer.discount_rate"].map((path) => inputs.field(path));
  return (month) => {
    const count = month - run.originMonth + 1;
    return [
      { value: count, style: PLAIN_STYLE },
      { value: hoursOfMonth(run.firstMonth + month), style: PLAIN_STYLE },
      ...rates.map(
        (rate): Cell => ({
          formula: `(1+${rate.definedName})^(-B${HEAD_ROWS + 1 + month}/12)`,
          value: power(1 + rate.values[0], -count / 12),
          style: FACTOR_STYLE,
        }),
      ),
    ];
  };
}

function metricColumn({ layout: { run } }: Translator, metric: Metric, column: number): Column {
  const format = formatOf(metric.unit, metric.name);
  const isWord = metric.time === "code";
  return {
    name: metric.name,
    unit: metric.unit === "1" ? "" : metric.unit,
    width: widthUnder(metric.name),
    style: { kind: "formula", format },
    valueStyle: isWord ? { kind: "word" } : { kind: "kernel", format },
    valuesOf: (entity) => {
      const values = columnOf(run, metric.name, entity) ?? new Float64Array(run.monthCount);
      return (month) => (isWord ? wordOf(metric, values[month]) : shownNumber(values[month], metric.scale));
    },
    column,
  };
}

function helperColumn(translator: Translator, sheet: LevelSheet, index: number): Column {
  const helper = sheet.helpers[index];
  const valuesOf = (entity: Entity): Float64Array => {
    if ("formula" in helper) return translator.valuesOf(helper.formula, entity);
    const register = helper.registers.get(entityKey(entity));
    return register === undefined ? new Float64Array() : translator.chain.valuesOf(register);
  };
  return {
    name: helper.text,
    unit: "",
    width: widthUnder(helper.text),
    style: { kind: "formula", format: formatOf("") },
    valueStyle: { kind: "kernel", format: formatOf("") },
    valuesOf: (entity) => {
      const values = valuesOf(entity);
      const scale = "scale" in helper ? helper.scale : 1;
      return (month) => shownNumber(values[month], scale);
    },
    column: firstHelper(sheet) + index,
  };
}
