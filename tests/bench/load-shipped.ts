/** Loads a scenario with the catalog that is shipped, from the project's folder. Fails: says what is wrong with it and ends the process. */
import fs from "node:fs";
import { renderConcise } from "../../src/diagnostics/render.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";

export function loadShipped(file: string): Scenario {
  const folder = "scenarios/catalog";
  const { scenario, diagnostics } = loadScenario({
    path: file,
    catalog: fs.readdirSync(folder).map((name) => `${folder}/${name}`),
    read: (path) => (fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined),
  });
  if (scenario) return scenario;
  process.stderr.write(renderConcise(diagnostics));
  process.exit(1);
}
