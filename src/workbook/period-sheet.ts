import type { Period } from "../analysis/tables/periods.ts";
import { columnOf } from "../analysis/trace/trace-run.ts";
import type { Entity } from "../compile/entities.ts";
import { findMetric } from "../metrics/index.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Table } from "../metrics/table.ts";
import { type Cell, columnRange, type Sheet, textCell, widthUnder } from "./cells.ts";
import { formatOf } from "./formats.ts";
import { atom, type Term } from "./formulas/terms.ts";
import type { Translator } from "./formulas/translate.ts";
import { HEAD_ROWS, sheetOf } from "./layout.ts";

const WHOLE: Entity = { level: "total" };

/**
 * A table by year or quarter: flows are sums over Monthly, stocks its last month, ratios those of the sums. Below stands the same
 * table as the engine gave it.
 *
 * @param table annual or quarterly with the columns to show
 */
export function makePeriodSheet(
  translator: Translator,
  name: string,
  table: Table,
  periods: readonly Period[],
): Sheet {
  const metrics = table.columns.map((column) => findMetric(column.name));
  const head = table.columns.map((column) => textCell(column.name, "head"));
  const units = table.columns.map(({ unit }) => textCell(unit && unit !== "1" ? unit : "", "unit"));
  const rowOf = (index: number, isLive: boolean): readonly Cell[] =>
    table.columns.map((column, position) => {
      const metric = metrics[position];
      const value = column.values[index] ?? null;
      const format = metric ? formatOf(metric.unit, metric.name) : undefined;
      if (metric?.time === "code") return { value, style: { kind: "word" } };
      const fixed: Cell = {
        value,
        style: { kind: metric ? "kernel" : "text", ...(format ? { format } : {}) },
      };
      if (!isLive || !metric) return fixed;
      const formula = periodFormula(translator, metric, periods[index]);
      return formula === undefined
        ? fixed
        : { formula, value: value ?? "", style: { kind: "formula", ...(format ? { format } : {}) } };
    });
  return {
    name,
    widths: table.columns.map(({ name: column }, index) => (index < 2 ? 10 : widthUnder(column))),
    rows: [
      head,
      units,
      ...periods.map((_, index) => rowOf(index, true)),
      [],
      [textCell("As the engine computed it, with the inputs of the scenario:", "title")],
      ...periods.map((_, index) => rowOf(index, false)),
    ],
    frozen: { rows: HEAD_ROWS, columns: 1 },
  };
}

/** The formula of a metric of the whole in a period; undefined for a word, and for what the plan lacks. */
export function periodFormula(translator: Translator, metric: Metric, period: Period): string | undefined {
  const { layout } = translator;
  const { run } = layout;
  const sheet = sheetOf(layout, "total");
  const months = { first: run.originMonth + period.first, last: run.originMonth + period.end - 1 };
  const column = sheet.columns.get(metric.name);
  if (column === undefined || metric.time === "code") return undefined;
  const rangeOf = (own: number) =>
    columnRange(sheet.name, own, HEAD_ROWS + 1 + months.first, HEAD_ROWS + 1 + months.last);
  if (metric.time === "flow") return `SUM(${rangeOf(column)})`;
  const last = rangeOf(column).replace(/\$[A-Z]+\$\d+:/, "");
  if (metric.time === "stock") return last;
  if (!metric.formula || !columnOf(run, metric.name, WHOLE)) return undefined;
  const read = (flow: Metric): Term | undefined => {
    const own = sheet.columns.get(flow.name);
    return own === undefined ? undefined : atom(`SUM(${rangeOf(own)})`, flow.scale);
  };
  return translator.write(
    metric.formula,
    { entity: WHOLE, month: months.last, sheet: "" },
    metric.scale,
    read,
  );
}
