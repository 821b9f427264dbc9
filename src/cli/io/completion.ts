import fs from "node:fs";
import { CODES } from "../../diagnostics/codes.ts";
import { METRICS } from "../../metrics/index.ts";
import { loadScenarioFile } from "../../node/load-scenario-file.ts";
import { type PackageFiles, shippedCatalog } from "../../node/package-files.ts";
import { FIELDS } from "../../scenario/fields/index.ts";
import { loadCatalog } from "../../scenario/load-catalog.ts";

/** Options whose value is the name of a metric, and those whose value begins with the path of a field. */
const METRIC_OPTIONS = ["--metric"];
const FIELD_OPTIONS = ["--set", "--over"];

/**
 * Offers names for the word that a shell completes: metrics, chips, paths of fields, codes.
 *
 * @param words what was typed so far, the command first and the unfinished word last
 * @return undefined where yargs knows better: commands, options and their choices, files
 *
 * Fails: never; a scenario that cannot be read offers the fields of any scenario.
 */
export function completeNames(words: readonly string[], files: PackageFiles): readonly string[] | undefined {
  const [command = "", ...rest] = words;
  const current = rest.at(-1) ?? "";
  if (rest.length === 0 || current.startsWith("-")) return undefined;
  const before = rest.at(-2) ?? "";
  if (METRIC_OPTIONS.includes(before)) return startingWith(current, metricNames());
  if (FIELD_OPTIONS.includes(before)) return startingWith(current, fieldPaths(rest, files));
  const isSecond = rest.filter((word) => !word.startsWith("-")).length === 2;
  if (command === "trace" && isSecond) return startingWith(current, metricNames());
  if (command === "show" && isSecond) return startingWith(current, fieldPaths(rest, files));
  if (rest.length > 1) return undefined;
  if (command === "catalog") return startingWith(current, chipNames(files));
  if (command !== "explain") return undefined;
  return startingWith(current, [...metricNames(), ...FIELDS.map(({ path }) => path), ...Object.keys(CODES)]);
}

function startingWith(start: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => name.startsWith(start)).sort();
}

function metricNames(): readonly string[] {
  return METRICS.map(({ name }) => name);
}

function chipNames(files: PackageFiles): readonly string[] {
  return loadCatalog(shippedCatalog(files)).chips;
}

/** Fields of the scenario that is named among the words, else those that need no name of the user's. */
function fieldPaths(words: readonly string[], files: PackageFiles): readonly string[] {
  const file = words.find((word) => /\.ya?ml$/.test(word) && fs.existsSync(word));
  const scenario = file === undefined ? undefined : loadScenarioFile(file, {}, files).scenario;
  if (!scenario) return FIELDS.map(({ path }) => path).filter((path) => !path.includes("*"));
  return [...scenario.fields.keys(), ...scenario.lets.map(({ path }) => path)];
}
