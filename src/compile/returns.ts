import { internalRate, monthFromWhich, type Register, Shape } from "../engine/index.ts";
import { TOLERANCE } from "../metrics/tolerance.ts";
import type { Compilation, MetricTable } from "./compilation.ts";

/** Lowest point, payback and rate of return of the provider's net cash (docs/model.md sections 10.4 and 10.6). */
export const returnsMetrics: MetricTable<"run"> = {
  provider_lowest_cumulative_cash_usd: lowestCash,
  provider_payback_month: (compilation) => {
    const cumulative = ofTotal(compilation, "provider_cumulative_cash_usd");
    const { builder } = compilation.inputs.context;
    // At or above 0 but for rounding: cash that comes back to the cent is back.
    const reached = builder.scan("runningMax", builder.op("abs", cumulative));
    const slack = builder.op("multiply", builder.constant(TOLERANCE), reached);
    const values = builder.op("add", cumulative, slack);
    return builder.kernel(monthFromWhich, { series: [{ values }] }).series[0].month;
  },
  provider_irr: (compilation, run) => {
    const { builder } = compilation.inputs.context;
    const residual = compilation.metric("provider_residual_usd", run);
    const netCash = ofTotal(compilation, "provider_net_cash_usd");
    return builder.kernel(internalRate, { flows: [{ netCash, residual }] }).flows[0].rate;
  },
  equity_irr: (compilation, run) => {
    const { builder } = compilation.inputs.context;
    const owed = compilation.metric("debt_at_end_usd", run);
    const residual = builder.op("subtract", compilation.metric("provider_residual_usd", run), owed);
    const netCash = ofTotal(compilation, "equity_cash_usd");
    return builder.kernel(internalRate, { flows: [{ netCash, residual }] }).flows[0].rate;
  },
};

function ofTotal({ inputs, metric }: Compilation, name: string): Register {
  return inputs.context.builder.spread(metric(name, { level: "total" }), Shape.slab);
}

function lowestCash(compilation: Compilation): Register {
  const { builder } = compilation.inputs.context;
  const cumulative = ofTotal(compilation, "provider_cumulative_cash_usd");
  const owed = builder.scan("runningMax", builder.op("negate", cumulative));
  const end = builder.window.originMonth + builder.window.horizonMonths;
  // Cash starts from 0 before the window, so a provider who is paid ahead of every cost never needs any.
  const zero = builder.constant(0);
  return builder.op("subtract", zero, builder.op("max", zero, builder.total(owed, end - 1, end)));
}
