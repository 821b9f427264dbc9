import { RETURNS } from "../../analysis/results/rates-of-return.ts";
import { columnOf, type TraceRun } from "../../analysis/trace/trace-run.ts";

/** What the column of the cash of each rate of return is called. */
const HEADINGS: Readonly<Record<(typeof RETURNS)[number]["rate"], string>> = {
  provider_irr: "net cash and, at the end, residual",
  equity_irr: "cash of equity and, at the end, residual less what is owed",
  equity_irr_after_tax: "cash of equity after tax and, at the end, residual less tax on it and what is owed",
};

/** Figures that the workbook computes from the columns of the returns. */
export const RETURN_METRICS: ReadonlySet<string> = new Set([
  "provider_lowest_cumulative_cash_usd",
  "provider_payback_month",
  ...RETURNS.map(({ rate }) => rate),
]);

/** The rates of return that a run has: equity has cash of its own only where there is debt. */
export function returnsOf(run: TraceRun): readonly (typeof RETURNS)[number][] {
  return RETURNS.filter(({ rate }) => columnOf(run, rate, { level: "run" }) !== undefined);
}

/** Columns of Monthly that returns are computed from: cumulative cash, and the cash of each rate. */
export function returnColumns(run: TraceRun): readonly { readonly heading: string; readonly unit: string }[] {
  return [
    { heading: "largest cumulative cash so far, without sign", unit: "USD" },
    { heading: "months from start, if cumulative cash is below 0", unit: "months" },
    ...returnsOf(run).map(({ rate }) => ({ heading: HEADINGS[rate], unit: "USD" })),
  ];
}
