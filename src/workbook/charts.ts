import { entityKey } from "../compile/entities.ts";
import { type Chart, columnRange, type Sheet } from "./cells.ts";
import { MONTH_FORMAT } from "./formats.ts";
import { HEAD_ROWS, type Layout, type LevelSheet, rowOf } from "./layout.ts";

/** Colours of series, told apart by people who confuse red and green. */
const COLOURS = ["4477AA", "EE6677", "228833", "CCBB44", "66CCEE", "AA3377", "BBBBBB", "222222"];

/** Rows from one chart to the next. */
const CHART_ROWS = 24;

/** The charts of a plan on a sheet of their own: cost by category, power by site, what is left of contracts, and a range. */
export function makeChartSheet(layout: Layout, costs: Sheet, ranges: Sheet | undefined): Sheet {
  const charts: Omit<Chart, "row" | "column">[] = [
    costChart(costs),
    ...entityChart(
      layout,
      layout.levels.get("site"),
      "facility_power_mw",
      "area",
      "Facility power by site",
      "MW",
    ),
    ...entityChart(
      layout,
      layout.levels.get("contract"),
      "contract_remaining_usd",
      "line",
      "Remaining obligation by contract",
      "USD",
    ),
    ...(ranges ? [rangeChart(ranges)] : []),
  ];
  return {
    name: "Charts",
    widths: Array.from({ length: 24 }, () => 10),
    rows: [],
    frozen: { rows: 0, columns: 0 },
    charts: charts.map((chart, index) => ({
      ...chart,
      row: Math.floor(index / 2) * CHART_ROWS,
      column: (index % 2) * 12,
    })),
  };
}

function costChart({ name, rows }: Sheet): Omit<Chart, "row" | "column"> {
  const last = rows.length;
  const [heads = []] = rows;
  // Between year and months, and the total of all: the sheet has only the categories that the scenario has.
  const categories = heads.slice(2, -1).map((head) => String(head?.value));
  return {
    kind: "column",
    isStacked: true,
    title: "The provider's cash out by category",
    unit: "USD",
    series: categories.map((category, index) => ({
      name: category,
      values: columnRange(name, 2 + index, HEAD_ROWS + 1, last),
      categories: columnRange(name, 0, HEAD_ROWS + 1, last),
      colour: COLOURS[index % COLOURS.length],
    })),
  };
}

/** A series for each entity, from its block of rows within the horizon. */
function entityChart(
  layout: Layout,
  sheet: LevelSheet | undefined,
  metric: string,
  kind: "area" | "line",
  title: string,
  unit: string,
): readonly Omit<Chart, "row" | "column">[] {
  const column = sheet?.columns.get(metric);
  if (!sheet || column === undefined) return [];
  const { originMonth, horizonMonths } = layout.run;
  const series = sheet.entities.map((entity, index) => {
    const first = rowOf(layout, sheet, entity, originMonth);
    const range = (own: number) => columnRange(sheet.name, own, first, first + horizonMonths - 1);
    return {
      name: entityKey(entity),
      values: range(column),
      categories: range(0),
      colour: COLOURS[index % COLOURS.length],
    };
  });
  return [{ kind, isStacked: kind === "area", title, unit, series, categoryFormat: MONTH_FORMAT }];
}

/** P5 to P95 as a band: an area over a white base. */
function rangeChart({ name, rows }: Sheet): Omit<Chart, "row" | "column"> {
  const range = (column: number) => columnRange(name, column, HEAD_ROWS + 1, rows.length);
  return {
    kind: "area",
    isStacked: true,
    title: "Effective FP4 compute, P5 to P95 of the trials",
    unit: "EFLOP/s",
    series: [
      { name: "P5", values: range(1), categories: range(0), colour: "FFFFFF" },
      { name: "P5 to P50", values: range(4), categories: range(0), colour: "9DC3E6" },
      { name: "P50 to P95", values: range(5), categories: range(0), colour: "5B9BD5" },
    ],
    categoryFormat: MONTH_FORMAT,
  };
}
