/** Chips that the buyer owns: what they cost moves from one book to the other, and nothing else does. */

import { expect, test } from "vitest";
import { findColumn, type Results } from "../../src/analysis/results/results.ts";
import { figure, run } from "./plain-figures.ts";

/** A fleet that fails, is replaced and partly strands, hosted for a price by power. */
function scenario(owner: string): string {
  return `schema_version: 1
start: 2027-01
years: 4
provider: { discount_rate: 10 % }
buyer: { discount_rate: 10 % }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: { 2026-01: 30 thousand USD, 2028-06: 20 thousand USD }, network: 3 thousand USD, lead: 3 months, available_from: 2020-01, failure_rate: 6 % }
sites:
  hall: { power: { 2027-01: 120 kW, 2027-09: 240 kW }, pue: 1.1, pue_design: 1.2, electricity: 60 USD/MWh, facility: 12 USD/W }
fleets:
  first: { chip: tiny, site: hall, ${owner} size: 200 chips, deliver: { from: 2027-02, to: 2027-06 }, commissioning: 1 month, life: 2 years, book_life: 30 months, economic_life: 3 years, residual_haircut: 10 %, replacement: { with: tiny }, maintenance: 3 %, pay_on_order: 20 %, procurement: { contract: hosting } }
contracts:
  hosting: { commitment: 2 million USD, terms: pay_as_you_go, start: 2027-01, term: 4 years, capacity_price: { price: 90 USD/(kW month), of: energised } }
`;
}

/** Columns of the provider, and the buyer's that take their place. */
const MOVED: readonly (readonly [providers: readonly string[], buyers: string])[] = [
  [["chip_landed_cost_usd", "network_landed_cost_usd"], "buyer_chip_landed_cost_usd"],
  [["chip_cash_usd", "network_cash_usd"], "buyer_chip_cash_usd"],
  [["chip_maintenance_cost_usd", "spares_cost_usd"], "buyer_chip_upkeep_usd"],
  [["chip_depreciation_usd"], "buyer_chip_depreciation_usd"],
  [["chip_write_off_usd"], "buyer_chip_write_off_usd"],
  [["chip_book_value_usd"], "buyer_chip_book_value_usd"],
  [["stranded_cost_usd"], "buyer_stranded_cost_usd"],
  [["chip_construction_in_progress_usd"], "buyer_chip_construction_in_progress_usd"],
];

function expectNear(value: number, wanted: number, scale: number): void {
  expect(Math.abs(value - wanted), `${value}, not ${wanted}`).toBeLessThanOrEqual(1e-9 * scale);
}

function total(results: Results, name: string): Float64Array {
  return findColumn(results, "total", name) ?? new Float64Array();
}

test("what the provider does not spend the buyer does, month by month", async () => {
  const [providers, buyers] = [await run(scenario("")), await run(scenario("owner: buyer,"))];
  const scale = 200 * 33_000;
  for (const [names, own] of MOVED) {
    const before = names.map((name) => total(providers, name));
    const [after, ours] = [names.map((name) => total(buyers, name)), total(buyers, own)];
    expect(ours.length).toBe(48);
    expect(Math.max(...ours), own).toBeGreaterThan(0);
    for (let month = 0; month < 48; month++) {
      expectNear(
        ours[month],
        before.reduce((sum, column) => sum + column[month], 0),
        scale,
      );
      for (const column of after) expect(column[month]).toBe(0);
    }
  }
  // Chips, power, payments and the building are whose they were.
  for (const [key, values] of providers.columns)
    if (/chips_|_mw$|contract_|facility_|energy_|hours/.test(key))
      expect(buyers.columns.get(key), key).toEqual(values);
});

test("at equal rates, what the chips are worth to the one book they are worth to the other", async () => {
  const [providers, buyers] = [await run(scenario("")), await run(scenario("owner: buyer,"))];
  const moved = figure(buyers, "npv_provider_usd") - figure(providers, "npv_provider_usd");
  const scale = figure(providers, "cost_provider_pv_usd");
  expect(moved).toBeGreaterThan(1e6);
  expectNear(figure(providers, "npv_buyer_usd") - figure(buyers, "npv_buyer_usd"), moved, scale);
  const residuals = (results: Results) =>
    figure(results, "provider_residual_usd") + (figure(results, "buyer_residual_usd") || 0);
  expectNear(residuals(buyers), residuals(providers), scale);
});

test("where every chip is the provider's, no figure of the buyer's chips exists and none moves", async () => {
  const [stated, left] = [await run(scenario("owner: provider,")), await run(scenario(""))];
  expect([...stated.columns.keys()].filter((key) => /buyer_(chip|stranded|residual)/.test(key))).toEqual([]);
  expect(stated.columns).toEqual(left.columns);
});
