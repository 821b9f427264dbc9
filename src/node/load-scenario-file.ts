import fs from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearest } from "../diagnostics/nearest.ts";
import { resolvePath } from "../scenario/files/resolve-path.ts";
import { type LoadInput, type LoadResult, loadScenario } from "../scenario/load.ts";
import { type PackageFiles, readScenarioText, readText, shippedCatalog } from "./package-files.ts";

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
  const { catalog, packed } = shippedCatalog(files);
  const shipped = new Set(catalog.map((name) => resolvePath("", name)));
  const loaded = loadScenario({
    ...changes,
    path: file,
    read: (name) => (shipped.has(resolvePath("", name)) ? readText(name) : read(name)),
    packed,
    catalog,
  });
  return { ...loaded, diagnostics: loaded.diagnostics.map((one) => explainMissing(one, file)) };
}

/** Says of a file named on the command line why it may be missing: a folder, a link that leads nowhere, or a slip of the pen. */
function explainMissing(diagnostic: Diagnostic, file: string): Diagnostic {
  if (diagnostic.code !== "missing-file" || diagnostic.span) return diagnostic;
  return { ...diagnostic, help: helpForMissing(file) };
}

function helpForMissing(file: string): string {
  const names = filesIn(file);
  if (names) return helpForFolder(file, names);
  if (isLink(file)) return "it is a link that leads to no file";
  const near = nearest(path.basename(file), filesIn(path.dirname(file)) ?? [], 1);
  const [meant] = near.map((name) => `\`${path.join(path.dirname(file), name)}\``);
  return meant
    ? `did you mean ${meant}?`
    : "check the path, which starts from the folder in which the command runs; `gigafleet init` writes a first scenario";
}

function helpForFolder(file: string, names: readonly string[]): string {
  const [inside] = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  return inside === undefined
    ? `it is a folder without a scenario; \`gigafleet init ${file}\` writes one`
    : `it is a folder; give a file in it, such as \`${path.join(file, inside)}\``;
}

function isLink(file: string): boolean {
  try {
    return fs.lstatSync(file).isSymbolicLink();
  } catch {
    return false;
  }
}

/** Names in a folder; `undefined` if it is not a folder or cannot be read. */
function filesIn(file: string): readonly string[] | undefined {
  try {
    return fs.readdirSync(file);
  } catch {
    return undefined;
  }
}
