import {
  add,
  equityDiscount,
  finalEquityDiscount,
  max,
  multiply,
  per,
  previous,
  subtract,
  sum,
  total,
} from "./formula.ts";
import type { Metric } from "./metric.ts";
import { runMoney, totalFlow } from "./money-rows.ts";
import { DOLLAR } from "./units.ts";

const flow = { ...DOLLAR, level: "loan", adds: true, time: "flow", group: "debt", only: "debt" } as const;
const stock = { ...DOLLAR, level: "loan", adds: true, time: "stock", group: "debt", only: "debt" } as const;
const scalar = {
  level: "loan",
  adds: false,
  isScalar: true,
  time: "ratio",
  group: "debt",
  only: "debt",
  scale: 1,
} as const;
const equity = { ...totalFlow, group: "debt", only: "debt" } as const;
const figure = { ...runMoney, only: "debt" } as const;
const cover = { ...flow, unit: "1", adds: false, time: "ratio", better: "more", isSigned: true } as const;

/** Loans and the provider's equity: docs/model.md section 10.7. */
export const debtMetrics: readonly Metric[] = [
  {
    ...flow,
    name: "loan_draw_usd",
    better: "neither",
    kernel: { name: "loan" },
    text: "Drawn at the end of the month, for its share of the capital spending.",
  },
  {
    ...flow,
    name: "loan_interest_usd",
    better: "less",
    kernel: { name: "loan" },
    text: "A twelfth of the yearly interest on the balance before the month, paid or added to the loan.",
  },
  {
    ...flow,
    name: "loan_fee_usd",
    better: "less",
    kernel: { name: "loan" },
    text: "Fee on what is drawn, paid or added to the loan.",
  },
  {
    ...flow,
    name: "loan_capitalised_usd",
    better: "neither",
    kernel: { name: "loan" },
    text: "Interest and fees before the first energised month that are added to the loan.",
  },
  {
    ...flow,
    name: "loan_principal_usd",
    better: "neither",
    kernel: { name: "loan" },
    text: "Principal repaid, by plan and from what is left of the cash.",
  },
  {
    ...stock,
    name: "loan_balance_usd",
    better: "neither",
    kernel: {
      name: "loan",
      identity: subtract(
        add(previous("loan_balance_usd"), "loan_draw_usd", "loan_capitalised_usd"),
        "loan_principal_usd",
      ),
    },
    text: "Balance of the loan at the end of the month.",
  },
  {
    ...flow,
    name: "loan_service_usd",
    better: "less",
    formula: subtract(add("loan_interest_usd", "loan_fee_usd", "loan_principal_usd"), "loan_capitalised_usd"),
    text: "Paid to the lender: interest, fees and principal, without what is added to the loan.",
  },
  {
    ...flow,
    name: "loan_due_usd",
    better: "less",
    kernel: { name: "loan" },
    text: "Interest and planned principal of a month from the first energised one on.",
  },
  {
    ...flow,
    name: "loan_cash_available_usd",
    better: "more",
    isSigned: true,
    kernel: { name: "cash_available" },
    text: "Cash available for debt service (CFADS): what its fleets are paid, less the running cost of its fleets and sites, and its part of tax without debt where there is tax.",
  },
  {
    ...cover,
    name: "loan_dscr",
    formula: per("loan_cash_available_usd", "loan_due_usd"),
    text: "Debt service cover ratio: cash available over interest and planned principal of the month, which may be one with a tax of a year; empty where nothing is due.",
  },
  {
    ...cover,
    name: "loan_trailing_dscr",
    kernel: { name: "cover" },
    text: "Debt service cover of the twelve months up to this one, of those in which anything was due, as lenders test it; empty where nothing is due.",
  },
  {
    ...scalar,
    name: "loan_least_dscr",
    unit: "1",
    better: "more",
    isSigned: true,
    kernel: { name: "cover" },
    text: "The lowest debt service cover of twelve months within the horizon, from `covenant.from` on where it is stated.",
  },
  {
    ...scalar,
    name: "loan_months_below_covenant",
    unit: "months",
    better: "less",
    kernel: { name: "cover" },
    text: "Months of the horizon in which the debt service cover of twelve months is below the covenant.",
  },
  {
    ...equity,
    name: "equity_cash_usd",
    better: "more",
    isSigned: true,
    formula: subtract(add("provider_net_cash_usd", "loan_draw_usd"), "loan_service_usd"),
    text: "The provider's cash after its loans: what its equity gets, and below 0 what it pays in.",
  },
  {
    ...equity,
    name: "equity_paid_in_usd",
    better: "less",
    formula: max(subtract(0, "equity_cash_usd"), 0),
    text: "Paid in by the provider's equity: its share of the spending, and what is missing in the month.",
  },
  {
    ...equity,
    name: "equity_distributed_usd",
    better: "more",
    formula: max("equity_cash_usd", 0),
    text: "Distributed to the provider's equity: what is left after debt service.",
  },
  {
    ...figure,
    name: "equity_paid_in_total_usd",
    better: "less",
    formula: total("equity_paid_in_usd", "costed"),
    text: "Paid in by equity, opening included unless it is sunk, not discounted.",
  },
  {
    ...figure,
    name: "debt_drawn_total_usd",
    better: "neither",
    formula: total("loan_draw_usd", "costed"),
    text: "Drawn of all loans, opening included unless it is sunk, without what is capitalised.",
  },
  {
    ...figure,
    name: "debt_at_end_usd",
    better: "less",
    formula: sum("loans", "loan_balance_at_end_usd"),
    text: "Balance of all loans at the end of the horizon.",
  },
  {
    ...scalar,
    ...DOLLAR,
    name: "loan_balance_at_end_usd",
    better: "less",
    kernel: { name: "loan" },
    text: "Balance of the loan at the end of the horizon.",
  },
  {
    ...figure,
    name: "equity_npv_usd",
    better: "more",
    isSigned: true,
    formula: add(
      total(multiply("equity_cash_usd", equityDiscount), "costed"),
      multiply(subtract("provider_residual_usd", "debt_at_end_usd"), finalEquityDiscount),
    ),
    text: "Present value at `provider.equity_rate` of the cash of equity, and of the residual value less what is still owed.",
  },
  {
    ...figure,
    name: "equity_irr",
    better: "more",
    isSigned: true,
    unit: "1",
    kernel: { name: "returns" },
    text: "Levered rate of return: the yearly rate at which the cash of equity and the residual value less what is still owed add to 0; as `provider_irr` where there are several.",
  },
];
