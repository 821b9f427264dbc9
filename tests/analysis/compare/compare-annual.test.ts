import { expect, test } from "vitest";
import { makeCompareAnnual } from "../../../src/analysis/compare/compare-annual.ts";
import { columnKey, type Results } from "../../../src/analysis/results/results.ts";
import type { Spread } from "../../../src/analysis/results/spread.ts";
import type { Scenario } from "../../../src/scenario/scenario.ts";
import { byMonth, makeResults } from "./hand-made-results.ts";

const none = {} as Scenario;
const runOf = (name: string, results: Results) => ({ name, scenario: none, results });

test("every scenario is a column, and years that only some reach are empty in the others", () => {
  const energy = columnKey("total", "energy_gwh");
  const [first, later] = [makeResults(), makeResults({ [energy]: byMonth(() => 2) })];
  const table = makeCompareAnnual([
    runOf("plan", first),
    // A year later, hence 2029 too and no 2026.
    runOf("year", { ...later, startMonth: later.startMonth + 12 }),
  ]);
  const column = (name: string) => Array.from(table.columns.find((one) => one.name === name)?.values ?? []);
  expect(table.columns.map(({ name }) => name)).toEqual(["year", "metric", "unit", "plan", "scenario year"]);
  const rows = column("metric").flatMap((metric, row) => (metric === "energy_gwh" ? [row] : []));
  const cells = (name: string) => rows.map((row) => column(name)[row]);
  expect(cells("year")).toEqual([2026, 2027, 2028, 2029]);
  expect(cells("unit")).toEqual(["GWh", "GWh", "GWh", "GWh"]);
  // 1 + 2, then 3 + .. + 14, then 15; in the other twice the months.
  expect(cells("plan")).toEqual([3, 102, 15, null]);
  expect(cells("scenario year")).toEqual([null, 4, 24, 2]);
  expect(column("metric")).not.toContain("binding");
  expect(column("metric")).not.toContain("months");
});

test("P5 and P95 stand beside a scenario's figures if its trials are given", () => {
  const statistics = { share: 1, mean: 0, standardError: 0, least: 0, largest: 0 };
  const plan = makeResults();
  // A sample that says of each energy how many months it was summed over, and nothing of other figures.
  const spread: Spread = {
    probabilities: [0.05, 0.5, 0.95],
    trials: 10,
    seed: "1",
    read: ({ metric, first, end }) =>
      metric === "energy_gwh"
        ? { ...statistics, quantiles: [end - first, 50, 100 + end - first] }
        : undefined,
  };
  const table = makeCompareAnnual([runOf("a", plan), runOf("b", plan)], [{ ...plan, spread }, plan]);
  expect(table.columns.map(({ name }) => name)).toEqual([
    "year",
    "metric",
    "unit",
    "a",
    "a p5",
    "a p95",
    "b",
  ]);
  const column = (name: string) => Array.from(table.columns.find((one) => one.name === name)?.values ?? []);
  const rows = column("metric").flatMap((metric, row) => (metric === "energy_gwh" ? [row] : []));
  // November and December of 2026, the twelve months of 2027, January of 2028.
  expect(rows.map((row) => column("a p5")[row])).toEqual([2, 12, 1]);
  expect(rows.map((row) => column("a p95")[row])).toEqual([102, 112, 101]);
  expect(column("a p5").filter((value) => value !== null)).toHaveLength(3);
});
