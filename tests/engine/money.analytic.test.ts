/** Present values, levelised cost and straight lines against their closed forms. */

import { describe, expect, test } from "vitest";
import { runTiny } from "./tiny-scenario.ts";

/** Relative difference that sums of some hundred terms may show on one machine. */
const ROUNDING = 1e-12;

function expectEqual(got: number, wanted: number, gross = Math.abs(wanted)): void {
  expect(Math.abs(got - wanted), `${got}, not ${wanted}`).toBeLessThanOrEqual(ROUNDING * gross);
}

/** Hours of the months from January 2027 on. */
function hoursOf(months: number): number[] {
  return Array.from(
    { length: months },
    (_, month) => 24 * new Date(Date.UTC(2027, month + 1, 0)).getUTCDate(),
  );
}

describe("the present value of a rent", () => {
  // 1 MW of design IT power at 1 USD per kW and month: 1,000 USD a month.
  const site = "tenure: leased, power: 1 MW, lease: 1 USD/(kW month)";

  test.each([
    [1, 0.1],
    [8, 0.1],
    [30, 0.04],
    [5, -0.02],
  ])("over %i years at %d is that of an annuity", (years, rate) => {
    const months = 12 * years;
    const monthly = (1 + rate) ** (1 / 12) - 1;
    const of = runTiny({ years, provider: `discount_rate: ${rate * 100} %`, site });
    expectEqual(of("cost_provider_pv_usd")[0], (1000 * (1 - (1 + monthly) ** -months)) / monthly);
  });

  test.each([
    [8, 0.1, 0.03],
    [20, 0.05, -0.01],
  ])("over %i years at %d, growing by %d a year, is a geometric sum", (years, rate, growth) => {
    const months = 12 * years;
    const ratio = ((1 + growth) / (1 + rate)) ** (1 / 12);
    const first = 1000 * (1 + rate) ** (-1 / 12);
    const of = runTiny({
      years,
      provider: `discount_rate: ${rate * 100} %`,
      site: `${site}, lease_growth: ${growth * 100} %`,
    });
    expectEqual(of("cost_provider_pv_usd")[0], (first * (1 - ratio ** months)) / (1 - ratio));
  });

  test("without a discount rate is the sum, and its levelised cost is rent over hours", () => {
    const of = runTiny({ years: 4, provider: "discount_rate: 0 %", site });
    expectEqual(of("cost_provider_pv_usd")[0], 48_000);
    const hours = hoursOf(48).reduce((x, y) => x + y, 0);
    expectEqual(of("levelised_cost_usd_per_chip_hour")[0], 48_000 / (1000 * hours));
  });
});

describe("levelised cost", () => {
  test.each([
    [1, 0.1, 6],
    [6, 0.08, 4],
    [6, 0.08, 9],
  ])(
    "over %i years at %d with an economic life of %i years is capital less residual over discounted hours",
    (years, rate, life) => {
      const months = 12 * years;
      const monthly = (1 + rate) ** (1 / 12);
      const of = runTiny({
        years,
        provider: `discount_rate: ${rate * 100} %`,
        chip: "price: 900 USD, network: 100 USD",
        fleet: `economic_life: ${life} years`,
      });
      // 1,000 chips at 1,000 USD, paid at the end of the first month; what is left falls in a straight line to 0.
      const residual = 1e6 * Math.max(0, 1 - years / life);
      const hours = hoursOf(months).reduce((sum, hour, month) => sum + hour * monthly ** -(month + 1), 0);
      const wanted = (1e6 / monthly - residual * monthly ** -months) / (1000 * hours);
      expectEqual(of("provider_residual_usd")[0], residual, 1e6);
      expectEqual(of("levelised_cost_usd_per_chip_hour")[0], wanted);
    },
  );

  test("falls per effective EFLOP-hour as the funnel widens, by exactly its factors", () => {
    const mfu = "mfu: { training: { bf16: 40 % } }";
    const narrow = runTiny({
      chip: `price: 1000 USD, availability: 90 %, ${mfu}`,
      fleet: "scheduling_goodput: 50 %",
    });
    const wide = runTiny({ chip: `price: 1000 USD, ${mfu}` });
    const per = "levelised_cost_usd_per_effective_fp4_eflop_hour";
    expectEqual(narrow(per)[0] * 0.45, wide(per)[0]);
    // A chip-hour of 1 PFLOP/s at 40 % is 0.0004 EFLOP-hours.
    expectEqual(wide(per)[0] * 0.0004, wide("levelised_cost_usd_per_chip_hour")[0]);
  });
});

describe("depreciation is a straight line from the productive month", () => {
  test.each([
    // book life, commissioning, life
    [10, 0, 30],
    [10, 3, 30],
    [24, 2, 12],
    [7, 5, 6],
    [12, 8, 8],
    [1, 0, 5],
  ])("book life %i, commissioning %i, life %i months", (book, commissioning, life) => {
    const of = runTiny({
      years: 4,
      chip: "price: 1000 USD",
      fleet: `book_life: ${book} months, commissioning: ${commissioning} months, life: ${life} months`,
    });
    const parts = Math.max(0, Math.min(book, life - commissioning));
    const cost = 1e6;
    for (let month = 0; month < 48; month++) {
      const written = Math.min(Math.max(0, month + 1 - commissioning), parts);
      const isNow = month >= commissioning && month < commissioning + parts;
      const isAlive = month < life;
      expectEqual(of("chip_depreciation_usd")[month], isNow ? cost / book : 0, cost);
      expectEqual(of("chip_book_value_usd")[month], isAlive ? cost * (1 - written / book) : 0, cost);
      expectEqual(of("chip_write_off_usd")[month], month === life ? cost * (1 - parts / book) : 0, cost);
    }
  });

  test("of the facility begins when the step is energised, not when it is paid", () => {
    const of = runTiny({
      years: 3,
      site: "power: { 2027-07: 1 MW }, facility: 12 USD/W, build_time: 4 months, book_life: 24 months",
    });
    for (let month = 0; month < 36; month++) {
      const age = month - 6;
      expectEqual(of("facility_cash_usd")[month], age >= -4 && age < 0 ? 3e6 : 0, 12e6);
      expectEqual(of("facility_depreciation_usd")[month], age >= 0 && age < 24 ? 5e5 : 0, 12e6);
      const worth = age < 0 ? 0 : 12e6 * Math.max(0, 1 - (age + 1) / 24);
      expectEqual(of("facility_book_value_usd")[month], worth, 12e6);
    }
  });
});
