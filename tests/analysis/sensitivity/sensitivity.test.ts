import { expect, test } from "vitest";
import { runSensitivity } from "../../../src/analysis/sensitivity/sensitivity.ts";
import { findMetric } from "../../../src/metrics/index.ts";
import type { Metric } from "../../../src/metrics/metric.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { loaded, scenarioText } from "../../scenario/load-files.ts";

async function factorsOf(name: string, sets: readonly string[]): Promise<readonly string[]> {
  const scenario = loaded(scenarioText(), { sets });
  const metric = findMetric(name) as Metric;
  const { sensitivity } = await runSensitivity(scenario, metric, createThreadRunner(), {
    rows: 16,
    seed: "1",
  });
  return sensitivity?.effects.flatMap(({ keys }) => keys).sort() ?? [];
}

test("only what a figure reads is varied, though every draw is checked against its range", async () => {
  // A size in power does not read the price, which is lowered all the same.
  const sets = ["fleets.first.size=100 kW to 200 kW", "chips.gb300.price=20 thousand USD to 40 thousand USD"];
  expect(await factorsOf("chips_landed", sets)).toEqual(["fleets.first.size"]);
  expect(await factorsOf("provider_capex_total_usd", sets)).toEqual([
    "chips.gb300.price",
    "fleets.first.size",
  ]);
});
