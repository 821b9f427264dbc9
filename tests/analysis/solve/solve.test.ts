/** The value of an input at which a figure reaches a target, against closed forms. */

import { describe, expect, test } from "vitest";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { makeDraws } from "../../../src/analysis/sample/draws.ts";
import { findBrackets, stepsFrom } from "../../../src/analysis/solve/brackets.ts";
import { readGoal } from "../../../src/analysis/solve/goal.ts";
import { Search } from "../../../src/analysis/solve/solve.ts";
import { summariseSolved } from "../../../src/analysis/solve/solved-sample.ts";
import { findVariable } from "../../../src/analysis/solve/variable.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import type { Scenario } from "../../../src/scenario/scenario.ts";
import { loaded } from "../../scenario/load-files.ts";

const runner = createThreadRunner();

/** Ten chips rented through 2027, 8,760 hours: 87,600 USD for each dollar of rent, not discounted. */
function rented(lines: Readonly<Record<string, string>> = {}): Scenario {
  const fleet = {
    chip: "tiny",
    tenure: "rented",
    rent: "1 USD/chip/hour",
    rent_term: "12 months",
    size: "10 chips",
    deliver: "{ at: 2027-01 }",
    ...lines,
  };
  const text = `schema_version: 1
start: 2027-01
years: 1
provider: { discount_rate: 0 % }
let: { x: 1 }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 0 USD, available_from: 2020-01 }
fleets:
  cloud:
${Object.entries(fleet)
  .map(([key, value]) => `    ${key}: ${value}`)
  .join("\n")}
`;
  return loaded(text, { catalog: [] });
}

async function searchFor(scenario: Scenario, goal: string, path: string): Promise<Search> {
  const { results } = await runPlain(scenario, runner);
  if (!results) throw new Error("it does not run");
  const [read, variable] = [readGoal(goal, results), findVariable(scenario, path)];
  if (typeof read === "string" || typeof variable === "string") throw new Error(`${read} ${variable}`);
  return new Search(variable, read, runner);
}

async function solve(scenario: Scenario, goal: string, path: string) {
  return (await searchFor(scenario, goal, path)).solve();
}

function expectNear(value: number | undefined, wanted: number): void {
  expect(Math.abs((value ?? Number.NaN) - wanted), `${value}, not ${wanted}`).toBeLessThanOrEqual(
    1e-12 * Math.abs(wanted),
  );
}

test("a figure that stays short of the target by rounding alone reaches it", async () => {
  // Power at the limit of 1.07 MW, in chips of 0.7 kW at a PUE of 1.3: 1.07e6 / 910 chips fill the site.
  const text = `schema_version: 1
start: 2027-01
years: 1
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 0.7 kW, price: 1000 USD, network: 0 USD, available_from: 2020-01 }
sites:
  hall: { power: 1.07 MW, pue: 1.3, pue_design: 1.3, electricity: 0 USD/MWh, tenure: leased, lease: 0 USD/(kW month) }
fleets:
  f: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 } }
`;
  for (const limit of [0.7, 0.83, 1.07, 1.3]) {
    const scenario = loaded(text.replace("1.07 MW", `${limit} MW`), { catalog: [] });
    const { found, jump } = await solve(scenario, `peak_facility_power_mw=${limit}`, "fleets.f.size");
    // The target counts as reached within 1e-9 of it.
    expect(Math.abs((found?.value ?? 0) / ((limit * 1e6) / 910) - 1), `${limit} MW`).toBeLessThanOrEqual(
      1e-9,
    );
    expect(jump).toBeUndefined();
  }
  const figures = Float64Array.of(1, 5, 6 - 2 ** -50, 6 - 2 ** -49);
  const [bracket] = findBrackets({ values: Float64Array.of(1, 2, 3, 4), figures, trials: 1 }, 6, 1);
  expect([bracket?.low.value, bracket?.high.value]).toEqual([2, 3]);
});

test("a figure that is linear in the input is solved to the last digits", async () => {
  const { found, direction, jump, now } = await solve(
    rented(),
    "cost_provider_pv_usd=175200",
    "fleets.cloud.rent",
  );
  expectNear(found?.value, 2);
  expect(direction).toBe("rises");
  expect(jump).toBeUndefined();
  expect(now).toEqual({ value: 1, figure: 87_600 });
});

test("an input far from the present value is found, with the target in another unit", async () => {
  const { found } = await solve(rented(), "cost_provider_pv_usd=87.6 million USD", "fleets.cloud.rent");
  expectNear(found?.value, 1000);
});

test("a `let` value, an expression, a table and a range are replaced by one number", async () => {
  const byLet = rented({ rent: "x * 1 USD/chip/hour" });
  expectNear((await solve(byLet, "cost_provider_pv_usd=43800", "let.x")).found?.value, 0.5);
  for (const rent of [
    "(1 + 1) * 1 USD/chip/hour",
    "{ 2026-06: 3 USD/chip/hour }",
    "2 USD/chip/hour to 4 USD/chip/hour",
  ])
    expectNear(
      (await solve(rented({ rent }), "cost_provider_pv_usd=43800", "fleets.cloud.rent")).found?.value,
      0.5,
    );
});

test("of several values the nearest to the present one is given, and that the figure turns is said", async () => {
  // (x - 4)^2 is 1 at 3 and at 5.
  const rent = "(x - 4) * (x - 4) * 1 USD/chip/hour";
  const { found, direction } = await solve(rented({ rent }), "cost_provider_pv_usd=87600", "let.x");
  expectNear(found?.value, 3);
  expect(direction).toBe("turns");
});

test("what no value of the field's range does has figures at both ends", async () => {
  const { found, ends } = await solve(rented(), "cost_provider_pv_usd=-5", "fleets.cloud.rent");
  expect(found).toBeUndefined();
  expect(ends[0]).toEqual({ value: 0, figure: 0 });
  expect(ends[1]).toEqual({ value: 10_000, figure: 876_000_000 });
});

test("a target that whole months jump over is given with both sides", async () => {
  // One month costs 7,440 USD, two cost 14,160.
  const { jump, found } = await solve(rented(), "cost_provider_pv_usd=10000", "fleets.cloud.rent_term");
  expect(jump).toEqual([7440, 14_160]);
  expect(found?.figure).toBe(7440);
});

/** Rented chips that a contract pays for in 2027 and, at a price 10 % higher, in 2028. */
function underContract(rate: string): Scenario {
  const text = `schema_version: 1
start: 2027-01
years: 2
provider: { discount_rate: 0 % }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 0 USD, available_from: 2020-01 }
fleets:
  cloud: { chip: tiny, tenure: rented, rent: 1.7 USD/chip/hour, rent_term: 24 months, size: 9999 chips, deliver: { at: 2027-01 }, procurement: { contract: use } }
contracts:
  use: { commitment: 1 USD, start: 2027-01, term: 24 months, rates: { tiny: ${rate} }, escalation: 10 % }
`;
  return loaded(text, { catalog: [] });
}

test("what is left of parts that cancel is no jump over a target of 0", async () => {
  for (const rate of ["1 USD/chip/hour", "3.1 USD/chip/hour", "1.9 USD/chip/hour"]) {
    const { found, jump } = await solve(
      underContract(rate),
      "npv_provider_usd=0",
      "contracts.use.rates.tiny",
    );
    expectNear(found?.value, (1.7 * (8760 + 8784)) / (8760 + 1.1 * 8784));
    expect(jump, rate).toBeUndefined();
  }
});

test("a figure that rounding keeps from 0 reaches it, and a step over 0 is a jump", () => {
  const bracketOf = (...figures: number[]) =>
    findBrackets({ values: Float64Array.of(1, 2), figures: Float64Array.from(figures), trials: 1 }, 0, 1)[0];
  expect(bracketOf(0.3, 2 ** -54)?.reached).toEqual({ value: 2, figure: 2 ** -54 });
  expect(bracketOf(0.3, 1e-9)).toBeUndefined();
  expect(bracketOf(0.3, -1e-9)?.reached).toBeUndefined();
});

test("a value that the figure does not read moves nothing", async () => {
  expect((await searchFor(rented(), "cost_provider_pv_usd=1", "chips.tiny.price")).isRead).toBe(false);
  const { direction, found } = await solve(rented(), "peak_chips_energised=5", "fleets.cloud.size");
  expect(direction).toBe("rises");
  expectNear(found?.value, 5);
});

test("in each trial the value is the one of its own draws", async () => {
  const scenario = rented({ size: "5 chips to 20 chips" });
  const { values: chips = [] } =
    (await makeDraws(scenario, runner, { name: "draws", trials: 64, seed: "7" })).columns.find(
      ({ name }) => name === "fleets.cloud.size",
    ) ?? {};
  const search = await searchFor(scenario, "cost_provider_pv_usd=175200", "fleets.cloud.rent");
  const { values } = await search.solveTrials(64, "7");
  expect(chips).toHaveLength(64);
  for (const [trial, count] of [...chips].entries())
    expect(Math.abs(values[trial] * Number(count) - 20), `trial ${trial}`).toBeLessThan(20e-9);
});

test("a trial in which no value does is left out", async () => {
  // At most 10,000 USD an hour: 43.8 million chip-hours are more than 5 to 20 chips have.
  const scenario = rented({ size: "5 chips to 20 chips" });
  const search = await searchFor(scenario, "cost_provider_pv_usd=876000000", "fleets.cloud.rent");
  const { values } = await search.solveTrials(200, "1");
  const does = [...values].filter((value) => Number.isFinite(value));
  // Of a lognormal with P5 5 and P95 20 half lie above its median of 10; the error of 200 trials is 3.5 %.
  expect(Math.abs(does.length / 200 - 0.5)).toBeLessThan(3 * 0.036);
  expect(Math.max(...does)).toBeLessThanOrEqual(10_000);
});

test("trials in which no value does count in no quantile", () => {
  const found = Float64Array.from({ length: 101 }, (_, index) => index);
  const half = Float64Array.from({ length: 202 }, (_, index) => (index % 2 === 0 ? index / 2 : Number.NaN));
  const quantiles = [5, 50, 95];
  expect(summariseSolved({ values: found, jumps: 0 })).toEqual({
    trials: 101,
    share: 1,
    jumps: 0,
    quantiles,
  });
  expect(summariseSolved({ values: half, jumps: 101 })).toEqual({
    trials: 202,
    share: 0.5,
    jumps: 0.5,
    quantiles,
  });
  expect(summariseSolved({ values: Float64Array.of(Number.NaN), jumps: 0 }).share).toBe(0);
});

test("trials in which the figure only jumps over the target are counted", async () => {
  // Whole months of delay take 7,440 to 6,720 chip-hours off 87,600: no trial of some 10 chips costs 50,000 USD exactly.
  const late = { size: "9 chips to 11 chips", deliver: "{ at: 2027-01, delay: 1 month }" };
  const search = await searchFor(rented(late), "cost_provider_pv_usd=50000", "fleets.cloud.deliver.delay");
  const { values, jumps } = await search.solveTrials(32, "1");
  expect([...values].filter((value) => Number.isFinite(value))).toHaveLength(32);
  expect(jumps).toBe(32);
  const smooth = await searchFor(rented(late), "cost_provider_pv_usd=50000", "fleets.cloud.rent");
  expect((await smooth.solveTrials(32, "1")).jumps).toBe(0);
});

describe("bad words", () => {
  const goalOf = async (text: string) => {
    const { results } = await runPlain(rented(), runner);
    return results && readGoal(text, results);
  };
  test.each([
    ["provider_irr", "is not of the form `METRIC=VALUE`"],
    ["cost_provider_pv=1", "the run has no figure `cost_provider_pv`; write `cost_provider_pv_usd`"],
    ["cost_provider_pv_usd=1 MW", "the figure needs USD, got a power"],
    ["cost_provider_pv_usd=5%", "the figure needs USD, got"],
    ["cost_provider_pv_usd=1e999", "not a finite number"],
    ["provider_irr=15 USD", "the figure has no unit that `USD` converts to"],
  ])("%s", async (text, reason) => {
    expect(await goalOf(text)).toContain(reason);
  });

  test.each([
    ["fleets.cloud.rents", "the scenario has no input `fleets.cloud.rents`; write `fleets.cloud.rent`"],
    ["fleets.cloud.tenure", "is `rented`, which is not an amount"],
    ["fleets.cloud.deliver.at", "is a date, 2027-01; search by a duration"],
    ["years", "is `1`, which is not an amount"],
    ["let.y", "the scenario has no input `let.y`"],
  ])("%s", (path, reason) => {
    expect(findVariable(rented(), path)).toContain(reason);
  });
});

test("values are tried around the present one, to the ends of the range, each once and in order", () => {
  expect(stepsFrom(8, [0, 16])).toEqual([...new Set(stepsFrom(8, [0, 16]))].sort((x, y) => x - y));
  expect(stepsFrom(8, [0, 16]).slice(0, 2)).toEqual([0, 1]);
  expect(stepsFrom(0, [0, 1]).at(-1)).toBe(1);
  expect(stepsFrom(1, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])).toHaveLength(81);
});

test("figures that do not exist enclose nothing", () => {
  const tried = { values: Float64Array.of(1, 2, 3), figures: Float64Array.of(Number.NaN, 5, 7), trials: 1 };
  expect(findBrackets(tried, 4, 2)).toEqual([undefined]);
  expect(findBrackets(tried, 6, 2)).toEqual([
    { low: { value: 2, figure: 5 }, high: { value: 3, figure: 7 }, target: 6 },
  ]);
});
