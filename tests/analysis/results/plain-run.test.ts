import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { findColumn, type Results } from "../../../src/analysis/results/results.ts";
import { makeSpecimenResults } from "../../../src/analysis/sample/specimen.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { findMetric } from "../../../src/metrics/index.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { loadScenario } from "../../../src/scenario/load.ts";
import type { Scenario } from "../../../src/scenario/scenario.ts";
import { catalogFiles, packed } from "../../scenario/shipped-catalog.ts";

function load(sets: readonly string[] = [], path = "scenarios/starter.yaml"): Scenario {
  const read = (path: string) => (fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined);
  const { scenario, diagnostics } = loadScenario({
    path,
    read,
    catalog: catalogFiles,
    packed,
    sets,
  });
  if (!scenario) throw new Error(diagnostics.map(headlineOf).join("\n"));
  return scenario;
}

async function run(sets: readonly string[] = [], path?: string): Promise<Results> {
  const { results, diagnostics } = await runPlain(load(sets, path), createThreadRunner());
  if (!results) throw new Error(diagnostics.map(headlineOf).join("\n"));
  return results;
}

describe("the plain run", () => {
  test("gives every metric at every level at which it is a column", async () => {
    const metricsOf = ({ columns }: Results) =>
      [...new Set([...columns.keys()].map((key) => key.split(" ").slice(0, 2).join(" ")))]
        .filter((key) => findMetric(key.split(" ")[1] ?? "")?.only === undefined)
        .sort();
    // With contracts and financing, but no leased or rented chips.
    const results = await run([], "scenarios/openai-aws.yaml");
    expect(metricsOf(results)).toEqual(metricsOf(makeSpecimenResults()));
  });

  test("reports the months of the horizon alone", async () => {
    const results = await run();
    expect(results.startMonth).toBe(2026 * 12);
    for (const [key, values] of results.columns) {
      const isScalar = findMetric(key.split(" ")[1] ?? "")?.isScalar;
      expect(values.length, key).toBe(isScalar ? 1 : 96);
    }
  });

  test("shows values in the units of the metric table", async () => {
    // 20,000 chips of exactly 2 kW at a design PUE of 1.25 are 50 MW of facility power.
    const results = await run(["chips.gb300.it_power=2 kW", "sites.main.delay=0 months"]);
    expect(findColumn(results, "total", "it_power_mw")?.[24]).toBeCloseTo(40, 9);
    expect(findColumn(results, "site", "facility_power_mw", "main")?.[24]).toBeCloseTo(50, 9);
    expect(findColumn(results, "part", "chips_energised", "gb300/gb300")?.[24]).toBe(20_000);
  });

  test("notes what is uncertain and how fleets are sized", async () => {
    const results = await run();
    expect(results.notes.referenceUse).toBe("training");
    expect(results.notes.uncertainCount).toBeGreaterThan(10);
    // Its size is a number of chips.
    expect(results.notes.sizedEachTrial).toEqual([]);
    const sized = await run(["fleets.gb300.size=50 MW", "fleets.gb300.sized=once"]);
    expect(sized.notes).toMatchObject({ sizedEachTrial: [], sizedOnce: ["gb300"] });
  });
});

test("a value that leaves its range is a diagnostic with field, place and value, and there are no results", async () => {
  const scenario = load();
  const fault = { field: "chips.gb300.it_power", trialsHit: 1, firstTrial: 0, value: -5, low: 1, high: 1e5 };
  const run = await runPlain(scenario, { run: async () => ({ columns: [], faults: [fault] }) });
  expect(run.results).toBeUndefined();
  expect(run.diagnostics.map(headlineOf)).toEqual([
    "`chips.gb300.it_power` is out of range: needs 1 W/chip to 100 kW/chip, got -5 W/chip",
  ]);
  expect(run.diagnostics[0]?.span?.file).toBe("scenarios/catalog/chips-nvidia.yaml");
});

test("a replacement ordered before its chip is in use says so in words of the lead", async () => {
  const fault = {
    field: "fleets.gb300.replacement.lead",
    trialsHit: 1,
    firstTrial: 0,
    value: -12,
    low: 1,
    high: Number.POSITIVE_INFINITY,
  };
  const run = await runPlain(load(), { run: async () => ({ columns: [], faults: [fault] }) });
  expect(run.diagnostics.map(headlineOf)).toEqual([
    "`fleets.gb300.replacement.lead` is out of range: needs at least 1 month less than the fleet's `life`, got 12 months more than it",
  ]);
});
