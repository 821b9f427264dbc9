/** Quarters and other ways to write a month. 2027-Q2 is April to June 2027. */

import { expect, test } from "vitest";
import { formatMonth } from "../../src/scenario/language/format-expr.ts";
import { plainValue } from "../../src/scenario/plain-value.ts";
import { BASE, load, loaded, scenarioText } from "./load-files.ts";

function withDelivery(deliver: string): string {
  return scenarioText({ fleets: BASE.fleets.replace("{ at: 2026-03 }", deliver) });
}

function monthOf(text: string, field: string): string {
  return formatMonth(plainValue(loaded(text), `fleets.first.deliver.${field}`) ?? 0);
}

test("a quarter is its first month, and its last for `to`", () => {
  expect(monthOf(withDelivery("{ at: 2027-Q2 }"), "at")).toBe("2027-04");
  const window = withDelivery("{ from: 2027-Q2, to: 2027-Q4 }");
  expect(monthOf(window, "from")).toBe("2027-04");
  expect(monthOf(window, "to")).toBe("2027-12");
});

test("a step of a table is at the first month of its quarter, in a CSV file too", () => {
  const power = (value: string) => scenarioText({ sites: BASE.sites.replace("1 GW", value) });
  const inline = loaded(power("{ 2026-01: 1 GW, 2027-Q2: 2 GW }"));
  const fromFile = loaded({
    "a.yaml": power("{ csv: ./power.csv, column: gw, unit: GW }"),
    "power.csv": "month,gw\n2026-01,1\n2027-Q2,2\n",
  });
  for (const scenario of [inline, fromFile]) {
    expect(plainValue(scenario, "sites.east.power", 2027 * 12 + 2)).toBe(1e9);
    expect(plainValue(scenario, "sites.east.power", 2027 * 12 + 3)).toBe(2e9);
  }
});

test("a quarter and one of its months are two values for one month only where it is the first", () => {
  const power = (key: string) =>
    load(scenarioText({ sites: BASE.sites.replace("1 GW", `{ 2026-Q2: 1 GW, ${key}: 2 GW }`) }));
  expect(power("2026-04").diagnostics.map(({ code }) => code)).toEqual(["duplicate-key"]);
  expect(power("2026-05").diagnostics).toEqual([]);
});

test("between two quarters an uncertain month lies from the first month of one to the last of the other", () => {
  // The median of a normal with P5 = 2027-01 and P95 = 2027-06 is halfway: two and a half months on.
  const scenario = loaded(withDelivery("{ at: 2027-Q1 to 2027-Q2 }"));
  expect(plainValue(scenario, "fleets.first.deliver.at")).toBe(2027 * 12 + 2.5);
});

test.each([
  ["Q2 2027", "2027-Q2", "2027-04"],
  ["2027Q2", "2027-Q2", "2027-04"],
  ["2027 Q2", "2027-Q2", "2027-04"],
  ["2027-q2", "2027-Q2", "2027-04"],
  ["H2 2027", "2027-Q3", "2027-07"],
  ["03/2027", "2027-03", "2027-03"],
  ["2027/3", "2027-03", "2027-03"],
  ["Jan 2027", "2027-01", "2027-01"],
  ["September 2027", "2027-09", "2027-09"],
  ["2027-Dec", "2027-12", "2027-12"],
  ["2027-3", "2027-03", "2027-03"],
  ["2027-03-15", "2027-03", "2027-03"],
  ["15.3.2027", "2027-03", "2027-03"],
])("%s is refused with %s, which is %s", (typed, meant, month) => {
  const [fault, ...others] = load(withDelivery(`{ at: ${typed} }`)).diagnostics;
  expect(others).toEqual([]);
  expect(fault?.code).toBe("invalid-date");
  expect(fault?.help).toContain(`write \`${meant}\``);
  expect(monthOf(withDelivery(`{ at: ${meant} }`), "at")).toBe(month);
});

test.each(["2027-Q5", "2027-13", "Foo 2027"])("%s is not a month, and nothing is guessed", (typed) => {
  const { diagnostics } = load(withDelivery(`{ at: ${typed} }`));
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]?.help ?? "").not.toMatch(/write `2027-(?:Q|1)/);
});

test("a month in another notation as a key of a table says what to write", () => {
  for (const key of ["2026Q2", "Q2 2026"]) {
    const { diagnostics } = load(scenarioText({ sites: BASE.sites.replace("1 GW", `{ ${key}: 1 GW }`) }));
    expect(diagnostics.map(({ help }) => help)).toEqual(["write `2026-Q2`"]);
  }
});

test("a `let` name that looks like a month stays a name", () => {
  const text = `${withDelivery("{ at: dec2027 }")}let: { dec2027: 2027-11 }\n`;
  expect(monthOf(text, "at")).toBe("2027-11");
});
