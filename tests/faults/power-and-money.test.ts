/** Dust of chips, successors, and balances of contracts (docs/model.md sections 6, 10.1, 10.2 and 10.5). */

import { describe, expect, test } from "vitest";
import { expectRefereeAgrees } from "../reference/compare.ts";
import { loaded } from "../scenario/load-files.ts";
import { columnsOf, scenarioOf } from "./run-scenario.ts";

describe("power that runs out", () => {
  test("leaves no dust of chips, and no price by it", () => {
    const scenario = scenarioOf("dust-of-chips");
    const columns = columnsOf(scenario);
    let counted = 0;
    for (const [key, values] of columns) {
      if (!/ chips_(energised|stranded|productive|curtailed|held|energised_new|installed)$/.test(key))
        continue;
      counted += values.length;
      expect(
        values.find((value) => value !== 0 && value < 1e-6),
        key,
      ).toBeUndefined();
    }
    expect(counted).toBeGreaterThan(1000);
    expectRefereeAgrees(scenario);
  });

  test("curtails all of a site without power, and leaves nothing productive", () => {
    // Two priorities at 0.1 and 0.2 kW a chip: power that is summed in another order differs in the last bit.
    const text = `
schema_version: 1
start: 2027-01
years: 1
chips:
  a: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 0.7 kW, price: 1000 USD, network: 0 USD, lead: 0 months, available_from: 2020-01 }
  b: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1.3 kW, price: 1000 USD, network: 0 USD, lead: 0 months, available_from: 2020-01 }
sites:
  hall: { power: { 2026-01: 1 MW, 2027-06: 0 MW }, pue: 1.07, pue_design: 1.17, electricity: 0 USD/MWh, tenure: leased, lease: 0 USD/(kW month) }
fleets:
  f: { chip: a, site: hall, size: 111.1 chips, priority: 1, deliver: { at: 2027-01 }, commissioning: 0 months }
  g: { chip: b, site: hall, size: 33.3 chips, priority: 2, deliver: { at: 2027-01 }, commissioning: 0 months }
  h: { chip: a, site: hall, size: 77.7 chips, priority: 3, deliver: { at: 2027-01 }, commissioning: 0 months }
`;
    const columns = columnsOf(loaded(text, { catalog: [] }));
    expect(columns.get("total  chips_productive")?.[4]).toBeCloseTo(222.1, 9);
    for (const metric of ["chips_productive", "facility_power_mw", "energy_gwh"])
      expect(columns.get(`total  ${metric}`)?.[5], metric).toBe(0);
  });
});

describe("successors", () => {
  test.each(["funded_by: t", "floor"])("never wait for power, with %s either", (kind) => {
    const plain = columnsOf(scenarioOf("funded-successors", "fleets.f.funded_by=null"));
    const sets =
      kind === "floor"
        ? [
            "fleets.f.funded_by=null",
            "fleets.f.procurement.contract=k",
            "contracts.k={ commitment: 1000 USD, start: 2026-01, term: 5 years, rates: { c3: 1 USD/chip/hour } }",
            "buyer.cash={ opening: 1 billion USD, floor: 0 USD }",
          ]
        : [];
    const scenario = scenarioOf("funded-successors", ...sets);
    const columns = columnsOf(scenario);
    const landed = columns.get("part f/c3 chips_landed") ?? [];
    // A thousand chips of 1 MW live from 2026-03 to 2028-02; successors land two months before, with the site full.
    expect(landed[24]).toBe(1000);
    expect(landed).toEqual(plain.get("part f/c3 chips_landed"));
    expect(columns.get("part f/c3 chips_held")?.some((value) => value !== 0)).toBe(false);
    expectRefereeAgrees(scenario);
  });
});

const CONTRACT = `
schema_version: 1
start: 2027-01
years: 2
provider: { discount_rate: 0 % }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 0 USD, lead: 0 months, available_from: 2020-01, failure_rate: 0 % }
sites:
  hall: { power: { 2026-01: 1 MW }, pue: 1, pue_design: 1, electricity: 0 USD/MWh, tenure: leased, lease: 0 USD/(kW month) }
fleets:
  f: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-01 }, commissioning: 0 months, procurement: { contract: k } }
`;

describe("a contract", () => {
  test.each([
    ["money", "commitment: 6132 USD"],
    ["chip-hours", "commitment: 87600 chip hours, category: usage"],
  ])("used up to the last bit has nothing left and no shortfall, in %s", (_, commitment) => {
    // 8,760 h x 10 chips x 0.07 USD = 6,132 USD in the year; month by month the sum is another in the last bits.
    const scenario = loaded(
      `${CONTRACT}contracts:\n  k: { ${commitment}, start: 2027-01, term: 1 year, rates: { tiny: 0.07 USD/chip/hour } }\n`,
      { catalog: [] },
    );
    const columns = columnsOf(scenario);
    const column = (metric: string) => columns.get(`contract k contract_${metric}`) ?? new Float64Array();
    expect(column("remaining_usd")[10]).toBeGreaterThan(500);
    expect(
      column("remaining_usd")
        .subarray(11)
        .every((value) => value === 0),
    ).toBe(true);
    expect(column("shortfall_usd").every((value) => value === 0)).toBe(true);
    expect(
      column("overage_usd")
        .subarray(0, 12)
        .every((value) => value === 0),
    ).toBe(true);
    expect(column("exhaustion_month")[0]).toBe(11);
    expectRefereeAgrees(scenario);
  });

  test("that ended before `start` with consumption known is settled in the month `start`", () => {
    const scenario = scenarioOf("over-before-start");
    const columns = columnsOf(scenario);
    const column = (metric: string) => columns.get(`contract k contract_${metric}`) ?? new Float64Array();
    expect(column("shortfall_usd")[0]).toBe(8e6);
    expect(
      column("shortfall_usd")
        .subarray(1)
        .every((value) => value === 0),
    ).toBe(true);
    expect(column("remaining_usd").every((value) => value === 0)).toBe(true);
    expect(column("unsettled_usd")[0]).toBe(0);
    expectRefereeAgrees(scenario);
  });

  test.each([
    [
      "by the year",
      ["contracts.k.term=3 years", "contracts.k.start=2023-06", "contracts.k.fulfillment_interval=annual"],
      8e6,
    ],
    ["without an obligation", ["contracts.k.terms=pay_as_you_go"], 0],
    ["consumed in full", ["contracts.k.consumed_to_date=10 million USD"], 0],
    [
      "counted in chip-hours",
      [
        "contracts.k.category=usage",
        "contracts.k.commitment=10 million chip hours",
        "contracts.k.consumed_to_date=2 million chip hours",
      ],
      8e6,
    ],
  ] as const)("that ended before `start`, %s", (_, sets, owed) => {
    const scenario = scenarioOf("over-before-start", ...sets);
    expect(columnsOf(scenario).get("contract k contract_shortfall_usd")?.[0]).toBeCloseTo(owed, 3);
    expectRefereeAgrees(scenario);
  });

  test("that ended before `start` is relieved of what the provider was late with", () => {
    // Two months late: 1000 chips in the hours of January and February 2026, half of them contracted.
    const sets = [
      "fleets.f.commissioning=0 months",
      "fleets.f.deliver.delay=2 months",
      "contracts.k.contracted_availability=50 %",
    ];
    const scenario = scenarioOf("over-before-start", ...sets);
    const columns = columnsOf(scenario);
    const relief = 1000 * (744 + 672) * 0.5;
    expect(columns.get("contract k contract_relief_usd")?.[0]).toBeCloseTo(relief, 3);
    expect(columns.get("contract k contract_shortfall_usd")?.[0]).toBeCloseTo(8e6 - relief, 3);
    expectRefereeAgrees(scenario);
  });

  test("that is extended beyond `start` settles what is open with the extension", () => {
    // Promised from 2026-01, but two months late: the term of a year ends 2026-12, its extension 2027-02.
    const sets = ["contracts.k.shortfall_relief=extend_term", "fleets.f.deliver.delay=2 months"];
    const scenario = scenarioOf("over-before-start", ...sets);
    const columns = columnsOf(scenario);
    const shortfall = columns.get("contract k contract_shortfall_usd") ?? new Float64Array();
    const drawdown = columns.get("contract k contract_drawdown_usd") ?? new Float64Array();
    // February is billed to the contract; what it leaves falls due in March.
    expect(drawdown[0]).toBeGreaterThan(5e5);
    expect(shortfall[0]).toBe(0);
    expect(shortfall[1]).toBeCloseTo(8e6 - drawdown[0], 3);
    expectRefereeAgrees(scenario);
  });
});
