import type { Options, PositionalOptions } from "yargs";
import { loadScenarioFile } from "../../node/load-scenario-file.ts";
import { resolvePath } from "../../scenario/files/resolve-path.ts";
import type { LoadResult } from "../../scenario/load.ts";
import { type Environment, type Given, listOption, textOf, textOption, textsOf } from "./command.ts";
import { optimiseIfLarge } from "./optimiser.ts";

/** The scenario of a command that reads one. */
export const scenarioFile = {
  file: { type: "string", description: "Scenario file (YAML)", demandOption: true },
} satisfies Readonly<Record<string, PositionalOptions>>;

/** The scenarios of a command that reads several. */
export const scenarioFiles = {
  files: { type: "string", array: true, description: "Scenario files (YAML)", demandOption: true },
} satisfies Readonly<Record<string, PositionalOptions>>;

/** Options that change a scenario before it is read. */
export const scenarioOptions = {
  set: listOption("Set a field, as in --set sites.main.delay='6 months'; may be repeated"),
  override: listOption("Apply changes named under `overrides`; may be repeated"),
  scenario: textOption("Apply the overrides listed under this name in `scenarios`"),
} satisfies Readonly<Record<string, Options>>;

/**
 * Loads a scenario file from disk, or from the texts of the environment, with the catalog shipped with the program.
 *
 * @param more changes made by the command itself: `--set` texts after the given ones, or a mix
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
  const { texts } = environment;
  const read = texts && ((name: string) => texts.get(resolvePath("", name)));
  const loaded = loadScenarioFile(file, changes, environment, read);
  if (loaded.scenario) optimiseIfLarge(loaded.scenario);
  return loaded;
}
