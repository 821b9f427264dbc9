/** The part of the library that needs Node: scenario files on the disk, with the catalog of the package. */
import { fileURLToPath } from "node:url";
import { offerNearest } from "../diagnostics/nearest.ts";
import { listChoices } from "../scenario/fields/words.ts";
import type { LoadResult } from "../scenario/load.ts";
import { loadScenarioFile, type ScenarioChanges } from "./load-scenario-file.ts";
import type { PackageFiles } from "./package-files.ts";

/** Seen from dist/node.mjs, where the build puts this module. */
const FILES: PackageFiles = {
  scenariosFolder: fileURLToPath(new URL("../scenarios", import.meta.url)),
  packedCatalog: fileURLToPath(new URL("./catalog.packed", import.meta.url)),
};

const CHANGES = [
  "overrides",
  "sets",
  "mix",
  "scenario",
] as const satisfies readonly (keyof ScenarioChanges)[];

/**
 * Loads a scenario file from the disk with the catalog of this package.
 *
 * @param file    path of a scenario (YAML), relative to the current folder
 * @param changes fields to set (`sets: ["sites.main.delay=6 months"]`), overrides, scenario or mix by name
 *
 * Fails: throws a `TypeError` for a change of another name; problems of the scenario are returned as diagnostics, and then there may
 * be no scenario.
 */
export function loadFile(file: string, changes: ScenarioChanges = {}): LoadResult {
  for (const name of Object.keys(changes)) {
    if (CHANGES.some((known) => known === name)) continue;
    const near = offerNearest(name, CHANGES);
    throw new TypeError(`\`loadFile\` takes no \`${name}\`; write ${near ?? listChoices(CHANGES)}`);
  }
  return loadScenarioFile(file, changes, FILES);
}

export type { ScenarioChanges };
