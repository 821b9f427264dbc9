import { makeCompareAnnual } from "../analysis/compare/compare-annual.ts";
import {
  type Comparison,
  compareFigures,
  type DifferingInput,
  ratioOf,
} from "../analysis/compare/comparison.ts";
import { makeAboutSheet, type WorkbookOrigin } from "./about-sheet.ts";
import {
  type Cell,
  columnName,
  plainText,
  type Sheet,
  textCell,
  type Workbook,
  widthUnder,
} from "./cells.ts";
import { formatOf } from "./formats.ts";
import { HEAD_ROWS } from "./layout.ts";

/**
 * Makes the workbook of a comparison: every figure with a column for each scenario, and differences and ratios as formulas, so that
 * a person can set scenarios against another one than the first.
 *
 * Fails: never.
 */
export function makeCompareWorkbook(
  comparison: Comparison,
  inputs: readonly DifferingInput[],
  origin: WorkbookOrigin,
): Workbook {
  const names = comparison.runs.map(({ name }) => name);
  return {
    title: origin.title,
    names: [],
    sheets: [
      makeFigureSheet(comparison, names, origin.title),
      makeYearSheet(comparison, names),
      makeInputSheet(inputs, names),
      makeAboutSheet(origin, []),
    ],
  };
}

/** Every figure of the whole run by scenario. */
function makeFigureSheet(comparison: Comparison, names: readonly string[], title: string): Sheet {
  const figures = compareFigures(comparison);
  const metrics = [...new Map(figures.map((figure) => [figure.metric, figure])).values()];
  const rows = metrics.map(({ metric, unit, text }, index): readonly (Cell | undefined)[] => {
    const values = names.map((_, run) => {
      const found = figures.find((one) => one.metric === metric && one.run === run);
      return found?.value ?? null;
    });
    const row = HEAD_ROWS + 1 + index;
    const format = formatOf(unit, metric);
    return [
      textCell(metric),
      textCell(unit === "1" ? "" : unit, "note"),
      ...values.map((value): Cell => ({ value, style: { kind: "kernel", format } })),
      ...differenceCells(values, 2, row, format),
      ...ratioCells(metric, values, 2, row),
      // Indented, because it stands right of a number.
      textCell(plainText(text), "label"),
    ];
  });
  const others = names.slice(1);
  const heads = [
    ...names,
    ...others.map((name) => `${name} less ${names[0]}`),
    ...others.map((name) => `${name} over ${names[0]}`),
  ];
  return {
    name: "Summary",
    widths: [44, 26, ...heads.map(widthUnder), 80],
    rows: [
      [textCell(title, "title")],
      ["figure", "unit", ...heads, "meaning"].map((head) => textCell(head, "head")),
      ...rows,
    ],
    frozen: { rows: HEAD_ROWS, columns: 1 },
    hasFilter: true,
  };
}

/** The standard figures by year and scenario. */
function makeYearSheet({ runs }: Comparison, names: readonly string[]): Sheet {
  const table = makeCompareAnnual(runs);
  const [years, metrics, units, ...scenarios] = table.columns;
  const heads = [...names, ...names.slice(1).map((name) => `${name} less ${names[0]}`)];
  const rows = Array.from({ length: table.rowCount }, (_, index): readonly Cell[] => {
    const format = formatOf(String(units?.values[index] ?? "1"), String(metrics?.values[index]));
    const values = scenarios.map((column) => {
      const value = column.values[index];
      return typeof value === "number" ? value : null;
    });
    return [
      { value: Number(years?.values[index]), style: { kind: "text" } },
      textCell(String(metrics?.values[index])),
      textCell(String(units?.values[index] ?? "").replace(/^1$/, ""), "note"),
      ...values.map((value): Cell => ({ value, style: { kind: "kernel", format } })),
      ...differenceCells(values, 3, HEAD_ROWS + 1 + index, format),
    ];
  });
  return {
    name: "Annual",
    widths: [10, 44, 26, ...heads.map(widthUnder)],
    rows: [
      [textCell("Flows are sums of the year, stocks those of its last month.", "title")],
      ["year", "figure", "unit", ...heads].map((head) => textCell(head, "head")),
      ...rows,
    ],
    frozen: { rows: HEAD_ROWS, columns: 3 },
    hasFilter: true,
  };
}

/** Inputs that differ, as written. */
function makeInputSheet(inputs: readonly DifferingInput[], names: readonly string[]): Sheet {
  return {
    name: "Differences",
    widths: [50, ...names.map(() => 40)],
    rows: [
      [textCell("Inputs that differ between the scenarios, as written", "title")],
      ["input", ...names].map((head) => textCell(head, "head")),
      ...inputs.map(({ path, texts }) => [
        textCell(path),
        ...names.map((_, index) => textCell(texts[index] ?? "")),
      ]),
    ],
    frozen: { rows: HEAD_ROWS, columns: 1 },
    hasFilter: true,
  };
}

/** Differences from the first scenario, whose value stands in the column `first`. */
function differenceCells(
  values: readonly (number | null)[],
  first: number,
  row: number,
  format: string,
): readonly Cell[] {
  const [base = null, ...others] = values;
  return others.map((value, index) => {
    const own = `${columnName(first + 1 + index)}${row}`;
    const from = `$${columnName(first)}${row}`;
    return {
      formula: `IF(COUNT(${from},${own})=2,${own}-${from},"")`,
      value: value === null || base === null ? "" : value - base,
      style: { kind: "formula", format },
    };
  });
}

/** Ratios to the first scenario; empty where a ratio says nothing. */
function ratioCells(
  metric: string,
  values: readonly (number | null)[],
  first: number,
  row: number,
): readonly (Cell | undefined)[] {
  const [base = null, ...others] = values;
  return others.map((value, index) => {
    const ratio = value === null || base === null ? undefined : ratioOf(metric, value, base);
    if (ratio === undefined) return undefined;
    return {
      formula: `${columnName(first + 1 + index)}${row}/$${columnName(first)}${row}`,
      value: ratio,
      style: { kind: "formula", format: "0.000" },
    };
  });
}
