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
import { DOLLAR } from "./units.ts";

const flow = { ...DOLLAR, level: "total", adds: false, time: "flow", group: "cost" } as const;
const stock = { ...DOLLAR, level: "total", adds: false, time: "stock", group: "book" } as const;
const result = {
  ...DOLLAR,
  isScalar: true,
  level: "run",
  adds: false,
  time: "ratio",
  group: "result",
} as const;

const FLOPS_PER_EXAFLOPS = 1e18;
const WATTS_PER_MEGAWATT = 1e6;
const MONTHS_PER_YEAR = 12;

/** The buyer's book and the provider's margin: docs/model.md section 10.4. Cash out of the buyer is positive in its cost. */
export const bookMetrics: readonly Metric[] = [
  {
    ...flow,
    name: "buyer_cost_usd",
    better: "less",
    formula: sum("contracts", "contract_payment_usd"),
    text: "What the buyer pays under all contracts.",
  },
  {
    ...flow,
    name: "buyer_receipts_usd",
    better: "neither",
    formula: sum("tranches", "tranche_receipt_usd"),
    text: "What financing pays to the buyer. Equity, in no cost or revenue.",
  },
  {
    ...flow,
    name: "buyer_net_cash_usd",
    better: "more",
    isSigned: true,
    formula: subtract("buyer_receipts_usd", "buyer_cost_usd"),
    text: "Receipts less payments.",
  },
  {
    ...stock,
    name: "buyer_cash_usd",
    better: "more",
    isSigned: true,
    formula: add(input("buyer.opening"), running("buyer_net_cash_usd", "horizon")),
    text: "The buyer's cash: `buyer.cash.opening` at `start`, receipts and payments since.",
  },
  {
    ...flow,
    name: "provider_revenue_usd",
    better: "neither",
    formula: sum("contracts", "contract_revenue_usd"),
    text: "The provider's revenue as earned: bills less upfront credit, upfront payments spread over the term.",
  },
  {
    ...flow,
    name: "provider_margin_usd",
    better: "more",
    isSigned: true,
    formula: subtract("provider_revenue_usd", "provider_cost_usd"),
    text: "Revenue less the cost side of the P&L.",
  },
  {
    ...flow,
    name: "provider_net_cash_usd",
    better: "more",
    isSigned: true,
    formula: subtract("buyer_cost_usd", "provider_cash_usd"),
    text: "Payments received less cash out.",
  },
  {
    ...stock,
    name: "provider_cumulative_cash_usd",
    better: "more",
    isSigned: true,
    formula: running("provider_net_cash_usd", "window"),
    text: "Net cash so far, the opening included.",
  },
  {
    ...result,
    name: "payments_pv_usd",
    better: "neither",
    formula: total(multiply("buyer_cost_usd", discount), "costed"),
    text: "Present value of the buyer's payments at the provider's rate.",
  },
  {
    ...result,
    name: "npv_provider_usd",
    better: "more",
    isSigned: true,
    formula: add(subtract("payments_pv_usd", "cost_provider_pv_usd"), "provider_residual_pv_usd"),
    text: "Present value of payments, less that of cost, plus that of the residual.",
  },
  {
    ...result,
    name: "npv_buyer_usd",
    better: "more",
    isSigned: true,
    formula: total(multiply("buyer_net_cash_usd", buyerDiscount), "costed"),
    text: "Present value of receipts less payments at the buyer's rate; what the compute is worth to the buyer is not in it.",
  },
  {
    ...result,
    name: "buyer_cost_pv_usd",
    better: "less",
    formula: total(multiply("buyer_cost_usd", buyerDiscount), "costed"),
    text: "Present value of the buyer's payments at the buyer's rate.",
  },
  {
    ...result,
    name: "buyer_cost_total_usd",
    better: "less",
    formula: total("buyer_cost_usd", "horizon"),
    text: "The buyer's payments over the horizon, not discounted.",
  },
  {
    ...result,
    name: "provider_revenue_total_usd",
    better: "neither",
    formula: total("provider_revenue_usd", "horizon"),
    text: "The provider's revenue over the horizon, not discounted.",
  },
  {
    ...result,
    name: "provider_margin_total_usd",
    better: "more",
    isSigned: true,
    formula: total("provider_margin_usd", "horizon"),
    text: "The provider's margin over the horizon on the P&L, not discounted.",
  },
  {
    ...result,
    name: "buyer_cost_usd_per_chip_hour",
    better: "less",
    unit: "USD/chip-hour",
    formula: per("buyer_cost_total_usd", total("productive_chip_hours", "horizon")),
    text: "Payments over the horizon by productive chip-hour.",
  },
  {
    ...result,
    name: "buyer_cost_usd_per_mw_year",
    better: "less",
    unit: "USD/MW-year",
    formula: per(
      "buyer_cost_total_usd",
      total(divide("facility_power_mw", MONTHS_PER_YEAR * WATTS_PER_MEGAWATT), "horizon"),
    ),
    text: "Payments over the horizon by energised facility MW-year.",
  },
  {
    ...result,
    name: "buyer_cost_usd_per_effective_fp4_eflop_hour",
    better: "less",
    unit: "USD/EFLOP-hour",
    formula: per(
      "buyer_cost_total_usd",
      total(multiply(divide("effective_fp4_eflops", FLOPS_PER_EXAFLOPS), hours), "horizon"),
    ),
    text: "Payments over the horizon by effective FP4 EFLOP-hour, in the precision really run.",
  },
  {
    ...result,
    name: "provider_lowest_cumulative_cash_usd",
    better: "more",
    isSigned: true,
    kernel: { name: "returns" },
    text: "The lowest point of cumulative net cash, which starts from 0: how much the provider has out at most.",
  },
  {
    ...result,
    name: "provider_payback_month",
    better: "less",
    unit: "months from start",
    kernel: { name: "returns" },
    text: "First month from which cumulative net cash stays at or above 0; empty where it does not within the horizon.",
  },
  {
    ...result,
    name: "provider_irr",
    better: "more",
    isSigned: true,
    unit: "1",
    kernel: { name: "returns" },
    text: "Yearly rate at which net cash and the residual add to 0; empty where there is none between -99 % and 1,000 %.",
  },
];
