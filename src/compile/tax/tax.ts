import {
  afterTaxPrice,
  internalRate,
  type MadeLists,
  type Register,
  Shape,
  tax,
} from "../../engine/index.ts";
import { discountFactor, finalDiscountFactor } from "../arithmetic.ts";
import { type Compilation, type MetricTable, once, onceForAll } from "../compilation.ts";
import { endsFiscalYear, taxCredits, taxDepreciation } from "./depreciation.ts";

/** Tax by month (docs/model.md section 10.8). */
export const taxMetrics: MetricTable<"total"> = {
  tax_depreciation_usd: taxDepreciation,
  tax_credit_usd: taxCredits,
  tax_usd: (compilation) => taxOf(compilation, "unlevered").paid,
  tax_losses_usd: (compilation) => taxOf(compilation, "unlevered").losses,
  tax_credits_left_usd: (compilation) => taxOf(compilation, "unlevered").credits,
  levered_tax_usd: (compilation) => taxOf(compilation, "levered").paid,
  levered_tax_losses_usd: (compilation) => taxOf(compilation, "levered").losses,
};

/** What is left after tax, for the whole run. */
export const afterTaxMetrics: MetricTable<"run"> = {
  tax_on_residual_usd: (compilation) => taxOf(compilation, "unlevered").onResidual,
  levered_tax_on_residual_usd: (compilation) => taxOf(compilation, "levered").onResidual,
  npv_provider_after_tax_usd: worthAfterTax,
  levelised_after_tax_usd_per_chip_hour: levelisedAfterTax,
  equity_irr_after_tax: (compilation, run) => {
    const { builder } = compilation.inputs.context;
    const [residual, onResidual, owed] = (
      ["provider_residual_usd", "levered_tax_on_residual_usd", "debt_at_end_usd"] as const
    ).map((name) => compilation.metric(name, run));
    const left = builder.op("subtract", builder.op("subtract", residual, onResidual), owed);
    const netCash = builder.spread(
      compilation.metric("equity_after_tax_cash_usd", { level: "total" }),
      Shape.slab,
    );
    return builder.kernel(internalRate, { flows: [{ netCash, residual: left }] }).flows[0].rate;
  },
};

/** Whose income is taxed: before interest, or after it. */
const INCOME = { unlevered: "taxable_income_usd", levered: "levered_taxable_income_usd" } as const;

type Paid = MadeLists<typeof tax.schema>["payers"][number];

const taxOf = once((compilation: Compilation, who: keyof typeof INCOME): Paid => {
  const income = compilation.metric(INCOME[who], { level: "total" });
  const payer = { ...termsOf(compilation), income };
  return compilation.inputs.context.builder.kernel(tax, { payers: [payer] }).payers[0];
});

/** What every tax return reads beside income. */
const termsOf = onceForAll((compilation) => {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const { originMonth, horizonMonths } = builder.window;
  const end = originMonth + horizonMonths;
  const basis = builder.total(metric("tax_basis_usd", { level: "total" }), end - 1, end);
  const isLast = builder.monthsBy("the horizon's last", (month) => (month === end - 1 ? 1 : 0));
  return {
    credit: metric("tax_credit_usd", { level: "total" }),
    endsYear: builder.op("max", endsFiscalYear(compilation), isLast),
    rate: inputs.number("tax.rate"),
    lossLimit: inputs.optional("tax.loss_limit") ?? builder.constant(1),
    gain: builder.op("subtract", metric("provider_residual_usd", { level: "run" }), basis),
  };
});

/** Discount factors after tax of each month's end, 0 where cash is sunk, and of the horizon's end. */
const discountsOf = onceForAll(({ inputs }) => {
  const { builder } = inputs.context;
  const { originMonth } = builder.window;
  const rate = inputs.optional("tax.discount_rate") ?? inputs.number("provider.discount_rate");
  const isSunk = inputs.field("provider.sunk")?.boolean === true;
  const counts = builder.monthsBy("not sunk", (month) => (isSunk && month < originMonth ? 0 : 1));
  return {
    discount: builder.op("multiply", discountFactor(builder, rate), counts),
    finalDiscount: finalDiscountFactor(builder, rate),
  };
});

function worthAfterTax(compilation: Compilation): Register {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const { discount, finalDiscount } = discountsOf(compilation);
  const { originMonth, horizonMonths } = builder.window;
  const cash = builder.op("multiply", metric("provider_after_tax_cash_usd", { level: "total" }), discount);
  const residual = metric("provider_residual_usd", { level: "run" });
  const left = builder.op("subtract", residual, metric("tax_on_residual_usd", { level: "run" }));
  const worth = builder.total(cash, 0, originMonth + horizonMonths);
  return builder.op("add", worth, builder.op("multiply", left, finalDiscount));
}

function levelisedAfterTax(compilation: Compilation): Register {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const ofTotal = (name: string) => metric(name, { level: "total" });
  const terms = termsOf(compilation);
  const kept = builder.op("subtract", builder.constant(1), terms.rate);
  const levelised = metric("levelised_cost_usd_per_chip_hour", { level: "run" });
  const given = {
    ...terms,
    ...discountsOf(compilation),
    hours: ofTotal("productive_chip_hours"),
    deducted: builder.op("add", ofTotal("provider_opex_usd"), ofTotal("tax_depreciation_usd")),
    cash: ofTotal("provider_cash_usd"),
    residual: metric("provider_residual_usd", { level: "run" }),
    start: builder.op("divide", levelised, kept),
  };
  return builder.kernel(afterTaxPrice, { prices: [given] }).prices[0].price;
}
