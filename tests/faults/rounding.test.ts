/** What rounding leaves decides nothing: conditions, ends of stocks, ties and peaks (docs/model.md sections 6, 8, 9.1, 10.5). */

import { describe, expect, test } from "vitest";
import { rankScenarios } from "../../src/analysis/compare/paired.ts";
import { columnKey } from "../../src/analysis/results/results.ts";
import { runSensitivity } from "../../src/analysis/sensitivity/sensitivity.ts";
import { findTarget } from "../../src/analysis/sensitivity/target.ts";
import { makeFigures } from "../../src/analysis/tables/summary-table.ts";
import { findMetric } from "../../src/metrics/index.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { byMonth, makeResults } from "../analysis/compare/hand-made-results.ts";
import { expectRefereeAgrees } from "../reference/compare.ts";
import { loaded } from "../scenario/load-files.ts";
import { columnsOf, figureOf, resultsOf, rowsOf, scenarioOf } from "./run-scenario.ts";

/** One chip of 1 kW without any cost but its own. */
const WORLD = `
schema_version: 1
start: 2027-01
years: 1
provider: { discount_rate: 0 % }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 0 USD, lead: 0 months, available_from: 2020-01, failure_rate: 0 % }
sites:
  hall: { power: { 2026-01: 1 MW }, pue: 1, pue_design: 1, electricity: 0 USD/MWh, tenure: leased, lease: 0 USD/(kW month) }
`;

describe("a condition", () => {
  test("of 1 GW is met by a fleet of 1 GW, whatever its chips draw", async () => {
    const results = await resultsOf(scenarioOf("tranche-at-one-gigawatt"), 256);
    const unlock = figureOf(results, "warrants.tranche_unlock_month");
    expect(unlock).toMatchObject({ value_text: "2026-12", value_share: 1, value_p5: 11, value_p95: 11 });
    expect(figureOf(results, "peak_facility_power_mw").value).toBeCloseTo(2000, 6);
    expect(figureOf(results, "months_bound_by_money").value).toBe(0);
    // Present value of cost as the issue's own spreadsheet has it [B USD].
    expect(Number(figureOf(results, "cost_provider_pv_usd").value) / 1e9).toBeCloseTo(35.9, 1);
  });

  test("on money that is gone does not hold, and one that nothing is left does", async () => {
    const results = await resultsOf(scenarioOf("conditions-on-nothing"), 256);
    const late = rowsOf(results, "events").filter(({ month }) => String(month) >= "2026-12");
    expect(late).toHaveLength(3 * 25);
    for (const row of late) expect(row).toMatchObject({ holds: 0, probability: 0 });
    const unlock = figureOf(results, "bonus_when_nothing_is_under_way.tranche_unlock_month");
    expect(unlock).toMatchObject({ value_text: "2026-12", value_share: 1 });
  });

  test.each([
    ["total.chip_cash > 100 thousand USD", 0],
    ["total.chip_cash >= 100 thousand USD", 1],
    ["total.chip_cash == 100 thousand USD", 1],
    ["total.chip_cash <= 100 thousand USD", 1],
    ["total.chip_cash < 100 thousand USD", 0],
    ["total.chip_cash != 100 thousand USD", 0],
    ["total.chip_cash > 99.9999 thousand USD", 1],
    ["total.chip_cash < 100.0001 thousand USD", 1],
    // A difference keeps the rounding of its terms.
    ["total.chip_cash / 3 * 3 - 100 thousand USD > 0 USD", 0],
    ["total.chip_cash * 0.1 + total.chip_cash * 0.2 - 30 thousand USD == 0 USD", 1],
    ["total.chip_cash * 0.3 > 30 thousand USD or not (total.chip_cash * 0.3 >= 30 thousand USD)", 0],
  ])("%s is %i of 100 chips at 1,000 USD", (condition, holds) => {
    const text = `${WORLD}
fleets:
  f: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-02 } }
events:
  e: '${condition}'
`;
    expect(columnsOf(loaded(text, { catalog: [] })).get("total e event")?.[1]).toBe(holds);
  });

  test("at the floor of the buyer's cash lets chips land", () => {
    // 744 h x 10 chips x 0.1 USD are paid out of an opening that is the bill and the floor: 3 x 0.1 and 0.3 differ in the last bit.
    const text = `${WORLD}
fleets:
  f: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-01 }, commissioning: 0 months, procurement: { contract: k } }
  g: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-04 }, procurement: { contract: k } }
contracts:
  k: { commitment: 1 million USD, start: 2027-01, term: 5 years, rates: { tiny: 0.1 USD/chip/hour } }
buyer: { cash: { opening: 2160.1 USD, floor: 0.1 USD } }
`;
    const columns = columnsOf(loaded(text, { catalog: [] }));
    // January to March: 2,160 h x 10 chips x 0.1 USD. What is left is the floor.
    expect(columns.get("total  buyer_cash_usd")?.[2]).toBeCloseTo(0.1, 9);
    expect(columns.get("part g/tiny chips_unfunded")?.[3]).toBe(0);
  });
});

describe("what is over", () => {
  test("is worth nothing, to the last bit", () => {
    const scenario = scenarioOf("residual-of-nothing");
    const columns = columnsOf(scenario);
    expect(columns.get("run  provider_residual_usd")?.[0]).toBe(0);
    expect(columns.get("run  provider_residual_pv_usd")?.[0]).toBe(0);
    expect(columns.get("total  chip_construction_in_progress_usd")?.at(-1)).toBe(0);
    expectRefereeAgrees(scenario);
  });

  test("has no cost that waits, is under construction or on order", () => {
    const columns = columnsOf(
      scenarioOf("conditions-on-nothing", "fleets.f.pay_on_order=30 %", "chips.x.lead=3 months"),
    );
    for (const metric of [
      "stranded_cost_usd",
      "chip_construction_in_progress_usd",
      "provider_construction_in_progress_usd",
    ]) {
      const column = columns.get(`total  ${metric}`);
      expect(
        column?.some((value) => value > 0),
        metric,
      ).toBe(true);
      expect(column?.at(-1), metric).toBe(0);
    }
  });

  test("has no facility under construction", () => {
    const text = WORLD.replace(
      "tenure: leased, lease: 0 USD/(kW month)",
      "facility: 11.3 USD/W, build_time: 7 months, economic_life: 10 months, delay: 2 months",
    ).replace("{ 2026-01: 1 MW }", "{ 2027-01: 0.3 MW, 2027-03: 0.7 MW }");
    const columns = columnsOf(
      loaded(
        `${text}\nfleets:\n  f: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-03 } }\n`,
        { catalog: [] },
      ),
    );
    const progress = columns.get("site hall facility_construction_in_progress_usd") ?? [];
    expect(Math.max(...progress)).toBeGreaterThan(1e6);
    // With its delay the first step, of 0.3 MW, is ten months old at the horizon's end, the second, of 0.4 MW, eight.
    expect(Array.from(progress).at(-1)).toBe(0);
    expect(columns.get("site hall facility_residual_usd")?.[0]).toBeCloseTo(0.4e6 * 11.3 * 0.2, 3);
  });

  test("ties: of two residuals of nothing neither is the better", () => {
    const values = Float64Array.from([0, 0, 0, 0]);
    expect(rankScenarios({ values, scenarios: 2, trials: 2 }, "more")).toMatchObject({
      probabilityBest: [0.5, 0.5],
      probabilityBeatsFirst: [0, 0],
    });
  });
});

describe("a figure that does not vary", () => {
  test("has no indices", async () => {
    const scenario = scenarioOf("constant-figure");
    const found = findTarget(scenario, { metric: "facility_power_mw" });
    if (!("target" in found)) throw new Error("no target");
    const options = { rows: 64, seed: "1" };
    const { sensitivity } = await runSensitivity(scenario, found.target, createThreadRunner(), options);
    expect(sensitivity).toMatchObject({ deviation: 0, effects: [] });
    expect(sensitivity?.plain).toBeCloseTo(1000, 6);
  });
});

describe("the month of a peak", () => {
  test("is the first within rounding of it", () => {
    // Renewals years later exceed the first peak by a bit.
    const energised = byMonth((month) => (month === 12 ? 3 + 2e-15 : Math.min(3, month)));
    expect(Math.max(...energised)).toBeGreaterThan(3);
    const results = makeResults({ [columnKey("total", "chips_energised")]: energised });
    const month = makeFigures(results).find(({ metric }) => metric === "peak_chips_energised_month");
    expect(month?.value).toBe("2027-02");
  });
});

describe("what binds", () => {
  test("is the earlier cause of two that are short by the same power", () => {
    // 0.3 kW each, but a tenth of 3 chips is more than 0.3 chips in the last bit.
    expect(3 * 0.1).toBeGreaterThan(0.3);
    const text = `${WORLD.replace("sites:", "  late: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 0 USD, lead: 0 months, available_from: 2027-12 }\nsites:").replace("{ 2026-01: 1 MW }", "{ 2027-12: 1 MW }")}
fleets:
  f: { chip: tiny, site: hall, size: 0.3 chips, deliver: { at: 2027-02 } }
  g: { chip: late, site: hall, size: 3 chips, deliver: { schedule: { 2027-02: 10 %, 2027-12: 100 % } } }
`;
    const columns = columnsOf(loaded(text, { catalog: [] }));
    const words = findMetric("binding")?.words ?? [];
    expect(words[columns.get("total  binding")?.[1] ?? -1]).toBe("power");
  });
});
