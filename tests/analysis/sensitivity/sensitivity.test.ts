import { describe, expect, test } from "vitest";
import { runSensitivity, type Sensitivity } from "../../../src/analysis/sensitivity/sensitivity.ts";
import { makeSensitivityTable } from "../../../src/analysis/sensitivity/sensitivity-table.ts";
import { findTarget, type TargetRequest } from "../../../src/analysis/sensitivity/target.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import type { Scenario } from "../../../src/scenario/scenario.ts";
import { loaded, scenarioText } from "../../scenario/load-files.ts";

async function explain(scenario: Scenario, request: TargetRequest, rows = 16): Promise<Sensitivity> {
  const found = findTarget(scenario, request);
  if (!("target" in found)) throw new Error(JSON.stringify(found));
  const run = await runSensitivity(scenario, found.target, createThreadRunner(), { rows, seed: "1" });
  expect(run.diagnostics).toEqual([]);
  return run.sensitivity as Sensitivity;
}

const factorsOf = ({ effects }: Sensitivity) => effects.flatMap(({ keys }) => keys).sort();

test("only what a figure reads is varied, though every draw is checked against its range", async () => {
  // A size in power does not read the price, which is lowered all the same.
  const sets = ["fleets.first.size=100 kW to 200 kW", "chips.gb300.price=20 thousand USD to 40 thousand USD"];
  const scenario = loaded(scenarioText(), { sets });
  expect(factorsOf(await explain(scenario, { metric: "chips_landed" }))).toEqual(["fleets.first.size"]);
  expect(factorsOf(await explain(scenario, { metric: "provider_capex_total_usd" }))).toEqual([
    "chips.gb300.price",
    "fleets.first.size",
  ]);
});

/** Chips that cost a price between 1 and 3 million USD in all; 60 land in March 2027, 40 in January 2028. */
const PLAN = `schema_version: 1
start: 2027-01
years: 2
provider: { discount_rate: 0 % }
sites: { s: { power: 1 MW, pue: 1, pue_design: 1, electricity: 0 USD/MWh, tenure: leased, lease: 0 USD/(kW month), staff: 0 USD/(kW year) } }
fleets:
  f: { chip: x, site: s, size: 100 chips, deliver: { schedule: { 2027-03: 60 %, 2028-01: 100 % } }, maintenance: 0 %, pay_on_order: 0 %, spares: none }
chips:
  x: { title: X, vendor: V, bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, network: 0 USD, lead: 0 months, available_from: 2026-01, failure_rate: 0 %, price: 'uniform(10 thousand USD, 30 thousand USD)' }
events:
  dear: total.chip_landed_cost > 1.5 million USD
  all_there: total.chips_energised >= 100 chips
`;

describe("the months of a figure", () => {
  const scenario = loaded(PLAN);

  // A uniform price from 10 to 30 thousand USD: mean 20, at P10 12 and at P90 28 thousand.
  test.each([
    [{}, "summed over 2027-01 to 2028-12", 100],
    [{ year: "2027" }, "summed over 2027", 60],
    [{ year: "2028" }, "summed over 2028", 40],
    [{ month: "2027-03" }, "in 2027-03", 60],
    [{ month: "2028-Q1" }, "in 2028-01", 40],
  ] as const)("of a flow: %o is %s", async (request, when, chips) => {
    const { target, plain, effects } = await explain(scenario, { metric: "provider_capex_usd", ...request });
    expect(target.when).toBe(when);
    expect(plain).toBeCloseTo(chips * 20e3, 4);
    expect(effects[0]?.atP10).toBeCloseTo(chips * 12e3, 4);
    expect(effects[0]?.atP90).toBeCloseTo(chips * 28e3, 4);
  });

  test.each([
    [{}, "in the last month, 2028-12", 100],
    [{ year: "2027" }, "at the end of 2027, in 2027-12", 60],
    [{ month: "2027-02" }, "in 2027-02", 0],
  ] as const)("of a stock: %o is %s", async (request, when, chips) => {
    const { target, plain } = await explain(scenario, { metric: "chips_energised", ...request });
    expect([target.when, plain]).toEqual([when, chips]);
  });

  test("are told in the table, with the unit", async () => {
    const table = makeSensitivityTable(
      await explain(scenario, { metric: "provider_capex_usd", year: "2027" }),
    );
    const cell = (name: string) => table.columns.find((column) => column.name === name)?.values[0];
    expect(["figure", "months", "unit"].map(cell)).toEqual(["provider_capex_usd", "summed over 2027", "USD"]);
  });

  test.each([
    [{ metric: "cost_provider_pv_usd", month: "2027-03" }, "one figure of the whole run; leave out --month"],
    [{ metric: "provider_capex_usd", month: "2027-03", year: "2027" }, "a month or a year, not both"],
    [{ metric: "provider_capex_usd", month: "2029-01" }, "outside the horizon, 2027-01 to 2028-12"],
    [{ metric: "provider_capex_usd", year: "2029" }, "outside the horizon, 2027-01 to 2028-12"],
    [{ metric: "provider_capex_usd", month: "March 2027" }, "write `--month 2027-03`"],
    [{ metric: "provider_capex_usd", year: "27" }, "write `--year 2028`"],
    [{ metric: "provider_capex_usd", event: "dear" }, "a metric or an event, not both"],
    [{ event: "daer" }, "there are `dear`"],
    [{ event: "__proto__" }, "there are `all_there`, `dear`"],
  ] as const)("%o is refused", (request, words) => {
    const found = findTarget(scenario, request);
    expect("misuse" in found && found.misuse).toContain(words);
  });

  test("of a metric that does not exist are nobody's", () => {
    expect(findTarget(scenario, { metric: "capex" })).toEqual({ unknownMetric: "capex" });
    expect(findTarget(scenario, { metric: "binding", year: "2027" })).toEqual({ unknownMetric: "binding" });
  });
});

describe("an event", () => {
  const scenario = loaded(PLAN);

  test("rests on what its condition reads, and has its probability as the mean", async () => {
    // 60 chips cost more than 1.5 million USD where one costs more than 25 thousand: a quarter of trials.
    const dear = await explain(scenario, { event: "dear" }, 1024);
    expect(factorsOf(dear)).toEqual(["chips.x.price"]);
    expect(dear.target.when).toBe("at any time from 2027-01 to 2028-12");
    expect(Math.abs(dear.mean - 0.25)).toBeLessThan(0.03);
    expect(dear.deviation).toBeCloseTo(Math.sqrt(dear.mean * (1 - dear.mean)), 2);
    expect(dear.effects[0]).toMatchObject({ atP10: 0, atP90: 1 });
    expect(dear.effects[0]?.total.value).toBeCloseTo(1, 1);
  });

  test("of a month or year holds in it", async () => {
    // 40 chips never cost that much.
    expect(await explain(scenario, { event: "dear", year: "2028" })).toMatchObject({ mean: 0, effects: [] });
    expect(await explain(scenario, { event: "all_there", month: "2027-12" })).toMatchObject({ mean: 0 });
    expect(await explain(scenario, { event: "all_there", year: "2028" })).toMatchObject({ mean: 1 });
  });
});
