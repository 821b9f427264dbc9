/** rent_or_own.csv: its one row against figures worked out by hand. */

import { expect, test } from "vitest";
import {
  findRentOrOwn,
  makeRentOrOwnTable,
  placesOf,
  sampleRentOrOwn,
} from "../../../src/analysis/compare/rent-or-own.ts";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { textOfPart } from "../../../src/charts/kit/sentence.ts";
import { answerCompare } from "../../../src/report/compare-answer.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { traceCompared } from "../../../src/web/engine/compared-trace.ts";
import { createTracer } from "../../../src/web/engine/figure-trace.ts";
import { load } from "../../scenario/load-files.ts";

const COMMON = `schema_version: 1
start: 2027-01
years: 1
provider: { discount_rate: 10 % }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 2000 USD, network: 0 USD, lead: 0 months, available_from: 2020-01, failure_rate: 0 % }
`;

// Ten chips at 2,000 USD, of which half of the straight line over two years is left after one.
const OWN = `${COMMON}sites:
  hall: { tenure: leased, power: 10 kW, pue: 1, pue_design: 1, electricity: 0 USD/MWh, lease: 0 USD/(kW month), staff: 0 USD/(W year) }
fleets:
  own: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-01 }, commissioning: 0 months, life: 2 years, economic_life: 2 years, residual_haircut: 50 %, maintenance: 0 %, pay_on_order: 0 % }
`;

// The same ten at 10 cents an hour for a year and a half.
const RENT = `${COMMON}fleets:
  hired: { chip: tiny, tenure: rented, rent: 0.1 USD/chip/hour, rent_term: 18 months, size: 10 chips, deliver: { at: 2027-01 }, commissioning: 0 months }
`;

const HOURS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map((days) => 24 * days);
const discount = (months: number) => 1.1 ** (-months / 12);

async function runOf(name: string, text: string) {
  const { scenario } = load(text, { catalog: [] });
  if (!scenario) throw new Error(`${name} does not load`);
  const { results } = await runPlain(scenario, createThreadRunner());
  if (!results) throw new Error(`${name} does not run`);
  return { name, scenario, results };
}

test("the row has net costs, the rent paid, the rent at which both cost the same, and what is owed later", async () => {
  const runs = [await runOf("rent", RENT), await runOf("own", OWN)];
  const found = findRentOrOwn(runs);
  if (!found) throw new Error("one of them rents");
  const table = makeRentOrOwnTable(
    found,
    runs.map(({ name }) => name),
  );
  const row = Object.fromEntries(table.columns.map(({ name, values }) => [name, values?.[0]]));
  // 20,000 USD at the end of January, less 20,000 x (1 - 12 / 24) x 50 % at the end of the year.
  const ownCost = 20_000 * discount(1) - 5_000 * discount(12);
  const hours = HOURS.reduce((sum, each, month) => sum + 10 * each * discount(month + 1), 0);
  expect(row.own).toBe("own");
  expect(row.rent).toBe("rent");
  expect(row.own_cost_pv_usd).toBeCloseTo(ownCost, 7);
  expect(row.rent_cost_pv_usd).toBeCloseTo(0.1 * hours, 8);
  expect(row.rent_usd_per_chip_hour).toBeCloseTo(0.1, 13);
  expect(row.break_even_usd_per_chip_hour).toBeCloseTo(ownCost / hours, 13);
  // January to June 2028, a leap year: 182 days.
  expect(row.owed_after_horizon_usd).toBeCloseTo(0.1 * 10 * 182 * 24, 8);
  expect(row).not.toHaveProperty("own_cheaper_probability");
});

test("the numbers of the sentence on it open their trace, down to both costs and the hours", async () => {
  const runs = [await runOf("rent", RENT), await runOf("own", OWN)];
  const tracers = runs.map(({ scenario, results }) => createTracer(scenario, results));
  const comparison = { basis: "as written", runs };
  const [sentence = []] = answerCompare([comparison], "provider");
  const figures = sentence.flatMap((part) =>
    typeof part !== "string" && part.figure ? [[textOfPart(part), part.figure] as const] : [],
  );
  const traced = figures.map(([text, figure]) => {
    const found = traceCompared({ comparison, tracers }, figure);
    if ("refusal" in found) throw new Error(`${text}: ${found.refusal}`);
    return found.tree;
  });
  const ownCost = 20_000 * discount(1) - 5_000 * discount(12);
  const hours = HOURS.reduce((sum, each, month) => sum + 10 * each * discount(month + 1), 0);
  const expected = [0.1 * hours, ownCost, 0.1, ownCost / hours];
  expect(traced).toHaveLength(4);
  for (const [index, { canonical }] of traced.entries())
    expect(canonical / (expected[index] ?? 0)).toBeCloseTo(1, 10);
  const [, , rent, even] = traced;
  expect(rent?.children.map(({ name, sign }) => [name, sign])).toEqual([
    ["chip_rent_pv_usd of Rent", "x"],
    ["rent_discounted_chip_hours of Rent", "/"],
  ]);
  // What owning costs, less what renting costs beside the rent: here nothing.
  expect(even?.children.map(({ canonical }) => canonical / ownCost)[0]).toBeCloseTo(1, 10);
});

test("renting at the rent of the row makes both cost the same", async () => {
  const own = await runOf("own", OWN);
  const first = findRentOrOwn([own, await runOf("rent", RENT)]);
  const even = RENT.replace("0.1 USD", `${first?.breakEven} USD`);
  const found = findRentOrOwn([own, await runOf("rent", even)]);
  expect(found?.rentCost).toBeCloseTo(found?.ownCost ?? Number.NaN, 7);
});

test("two that own, or two that rent, are no such question", async () => {
  const [own, rent] = [await runOf("own", OWN), await runOf("rent", RENT)];
  expect(placesOf([own, own])).toBeUndefined();
  expect(placesOf([rent, rent])).toBeUndefined();
});

test("of trials it has the quantiles of the break-even and the shares in which each is cheaper; a tie counts for neither", () => {
  // Residual values of 5 and 3 are subtracted: owning costs 10, 20, 30 and 40, renting 30 in every trial. The rent is 20 for 10
  // chip-hours, so the break-even is (own - 10) / 10.
  const four = (value: number) => new Float64Array(4).fill(value);
  const figures: Readonly<Record<string, readonly Float64Array[]>> = {
    cost_provider_pv_usd: [Float64Array.of(15, 25, 35, 45), four(33)],
    provider_residual_pv_usd: [four(5), four(3)],
    chip_rent_pv_usd: [four(0), four(20)],
    rent_discounted_chip_hours: [four(0), four(10)],
  };
  const sampled = sampleRentOrOwn({ own: 0, rent: 1 }, (run, name) => figures[name][run]);
  expect(sampled.ownCheaper).toBe(0.5);
  expect(sampled.rentCheaper).toBe(0.25);
  const found = { own: 0, rent: 1, ownCost: 0, rentCost: 0, rate: 0, breakEven: 0, owedLater: 0, sampled };
  const { columns } = makeRentOrOwnTable(found, ["own", "rent"]);
  const row = Object.fromEntries(columns.map(({ name, values }) => [name, values?.[0]]));
  // Order statistics of 0, 1, 2 and 3.
  expect(row.break_even_usd_per_chip_hour_p5).toBe(0);
  expect(row.break_even_usd_per_chip_hour_p50).toBe(1);
  expect(row.break_even_usd_per_chip_hour_p95).toBe(3);
  expect(row.own_cheaper_probability).toBe(0.5);
  expect(row.rent_cheaper_probability).toBe(0.25);
});
