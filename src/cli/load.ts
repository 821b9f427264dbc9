import type { Options } from "yargs";
import { type LoadResult, loadScenario } from "../scenario/load.ts";
import { type Environment, type Given, listOption, textOf, textOption, textsOf } from "./command.ts";
import { listCatalogFiles, readPackedCatalog, readText } from "./input-files.ts";

/** Options that change a scenario before it is read. */
export const scenarioOptions = {
  set: listOption("Set a field, as in --set sites.main.delay='6 months'; may be repeated"),
  override: listOption("Apply changes named under `overrides`; may be repeated"),
  scenario: textOption("Apply the overrides listed under this name of `scenarios`"),
} satisfies Readonly<Record<string, Options>>;

/** Loads a scenario file from the disk with the catalog that comes with the program. */
export function loadFile(file: string, given: Given, environment: Environment): LoadResult {
  const scenario = textOf(given, "scenario");
  return loadScenario({
    path: file,
    read: readText,
    packed: readPackedCatalog(environment),
    catalog: listCatalogFiles(environment),
    overrides: textsOf(given, "override"),
    sets: textsOf(given, "set"),
    ...(scenario === undefined ? {} : { scenario }),
  });
}
