/** A term of the provider's cash out, what it is a cost of, and the category that tables and pictures put it in. */
type ProviderCost = {
  readonly metric: string;
  readonly of: "part" | "site";
  readonly category: string;
};

/** The terms of capital spending. */
export const CAPITAL_COSTS: readonly ProviderCost[] = [
  { metric: "chip_cash_usd", of: "part", category: "chips" },
  { metric: "network_cash_usd", of: "part", category: "network" },
  { metric: "chip_buyout_usd", of: "part", category: "chips" },
  { metric: "facility_cash_usd", of: "site", category: "halls" },
];

/** The terms of running cost. */
export const RUNNING_COSTS: readonly ProviderCost[] = [
  { metric: "energy_cost_usd", of: "part", category: "energy" },
  { metric: "chip_maintenance_cost_usd", of: "part", category: "upkeep and staff" },
  { metric: "spares_cost_usd", of: "part", category: "upkeep and staff" },
  { metric: "facility_maintenance_cost_usd", of: "site", category: "upkeep and staff" },
  { metric: "staff_cost_usd", of: "site", category: "upkeep and staff" },
  { metric: "lease_cost_usd", of: "site", category: "leases" },
  { metric: "demand_charge_usd", of: "site", category: "energy" },
  { metric: "chip_lease_cost_usd", of: "part", category: "leased chips" },
  { metric: "chip_rent_cost_usd", of: "part", category: "rented chips" },
];

/** Metrics of costs, of parts or sites alone if `of` is given. */
export function costNames(costs: readonly ProviderCost[], of?: ProviderCost["of"]): readonly string[] {
  return costs.filter((cost) => of === undefined || cost.of === of).map(({ metric }) => metric);
}

/** Categories of the provider's cash, each with the metrics of the whole that it is the sum of. */
export const CASH_CATEGORIES: readonly { readonly name: string; readonly metrics: readonly string[] }[] =
  categorise([...CAPITAL_COSTS, ...RUNNING_COSTS]);

function categorise(costs: readonly ProviderCost[]): typeof CASH_CATEGORIES {
  const names = new Set(costs.map(({ category }) => category));
  return [...names].map((name) => ({
    name,
    metrics: costNames(costs.filter(({ category }) => category === name)),
  }));
}
