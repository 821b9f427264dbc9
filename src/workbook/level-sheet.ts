import { wordOf } from "../analysis/tables/columns.ts";
import { hoursOfMonth } from "../analysis/trace/interpret.ts";
import { columnOf, sumOver } from "../analysis/trace/trace-run.ts";
import type { Entity } from "../compile/entities.ts";
import type { Metric } from "../metrics/metric.ts";
import { power } from "../numbers/plain.ts";
import { type Cell, dayOfMonth, type Sheet, textCell } from "./cells.ts";
import { formatOf, MONTH_FORMAT } from "./formats.ts";
import { firstHelper, HEAD_ROWS, type LevelSheet, RETURN_COLUMNS } from "./layout.ts";
import { returnCells } from "./returns.ts";
import type { Spot, Translator } from "./translate.ts";

/** A column while a sheet is written: its head, and the cells of an entity by window month. */
type Column = {
  readonly name: string;
  readonly unit: string;
  readonly width: number;
  readonly cellsOf: (entity: Entity) => readonly (Cell | undefined)[];
};

/**
 * A sheet with a block of all window months for each entity: every metric of the level, live where it has a formula. Months
 * before `start` and after the horizon are folded away, because present values and running sums read them.
 *
 * Write it after the sheets of figures, whose sums over months may need columns here.
 */
export function makeLevelSheet(translator: Translator, sheet: LevelSheet): Sheet {
  const { run } = translator.layout;
  const metrics = sheet.metrics.map((metric) => metricColumn(translator, sheet, metric));
  // Writing the metrics found what needs a column of its own.
  const blocks = sheet.entities.map((entity) => {
    const keys = keyCells(translator, entity);
    return { entity, keys, cells: metrics.map(({ cellsOf }) => cellsOf(entity)) };
  });
  const helpers: Column[] = [];
  const helperBlocks = sheet.entities.map((): (readonly (Cell | undefined)[])[] => []);
  for (let index = 0; index < sheet.helpers.length; index++) {
    const column = helperColumn(translator, sheet, index);
    helpers.push(column);
    for (const [block, { entity }] of blocks.entries()) helperBlocks[block].push(column.cellsOf(entity));
  }
  const returns = sheet.level === "total" ? RETURN_COLUMNS : [];
  const monthCells = (block: number, month: number) => [
    ...blocks[block].keys[month],
    ...blocks[block].cells.map((cells) => cells[month]),
    ...(returns.length > 0 ? withFormat(returnCells(translator.layout, month)) : []),
    ...helperBlocks[block].map((cells) => cells[month]),
  ];
  const folded = new Set<number>();
  const rows = blocks.flatMap((_, block) =>
    Array.from({ length: run.monthCount }, (__, month) => {
      const isOutside = month < run.originMonth || month >= run.originMonth + run.horizonMonths;
      if (isOutside) folded.add(HEAD_ROWS + block * run.monthCount + month);
      return monthCells(block, month);
    }),
  );
  const heads = [
    ...sheet.keys.map((name) => ({ name, unit: "", width: keyWidth })),
    ...metrics,
    ...returns.map(({ heading, unit }) => ({ name: heading, unit, width: metricWidth })),
    ...helpers,
  ];
  return {
    name: sheet.name,
    widths: heads.map(({ width }) => width),
    rows: [
      heads.map(({ name }) => textCell(name, "head")),
      heads.map(({ unit }) => textCell(unit, "unit")),
      ...rows,
    ],
    frozen: { rows: HEAD_ROWS, columns: sheet.level === "total" ? 1 : sheet.keys.length },
    hasFilter: true,
    foldedRows: folded,
    ...(helpers.length + returns.length > 0 ? { foldedFrom: sheet.keys.length + metrics.length } : {}),
  };
}

const [keyWidth, metricWidth] = [12, 16];

function keyCells(translator: Translator, entity: Entity): readonly (readonly Cell[])[] {
  const { run } = translator.layout;
  const names = entity.level === "total" ? [] : namesOf(entity).map((name) => textCell(name));
  return Array.from({ length: run.monthCount }, (_, month) => {
    const day: Cell = {
      value: dayOfMonth(run.firstMonth + month),
      style: { kind: "text", format: MONTH_FORMAT },
    };
    return [day, ...(entity.level === "total" ? clockCells(translator, month) : names)];
  });
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
    case "workload":
      return [entity.workload.name, entity.workload.kind];
    case "assignment":
      return [entity.workload.name, entity.part.fleet, entity.part.chip];
    default:
      return [];
  }
}

/** Months from start, hours and discount factors, which all sheets read from Monthly. */
function clockCells({ layout: { run }, inputs }: Translator, month: number): readonly Cell[] {
  const count = month - run.originMonth + 1;
  const row = HEAD_ROWS + 1 + month;
  const factor = (path: string): Cell => {
    const rate = inputs.field(path);
    return {
      formula: `(1+${rate.definedName})^(-B${row}/12)`,
      value: power(1 + rate.values[0], -count / 12),
      style: { kind: "formula", format: "0.0000" },
    };
  };
  return [
    { value: count, style: { kind: "text" } },
    { value: hoursOfMonth(run.firstMonth + month), style: { kind: "text" } },
    factor("provider.discount_rate"),
    factor("buyer.discount_rate"),
  ];
}

function metricColumn(translator: Translator, sheet: LevelSheet, metric: Metric): Column {
  const { run } = translator.layout;
  const format = formatOf(metric.unit);
  return {
    name: metric.name,
    unit: metric.unit === "1" ? "" : metric.unit,
    width: metricWidth,
    cellsOf: (entity) => {
      const values = columnOf(run, metric.name, entity) ?? new Float64Array(run.monthCount);
      return Array.from(values, (canonical, month): Cell => {
        if (metric.time === "code") return { value: wordOf(metric, canonical), style: { kind: "kernel" } };
        const value = Number.isNaN(canonical) ? "" : canonical / metric.scale;
        const formula = metricFormula(translator, metric, { entity, month, sheet: sheet.name });
        if (formula !== undefined) return { formula, value, style: { kind: "formula", format } };
        return { value: value === "" ? null : value, style: { kind: "kernel", format } };
      });
    },
  };
}

/** The formula of a metric in a row: its own, or the sum over what the entity holds; undefined for a kernel's. */
function metricFormula(translator: Translator, metric: Metric, spot: Spot): string | undefined {
  if (metric.level === spot.entity.level)
    return metric.formula && translator.write(metric.formula, spot, metric.scale);
  const over = spot.entity.level === "total" ? sumOver(metric.name) : "parts";
  const members = over === "parts" && spot.entity.level === "total" ? "sites" : over;
  return translator.sum(members, metric.name, spot).text;
}

function helperColumn(translator: Translator, sheet: LevelSheet, index: number): Column {
  const { formula, text, scale } = sheet.helpers[index];
  const column = firstHelper(sheet) + index;
  return {
    name: text,
    unit: "",
    width: metricWidth,
    cellsOf: (entity) => {
      const values = translator.valuesOf(formula, entity);
      return Array.from(
        values,
        (canonical, month): Cell => ({
          formula: translator.writeHelper(formula, column, { entity, month, sheet: sheet.name }, scale),
          value: Number.isNaN(canonical) ? "" : canonical / scale,
          style: { kind: "formula", format: formatOf("") },
        }),
      );
    },
  };
}

function withFormat(cells: readonly (Cell | undefined)[]): readonly (Cell | undefined)[] {
  return cells.map((cell) => cell && { ...cell, style: { kind: "formula", format: formatOf("USD") } });
}
