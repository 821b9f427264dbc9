import type { Results } from "../analysis/results/results.ts";
import type { Period } from "../analysis/tables/periods.ts";
import { findMetric } from "../metrics/index.ts";
import { CASH_CATEGORIES } from "../metrics/provider-costs.ts";
import type { Table } from "../metrics/table.ts";
import { type Cell, type CellStyle, columnName, dayOfMonth, type Sheet, textCell } from "./cells.ts";
import { formatOf, MONTH_STYLE } from "./formats.ts";
import type { Translator } from "./formulas/translate.ts";
import { HEAD_ROWS } from "./layout.ts";
import { periodFormula } from "./period-sheet.ts";

/** The provider's cash by year and category, which add up to its cash out. */
export function makeCostSheet(translator: Translator, annual: Table, periods: readonly Period[]): Sheet {
  const format = formatOf("USD");
  const engineValue = (name: string, year: number) =>
    Number(annual.columns.find((column) => column.name === name)?.values[year] ?? 0);
  // Categories that only some scenarios have, such as rented chips, have no column in others.
  const categories = CASH_CATEGORIES.filter(({ metrics }) =>
    metrics.some((name) => annual.columns.some((column) => column.name === name)),
  );
  const last = columnName(1 + categories.length);
  return {
    name: "Costs",
    widths: [10, 10, ...categories.map(() => 18), 18],
    rows: [
      ["year", "months", ...categories.map(({ name }) => name), "provider_cash_usd"].map((head) =>
        textCell(head, "head"),
      ),
      ["", "", ...categories.map(() => "USD"), "USD"].map((unit) => textCell(unit, "unit")),
      ...periods.map((period, year) => {
        const cells = categories.map(({ metrics }): Cell => {
          const formulas = metrics.flatMap((name) => {
            const metric = findMetric(name);
            return (metric && periodFormula(translator, metric, period)) ?? [];
          });
          const value = metrics.reduce((sum, name) => sum + engineValue(name, year), 0);
          return { formula: formulas.join("+") || "0", value, style: { kind: "formula", format } };
        });
        const row = HEAD_ROWS + 1 + year;
        return [
          { value: Number(period.label), style: { kind: "text" } } as Cell,
          { value: period.end - period.first, style: { kind: "text" } } as Cell,
          ...cells,
          {
            formula: `SUM(C${row}:${last}${row})`,
            value: cells.reduce((sum, { value }) => sum + Number(value), 0),
            style: { kind: "formula", format },
          } as Cell,
        ];
      }),
    ],
    frozen: { rows: HEAD_ROWS, columns: 1 },
  };
}

/** The metric whose range the chart shows. */
const RANGED_METRIC = "effective_fp4_eflops";

/** P5, P50 and P95 of a metric by month, with the differences that a stacked chart needs; undefined without these quantiles. */
export function makeFanSheet({ spread, startMonth, monthCount }: Results): Sheet | undefined {
  const positions = [0.05, 0.5, 0.95].map((wanted) => spread?.probabilities.indexOf(wanted) ?? -1);
  if (!spread || positions.includes(-1)) return undefined;
  const format = formatOf("EFLOP/s");
  const rows = Array.from({ length: monthCount }, (_, month): readonly Cell[] => {
    const request = { level: "total", metric: RANGED_METRIC, first: month, end: month + 1 } as const;
    const statistics = spread.read(request);
    const [low, middle, high] = positions.map((position) => statistics?.quantiles[position] ?? 0);
    const row = HEAD_ROWS + 1 + month;
    const fixed = (value: number): Cell => ({ value, style: { kind: "kernel", format } });
    const difference = (formula: string, value: number): Cell => ({
      formula,
      value,
      style: { kind: "formula", format },
    });
    return [
      { value: dayOfMonth(startMonth + month), style: MONTH_STYLE },
      fixed(low),
      fixed(middle),
      fixed(high),
      difference(`C${row}-B${row}`, middle - low),
      difference(`D${row}-C${row}`, high - middle),
    ];
  });
  return {
    name: "Fan",
    widths: [12, 14, 14, 14, 14, 14],
    rows: [
      ["month", "p5", "p50", "p95", "P5 to P50", "P50 to P95"].map((head) => textCell(head, "head")),
      ["", ...Array.from({ length: 5 }, () => "EFLOP/s")].map((unit) => textCell(unit, "unit")),
      ...rows,
    ],
    frozen: { rows: HEAD_ROWS, columns: 1 },
  };
}

/** A table as it is, such as the ranges: values of a sample, which no formula follows. */
export function makeTableSheet(name: string, table: Table): Sheet {
  const valuesOf = (name: string) => table.columns.find((column) => column.name === name)?.values ?? [];
  const [units, metrics] = [valuesOf("unit"), valuesOf("metric")];
  const styleOf = (column: Table["columns"][number], index: number, row: number): CellStyle => {
    if (index === 0) return { kind: "period" };
    if (column.type !== "number") return { kind: "text" };
    if (column.name === "share") return { kind: "kernel", format: formatOf("1") };
    return { kind: "kernel", format: formatOf(`${units[row] ?? ""}`, `${metrics[row] ?? ""}`) };
  };
  return {
    name,
    widths: table.columns.map(({ type }) => (type === "string" ? 40 : 16)),
    rows: [
      [textCell(table.text, "title")],
      table.columns.map((column) => textCell(column.name, "head")),
      ...Array.from({ length: table.rowCount }, (_, row) =>
        table.columns.map(
          (column, index): Cell => ({
            value: column.values[row] ?? null,
            style: styleOf(column, index, row),
          }),
        ),
      ),
    ],
    frozen: { rows: HEAD_ROWS, columns: 2 },
    hasFilter: true,
  };
}
