import type { Register } from "../../engine/index.ts";
import { CAPITAL_COSTS, costNames, RUNNING_COSTS } from "../../metrics/provider-costs.ts";
import { addUp } from "../arithmetic.ts";
import { type Compilation, once } from "../compilation.ts";
import { contractsOfPart, partsOfContract, rateOf } from "../contracts/contract-terms.ts";
import type { Part } from "../parts.ts";
import { isUsed } from "../uses.ts";

/** Parts whose capital a loan pays for, its sites, and the parts that repay it: its own, and those at its sites. */
function financedBy({ inputs, entities }: Compilation, loan: string) {
  const fleets = inputs.field("debt.*.fleets", loan)?.texts ?? [];
  const sites = inputs.field("debt.*.sites", loan)?.texts ?? [];
  const parts = entities.parts.filter(({ fleet }) => fleets.includes(fleet));
  const paying = entities.parts.filter(({ fleet, site }) => fleets.includes(fleet) || sites.includes(site));
  return { parts, sites, paying };
}

/** Capital spending on what a loan pays for. */
export const spendingOf = once((compilation: Compilation, loan: string): Register => {
  const { parts, sites } = financedBy(compilation, loan);
  const ofParts = parts.flatMap((part) =>
    costNames(CAPITAL_COSTS, "part").map((metric) => compilation.metric(metric, { level: "part", part })),
  );
  const ofSites = sites.flatMap((site) =>
    costNames(CAPITAL_COSTS, "site").map((metric) => compilation.metric(metric, { level: "site", site })),
  );
  return addUp(compilation.inputs.context.builder, [...ofParts, ...ofSites]);
});

/** 1 from the month in which the first chip of a loan's fleets, or at its sites, is energised. */
export function inServiceOf(compilation: Compilation, loan: string): Register {
  const { builder } = compilation.inputs.context;
  const { paying } = financedBy(compilation, loan);
  const energised = paying.map((part) => compilation.metric("chips_energised", { level: "part", part }));
  const isAny = builder.op(
    "greater",
    addUp(compilation.inputs.context.builder, energised),
    builder.constant(0),
  );
  return builder.scan("runningMax", isAny);
}

/** Cash for debt service: what a loan's fleets are paid less their running cost, that of its sites, and a share of that of the sites they stand at. */
export const cashAvailableOf = once((compilation: Compilation, loan: string): Register => {
  const { builder } = compilation.inputs.context;
  const { paying, sites } = financedBy(compilation, loan);
  const ofParts = paying.flatMap((part) =>
    costNames(RUNNING_COSTS, "part").map((metric) => compilation.metric(metric, { level: "part", part })),
  );
  const stoodAt = [...new Set([...sites, ...paying.map(({ site }) => site)])].sort();
  const ofSites = stoodAt.map((site) => {
    const cost = addUp(
      builder,
      costNames(RUNNING_COSTS, "site").map((metric) => compilation.metric(metric, { level: "site", site })),
    );
    return sites.includes(site) ? cost : builder.op("multiply", cost, powerShare(compilation, site, paying));
  });
  const cost = addUp(compilation.inputs.context.builder, [...ofParts, ...ofSites]);
  const merchant = paying.map((part) => compilation.metric("merchant_revenue_usd", { level: "part", part }));
  const paid = addUp(compilation.inputs.context.builder, [billedOn(compilation, paying), ...merchant]);
  const left = builder.op("subtract", paid, cost);
  return isUsed(compilation.inputs.scenario, { only: "tax" })
    ? builder.op("subtract", left, taxOn(compilation, loan))
    : left;
});

/** The part of the tax without debt that what a loan pays for has in all capital spending so far. */
function taxOn(compilation: Compilation, loan: string): Register {
  const { builder } = compilation.inputs.context;
  const own = builder.scan("cumulate", spendingOf(compilation, loan));
  const all = builder.scan("cumulate", compilation.metric("provider_capex_usd", { level: "total" }));
  const tax = compilation.metric("tax_usd", { level: "total" });
  return builder.op("multiply", tax, builder.op("ratio", own, all));
}

/** Share of some parts in the facility power of a site. */
function powerShare(compilation: Compilation, site: string, parts: readonly Part[]): Register {
  const { builder } = compilation.inputs.context;
  const own = parts.filter((part) => part.site === site);
  const power = addUp(
    builder,
    own.map((part) => compilation.metric("facility_power_mw", { level: "part", part })),
  );
  const all = compilation.metric("facility_power_mw", { level: "site", site });
  return builder.op("ratio", power, all);
}

/** What contracts pay for some parts: the parts' share of each contract's payments. */
function billedOn(compilation: Compilation, parts: readonly Part[]): Register {
  const { inputs, entities } = compilation;
  const { builder } = inputs.context;
  const contracts = entities.names.contracts.filter((contract) =>
    parts.some((part) => contractsOfPart(inputs, part).includes(contract)),
  );
  const bills = contracts.map((contract) => {
    const all = partsOfContract(compilation, contract);
    const own = all.filter((part) => parts.includes(part));
    const payment = compilation.metric("contract_payment_usd", { level: "contract", contract });
    if (own.length === all.length) return payment;
    return builder.op("multiply", payment, shareOfBills(compilation, contract, own, all));
  });
  return addUp(compilation.inputs.context.builder, bills);
}

/**
 * Share of some parts in what a contract is paid: by the value of productive chip-hours so far at its rates, and by power so far
 * as long as they are worth nothing.
 */
function shareOfBills(
  compilation: Compilation,
  contract: string,
  own: readonly Part[],
  all: readonly Part[],
): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const [ownPower, allPower] = [own, all].map((some) => powerSoFar(compilation, some));
  const byPower = builder.op("ratio", ownPower, allPower);
  const hasRates = all.some(
    ({ chip }) => inputs.optional("contracts.*.rates.*", contract, chip) !== undefined,
  );
  if (!hasRates) return byPower;
  const [ownValue, allValue] = [own, all].map((some) => valueSoFar(compilation, contract, some));
  const isWorth = builder.op("greater", allValue, builder.constant(0));
  return builder.op("select", isWorth, builder.op("ratio", ownValue, allValue), byPower);
}

function valueSoFar(compilation: Compilation, contract: string, parts: readonly Part[]): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const values = parts.map((part) => {
    const hours = compilation.metric("productive_chip_hours", { level: "part", part });
    return builder.op("multiply", hours, rateOf(inputs, contract, part));
  });
  return builder.scan("cumulate", addUp(compilation.inputs.context.builder, values));
}

/** The key that shares a contract whose hours are worth nothing, but which has a price of capacity or a fee. */
function powerSoFar(compilation: Compilation, parts: readonly Part[]): Register {
  const powers = parts.map((part) => compilation.metric("facility_power_mw", { level: "part", part }));
  return compilation.inputs.context.builder.scan(
    "cumulate",
    addUp(compilation.inputs.context.builder, powers),
  );
}
