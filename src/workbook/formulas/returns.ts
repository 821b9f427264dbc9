import { columnOf } from "../../analysis/trace/trace-run.ts";
import type { Entity } from "../../compile/entities.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { type Cell, type CellStyle, columnName, columnRange } from "../cells.ts";
import { formatOf } from "../formats.ts";
import { figureAddress, HEAD_ROWS, type Layout, sheetOf } from "../layout.ts";

const WHOLE: Entity = { level: "total" };
const ofRun: Entity = { level: "run" };

const STYLE: CellStyle = { kind: "formula", format: formatOf("USD") };

/** What the columns of the returns read, in every month up to the end of the horizon. */
export const RETURN_READS = ["provider_net_cash_usd", "provider_cumulative_cash_usd"] as const;

/** Where the columns of the returns begin on Monthly: after its metrics. */
function firstColumn(layout: Layout): number {
  const { keys, metrics } = sheetOf(layout, "total");
  return keys.length + metrics.length;
}

/**
 * The cells of a month in `RETURN_COLUMNS`; empty after the horizon, which no return looks beyond.
 *
 * They are formulas, because the engine finds returns with kernels: a changed input must move them as the program would.
 */
export function returnCells(layout: Layout, month: number): readonly (Cell | undefined)[] {
  const { run } = layout;
  const last = run.originMonth + run.horizonMonths - 1;
  if (month > last) return [undefined, undefined, undefined];
  const sheet = sheetOf(layout, "total");
  const row = HEAD_ROWS + 1 + month;
  const columnOfMetric = (name: string) => columnName(sheet.columns.get(name) ?? 0);
  const [, largest] = [0, 1, 2].map((index) => columnName(firstColumn(layout) + index));
  const net = columnOf(run, "provider_net_cash_usd", WHOLE) ?? new Float64Array(run.monthCount);
  const cumulative = columnOf(run, "provider_cumulative_cash_usd", WHOLE) ?? new Float64Array(run.monthCount);
  const residual = columnOf(run, "provider_residual_usd", ofRun)?.[0] ?? 0;
  const cash = `${columnOfMetric("provider_net_cash_usd")}${row}`;
  const sum = `${columnOfMetric("provider_cumulative_cash_usd")}${row}`;
  let most = 0;
  for (let each = 0; each <= month; each++) most = Math.max(most, Math.abs(cumulative[each]));
  const isBelow = cumulative[month] + TOLERANCE * most < 0;
  return [
    month === last
      ? {
          formula: `${cash}+${figureAddress(layout, "provider_residual_usd", ofRun, sheet.name)}`,
          value: net[month] + residual,
          style: STYLE,
        }
      : { formula: cash, value: net[month], style: STYLE },
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
  ];
}

/** Formulas of the provider's lowest cash, payback and rate of return on the sheet of figures. */
export function returnFormula(layout: Layout, name: string): string | undefined {
  const { run } = layout;
  const sheet = sheetOf(layout, "total");
  const last = HEAD_ROWS + run.originMonth + run.horizonMonths;
  const range = (column: number) => columnRange(sheet.name, column, HEAD_ROWS + 1, last);
  switch (name) {
    case "provider_lowest_cumulative_cash_usd":
      return `MIN(0,${range(sheet.columns.get("provider_cumulative_cash_usd") ?? 0)})`;
    case "provider_payback_month": {
      const first = `MAX(0,${range(firstColumn(layout) + 2)})`;
      return `IF(${first}=${run.horizonMonths},"",${first})`;
    }
    case "provider_irr":
      return rateOfReturn(layout, range);
    default:
      return undefined;
  }
}

/**
 * The yearly rate of return. IRR stops at 7 digits, so that a step of Newton follows; it starts from the rate that the engine found,
 * or from 10 %, because several rates may exist and the nearest to 10 % is meant.
 */
function rateOfReturn(layout: Layout, range: (column: number) => string): string {
  const found = columnOf(layout.run, "provider_irr", ofRun)?.[0] ?? Number.NaN;
  const start = Number.isNaN(found) ? 0.1 : found;
  const flows = range(firstColumn(layout));
  const months = range(1);
  const monthly = `IRR(${flows},${1 + start}^(1/12)-1)`;
  const value = (power: string) => `SUMPRODUCT(${flows},(1+${monthly})^(-${months}${power}))`;
  const slope = `SUMPRODUCT(${flows}*${months},(1+${monthly})^(-${months}-1))`;
  return `IFERROR((1+${monthly}+${value("")}/${slope})^12-1,"")`;
}
