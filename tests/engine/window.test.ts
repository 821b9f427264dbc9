/** What lies outside of the months reported and still counts in them: docs/model.md section 1. */

import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { simulate } from "../../src/engine/index.ts";
import { loaded } from "../scenario/load-files.ts";
import { runTiny, tinyText } from "./tiny-scenario.ts";

test("power without dates is there from the start and was paid for before it", () => {
  const of = runTiny({
    provider: "discount_rate: 0 %",
    site: "power: 1 MW, facility: 12 USD/W, build_time: 12 months",
  });
  expect(of("provider_opening_cash_usd")[0]).toBeCloseTo(12e6, 6);
  expect([...of("facility_cash_usd")]).toEqual(new Array(12).fill(0));
  expect(of("facility_cost_in_service_usd")[0]).toBe(12e6);
  expect(of("facility_construction_in_progress_usd")[0]).toBeCloseTo(0, 6);
});

test("an order is paid for chips that land after the horizon, when power for them comes later still", () => {
  // 100 chips are due in January 2027, 50 have power. 50 more kW come in September 2028, so that the other 50 land five
  // months before, in April 2028, and are ordered another six before that, in October 2027.
  const of = runTiny({
    chip: "price: 1000 USD, lead: 6 months",
    site: "power: { 2026-01: 50 kW, 2028-09: 100 kW }, facility: 0 USD/W, build_time: 1 month",
    fleet: "size: 100 chips, pay_on_order: 50 %, deliver: { at: 2027-01, wait_for_power: 5 months }",
  });
  expect([...of("chips_ordered")]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 50, 0, 0]);
  // In January the second half for the first 50 chips.
  expect([...of("chip_cash_usd")]).toEqual([25_000, 0, 0, 0, 0, 0, 0, 0, 0, 25_000, 0, 0]);
});

test("a lead that is no whole number of months is looked ahead by as many as it is rounded to", () => {
  // 5.7 months are six. Power of November 2028 lets 50 chips land in June, so that they are ordered in December 2027.
  const of = runTiny({
    chip: "price: 1000 USD, lead: 5.7 months",
    site: "power: { 2026-01: 50 kW, 2028-11: 100 kW }, facility: 0 USD/W, build_time: 1 month",
    fleet: "size: 100 chips, deliver: { at: 2027-01, wait_for_power: 5 months }",
  });
  expect([...of("chips_ordered")]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50]);
});

test("a chip has the price of its order month from the first month on, long before one lands", () => {
  // From July 2026, 1,000 USD; from December, the window's first month without orders, 500 USD.
  const of = runTiny({
    chip: "price: { 2026-01: 1000 USD, 2026-12: 500 USD }, lead: 6 months",
    site: "power: { 2027-01: 1 GW }, build_time: 1 month",
    fleet: "deliver: { at: 2027-10 }",
  });
  expect([...of("chip_price_usd")]).toEqual([
    1000, 1000, 1000, 1000, 1000, 500, 500, 500, 500, 500, 500, 500,
  ]);
});

test("an order is paid for successors that land after the horizon, for what retires later still", () => {
  // Energised in January 2027 with a life of 20 months, the chips retire in September 2028; successors land four months
  // before, in May 2028, and are ordered six months before that, in November 2027.
  const of = runTiny({
    chip: "price: 1000 USD, lead: 6 months",
    site: "build_time: 1 month",
    fleet: "size: 100 chips, life: 20 months, replacement: { with: tiny, lead: 4 months }",
  });
  expect([...of("chips_ordered")]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0]);
});

test("an amount of money buys at the price of the first delivery month, even after the horizon", () => {
  // Warned of, since nothing lands within the horizon; what is undelivered is still right: 100,000 / 500.
  for (const price of [
    "{ 2027-01: 1000 USD, 2030-01: 500 USD }",
    "{ 2027-01: 1000 USD, 2027-06: 800 USD, 2030-01: 500 USD }",
  ]) {
    const of = runTiny({
      chip: `price: ${price}`,
      fleet: "size: 100 thousand USD, deliver: { at: 2031-01 }",
    });
    expect([...of("chips_undelivered")]).toEqual(new Array(12).fill(200));
  }
});

test("a delivery drawn beyond the window has the price of the window's nearest month", () => {
  // The window holds 999 of 1,000 draws to either side; these are one in a million, in 2026-08 and 2028-05.
  const text = tinyText({
    chip: "price: { 2020-01: 1000 USD, 2027-06: 800 USD }",
    site: "power: 1 GW, build_time: 1 month",
    fleet: "size: 100 thousand USD, deliver: { at: 2027-03 to 2027-10 }",
  });
  const plan = compile(loaded(text, { catalog: [] }));
  expect(plan.variables).toHaveLength(1);
  expect([plan.originMonth, plan.monthCount], "2026-11 to 2028-01").toEqual([2, 15]);
  const sizes: number[] = [];
  simulate(
    plan,
    Float64Array.of(1e-6, 1 - 1e-6),
    2,
    (index, first, count, values, offset, months, trials) => {
      const { metric, level } = plan.columns[index];
      if (level !== "total" || !["chips_planned", "chips_undelivered"].includes(metric)) return;
      // What has landed and what never does are the whole size, of the one draw and of the other.
      for (let trial = 0; trial < count; trial++)
        sizes[first + trial] =
          (sizes[first + trial] ?? 0) + values[offset + plan.originMonth * months + trial * trials];
    },
  );
  expect(sizes[0]).toBeCloseTo(100, 9);
  expect(sizes[1]).toBeCloseTo(125, 9);
});
