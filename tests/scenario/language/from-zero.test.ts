/**
 * `0 to B` of a value that cannot be negative is max(0, normal with P5 = 0 and P95 = B): docs/model.md, section 11. The
 * values are closed forms of the normal quantile, which jStat computes.
 */

import jstat from "jstat";
import { describe, expect, test } from "vitest";
import { evaluateAt } from "../../../src/scenario/plain-value.ts";
import { BASE, load, loaded, scenarioText } from "../load-files.ts";

const month = (365.25 / 12) * 86_400;

/** A site whose delay, in months, is read at a uniform. */
function delayAt(uniform: number, delay: string, more = ""): number {
  const text = scenarioText({ sites: `${BASE.sites}    delay: ${delay}\n`, more });
  const scenario = loaded(text);
  const expr = scenario.fields.get("sites.east.delay")?.expr;
  if (!expr) throw new Error("no delay");
  return evaluateAt(scenario, expr, scenario.startMonth, () => uniform) / month;
}

const uniforms = [0.001, 0.04, 0.05, 0.06, 0.25, 0.5, 0.75, 0.95, 0.999];

/** max(0, B/2 + B/2 z / z95). */
function closedForm(uniform: number, high: number, atHigh = 0.95): number {
  const score = jstat.normal.inv(uniform, 0, 1) / jstat.normal.inv(atHigh, 0, 1);
  return Math.max(0, (high / 2) * (1 + score));
}

describe.each([
  ["a field", "0 months to 6 months", ""],
  ["quantiles", "{ p5: 0 months, p95: 6 months }", ""],
  ["a call", "between(0 months, 6 months)", ""],
  ["a name", "slip", "let: { slip: 0 months to 6 months }\n"],
  ["a name of a name", "slip", "let: { base: 0 months to 6 months, slip: base }\n"],
])("%s", (_what, delay, more) => {
  test.each(uniforms)("at %f is the closed form", (uniform) => {
    expect(delayAt(uniform, delay, more)).toBeCloseTo(closedForm(uniform, 6), 8);
  });

  test("has its median at B/2, P95 at B, and a mass of 5 % at 0", () => {
    expect(delayAt(0.5, delay, more)).toBeCloseTo(3, 12);
    expect(delayAt(0.95, delay, more)).toBeCloseTo(6, 8);
    expect(delayAt(0.0499, delay, more)).toBe(0);
    expect(delayAt(0.0501, delay, more)).toBeGreaterThan(0);
  });

  test("is loaded without a warning", () => {
    expect(load(scenarioText({ sites: `${BASE.sites}    delay: ${delay}\n`, more })).diagnostics).toEqual([]);
  });
});

test("P10 and P90 are read in the same way", () => {
  const delay = "{ p10: 0 months, p90: 6 months }";
  for (const uniform of uniforms) expect(delayAt(uniform, delay)).toBeCloseTo(closedForm(uniform, 6, 0.9), 8);
});

test("bounds that are written truncate, as they do elsewhere", () => {
  // F(0) = 5 %, so a uniform of 0.5 is the quantile at 0.05 + 0.5 x 0.95.
  const delay = "{ p5: 0 months, p95: 6 months, at_least: 0 months }";
  const score = jstat.normal.inv(0.525, 0, 1) / jstat.normal.inv(0.95, 0, 1);
  expect(delayAt(0.5, delay)).toBeCloseTo(3 * (1 + score), 8);
});

test("an end that the field cuts off still does so, with a warning", () => {
  const { diagnostics } = load(scenarioText({ more: "chips: { gb300: { failure_rate: 0 % to 150 % } }\n" }));
  expect(diagnostics.map(({ code }) => code)).toContain("truncated-distribution");
});

test("a name that a value of either sign reads as well stays normal", () => {
  const more = "let: { change: 0 to 0.2 }\n";
  const sites = `${BASE.sites}    delay: change * 1 month\n    electricity_growth: change\n`;
  const scenario = loaded(scenarioText({ sites, more }));
  const expr = scenario.fields.get("sites.east.electricity_growth")?.expr;
  expect(expr && evaluateAt(scenario, expr, scenario.startMonth, () => 0.01)).toBeLessThan(0);
});

test("a price that may be negative stays normal", () => {
  const scenario = loaded(
    scenarioText({ sites: BASE.sites.replace("58 USD/MWh", "0 USD/MWh to 60 USD/MWh") }),
  );
  const expr = scenario.fields.get("sites.east.electricity")?.expr;
  expect(expr && evaluateAt(scenario, expr, scenario.startMonth, () => 0.01)).toBeLessThan(0);
});
