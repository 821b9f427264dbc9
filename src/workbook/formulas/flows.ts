import { columnOf, type TraceRun } from "../../analysis/trace/trace-run.ts";

/** Cash by month whose rate of return is a figure: at the end of the horizon something is left, and something is owed. */
export type Flow = {
  readonly rate: string;
  readonly cash: string;
  readonly left: string;
  readonly owed: readonly string[];
  readonly heading: string;
};

const FLOWS: readonly Flow[] = [
  {
    rate: "provider_irr",
    cash: "provider_net_cash_usd",
    left: "provider_residual_usd",
    owed: [],
    heading: "net cash and, at the end, residual",
  },
  {
    rate: "equity_irr",
    cash: "equity_cash_usd",
    left: "provider_residual_usd",
    owed: ["debt_at_end_usd"],
    heading: "cash of equity and, at the end, residual less what is owed",
  },
  {
    rate: "equity_irr_after_tax",
    cash: "equity_after_tax_cash_usd",
    left: "provider_residual_usd",
    owed: ["levered_tax_on_residual_usd", "debt_at_end_usd"],
    heading: "cash of equity after tax and, at the end, residual less tax on it and what is owed",
  },
];

/** Figures that the workbook computes from the columns of the returns. */
export const RETURN_METRICS: ReadonlySet<string> = new Set([
  "provider_lowest_cumulative_cash_usd",
  "provider_payback_month",
  ...FLOWS.map(({ rate }) => rate),
]);

/** The flows of a run: equity has cash of its own only where there is debt. */
export function flowsOf(run: TraceRun): readonly Flow[] {
  return FLOWS.filter(({ rate }) => columnOf(run, rate, { level: "run" }) !== undefined);
}

/** Columns of Monthly that returns are computed from: cumulative cash, and the flows. */
export function returnColumns(run: TraceRun): readonly { readonly heading: string; readonly unit: string }[] {
  return [
    { heading: "largest cumulative cash so far, without sign", unit: "USD" },
    { heading: "months from start, if cumulative cash is below 0", unit: "months" },
    ...flowsOf(run).map(({ heading }) => ({ heading, unit: "USD" })),
  ];
}
