/** Values whose medians agree, and which contradict each other in trials: what a trial takes then (docs/model.md). */

import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { simulate } from "../../src/engine/index.ts";
import { tinyText } from "../engine/tiny-scenario.ts";
import { expectTrialAgrees, simulateWindow, type WindowColumns } from "../reference/agreement.ts";
import { faultsOf, load, loaded } from "../scenario/load-files.ts";

/** Months of the horizon of a trial in which every variable has its own uniform, and which the referee agrees with. */
function trialOf(text: string, uniformOf: (key: string) => number): (key: string) => readonly number[] {
  const scenario = loaded(text, { catalog: [] });
  const plan = compile(scenario);
  const inputs = Float64Array.from(plan.variables, ({ key }) => uniformOf(key));
  expectTrialAgrees(scenario, plan, inputs);
  const columns: WindowColumns = simulateWindow(plan, inputs);
  return (key) => {
    const column = columns.get(key);
    if (!column) throw new Error(`there is no ${key}`);
    return Array.from(column.subarray(plan.originMonth, plan.originMonth + plan.horizonMonths));
  };
}

describe("a delivery", () => {
  const lets = "let: { begin: 2027-01, first_month: 'begin + uniform(0 months, 8 months)', last: 2027-06 }\n";
  const ramp = (shape: string) =>
    lets +
    tinyText({ fleet: `deliver: { from: first_month, to: last, shape: ${shape} }`, chip: "price: 100 USD" });

  test.each(["linear", "s_curve"])("that ends before it begins lands in its first month, %s", (shape) => {
    // Drawn: July (u = 0.75) and September (u = 1 - 1e-9); the ramp ends in June. 0 / 0 in July, falling shares in September.
    for (const [uniform, month] of [
      [0.75, 6],
      [1 - 1e-9, 8],
    ] as const) {
      const of = trialOf(ramp(shape), () => uniform);
      const landed = of("part first/tiny chips_landed");
      expect(landed).toEqual(landed.map((_, index) => (index === month ? 1000 : 0)));
      expect(of("total  provider_capex_usd")[month]).toBe(100_000);
    }
  });

  test.each(["step", "linear"])("whose share is drawn to fall takes nothing back, %s", (interpolate) => {
    const schedule = "{ 2027-03: 'uniform(0.2, 0.8)', 2027-05: 'uniform(0.55, 0.6)', 2027-09: 0.9 }";
    const of = trialOf(
      tinyText({
        fleet: `deliver: { schedule: ${schedule}, interpolate: ${interpolate} }`,
        chip: "price: 100 USD",
      }),
      () => 0.9,
    );
    // 74 % by March and 59.5 % by May: 74 % stay until the table is above, on the way from 59.5 to 90 % in the linear one.
    const shares =
      interpolate === "step"
        ? [0, 0, 0.74, 0.74, 0.74, 0.74, 0.74, 0.74, 0.9, 0.9, 0.9, 0.9]
        : [0, 0, 0.74, 0.74, 0.74, 0.74, 0.7475, 0.82375, 0.9, 0.9, 0.9, 0.9];
    for (const [month, planned] of of("part first/tiny chips_planned").entries())
      expect(planned).toBeCloseTo(1000 * (shares[month] ?? 0), 9);
    expect(Math.min(...of("part first/tiny chips_landed"))).toBe(0);
  });

  test("whose share falls at the medians is refused, in an expression as in a table", () => {
    const falling = (schedule: string) =>
      faultsOf(load(tinyText({ fleet: `deliver: { schedule: ${schedule} }` }), { catalog: [] }));
    expect(falling("{ 2027-01: 60 %, 2027-03: 50 % }").join()).toContain(
      "the share falls to 50 % in 2027-03",
    );
    expect(falling("'max(0, 1 - elapsed_months / 10)'").join()).toContain(
      "the share falls to 90 % in 2027-02",
    );
    expect(falling("'min(1, 0.1 * elapsed_months)'")).toEqual([]);
  });
});

/** Paths of the fields that a trial at the given uniforms faults. */
function faultedBy(text: string, uniform: number): readonly string[] {
  const plan = compile(loaded(text, { catalog: [] }));
  const inputs = new Float64Array(plan.variables.length).fill(uniform);
  return simulate(plan, inputs, 1, () => {}).map(({ field }) => field);
}

describe("a site", () => {
  test("draws no more than the power its chips take of the limit, whatever the mean PUE", () => {
    const text = tinyText({
      site: "power: { 2010-01: 2 MW }, pue: 'uniform(1.1, 1.5)', pue_design: 'uniform(1.2, 1.4)'",
      fleet: "load_factor: 'uniform(0.8, 1)'",
    });
    // PUE 1.48, load 99 %: 1.4652 of the watts of the chips, where the design has 1.21 or 1.39.
    for (const [design, drawn] of [
      [0.05, 1.21],
      [0.95, 1.39],
    ] as const) {
      const of = trialOf(text, (key) => (key.endsWith("pue_design") ? design : 0.95));
      expect(of("part first/tiny energy_gwh")[0]).toBeCloseTo(1000 * 1000 * drawn * 744, 0);
    }
    // As long as the chips draw less than that, nothing changes: 1.3 x 0.9 = 1.17.
    const of = trialOf(text, (key) => (key.endsWith("pue_design") ? 0.05 : 0.5));
    expect(of("part first/tiny energy_gwh")[0]).toBeCloseTo(1000 * 1000 * 1.17 * 744, 0);
  });
});

describe("what a trial faults", () => {
  test("is a chip free of charge, where an amount of money or shares of spend are divided by its cost", () => {
    const chip = "price: 0 USD to 200 USD";
    for (const fleet of ["size: 1 million USD", "by: spend, size: 1 MW"]) {
      expect(faultedBy(tinyText({ chip, fleet }), 0.01)).toEqual(["chips.tiny.price"]);
      expect(faultedBy(tinyText({ chip, fleet }), 0.5)).toEqual([]);
    }
    expect(faultedBy(tinyText({ chip }), 0.01)).toEqual([]);
  });

  test("is a price below 0 in a month in which something is bought at it, before the horizon too", () => {
    const rising = "'20 thousand USD + 1500 USD * elapsed_months'";
    const chip = (lead: string) =>
      tinyText({ chip: `price: ${rising}, lead: ${lead}`, fleet: "deliver: { at: 2027-02 }" });
    // Ordered in December 2025 at 20,000 - 13 x 1,500 = 500 USD, and in October 2025 at -2,500 USD.
    expect(faultedBy(chip("14 months"), 0.5)).toEqual([]);
    expect(faultedBy(chip("16 months"), 0.5)).toEqual(["chips.tiny.price"]);
    const built = (date: string) =>
      tinyText({ site: `power: { ${date}: 1 MW }, facility: '10 USD/W + 1 USD/W * elapsed_months'` });
    expect(faultedBy(built("2026-04"), 0.5)).toEqual([]);
    expect(faultedBy(built("2026-01"), 0.5)).toEqual(["sites.hall.facility"]);
  });

  test("is not power that an expression has below 0 before the start, where none is read", () => {
    const power = "'between(80 MW, 120 MW) + 2 MW * elapsed_months'";
    expect(faultedBy(tinyText({ site: `power: ${power}, build_time: 60 months` }), 0.5)).toEqual([]);
  });

  test("is a fee of termination above all that is released, which other values make so large", () => {
    const contract = `
let: { more: 'uniform(0, 1)', less: 'uniform(0, 1)' }
contracts: { k: { commitment: 1 million USD, start: 2027-01, term: 2 years, rates: { tiny: 1 USD/chip/hour }, termination: { when: total.chips_energised > 0 chips, fee: 0.5 + more - less } } }
`;
    const text = contract + tinyText({ fleet: "procurement: { contract: k }" });
    const plan = compile(loaded(text, { catalog: [] }));
    const draw = (more: number, less: number) =>
      Float64Array.from(plan.variables, ({ key }) =>
        key.includes("more") ? more : key.includes("less") ? less : 0.5,
      );
    expect(simulate(plan, draw(0.9, 0.1), 1, () => {}).map(({ field }) => field)).toEqual([
      "contracts.k.termination.fee",
    ]);
    expect(simulate(plan, draw(0.9, 0.9), 1, () => {})).toEqual([]);
  });
});

describe("the window", () => {
  const paid = (lead: string, build: string) =>
    tinyText({
      chip: `price: 100 USD, lead: ${lead}`,
      site: `power: { 2027-03: 1 MW }, facility: 10 USD/W, build_time: ${build}`,
      fleet: "pay_on_order: 50 %, deliver: { at: 2027-02 }",
    });
  /** What is paid in all, and in the horizon. */
  const cashOf = (text: string, uniformOf: (key: string) => number) => {
    const plan = compile(loaded(text, { catalog: [] }));
    const columns = simulateWindow(
      plan,
      Float64Array.from(plan.variables, ({ key }) => uniformOf(key)),
    );
    return ["part first/tiny chip_cash_usd", "site hall facility_cash_usd"].map((key) =>
      Array.from(columns.get(key) ?? []).reduce((sum, cash) => sum + cash, 0),
    );
  };

  test("holds all that is paid ahead where a lead or a build time is the difference of two draws", () => {
    const text = paid(
      "'10 months + uniform(0 months, 9 months) - uniform(0 months, 9 months)'",
      "'12 months + uniform(0 months, 9 months) - uniform(0 months, 9 months)'",
    );
    // The first of the two is long and the second short: leads of 19 months and building of 21, of 10 and 12 at equal draws.
    const uniformOf = (key: string) => (key.includes("#") ? 0.01 : 0.99);
    trialOf(text, uniformOf);
    const [chips, facility] = cashOf(text, uniformOf);
    expect(chips).toBeCloseTo(100_000, 6);
    expect(facility).toBeCloseTo(10_000_000, 4);
  });

  test("holds all that is paid ahead where a draw is longer than it has room for", () => {
    const [chips, facility] = cashOf(paid("2 months to 20 months", "2 months to 40 months"), () => 1 - 1e-6);
    expect(chips).toBeCloseTo(100_000, 6);
    expect(facility).toBeCloseTo(10_000_000, 4);
  });

  test("begins at the earliest date of a delivery that is drawn down from a later one", () => {
    const text = `let: { late: 2027-06, first_month: 'late - uniform(0 months, 12 months)' }\n${tinyText({ fleet: "deliver: { at: first_month }", chip: "price: 100 USD, lead: 2 months" })}`;
    const of = trialOf(text, () => 0.9);
    // 11 months earlier, in July 2026, six before the horizon.
    expect(of("part first/tiny chips_landed")).toEqual(new Array(12).fill(0));
    expect(of("part first/tiny chips_energised")[0]).toBe(1000);
  });
});
