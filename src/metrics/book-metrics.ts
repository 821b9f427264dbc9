import {
  add,
  buyerDiscount,
  discount,
  divide,
  hours,
  input,
  multiply,
  per,
  running,
  subtract,
  sum,
  total,
} from "./formula.ts";
import type { Metric } from "./metric.ts";
import { runMoney, totalBook, totalFlow } from "./money-rows.ts";
import { FLOPS_PER_EXAFLOPS, MONTHS_PER_YEAR, WATTS_PER_MEGAWATT } from "./unit-factors.ts";

/** The buyer's book and the provider's margin: docs/model.md section 10.4. Cash out of the buyer is positive in its cost. */
export const bookMetrics: readonly Metric[] = [
  {
    ...totalFlow,
    name: "buyer_cost_usd",
    formula: sum("contracts", "contract_payment_usd"),
    text: "What the buyer pays under all contracts.",
  },
  {
    ...totalFlow,
    name: "buyer_receipts_usd",
    formula: sum("tranches", "tranche_receipt_usd"),
    text: "What financing pays to the buyer. Equity, in no cost or revenue.",
  },
  {
    ...totalFlow,
    name: "buyer_net_cash_usd",
    formula: subtract("buyer_receipts_usd", "buyer_cost_usd"),
    text: "Receipts less payments.",
  },
  {
    ...totalBook,
    name: "buyer_cash_usd",
    formula: add(input("buyer.opening"), running("buyer_net_cash_usd", "horizon")),
    text: "The buyer's cash: `buyer.cash.opening` at `start`, receipts and payments since.",
  },
  {
    ...totalFlow,
    name: "provider_revenue_usd",
    formula: sum("contracts", "contract_revenue_usd"),
    text: "The provider's revenue as earned: bills less upfront credit, upfront payments spread over the term.",
  },
  {
    ...totalFlow,
    name: "provider_margin_usd",
    formula: subtract("provider_revenue_usd", "provider_cost_usd"),
    text: "Revenue less the cost side of the P&L.",
  },
  {
    ...totalFlow,
    name: "provider_net_cash_usd",
    formula: subtract("buyer_cost_usd", "provider_cash_usd"),
    text: "Payments received less cash out.",
  },
  {
    ...totalBook,
    name: "provider_cumulative_cash_usd",
    formula: running("provider_net_cash_usd", "window"),
    text: "Net cash so far, the opening included.",
  },
  {
    ...runMoney,
    name: "payments_pv_usd",
    formula: total(multiply("buyer_cost_usd", discount), "costed"),
    text: "Present value of the buyer's payments at the provider's rate.",
  },
  {
    ...runMoney,
    name: "npv_provider_usd",
    formula: add(subtract("payments_pv_usd", "cost_provider_pv_usd"), "provider_residual_pv_usd"),
    text: "Present value of payments, less that of cost, plus that of the residual.",
  },
  {
    ...runMoney,
    name: "npv_buyer_usd",
    formula: total(multiply("buyer_net_cash_usd", buyerDiscount), "costed"),
    text: "Present value of receipts less payments at the buyer's rate; what the compute is worth to the buyer is not in it.",
  },
  {
    ...runMoney,
    name: "buyer_cost_pv_usd",
    formula: total(multiply("buyer_cost_usd", buyerDiscount), "costed"),
    text: "Present value of the buyer's payments at the buyer's rate.",
  },
  {
    ...runMoney,
    name: "buyer_cost_total_usd",
    formula: total("buyer_cost_usd", "horizon"),
    text: "The buyer's payments over the horizon, not discounted.",
  },
  {
    ...runMoney,
    name: "provider_revenue_total_usd",
    formula: total("provider_revenue_usd", "horizon"),
    text: "The provider's revenue over the horizon, not discounted.",
  },
  {
    ...runMoney,
    name: "provider_margin_total_usd",
    formula: total("provider_margin_usd", "horizon"),
    text: "The provider's margin over the horizon on the P&L, not discounted.",
  },
  {
    ...runMoney,
    name: "buyer_cost_usd_per_chip_hour",
    unit: "USD/chip-hour",
    formula: per("buyer_cost_total_usd", total("productive_chip_hours", "horizon")),
    text: "Payments over the horizon by productive chip-hour.",
  },
  {
    ...runMoney,
    name: "buyer_cost_usd_per_mw_year",
    unit: "USD/MW-year",
    formula: per(
      "buyer_cost_total_usd",
      total(divide("facility_power_mw", MONTHS_PER_YEAR * WATTS_PER_MEGAWATT), "horizon"),
    ),
    text: "Payments over the horizon by energised facility MW-year.",
  },
  {
    ...runMoney,
    name: "buyer_cost_usd_per_effective_fp4_eflop_hour",
    unit: "USD/EFLOP-hour",
    formula: per(
      "buyer_cost_total_usd",
      total(multiply(divide("effective_fp4_eflops", FLOPS_PER_EXAFLOPS), hours), "horizon"),
    ),
    text: "Payments over the horizon by effective FP4 EFLOP-hour, in the precision really run.",
  },
  {
    ...runMoney,
    name: "provider_lowest_cumulative_cash_usd",
    kernel: { name: "returns" },
    text: "The lowest point of cumulative net cash, which starts from 0: how much the provider has out at most.",
  },
  {
    ...runMoney,
    name: "provider_payback_month",
    unit: "months from start",
    kernel: { name: "returns" },
    text: "First month from which cumulative net cash stays at or above 0; empty where it does not within the horizon.",
  },
  {
    ...runMoney,
    name: "provider_irr",
    unit: "1",
    kernel: { name: "returns" },
    text: "Yearly rate at which net cash and the residual add to 0; empty where there is none between -99 % and 1,000 %.",
  },
];
