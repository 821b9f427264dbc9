/** Rules of docs/model.md section 10 worked by hand, each once a point in which the engine differed from the page. */

import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { plainInputs } from "../../src/engine/index.ts";
import { simulateWindow, type WindowColumns } from "../reference/agreement.ts";
import { expectRefereeAgrees } from "../reference/compare.ts";
import { load, loaded } from "../scenario/load-files.ts";

function run(text: string): WindowColumns {
  const plan = compile(loaded(text, { catalog: [] }));
  return simulateWindow(plan, plainInputs(plan));
}

const WORLD = `
schema_version: 1
start: 2027-01
years: 1
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 10 USD, lead: 3 months, available_from: 2020-01 }
sites:
  hall: { power: 1 MW, pue: 1, pue_design: 1, electricity: 0 USD/MWh, facility: 0 USD/W, build_time: 1 month }
`;

describe("the window (src/compile/window.ts)", () => {
  test("holds the successors that land in the last months of a term", () => {
    const columns = run(`${WORLD}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 }, life: 12 months, replacement: { with: tiny, lead: 3 months }, procurement: { contract: long } }
contracts:
  long: { commitment: 1 million USD, start: 2027-01, term: 20 months, rates: { tiny: 1 USD/chip/hour } }
`);
    // A hundred chips all through 2027 (8,760 h) and to August 2028 (5,856 h). Successors land three months ahead of what
    // retires: a hundred more from October to December 2027 (2,208 h), and from July 2028 on (1,488 h).
    const productive = 100 * (8760 + 5856 + 2208 + 1488);
    expect(columns.get("contract long contract_term_chip_hours")?.[0]).toBeCloseTo(productive, 3);
  });

  test("holds the month behind the last term, in which its shortfall is charged, where nothing else looks ahead", () => {
    const hall =
      "hall: { tenure: leased, power: 1 MW, pue: 1, pue_design: 1, electricity: 0 USD/MWh, lease: 0 USD/(kW month), staff: 0 USD/(kW year) }";
    const world = WORLD.replace("lead: 3 months", "lead: 0 months").replace(/hall: .*/, hall);
    const columns = run(`${world}
fleets:
  first: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-01 }, procurement: { contract: long } }
contracts:
  long: { commitment: 1 million USD, start: 2027-01, term: 20 months, rates: { tiny: 1 USD/chip/hour } }
`);
    // Ten chips use 87,600 USD in 2027. All else falls due later: what they use to August 2028, and the rest in September.
    expect(columns.get("contract long contract_unsettled_usd")?.[0]).toBeCloseTo(1e6 - 87_600, 6);
  });
});

describe("what is unsettled at the end (src/compile/contracts/contract-registers.ts)", () => {
  test("does not depend on what else the window holds", () => {
    // The year's contract is used in full; what falls due after it is nobody's shortfall but overage without end.
    const unsettled = (buildTime: string) =>
      run(`${WORLD.replace("1 month }", `${buildTime} }`)}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 }, procurement: { contract: year } }
contracts:
  year: { commitment: 876 thousand USD, start: 2027-01, term: 12 months, rates: { tiny: 1 USD/chip/hour } }
`).get("contract year contract_unsettled_usd")?.[0];
    expect(unsettled("1 month")).toBeDefined();
    expect(unsettled("30 months")).toBe(unsettled("1 month"));
  });
});

describe("a price for the power available to rented chips (src/compile/contracts/standing.ts)", () => {
  const hosted = (fields: string) => `${WORLD}
fleets:
  cloud: { chip: tiny, tenure: rented, rent: 1 USD/chip/hour, rent_term: 2 years, size: 100 chips, deliver: { at: 2027-03 }, procurement: { contract: hosted } }
  other: { chip: tiny, tenure: rented, rent: 1 USD/chip/hour, rent_term: 2 years, size: 50 chips, deliver: { at: 2027-03 } }
contracts:
  hosted: { commitment: 10 million USD, start: 2027-01, term: 10 months, capacity_price: { price: 100 USD/(kW month) }${fields} }
`;

  // The limit of a site of others is what its 150 chips of 1 kW draw from March on; it is never late.
  test.each([
    ["without a ramp", "", [0, 0, 15_000], 0],
    ["up to a ramp", ", capacity: 120 kW", [0, 0, 12_000], 2 * 12_000],
  ])("counts what they draw %s", (_, fields, due, relief) => {
    const columns = run(hosted(fields));
    const months = columns.get("contract hosted contract_standing_usd") ?? new Float64Array();
    const january = (columns.get("part cloud/tiny chips_landed") ?? new Float64Array()).indexOf(100) - 2;
    expect([...months.slice(january, january + 3)]).toEqual(due);
    const relieved = columns.get("contract hosted contract_relief_usd") ?? new Float64Array();
    expect(relieved.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(relief, 6);
    expectRefereeAgrees(loaded(hosted(fields), { catalog: [] }));
  });
});

describe("what contracts are worth to their end (src/compile/contracts/after-contracts.ts)", () => {
  test("counts payments, cost and what is left then, of the fleets under contract alone", () => {
    const columns = run(`${WORLD}
provider: { discount_rate: 0 % }
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 }, economic_life: 4 years, residual_haircut: 0 %, maintenance: 0 %, procurement: { contract: two_years } }
  other: { chip: tiny, site: hall, size: 50 chips, deliver: { at: 2027-01 } }
contracts:
  two_years: { commitment: 2 million USD, start: 2027-01, term: 24 months, rates: { tiny: 1 USD/chip/hour } }
`);
    // All of the commitment is paid, 876,000 USD in the horizon of a year and the last shortfall in January 2029. A hundred
    // chips at 1,010 USD are worth half of that after two of four years.
    expect(columns.get("run  npv_provider_contracted_usd")?.[0]).toBeCloseTo(2e6 - 101_000 + 50_500, 6);
    expect(columns.get("run  payments_after_horizon_usd")?.[0]).toBeCloseTo(2e6 - 876_000, 6);
  });

  test("is discounted month by month", () => {
    const columns = run(`${WORLD.replace("price: 1000 USD, network: 10 USD", "price: 0 USD, network: 0 USD")}
provider: { discount_rate: 21 % }
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 }, procurement: { contract: [early, late] } }
contracts:
  early: { commitment: 0.01 USD, start: 2027-01, term: 1 month, rates: { tiny: 0 USD/chip/hour } }
  late: { commitment: 1 million USD, start: 2028-01, term: 6 months, upfront: 100 %, rates: { tiny: 0 USD/chip/hour } }
`);
    // A million at the end of the 13th month, and a cent at the end of the second.
    const worth = 1e6 * 1.21 ** (-13 / 12) + 0.01 * 1.21 ** (-2 / 12);
    expect(columns.get("run  npv_provider_contracted_usd")?.[0]).toBeCloseTo(worth, 6);
  });
});

describe("an extension of the term (src/compile/window.ts)", () => {
  test("is simulated to its last shortfall", () => {
    const columns = run(`${WORLD.replace("lead: 3 months", "lead: 0 months")}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01, delay: 6 months }, life: 9 months, procurement: { contract: year } }
contracts:
  year: { commitment: 1 million USD, start: 2027-01, term: 12 months, shortfall_relief: extend_term, rates: { tiny: 1 USD/chip/hour } }
`);
    // July to December 2027 draw 4,416 h x 100; of the 558,400 USD missing, January to June (4,344 h) are the provider's
    // fault. The six months added draw 2,184 h x 100 to March 2028, when the chips retire; the rest is short in July.
    const contract = (name: string) => Array.from(columns.get(`contract year ${name}`) ?? []);
    const first = contract("contract_drawdown_usd").findIndex((usd) => usd > 0) - 6;
    expect(contract("contract_shortfall_usd")[first + 12]).toBeCloseTo(1e6 - 441_600 - 434_400, 6);
    expect(contract("contract_shortfall_usd")[first + 18]).toBeCloseTo(434_400 - 218_400, 6);
    expect(contract("contract_unsettled_usd")[0]).toBeCloseTo(1e6 - 441_600, 6);
  });

  test("that known history leaves behind has no relief either: all that is left is due at once", () => {
    const columns = run(`${WORLD.replace("lead: 3 months", "lead: 0 months")}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2026-01, delay: 1 month }, procurement: { contract: quarter } }
contracts:
  quarter: { commitment: 100 thousand USD, start: 2026-01, term: 3 months, shortfall_relief: extend_term, consumed_to_date: 60 thousand USD, rates: { tiny: 1 USD/chip/hour } }
`);
    // January 2026 had relief of 74,400 USD and moved the end by a month, to April, long before the horizon.
    const shortfall = Array.from(columns.get("contract quarter contract_shortfall_usd") ?? []);
    expect(shortfall.filter((usd) => usd !== 0)).toEqual([40_000]);
  });
});

describe("a commitment is used up (src/compile/contracts/contract-registers.ts)", () => {
  const exhaustedIn = (terms: string, rates = "1 USD/chip/hour") =>
    run(`${WORLD}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 }, procurement: { contract: deal } }
contracts:
  deal: { ${terms}, start: 2027-01, rates: { tiny: ${rates} } }
`).get("contract deal contract_exhaustion_month")?.[0];

  test("in the month whose drawdown takes the last of it", () => {
    // A hundred chips draw 876,000 USD in 2027, and 700,000 by the end of October.
    expect(exhaustedIn("commitment: 876 thousand USD, term: 12 months")).toBe(11);
    expect(exhaustedIn("commitment: 700 thousand USD, term: 12 months")).toBe(9);
  });

  test("not by a shortfall that settles what is left", () => {
    expect(exhaustedIn("commitment: 1168 thousand USD, term: 12 months")).toBeNaN();
  });

  test("by use after an earlier shortfall", () => {
    // 124,000 USD are short in 2027. A million is left for 2028, and at 2 USD an hour 873,600 are drawn to June.
    const terms = "commitment: 2 million USD, term: 24 months, fulfillment_interval: annual";
    expect(exhaustedIn(terms, "{ 2027-01: 1 USD/chip/hour, 2028-01: 2 USD/chip/hour }")).toBe(18);
  });
});

describe("returns (src/compile/kernel-registers.ts)", () => {
  test("never have less than nothing out", () => {
    const columns = run(`${WORLD}
fleets:
  first: { chip: tiny, site: hall, size: 1 chip, deliver: { at: 2027-06 }, procurement: { contract: rich } }
contracts:
  rich: { commitment: 1 million USD, start: 2026-12, term: 24 months, upfront: 100 %, rates: { tiny: 1 USD/chip/hour } }
`);
    // Paid in full before anything is bought. What is out at most is nothing, however early the window begins.
    expect(columns.get("run  provider_lowest_cumulative_cash_usd")?.[0]).toBe(0);
  });
});

describe("conditions that deliveries wait for (src/engine/simulate/execute.ts)", () => {
  /** Half of a hundred chips at 1,010 USD wait for power until June. */
  const waiting = (
    when: string,
    payOnOrder = "50 %",
  ) => `${WORLD.replace("power: 1 MW", "power: { 2027-01: 50 kW, 2027-06: 1 MW }")}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-03 }, pay_on_order: ${payOnOrder}, maintenance: 12 %, book_life: 10 months, life: 8 months }
  second: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-04 }, funded_by: equity }
financing:
  equity: { amount: 5 million USD, when: ${when} }
`;
  // First month (0 is January) in which the condition holds, by hand. 50,500 USD are energised in March and again in June.
  const cases: readonly (readonly [string, number])[] = [
    ["chip_energised_cost >= 50 thousand USD", 2],
    ["stranded_cost >= 50 thousand USD", 2],
    ["stranded_idle_capital > 0 USD", 2],
    // The first half costs 505 USD a month to maintain, both 1,010.
    ["chip_maintenance_cost >= 1000 USD", 5],
    ["chip_cost_in_service >= 100 thousand USD", 5],
    // A tenth a month: 5,050 USD of each half.
    ["chip_depreciation >= 10 thousand USD", 5],
    // March to May write the first half down by 15,150 USD; June adds 50,500 and takes 10,100.
    ["chip_book_value >= 75 thousand USD", 5],
    // The first half retires in November with two tenths left.
    ["chip_write_off >= 10 thousand USD", 10],
  ];
  test.each(cases)("may read %s", (condition, month) => {
    const columns = run(waiting(`fleets.first.${condition}`));
    expect(columns.get("tranche equity tranche_unlock_month")?.[0]).toBe(month);
    // Due in April, or in the month after the unlock; the first fleet lands in March.
    const landingOf = (fleet: string) =>
      columns.get(`part ${fleet}/tiny chips_landed`)?.findIndex((chips) => chips > 0) ?? Number.NaN;
    expect(landingOf("second") - landingOf("first")).toBe(Math.max(3, month + 1) - 2);
  });

  const ahead = ["chips_ordered", "chip_cash", "network_cash", "chip_construction_in_progress"];
  test.each(ahead)("may not read %s, which looks ahead", (metric) => {
    const unit = metric.startsWith("chips") ? "chips" : "USD";
    const found = load(waiting(`fleets.first.${metric} >= 1 ${unit}`), { catalog: [] }).diagnostics;
    expect(found.map(({ code, path, help }) => [code, path, help])).toEqual([
      ["invalid-value", "financing.equity.when", expect.stringContaining("`fleets.first.chips_landed`")],
    ]);
  });

  test("may read cash where nothing is paid ahead", () => {
    const columns = run(waiting("fleets.first.chip_cash >= 1 USD", "0 %"));
    expect(columns.get("tranche equity tranche_unlock_month")?.[0]).toBe(2);
  });
});

describe("a tranche that closed before `start` (src/compile/contracts/financing.ts)", () => {
  const closed = (when: string) =>
    run(`${WORLD.replace("power: 1 MW", "power: { 2026-01: 1 MW }")}
let: { closing: 2026-09 }
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2026-10 } }
  second: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2026-11 }, funded_by: round }
financing:
  round: { amount: 5 million USD, when: ${when} }
`);
  const receipts = (columns: WindowColumns) => {
    const start = (columns.get("total  chips_installed")?.length ?? 0) - horizonAndAhead(columns);
    const paid = columns.get("tranche round tranche_receipt_usd") ?? new Float64Array();
    return paid.findIndex((usd) => usd > 0) - start;
  };
  /** Months from `start` to the window's end, found by the first fleet, which lands three months before `start`. */
  const horizonAndAhead = (columns: WindowColumns) => {
    const landed = columns.get("part first/tiny chips_landed") ?? new Float64Array();
    return landed.length - (landed.findIndex((chips) => chips > 0) + 3);
  };

  test.each([
    ["closing", -4],
    ["closing + 1 month", -3],
    ["fleets.first.chips_energised >= 50 chips", -3],
  ])("was paid then: %s", (when, month) => {
    const columns = closed(when);
    expect(columns.get("tranche round tranche_unlock_month")?.[0]).toBe(month);
    expect(receipts(columns)).toBe(month + 1);
    // Its fleet landed when due, in November 2026, not after `start`.
    const landed = columns.get("part second/tiny chips_landed") ?? new Float64Array();
    const first = columns.get("part first/tiny chips_landed") ?? new Float64Array();
    expect(landed.findIndex((chips) => chips > 0) - first.findIndex((chips) => chips > 0)).toBe(1);
  });

  test("counts from `start` where it holds before anything has happened", () => {
    const columns = closed("fleets.first.chips_energised < 1000 chips");
    expect(columns.get("tranche round tranche_unlock_month")?.[0]).toBe(0);
    expect(receipts(columns)).toBe(1);
  });
});

describe("what is promised under a price of energised power (src/compile/contracts/late-chips.ts)", () => {
  const text = (retire: string) => `${WORLD}
fleets:
  first: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-01 }, procurement: { contract: deal }${retire} }
contracts:
  deal: { commitment: 12 thousand USD, start: 2027-01, term: 12 months, capacity_price: { price: 100 USD/(kW month), of: energised } }
`;
  const sumOf = (columns: WindowColumns, metric: string) =>
    (columns.get(`contract deal ${metric}`) ?? new Float64Array()).reduce((sum, usd) => sum + usd, 0);

  test("ends where the fleet retires: what is not used then is charged, not relieved", () => {
    // Ten chips of 1 kW draw 1,000 USD a month, all the year or from January to June.
    const whole = run(text(""));
    expect(sumOf(whole, "contract_drawdown_usd")).toBeCloseTo(12_000, 6);
    const columns = run(text(", retire: 2027-07"));
    expect(sumOf(columns, "contract_drawdown_usd")).toBeCloseTo(6000, 6);
    expect(sumOf(columns, "contract_relief_usd")).toBe(0);
    expect(sumOf(columns, "contract_shortfall_usd")).toBeCloseTo(6000, 6);
    expectRefereeAgrees(loaded(text(", retire: 2027-07"), { catalog: [] }));
  });
});

describe("the nameplate of a ramp (src/compile/contracts/contract-terms.ts)", () => {
  test("is its mean over the term, uncertain or not", () => {
    const perYear = (capacity: string) =>
      run(`${WORLD}
fleets:
  first: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-01 }, procurement: { contract: deal } }
contracts:
  deal: { commitment: 1.3 million USD, start: 2027-01, term: 12 months, capacity: ${capacity}, rates: { tiny: 1 USD/chip/hour } }
`).get("contract deal implied_usd_per_mw_year_nameplate")?.[0];
    // 2 MW in the first half and 4 MW in the second; the median of 1 to 4 MW is 2 MW.
    for (const first of ["2 MW", "1 MW to 4 MW"])
      expect(perYear(`{ 2027-01: ${first}, 2027-07: 4 MW }`)).toBeCloseTo(1.3e6 / 3, 3);
  });
});

describe("cash for debt service (src/compile/debt/financed.ts)", () => {
  const shared = (rate: string, commissioning: string) =>
    run(`${WORLD}
provider: { equity_rate: 10 % }
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 }, commissioning: ${commissioning}, maintenance: 0 %, procurement: { contract: hosted } }
  other: { chip: tiny, site: hall, size: 300 chips, deliver: { at: 2027-01 }, commissioning: ${commissioning}, maintenance: 0 %, procurement: { contract: hosted } }
contracts:
  hosted: { commitment: 1 USD, start: 2027-01, term: 1 year, fee: 4000 USD/month, rates: { tiny: ${rate} } }
debt:
  loan: { fleets: first, share: 50 %, rate: 8 %, tenor: 12 months }
`).get("loan loan loan_cash_available_usd");

  test.each([
    ["hours that cost nothing", "0 USD/chip/hour", "0 months"],
    ["no hours yet", "1 USD/chip/hour", "12 months"],
  ])("has a fleet's share by power of a fee, with %s", (_, rate, commissioning) => {
    // A quarter of the power, of 4,000 USD a month in all twelve.
    const cash = shared(rate, commissioning) ?? new Float64Array();
    expect([...cash].filter((usd) => usd !== 0)).toEqual(new Array(12).fill(1000));
  });
});

describe("rent paid ahead in full (src/engine/kernels/hire.ts)", () => {
  test("leaves exactly nothing, owed or prepaid, once the last term is over", () => {
    const columns = run(`${WORLD}
fleets:
  cloud: { chip: tiny, tenure: rented, rent: 3.1 USD/chip/hour, rent_term: 7 months, deposit: 100 %, size: 333.3 chips, deliver: { from: 2027-01, to: 2027-03 } }
`);
    // A third lands in each of the months to March, and is gone in October.
    const of = (metric: string) => Array.from(columns.get(`part cloud/tiny ${metric}`) ?? []);
    const first = of("chips_energised").findIndex((chips) => chips > 0);
    expect(
      of("chip_deposit_usd")
        .slice(first, first + 8)
        .every((usd) => usd > 0),
    ).toBe(true);
    expect(
      of("chip_deposit_usd")
        .slice(first + 8)
        .every((usd) => usd === 0),
    ).toBe(true);
    // What is prepaid covers all that is owed, in every month.
    expect(of("chip_hire_obligation_usd").every((usd) => usd === 0)).toBe(true);
  });
});

describe("a contract that commits to nothing", () => {
  test("implies no rate, and has no share drawn", () => {
    const text = `${WORLD}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 }, procurement: { contract: card } }
contracts:
  card: { commitment: 0 USD, start: 2027-01, term: 12 months, capacity: 1 MW, rates: { tiny: 1 USD/chip/hour } }
`;
    const columns = run(text);
    const of = (metric: string) => Array.from(columns.get(`contract card ${metric}`) ?? []);
    const implied = [...columns.keys()].filter((key) => key.includes("card implied_"));
    expect(implied).toHaveLength(5);
    for (const key of implied) expect(columns.get(key)?.[0], key).toBeNaN();
    expect(of("contract_burn_rate").every((share) => Number.isNaN(share))).toBe(true);
    // Every hour is billed beyond the commitment.
    expect(of("contract_overage_usd").reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(876_000, 6);
    expectRefereeAgrees(loaded(text, { catalog: [] }));
  });
});
