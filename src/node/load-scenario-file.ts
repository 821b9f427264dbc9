import fs from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { resolvePath } from "../scenario/files/resolve-path.ts";
import { type LoadInput, type LoadResult, loadScenario } from "../scenario/load.ts";
import {
  listCatalogFiles,
  type PackageFiles,
  readPackedCatalog,
  readScenarioText,
  readText,
} from "./package-files.ts";

/** Changes made to a scenario while it is loaded. */
export type ScenarioChanges = Pick<LoadInput, "overrides" | "sets" | "mix" | "scenario">;

/**
 * Loads a scenario file from disk, or from standard input (`STANDARD_INPUT`), with the catalog shipped with the program.
 *
 * @param read gives the texts of the scenario's own files, by default from the disk
 *
 * Fails: never; problems are returned as diagnostics.
 */
export function loadScenarioFile(
  file: string,
  changes: ScenarioChanges,
  files: PackageFiles,
  read: LoadInput["read"] = readScenarioText,
): LoadResult {
  const catalog = listCatalogFiles(files);
  const shipped = new Set(catalog.map((name) => resolvePath("", name)));
  const loaded = loadScenario({
    ...changes,
    path: file,
    read: (name) => (shipped.has(resolvePath("", name)) ? readText(name) : read(name)),
    packed: readPackedCatalog(files),
    catalog,
  });
  return { ...loaded, diagnostics: loaded.diagnostics.map((one) => explainFolder(one, file)) };
}

/** Reports a folder given instead of a file. */
function explainFolder(diagnostic: Diagnostic, file: string): Diagnostic {
  const isNamed = diagnostic.code === "missing-file" && !diagnostic.span;
  const names = isNamed ? filesIn(file) : undefined;
  if (!names) return diagnostic;
  const [inside] = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  const help =
    inside === undefined
      ? `it is a folder without a scenario; \`gigafleet init ${file}\` writes one`
      : `it is a folder; give a file in it, such as \`${path.join(file, inside)}\``;
  return { ...diagnostic, help };
}

/** Names in a folder; `undefined` if it is not a folder or cannot be read. */
function filesIn(file: string): readonly string[] | undefined {
  try {
    return fs.readdirSync(file);
  } catch {
    return undefined;
  }
}
