import { findMetric } from "../../metrics/index.ts";

/** What a reader calls each part of the provider's cash; parts that are not named here are told as `other`. */
const NAMES: Readonly<Record<string, string>> = {
  chip_cash_usd: "chips",
  network_cash_usd: "network",
  chip_buyout_usd: "chips",
  facility_cash_usd: "halls",
  energy_cost_usd: "energy",
  demand_charge_usd: "energy",
  chip_maintenance_cost_usd: "upkeep and staff",
  spares_cost_usd: "upkeep and staff",
  facility_maintenance_cost_usd: "upkeep and staff",
  staff_cost_usd: "upkeep and staff",
  lease_cost_usd: "leases",
  chip_lease_cost_usd: "leased chips",
  chip_rent_cost_usd: "rented chips",
};

/** A category of cash out, and the metrics of the whole that it is the sum of. */
export type CashCategory = { readonly name: string; readonly metrics: readonly string[] };

/** Categories of the provider's cash: together all parts of capital spending and running cost, as the metric table adds them. */
export const CASH_CATEGORIES: readonly CashCategory[] = categorise(
  ["provider_capex_usd", "provider_opex_usd"].flatMap((total) => {
    const formula = findMetric(total)?.formula;
    if (formula?.kind !== "operation") return [];
    return formula.operands.flatMap((operand) => (operand.kind === "metric" ? [operand.name] : []));
  }),
);

function categorise(metrics: readonly string[]): readonly CashCategory[] {
  const known = new Map<string, string[]>();
  for (const metric of metrics) {
    const name = NAMES[metric] ?? "other";
    known.set(name, [...(known.get(name) ?? []), metric]);
  }
  return [...known].map(([name, own]) => ({ name, metrics: own }));
}
