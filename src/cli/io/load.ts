import fs from "node:fs";
import path from "node:path";
import type { Options } from "yargs";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type LoadResult, loadScenario } from "../../scenario/load.ts";
import { type Environment, type Given, listOption, textOf, textOption, textsOf } from "./command.ts";
import { listCatalogFiles, readPackedCatalog, readText } from "./input-files.ts";

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
  const loaded = loadScenario({
    path: file,
    read: readText,
    packed: readPackedCatalog(environment),
    catalog: listCatalogFiles(environment),
    overrides: textsOf(given, "override"),
    sets: [...textsOf(given, "set"), ...(more.sets ?? [])],
    ...(more.mix === undefined ? {} : { mix: more.mix }),
    ...(scenario === undefined ? {} : { scenario }),
  });
  return { ...loaded, diagnostics: loaded.diagnostics.map((one) => tellFolder(one, file)) };
}

/** A folder in place of its file is told as one. */
function tellFolder(diagnostic: Diagnostic, file: string): Diagnostic {
  const isNamed = diagnostic.code === "missing-file" && !diagnostic.span;
  const names = isNamed ? filesIn(file) : undefined;
  if (!names) return diagnostic;
  const [inside] = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  const help =
    inside === undefined
      ? `it is a folder without a scenario; \`gigafleet init ${file}\` writes one`
      : `it is a folder; name a file in it, such as \`${path.join(file, inside)}\``;
  return { ...diagnostic, help };
}

/** Names in a folder; undefined for what is none, or cannot be read. */
function filesIn(file: string): readonly string[] | undefined {
  try {
    return fs.readdirSync(file);
  } catch {
    return undefined;
  }
}
