import type { Options } from "yargs";
import { loadScenarioFile } from "../../node/load-scenario-file.ts";
import type { LoadResult } from "../../scenario/load.ts";
import { type Environment, type Given, listOption, textOf, textOption, textsOf } from "./command.ts";

/** Options that change a scenario before it is read. */
export const scenarioOptions = {
  set: listOption("Set a field, as in --set sites.main.delay='6 months'; may be repeated"),
  override: listOption("Apply changes named under `overrides`; may be repeated"),
  scenario: textOption("Apply the overrides listed under this name of `scenarios`"),
} satisfies Readonly<Record<string, Options>>;

/**
 * Loads a scenario file from the disk with the catalog that comes with the program.
 *
 * @param more changes of the command itself: `--set` texts behind those given, or a mix
 */
export function loadFile(
  file: string,
  given: Given,
  environment: Environment,
  more: { readonly sets?: readonly string[]; readonly mix?: string } = {},
): LoadResult {
  const scenario = textOf(given, "scenario");
  const changes = {
    overrides: textsOf(given, "override"),
    sets: [...textsOf(given, "set"), ...(more.sets ?? [])],
    ...(more.mix === undefined ? {} : { mix: more.mix }),
    ...(scenario === undefined ? {} : { scenario }),
  };
  return loadScenarioFile(file, changes, environment);
}
