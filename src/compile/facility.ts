import { demandCharge, facilityBook, facilityResidual, type Register, Shape } from "../engine/index.ts";
import { pathOf } from "../scenario/fields/index.ts";
import { ELSEWHERE, tenureOf } from "../scenario/tenure.ts";
import { type Compilation, type MetricTable, once } from "./compilation.ts";
import type { Inputs } from "./inputs.ts";
import { buildTimeOf } from "./lags.ts";
import { absoluteMonths } from "./lower.ts";
import { checkPaidPrice } from "./paid-prices.ts";
import { refitOf } from "./refit.ts";
import { atHorizonEnd, leftValueOf } from "./worth/left-value.ts";

/** Power that a site gives, and cost, depreciation and worth of its facility (docs/model.md sections 5, 9.2 and 9.3). */
export const facilityMetrics: MetricTable<"site"> = {
  power_limit_mw: ({ inputs, metric }, entity) => {
    const { site } = entity;
    if (isElsewhere(inputs, site)) return metric("facility_power_mw", entity);
    const power = undelayedPower(inputs, site);
    return inputs.context.builder.shift("behind", power, inputs.months("sites.*.delay", site));
  },
  facility_cash_usd: (compilation, { site }) => withRefit(compilation, site, "cash"),
  retrofit_cash_usd: (compilation, { site }) =>
    refitOf(compilation, site)?.cash ?? compilation.inputs.context.builder.constant(0),
  facility_cost_in_service_usd: (compilation, { site }) => withRefit(compilation, site, "inService"),
  facility_construction_in_progress_usd: (compilation, { site }) => facilityOf(compilation, site).inProgress,
  facility_depreciation_usd: (compilation, { site }) => withRefit(compilation, site, "depreciation"),
  facility_book_value_usd: (compilation, { site }) => withRefit(compilation, site, "bookValue"),
  facility_residual_usd: (compilation, { site }) =>
    atHorizonEnd(compilation.inputs, facilityLeftOf(compilation, site)),
  demand_charge_usd: ({ inputs, metric }, entity) => {
    const { builder } = inputs.context;
    const price = inputs.number("sites.*.demand_charge", entity.site);
    // Without a price there is nothing to compute.
    if (builder.constantOf(price) === 0) return price;
    const minimum = inputs.number("sites.*.demand_minimum", entity.site);
    const power = metric("facility_power_mw", entity);
    const limit = metric("power_limit_mw", entity);
    return builder.kernel(demandCharge, { sites: [{ power, limit, price, minimum }] }).sites[0].charge;
  },
};

/** What a site's halls are worth at the end of each month, with those that are under construction. */
export const facilityLeftOf = once((compilation: Compilation, site: string) => {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const waiting = metric("facility_construction_in_progress_usd", { level: "site", site });
  const delay = inputs.months("sites.*.delay", site);
  const built = worthInService(inputs, site, facilityOf(compilation, site), delay);
  const refit = refitOf(compilation, site);
  const inService = refit
    ? builder.op("add", built, worthInService(inputs, site, refit, builder.constant(0)))
    : built;
  return leftValueOf(inputs, inService, waiting, "sites.*.residual_haircut", site);
});

/** Whether a site is where rented chips stand: others see to its power, so its limit is what they draw. */
export function isElsewhere({ scenario }: Pick<Inputs, "scenario">, site: string): boolean {
  return (
    site === ELSEWHERE && scenario.names.fleets.some((fleet) => tenureOf(scenario.fields, fleet) === "rented")
  );
}

/** Power by the site's own table; power without dates is there from `start`. */
export function undelayedPower(inputs: Inputs, site: string): Register {
  const { context } = inputs;
  const { builder } = context;
  const power = inputs.number("sites.*.power", site);
  if (inputs.field("sites.*.power", site)?.expr?.kind === "table") {
    // The loader has put it into the table.
    inputs.field("sites.*.interpolate", site);
    return power;
  }
  const started = builder.op("greaterEqual", absoluteMonths(context), builder.constant(context.startMonth));
  return builder.op("select", started, power, builder.constant(0));
}

/** Cumulative cost of the undelayed steps of an owned facility. */
function costOfSteps(inputs: Inputs, site: string): Register {
  const { builder } = inputs.context;
  if (inputs.choice("sites.*.tenure", site) === "leased") return builder.constant(0);
  const highest = builder.scan("runningMax", undelayedPower(inputs, site));
  const built = builder.op("divide", highest, inputs.number("sites.*.pue_design", site));
  const step = builder.scan("difference", built);
  const price = inputs.number("sites.*.facility", site);
  checkPaidPrice(inputs, { stated: price, amount: step, path: pathOf("sites.*.facility", site) });
  return builder.scan("cumulate", builder.op("multiply", step, price));
}

const facilityOf = once(({ inputs }: Compilation, site: string) => {
  const { builder } = inputs.context;
  const steps = costOfSteps(inputs, site);
  const cost = builder.spread(steps, Shape.slab);
  // Where nothing is built, as at a leased site, there is nothing to spread over months.
  if (builder.constantOf(steps) === 0) {
    const none = { cash: steps, inService: steps, inProgress: steps, depreciation: steps, bookValue: steps };
    return { cost, moment: cost, ...none };
  }
  const given = {
    cost,
    buildTime: buildTimeOf(inputs, site),
    delay: inputs.months("sites.*.delay", site),
    bookLife: inputs.months("sites.*.book_life", site),
  };
  return { cost, ...builder.kernel(facilityBook, { sites: [given] }).sites[0] };
});

/** What the facility itself is, and what halls refitted add to it. */
function withRefit(
  compilation: Compilation,
  site: string,
  name: "cash" | "inService" | "depreciation" | "bookValue",
): Register {
  const built = facilityOf(compilation, site)[name];
  const refit = refitOf(compilation, site);
  return refit ? compilation.inputs.context.builder.op("add", built, refit[name]) : built;
}

/** Worth of a site's halls in service at the end of each month. */
function worthInService(
  inputs: Inputs,
  site: string,
  { cost, moment }: { readonly cost: Register; readonly moment: Register },
  delay: Register,
): Register {
  const given = { cost, moment, delay, economicLife: inputs.months("sites.*.economic_life", site) };
  return inputs.context.builder.kernel(facilityResidual, { sites: [given] }).sites[0].worth;
}
