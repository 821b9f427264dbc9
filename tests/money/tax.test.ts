/** Tax against published tables, identities and hand-worked sums. */

import { describe, expect, test } from "vitest";
import { findColumn, type Results } from "../../src/analysis/results/results.ts";
import { HALF_YEAR_SHARES } from "../../src/compile/tax/half-year.ts";
import { figure, run } from "./plain-figures.ts";

const METHODS = "chips: { depreciation: macrs_5 }, facility: { depreciation: straight_line, life: 15 years }";

/** A fleet and its hall, contracted for years; its income covers every month's depreciation unless `tax` says otherwise. */
function scenario(tax: string, debt = ""): string {
  return `schema_version: 1
start: 2027-01
years: 8
provider: { discount_rate: 10 %, equity_rate: 10 % }
buyer: { discount_rate: 9 % }
${tax === "" ? "" : `tax: { ${tax} }`}
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 30 thousand USD, network: 3 thousand USD, lead: 3 months, available_from: 2020-01 }
sites:
  hall: { power: 240 kW, pue: 1.1, pue_design: 1.2, electricity: 60 USD/MWh, facility: 12 USD/W, staff: 0.05 USD/(W year) }
fleets:
  first: { chip: tiny, site: hall, size: 200 chips, deliver: { from: 2027-03, to: 2027-10 }, pay_on_order: 20 %, procurement: { contract: use } }
contracts:
  use: { commitment: 60 million USD, start: 2027-01, term: 8 years, rates: { tiny: 5 USD/chip/hour } }
${debt}`;
}

function total(results: Results, name: string): Float64Array {
  return findColumn(results, "total", name) ?? new Float64Array();
}

function expectNear(value: number, wanted: number, scale: number): void {
  expect(Math.abs(value - wanted), `${value}, not ${wanted}`).toBeLessThanOrEqual(1e-9 * scale);
}

describe("MACRS tables", () => {
  /** Double declining balance (150 % from 15 years on) of half a year first, changed to a straight line where that is more. */
  function declining(years: number): number[] {
    const factor = (years >= 15 ? 1.5 : 2) / years;
    const shares: number[] = [];
    let left = 1;
    for (let year = 0; year <= years; year++) {
      const [part, remaining] = year === 0 ? [0.5, years] : [1, years - year + 0.5];
      const share = Math.min(left, part * left * Math.max(factor, 1 / remaining));
      shares.push(share);
      left -= share;
    }
    return shares;
  }

  test.each([...HALF_YEAR_SHARES])("%s is the declining balance that it is published for", (name, shares) => {
    const years = Number(name.slice("macrs_".length));
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
    const wanted = declining(years);
    expect(shares).toHaveLength(wanted.length);
    // Printed to a hundredth of a per cent; the last digits are set so that they add to the whole.
    for (const [year, share] of shares.entries())
      expect(Math.abs(share - wanted[year]), `year ${year + 1}`).toBeLessThan(0.00012);
  });

  test("depreciate by fiscal year what entered service in one", async () => {
    const results = await run(
      scenario(`rate: 25 %, ${METHODS.replace("straight_line, life: 15 years", "full")}`),
    );
    const written = total(results, "tax_depreciation_usd");
    const cost = 200 * 33_000;
    const hall = (200_000 / 1) * 12;
    const ofYear = (year: number) => written.slice(12 * year, 12 * year + 12).reduce((sum, x) => sum + x, 0);
    // The hall entered service at `start`.
    expectNear(ofYear(0), 0.2 * cost + hall, cost);
    for (const [year, share] of [0.32, 0.192, 0.1152, 0.1152, 0.0576].entries()) {
      expectNear(ofYear(year + 1), share * cost, cost);
      expectNear(written[12 * (year + 1) + 5], (share * cost) / 12, cost);
    }
    expectNear(ofYear(6), 0, cost);
  });
});

test("without tax nothing exists, and with it nothing before tax moves", async () => {
  const without = await run(scenario(""));
  const taxed = await run(scenario(`rate: 25 %, ${METHODS}`));
  expect([...without.columns.keys()].filter((key) => /tax/.test(key))).toEqual([]);
  for (const [key, values] of without.columns) expect(taxed.columns.get(key), key).toEqual(values);
});

test("a rate of 0 leaves the figures before tax", async () => {
  const results = await run(scenario(`rate: 0 %, ${METHODS}`));
  const scale = figure(results, "cost_provider_pv_usd");
  expectNear(figure(results, "npv_provider_after_tax_usd"), figure(results, "npv_provider_usd"), scale);
  const levelised = figure(results, "levelised_cost_usd_per_chip_hour");
  expectNear(figure(results, "levelised_after_tax_usd_per_chip_hour"), levelised, levelised);
});

test("the price after tax is 0 where nothing is spent, and empty where there are no hours to charge", async () => {
  const priceOf = async (text: string) => figure(await run(text), "levelised_after_tax_usd_per_chip_hour");
  const text = scenario(`rate: 30 %, ${METHODS}`);
  const free = text.replace(
    /(price|network|facility|electricity|staff|lease): [\d.]+ (thousand |million )?USD/g,
    "$1: 0 USD",
  );
  expect(await priceOf(free)).toBe(0);
  expect(await priceOf(text.replace(/size: [^,}\n]+/, "size: 0 chips"))).toBeNaN();
  expect(await priceOf(free.replace(/size: [^,}\n]+/, "size: 0 chips"))).toBeNaN();
});

test("the price after tax, charged for every hour, leaves nothing after tax", async () => {
  const tax = `rate: 30 %, loss_limit: 80 %, discount_rate: 8 %, ${METHODS}`;
  const price = figure(await run(scenario(tax)), "levelised_after_tax_usd_per_chip_hour");
  const charged = scenario(tax)
    .replace("60 million USD, start", "1 USD, terms: pay_as_you_go, start")
    .replace("5 USD/chip/hour", `${price} USD/chip/hour`);
  const results = await run(charged);
  expectNear(figure(results, "npv_provider_after_tax_usd"), 0, figure(results, "cost_provider_pv_usd"));
});

test("all income but what was spent is taxed in the end", async () => {
  const results = await run(scenario(`rate: 25 %, ${METHODS}`));
  const sum = (name: string) => total(results, name).reduce((all, value) => all + value, 0);
  const residual = figure(results, "provider_residual_usd");
  // What was paid before `start` is in the basis.
  const spent = total(results, "tax_basis_usd")[95] + sum("tax_depreciation_usd");
  const income = sum("provider_revenue_usd") - sum("provider_opex_usd") - spent + residual;
  expect(figure(results, "tax_on_residual_usd")).not.toBe(0);
  expectNear(sum("tax_usd") + figure(results, "tax_on_residual_usd"), 0.25 * income, income);
});

/** Nominal rate a year whose twelfth is what 10 % a year are a month. */
const NEUTRAL = 12 * (1.1 ** (1 / 12) - 1);

test("cover is tested over twelve months, so that the month of a year's tax says nothing by itself", async () => {
  const loan = "fleets: first, sites: hall, share: 60 %, rate: 8 %, tenor: 5 years, repayment: linear";
  const results = await run(scenario(`rate: 25 %, ${METHODS}`, `debt:\n  loan: { ${loan} }\n`));
  const of = (name: string) => findColumn(results, "loan", name, "loan") ?? new Float64Array();
  const [cash, due, month, year] = [
    "loan_cash_available_usd",
    "loan_due_usd",
    "loan_dscr",
    "loan_trailing_dscr",
  ].map(of);
  const sum = (column: Float64Array, end: number) =>
    column.subarray(end - 11, end + 1).reduce((all, value) => all + value, 0);
  // Twelve months that end in 2028 to 2031; tax is paid in December.
  for (let at = 14; at < 60; at++) expectNear(year[at], sum(cash, at) / sum(due, at), year[at]);
  expect(month[35]).toBeLessThan(month[34] - 1);
  expect(Math.abs(year[35] - year[34])).toBeLessThan(0.3);
  const least = year.slice(0, 62).reduce((low, value) => (value < low ? value : low), 99);
  expect(of("loan_least_dscr")[0]).toBe(least);
});

test.each(["annuity", "sculpted, dscr: 1.4"])(
  "equity is worth the whole after tax and what interest saves: %s",
  async (repayment) => {
    const loan = `fleets: first, sites: hall, share: 60 %, rate: ${NEUTRAL}, tenor: 5 years, repayment: ${repayment}`;
    const results = await run(scenario(`rate: 25 %, ${METHODS}`, `debt:\n  loan: { ${loan} }\n`));
    // The last year, without chips, loses the same with and without interest; all other losses are used.
    expect(total(results, "levered_tax_losses_usd")[83]).toBe(0);
    expect(total(results, "levered_tax_losses_usd")[95]).toBe(total(results, "tax_losses_usd")[95]);
    const shield = figure(results, "interest_tax_shield_pv_usd");
    expect(shield).toBeGreaterThan(1e5);
    const [equity, whole] = ["equity_npv_after_tax_usd", "npv_provider_after_tax_usd"].map((name) =>
      figure(results, name),
    );
    expectNear(equity, whole + shield, figure(results, "cost_provider_pv_usd"));
    // In a year that no loss reaches, interest saves its share of tax.
    expect(total(results, "levered_tax_losses_usd")[23]).toBe(0);
    const [before, after, interest] = ["tax_usd", "levered_tax_usd", "loan_interest_usd"].map((name) =>
      total(results, name)
        .subarray(24, 36)
        .reduce((sum, value) => sum + value, 0),
    );
    expectNear(before - after, 0.25 * interest, before);
  },
);
