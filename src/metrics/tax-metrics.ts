import { add, equityDiscount, finalEquityDiscount, multiply, running, subtract, total } from "./formula.ts";
import type { Metric } from "./metric.ts";
import { runMoney, totalBook, totalFlow } from "./money-rows.ts";

const flow = { ...totalFlow, group: "tax", only: "tax" } as const;
const stock = { ...totalBook, group: "tax", only: "tax" } as const;
const figure = { ...runMoney, only: "tax" } as const;
const levered = { only: "taxed_debt" } as const;

/** Tax and what is left after it: docs/model.md section 10.8. */
export const taxMetrics: readonly Metric[] = [
  {
    ...flow,
    name: "tax_depreciation_usd",
    better: "neither",
    kernel: { name: "tax_depreciation" },
    text: "Depreciation for tax of chips and facilities in service, by the methods under `tax`.",
  },
  {
    ...flow,
    name: "taxable_income_usd",
    better: "neither",
    isSigned: true,
    formula: subtract("provider_revenue_usd", "provider_opex_usd", "tax_depreciation_usd"),
    text: "Revenue less running cost and tax depreciation, before losses carried forward and without interest.",
  },
  {
    ...flow,
    name: "tax_credit_usd",
    better: "more",
    kernel: { name: "tax_depreciation" },
    text: "Tax credits earned: shares of the cost that is put into service.",
  },
  {
    ...flow,
    name: "tax_usd",
    kernel: { name: "tax" },
    text: "Tax without debt, paid in the last month of the fiscal year, after losses carried forward and credits.",
  },
  {
    ...stock,
    name: "tax_losses_usd",
    kernel: { name: "tax" },
    text: "Losses of closed fiscal years that no income has used.",
  },
  {
    ...stock,
    name: "tax_credits_left_usd",
    kernel: { name: "tax" },
    text: "Tax credits that no tax has used.",
  },
  {
    ...stock,
    name: "tax_basis_usd",
    isSigned: true,
    formula: running(subtract("provider_capex_usd", "tax_depreciation_usd"), "window"),
    text: "Tax basis: capital spending to date less tax depreciation to date.",
  },
  {
    ...flow,
    name: "provider_after_tax_cash_usd",
    better: "more",
    isSigned: true,
    formula: subtract("provider_net_cash_usd", "tax_usd"),
    text: "The provider's net cash after tax, without debt.",
  },
  {
    ...figure,
    name: "tax_total_usd",
    better: "less",
    formula: total("tax_usd", "horizon"),
    text: "Tax paid over the horizon without debt, not discounted, without that on the residual value.",
  },
  {
    ...figure,
    name: "tax_on_residual_usd",
    better: "less",
    isSigned: true,
    kernel: { name: "tax" },
    text: "What the last year's tax would rise by if all were sold for the residual value, without debt; below 0 if it would fall.",
  },
  {
    ...figure,
    name: "npv_provider_after_tax_usd",
    better: "more",
    isSigned: true,
    kernel: { name: "after_tax" },
    text: "Present value of net cash after tax and of the residual value after tax, without debt, at `tax.discount_rate`; where it is not stated, at `provider.discount_rate`, a rate before tax.",
  },
  {
    ...figure,
    name: "levelised_after_tax_usd_per_chip_hour",
    better: "less",
    unit: "USD/chip-hour",
    kernel: { name: "after_tax" },
    text: "Flat price per productive chip-hour, as the only revenue, at which the net present value after tax is 0; empty where there is none, or none is needed.",
  },
  {
    ...flow,
    ...levered,
    name: "levered_taxable_income_usd",
    better: "neither",
    isSigned: true,
    formula: subtract("taxable_income_usd", "loan_interest_usd"),
    text: "Taxable income less the interest of all loans, paid or capitalised.",
  },
  {
    ...flow,
    ...levered,
    name: "levered_tax_usd",
    kernel: { name: "tax" },
    text: "Tax with interest deducted, paid by equity in the last month of the fiscal year.",
  },
  {
    ...stock,
    ...levered,
    name: "levered_tax_losses_usd",
    kernel: { name: "tax" },
    text: "Losses of closed fiscal years, with interest deducted, that no income has used.",
  },
  {
    ...flow,
    ...levered,
    name: "equity_after_tax_cash_usd",
    better: "more",
    isSigned: true,
    formula: subtract("equity_cash_usd", "levered_tax_usd"),
    text: "The cash of the provider's equity after debt and tax; below 0 what it pays in.",
  },
  {
    ...figure,
    ...levered,
    name: "levered_tax_on_residual_usd",
    better: "less",
    isSigned: true,
    kernel: { name: "tax" },
    text: "As tax_on_residual_usd, with interest deducted.",
  },
  {
    ...figure,
    ...levered,
    name: "equity_npv_after_tax_usd",
    better: "more",
    isSigned: true,
    formula: add(
      total(multiply("equity_after_tax_cash_usd", equityDiscount), "costed"),
      multiply(
        subtract("provider_residual_usd", "levered_tax_on_residual_usd", "debt_at_end_usd"),
        finalEquityDiscount,
      ),
    ),
    text: "Present value at `provider.equity_rate` of equity's cash after debt and tax, and of the residual value less tax on it and what is still owed.",
  },
  {
    ...figure,
    ...levered,
    name: "equity_irr_after_tax",
    better: "more",
    isSigned: true,
    unit: "1",
    kernel: { name: "returns" },
    text: "Levered rate of return after tax, as `equity_irr`.",
  },
  {
    ...figure,
    ...levered,
    name: "interest_tax_shield_pv_usd",
    better: "more",
    isSigned: true,
    formula: add(
      total(multiply(subtract("tax_usd", "levered_tax_usd"), equityDiscount), "costed"),
      multiply(subtract("tax_on_residual_usd", "levered_tax_on_residual_usd"), finalEquityDiscount),
    ),
    text: "Present value at `provider.equity_rate` of the tax that interest saves.",
  },
];
