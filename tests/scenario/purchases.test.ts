import fs from "node:fs";
import { expect, test } from "vitest";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { makeMonthly } from "../../src/analysis/tables/index.ts";
import { chooseColumns } from "../../src/analysis/tables/standard-columns.ts";
import { toCsv } from "../../src/export/csv.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { loadWith, scenarioOf } from "../demand/demand-files.ts";
import { expectRefereeAgrees } from "../reference/compare.ts";

const plan = (fleet: string) => `schema_version: 1
start: 2027-01
years: 2
sites:
  hall: { power: { 2027-01: 1 MW, 2027-07: 5 MW }, pue: 1.2, pue_design: 1.3, electricity: 50 USD/MWh, facility: 10 USD/W }
fleets:
  a: { chip: h100, site: hall, ${fleet} }
`;

async function monthlyOf(scenario: Scenario) {
  const { results } = await runPlain(scenario, createThreadRunner());
  if (!results) throw new Error("a value leaves its range");
  return makeMonthly(results);
}

test.each([
  ["as written by default", {}],
  ["as a German spreadsheet saves it", { bom: true, delimiter: ";", decimal: "," }],
] as const)("purchases exported and read back give the same plan: %s", async (_, csv) => {
  const first = scenarioOf(
    loadWith("a.yaml", plan("size: 1234.5 chips, deliver: { from: 2027-02, to: 2027-12, shape: s_curve }")),
  );
  const exported = await monthlyOf(first);
  const file = toCsv(chooseColumns(exported, "standard"), csv);
  const text = plan("deliver: { chips: { csv: ./monthly.csv, column: chips_landed, unit: chips } }");
  const read = (name: string) =>
    name === "b.yaml"
      ? text
      : name === "monthly.csv"
        ? file
        : fs.existsSync(name)
          ? fs.readFileSync(name, "utf8")
          : undefined;
  const second = scenarioOf(loadWith("b.yaml", text, { read }));
  const again = await monthlyOf(second);
  for (const { name, values } of exported.columns) {
    const got = again.columns.find((column) => column.name === name)?.values ?? [];
    const size = Math.max(0, ...Array.from(values, (value) => Math.abs(Number(value)) || 0));
    for (const [row, value] of Array.from(values).entries()) {
      if (typeof value !== "number") expect(got[row], name).toBe(value);
      // A file has 15 digits.
      else expect(Math.abs(Number(got[row]) - value), `${name} ${row}`).toBeLessThanOrEqual(1e-13 * size);
    }
  }
});

test("the second implementation agrees on purchases by quarter, of a mix, late and short of power", () => {
  const chips =
    "{ 2026-11: 100 chips, 2027-Q2: 3000 chips, 2027-09: 0.5 thousand chips, 2029-01: 700 chips }";
  for (const fleet of [
    `deliver: { chips: ${chips}, delay: 2 months }`,
    `deliver: { chips: ${chips}, wait_for_power: 3 months }`,
  ])
    expectRefereeAgrees(scenarioOf(loadWith("a.yaml", plan(fleet))));
  const mixed = plan(`mix: { h100: 60 %, h200: rest }, deliver: { chips: ${chips} }`).replace(
    "chip: h100, ",
    "",
  );
  const scenario = scenarioOf(loadWith("a.yaml", mixed));
  expectRefereeAgrees(scenario);
  expect(scenario.fields.get("fleets.a.size")?.text).toBe("4300 chips");
});

test.each([
  ["size: 10 chips, deliver: { chips: { 2027-01: 10 chips } }", "conflict-fields"],
  ["deliver: { at: 2027-01, chips: { 2027-01: 10 chips } }", "conflict-fields"],
  ["deliver: { chips: 10 chips }", "invalid-value"],
  ["deliver: { chips: { 2027-01: 0 chips } }", "invalid-value"],
  ["deliver: { chips: { 2027-01: 10 chips to 20 chips } }", "invalid-value"],
  ["deliver: { chips: { 2027-01: -10 chips } }", "out-of-range"],
  ["deliver: { chips: { 2027-01: 10 MW } }", "unit-mismatch"],
  ["deliver: { chips: { 2027-Q5: 10 chips } }", "invalid-date"],
  ["deliver: { chips: { 2027-Q1: 10 chips, 2027-01: 10 chips } }", "duplicate-key"],
  ["deliver: { chips: { 2027-Q1: 10 chips, 2027-03: 10 chips } }", "invalid-value"],
  ["deliver: { chips: {} }", "invalid-type"],
])("%s is refused once, with what is wrong", (fleet, code) => {
  const { diagnostics, scenario } = loadWith("a.yaml", plan(fleet));
  expect(scenario).toBeUndefined();
  expect(diagnostics.filter(({ severity }) => severity === "error").map((one) => one.code)).toEqual([code]);
});

test("a month beside its own quarter is refused with both readings, in a CSV file too", () => {
  const csv = "month,chips\n2027-Q1,3000\n2027-02,500\n2027-04,100\n";
  const text = plan("deliver: { chips: { csv: ./p.csv, column: chips, unit: chips } }");
  const read = (name: string) =>
    name === "a.yaml"
      ? text
      : name === "p.csv"
        ? csv
        : fs.existsSync(name)
          ? fs.readFileSync(name, "utf8")
          : undefined;
  for (const { diagnostics } of [
    loadWith("a.yaml", plan("deliver: { chips: { 2027-Q1: 3000 chips, 2027-02: 500 chips } }")),
    loadWith("a.yaml", text, { read }),
  ]) {
    const faults = diagnostics.filter(({ severity }) => severity === "error");
    expect(faults.map(({ help }) => help)).toEqual([
      "write the three months of the quarter in place of `2027-Q1`",
    ]);
    expect(faults[0]?.values.reason).toBe(
      "`2027-02` lies in `2027-Q1`, so its chips may be part of the quarter's or come on top of them",
    );
  }
});

test("a month beside another quarter adds to it", () => {
  const scenario = scenarioOf(
    loadWith("a.yaml", plan("deliver: { chips: { 2027-Q1: 30 chips, 2027-04: 5 chips } }")),
  );
  expect(scenario.fields.get("fleets.a.size")?.text).toBe("35 chips");
});
