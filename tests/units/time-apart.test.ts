/** Values that differ from what is asked for by a time alone: the relation follows from the dimensions, for every pair of them. */

import { expect, test } from "vitest";
import { readCondition } from "../../src/analysis/compare/condition.ts";
import { DIMENSIONS, equalVectors, isDimensionless, multiplyVectors } from "../../src/units/dimension.ts";
import { parseQuantity, parseQuantityAs } from "../../src/units/quantity.ts";
import { explainTime, relateByTime } from "../../src/units/time-apart.ts";
import { faultsOf, load, scenarioText } from "../scenario/load-files.ts";

const dimensions = Object.values(DIMENSIONS);
const second = DIMENSIONS.seconds.vector;

test("of all pairs of dimensions, those are related whose quotient is a time, and no others", () => {
  for (const a of dimensions)
    for (const b of dimensions) {
      const isPlain = [a, b].some(({ vector }) => isDimensionless(vector));
      const isMore = !isPlain && equalVectors(a.vector, multiplyVectors(b.vector, second));
      const isLess = !isPlain && equalVectors(b.vector, multiplyVectors(a.vector, second));
      const relation = relateByTime(a.vector, b.vector);
      expect(
        [relation?.includes(" times "), relation?.includes(" divided by ")],
        `${a.name} ${b.name}`,
      ).toEqual(isMore || isLess ? [isMore, isLess] : [undefined, undefined]);
    }
});

test.each([
  ["8 MWh", "power", "an energy is a power times a duration: is `8 MW` meant?"],
  ["8000 kWh", "power", "an energy is a power times a duration: divide it by the duration"],
  ["1.4 kWh", "power_per_chip", "an energy is a power times a duration: is `1.4 kW/chip` meant?"],
  ["5 EFLOP", "flop_rate", "an amount of compute is a compute rate times a duration: is `5 EFLOP/s` meant?"],
  ["100 GB", "bandwidth", "an amount of memory is a bandwidth times a duration: is `100 GB/s` meant?"],
  ["100 GB/s", "memory", "a bandwidth is an amount of memory divided by a duration: is `100 GB` meant?"],
  ["2 MW", "energy", "a power is an energy divided by a duration: is `2 MWh` meant?"],
  [
    "3 million USD",
    "money_per_month",
    "an amount of money is an amount of money per month times a duration: is `3 million USD/month` meant?",
  ],
  // A year is not a month, so the number cannot stay.
  [
    "3 million USD/year",
    "money",
    "an amount of money per month is an amount of money divided by a duration: multiply it by the duration",
  ],
  [
    "58 USD/MW",
    "price_per_energy",
    "a price per power is a price per energy times a duration: is `58 USD/MWh` meant?",
  ],
  [
    "5 USD/kW",
    "price_per_power_year",
    "a price per power is a price per power and year times a duration: is `5 USD/(kW year)` meant?",
  ],
  ["8 MW", "flop_rate", undefined],
  ["8 months", "number", undefined],
] as const)("`%s` where %s is asked for", (text, name, help) => {
  const { value } = parseQuantity(text);
  expect(explainTime({ vector: value?.vector ?? [], si: value?.si, text }, name)).toBe(help);
  expect(parseQuantityAs(text, name).diagnostics[0]?.help).toBe(help);
});

test.each([
  ["power: 8 MWh", "an energy is a power times a duration: is `8 MW` meant?"],
  ["power: { 2026-01: 8 MWh }", "an energy is a power times a duration: is `8 MW` meant?"],
  ["power: 8 MWh to 9 MWh", "an energy is a power times a duration: divide it by the duration"],
  ["power: 5 MW + 3 MWh", "a power is an energy divided by a duration"],
  ["power: 5 MW to 8 MWh", "a power is an energy divided by a duration"],
])("a site with `%s` says what differs", (line, help) => {
  const text = scenarioText({}).replace(/^ {4}power: .*$/m, `    ${line}`);
  expect(text).toContain(line);
  expect(faultsOf(load(text), true).join()).toContain(help);
});

test("a field whose usual time is another suggests that one", () => {
  const text = scenarioText({ more: "workloads: { chat: { requests: 1000 requests } }\n" });
  const help =
    "a number of requests is a request rate times a duration: divide it by the duration, as in `1000 requests/day`";
  expect(faultsOf(load(text), true).join()).toContain(help);
});

test("the limit of a condition says what differs", () => {
  const fault = readCondition("energy_total_gwh.value > 5 MW", new Map([["energy_total_gwh", "GWh"]]));
  expect(fault).toMatchObject({ help: "a power is an energy divided by a duration" });
});
