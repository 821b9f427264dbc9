import { expect, test } from "vitest";
import { makeCompareAnnual } from "../../../src/analysis/compare/compare-annual.ts";
import { columnKey, type Results } from "../../../src/analysis/results/results.ts";
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
