/** The rate of return, and the order in which parts are taken (docs/model.md sections 10.4 and 15.6). */

import { describe, expect, test } from "vitest";
import { expectRefereeAgrees } from "../reference/compare.ts";
import { loaded } from "../scenario/load-files.ts";
import { columnsOf, figureOf, resultsOf, scenarioOf } from "./run-scenario.ts";

/** A chip that is bought at the start, and paid for by a contract of a month's hours at a rate, month by month. */
function plan(rates: string, size: number, lease = "0 USD/(kW month)"): string {
  return `
schema_version: 1
start: 2026-01
years: 2
provider: { discount_rate: 10 % }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 0 USD, lead: 0 months, available_from: 2020-01, failure_rate: 0 % }
sites:
  hall: { power: { 2026-01: 1 MW }, pue: 1, pue_design: 1, electricity: 0 USD/MWh, tenure: leased, lease: ${lease} }
fleets:
  f: { chip: tiny, site: hall, size: ${size} chips, deliver: { at: 2026-01 }, commissioning: 0 months, maintenance: 0 %, economic_life: 1 month, procurement: { contract: k } }
contracts:
  k: { commitment: 0.01 USD, start: 2026-01, term: 2 years, rates: { tiny: ${rates} } }
`;
}

const irrOf = (text: string) => columnsOf(loaded(text, { catalog: [] })).get("run  provider_irr")?.[0] ?? 0;

describe("the rate of return", () => {
  test("is found where the last months only cost, and the other one is noted", async () => {
    const scenario = scenarioOf("last-months-only-cost");
    const results = await resultsOf(scenario);
    // 5.91 % a month by a spreadsheet.
    expect(figureOf(results, "provider_irr").value).toBeCloseTo(0.9915, 4);
    expect(figureOf(results, "other_irr_1").value).toBeCloseTo(-0.541, 3);
    expectRefereeAgrees(scenario);
  });

  test("of equity has its other rates noted, too", async () => {
    // A loan of which nothing is drawn leaves equity the provider's cash.
    const loan = "debt.none={ fleets: a, share: 0 %, rate: 8 %, tenor: 12 months }";
    const results = await resultsOf(scenarioOf("last-months-only-cost", "provider.equity_rate=10 %", loan));
    const value = (metric: string) => figureOf(results, metric).value;
    expect(value("equity_irr")).toBe(value("provider_irr"));
    expect(value("other_equity_irr_1")).toBe(value("other_irr_1"));
    expect(figureOf(results, "other_equity_irr_1").value).toBeCloseTo(-0.541, 3);
  });

  test("of a sample has the share of the trials in which it exists beside its mean", async () => {
    const scenario = scenarioOf(
      "last-months-only-cost",
      "contracts.deal.overage_rates.x=0.1 USD/chip/hour to 3 USD/chip/hour",
      "contracts.deal.commitment=1 USD",
    );
    const row = figureOf(await resultsOf(scenario, 64), "provider_irr");
    expect(Number(row.value_share)).toBeGreaterThan(0);
    expect(Number(row.value_share)).toBeLessThan(1);
    expect(row.value_mean).not.toBeNull();
  });

  test.each([
    // 1,000 USD a chip at the end of January, and so much at the end of a later month: one flow against one.
    ["a month of 1.5 times", 1500, 1, 1.5 ** 12 - 1],
    ["a year's 1.1 times", 1100, 12, 0.1],
    ["nothing gained", 1000, 6, 0],
    ["half of it lost in a year", 500, 12, -0.5],
    ["more lost than -99.4 % a year", 1, 12, Number.NaN],
  ])("of %s is that of the closed form", (_, paid, month, rate) => {
    const hours = [744, 672, 744, 720, 744, 720, 744, 744, 720, 744, 720, 744, 744][month] ?? Number.NaN;
    const date = (at: number) => `${2026 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
    const rates = `{ 2026-01: 0 USD/chip/hour, ${date(month)}: ${paid / hours} USD/chip/hour, ${date(month + 1)}: 0 USD/chip/hour }`;
    const got = irrOf(plan(rates, 1));
    if (Number.isNaN(rate)) expect(got).toBeNaN();
    else expect(got).toBeCloseTo(rate, 7);
  });
});

describe("parts of equal worth", () => {
  test("are taken in the order of names", () => {
    const scenario = scenarioOf("equal-parts");
    const columns = columnsOf(scenario);
    const held = (part: string) => columns.get(`assignment a/${part}/c3 assigned_chips`)?.[0] ?? Number.NaN;
    expect(held("f1")).toBeGreaterThan(0);
    expect([held("f2"), held("f3")]).toEqual([0, 0]);
    expectRefereeAgrees(scenario);
  });
});
