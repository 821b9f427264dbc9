import { columnOf, type TraceRun } from "../../analysis/trace/trace-run.ts";
import type { Entity } from "../../compile/entities.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { type Cell, type CellStyle, columnName, columnRange } from "../cells.ts";
import { formatOf } from "../formats.ts";
import { figureAddress, HEAD_ROWS, type Layout, sheetOf } from "../layout.ts";
import { returnsOf } from "./flows.ts";

const WHOLE: Entity = { level: "total" };
const ofRun: Entity = { level: "run" };

const STYLE: CellStyle = { kind: "formula", format: formatOf("USD") };

/** What the columns of the returns read, in every month up to the end of the horizon. */
export function returnReads(run: TraceRun): readonly string[] {
  return ["provider_cumulative_cash_usd", ...returnsOf(run).map(({ cash }) => cash)];
}

/** Where the columns of the returns begin on Monthly: after its metrics. */
function firstColumn(layout: Layout): number {
  const { keys, metrics } = sheetOf(layout, "total");
  return keys.length + metrics.length;
}

/** Columns before the flows: the largest cash so far, and the months below 0. */
const BEFORE_FLOWS = 2;

/**
 * The cells of a month in `returnColumns`; empty after the horizon, which no return looks beyond.
 *
 * They are formulas, because the engine finds returns with kernels: a changed input must move them as the program would.
 */
export function returnCells(layout: Layout, month: number): readonly (Cell | undefined)[] {
  const { run } = layout;
  const last = run.originMonth + run.horizonMonths - 1;
  const flows = returnsOf(run);
  if (month > last) return new Array<undefined>(BEFORE_FLOWS + flows.length).fill(undefined);
  const sheet = sheetOf(layout, "total");
  const row = HEAD_ROWS + 1 + month;
  const largest = columnName(firstColumn(layout));
  const cumulative = columnOf(run, "provider_cumulative_cash_usd", WHOLE) ?? new Float64Array(run.monthCount);
  const sum = `${cashColumn(layout, "provider_cumulative_cash_usd")}${row}`;
  let most = 0;
  for (let each = 0; each <= month; each++) most = Math.max(most, Math.abs(cumulative[each]));
  const isBelow = cumulative[month] + TOLERANCE * most < 0;
  return [
    {
      formula: month === 0 ? `ABS(${sum})` : `MAX(${largest}${row - 1},ABS(${sum}))`,
      value: most,
      style: STYLE,
    },
    {
      formula: `IF(${sum}+${TOLERANCE}*${largest}${row}<0,B${row},"")`,
      value: isBelow ? month - run.originMonth + 1 : "",
      style: STYLE,
    },
    ...flows.map(({ cash, left, owed }): Cell => {
      const formula = `${cashColumn(layout, cash)}${row}`;
      const value = columnOf(run, cash, WHOLE)?.[month] ?? 0;
      if (month < last) return { formula, value, style: STYLE };
      const address = (name: string) => figureAddress(layout, name, ofRun, sheet.name);
      const figureOf = (name: string) => columnOf(run, name, ofRun)?.[0] ?? 0;
      return {
        formula: [`${formula}+${address(left)}`, ...owed.map(address)].join("-"),
        value: owed.reduce((rest, name) => rest - figureOf(name), value + figureOf(left)),
        style: STYLE,
      };
    }),
  ];
}

function cashColumn(layout: Layout, name: string): string {
  return columnName(sheetOf(layout, "total").columns.get(name) ?? 0);
}

/** Formulas of the provider's lowest cash and payback, and of rates of return, on the sheet of figures. */
export function returnFormula(layout: Layout, name: string): string | undefined {
  const { run } = layout;
  const sheet = sheetOf(layout, "total");
  const last = HEAD_ROWS + run.originMonth + run.horizonMonths;
  const range = (column: number) => columnRange(sheet.name, column, HEAD_ROWS + 1, last);
  if (name === "provider_lowest_cumulative_cash_usd")
    return `MIN(0,${range(sheet.columns.get("provider_cumulative_cash_usd") ?? 0)})`;
  if (name === "provider_payback_month") {
    const first = `MAX(0,${range(firstColumn(layout) + 1)})`;
    return `IF(${first}=${run.horizonMonths},"",${first})`;
  }
  const flow = returnsOf(run).findIndex(({ rate }) => rate === name);
  if (flow < 0) return undefined;
  const found = columnOf(run, name, ofRun)?.[0] ?? Number.NaN;
  return rateOfReturn(found, range(firstColumn(layout) + BEFORE_FLOWS + flow), range(1));
}

/** Powers of 1.1 between 10 % and the farthest rates that the engine looks for (`internal-rate.ts`). */
const FARTHEST = 55;

/**
 * The yearly rate of return. IRR stops at 7 digits, so that a step of Newton follows; it starts from the rate that the engine found,
 * or from 10 %, because several rates may exist and the nearest to 10 % is meant.
 */
function rateOfReturn(found: number, flows: string, months: string): string {
  const start = Number.isNaN(found) ? 0.1 : found;
  const monthly = `IRR(${flows},${1 + start}^(1/12)-1)`;
  const value = (power: string) => `SUMPRODUCT(${flows},(1+${monthly})^(-${months}${power}))`;
  const slope = `SUMPRODUCT(${flows}*${months},(1+${monthly})^(-${months}-1))`;
  const growth = `(1+${monthly}+${value("")}/${slope})^12`;
  return `IFERROR(IF(ABS(LN(${growth}/1.1))>${FARTHEST}*LN(1.1),"",${growth}-1),"")`;
}
