/** What is left out of a Plan that is asked for one metric must not change that metric. */

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { plainInputs } from "../../src/engine/index.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { type CompileOptions, compile } from "../../src/scenario/compile/compile.ts";
import { loadScenario } from "../../src/scenario/load.ts";

const folder = fileURLToPath(new URL("../../scenarios", import.meta.url));
const catalog = fs.readdirSync(path.join(folder, "catalog")).map((name) => `catalog/${name}`);
const { scenario } = loadScenario({
  path: "openai-aws.yaml",
  catalog: catalog.sort(),
  read: (file) => fs.readFileSync(path.join(folder, file), "utf8"),
});

/** Columns of the plain run by level, metric and entity. */
async function columnsOf(options: CompileOptions): Promise<ReadonlyMap<string, Float64Array>> {
  if (!scenario) throw new Error("the reference scenario does not load");
  const plan = compile(scenario, options);
  const { columns } = await createThreadRunner().run(plan, { inputs: plainInputs(plan), trials: 1 });
  return new Map(
    plan.columns.map(({ level, metric, entity }, index) => [`${level} ${metric} ${entity}`, columns[index]]),
  );
}

test("every metric of the reference scenario, asked for alone, is what it is among all, bit for bit", async () => {
  const all = await columnsOf({});
  const metrics = new Set([...all.keys()].map((key) => key.split(" ")[1] ?? ""));
  expect(metrics.size).toBeGreaterThan(100);
  for (const metric of metrics) {
    for (const [key, alone] of await columnsOf({ metrics: [metric] }))
      expect(alone, key).toEqual(all.get(key));
  }
});
