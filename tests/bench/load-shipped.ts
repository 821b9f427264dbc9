/** Loads a scenario with the catalog that is shipped, from the project's folder. Fails: throws what is wrong with it. */
import fs from "node:fs";
import { loadScenario } from "../../src/scenario/load.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";

export function loadShipped(file: string): Scenario {
  const folder = "scenarios/catalog";
  const { scenario, diagnostics } = loadScenario({
    path: file,
    catalog: fs.readdirSync(folder).map((name) => `${folder}/${name}`),
    read: (path) => (fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined),
  });
  if (!scenario) throw new Error(JSON.stringify(diagnostics));
  return scenario;
}
