/** Numbers so small that what is divided by them overflows: refused where they are written, however they are written. */

import { expect, test } from "vitest";
import { BASE, load, scenarioText } from "./load-files.ts";

const size = (value: string) => ({ fleets: BASE.fleets.replace("100 chips", value) });
const chip = (value: string) => ({ more: `chips: { gb300: { ${value} } }\n` });

test.each([
  ["fleets.first.size", size("1e-310 chips")],
  ["fleets.first.size", size("1e-12 W")],
  ["fleets.first.size", size("1e-10 USD")],
  ["fleets.first.size", size("1 chip * 1e-300")],
  ["sites.east.power", { sites: BASE.sites.replace("1 GW", "{ 2026-01: 1e-310 W }") }],
  ["chips.gb300.price", chip("price: 1e-310 USD")],
  ["sites.east.electricity", { sites: BASE.sites.replace("58 USD/MWh", "1e-40 USD/MWh") }],
])("%s", (path, sections) => {
  const errors = load(scenarioText(sections)).diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.map((one) => [one.code, one.path])).toEqual([["out-of-range", path]]);
  expect(errors[0]?.values).toMatchObject({ needs: expect.stringContaining("0 or at least") });
});

test.each([
  ["0 chips", size("0 chips")],
  ["a millionth of a chip", size("1e-6 chips")],
  ["a price of 0", chip("price: 0 USD, network: 0 USD")],
  ["cheap energy", { sites: BASE.sites.replace("58 USD/MWh", "1 USD/MWh") }],
])("%s is a value", (_what, sections) => {
  expect(load(scenarioText(sections)).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});
