import { createHash } from "node:crypto";
import path from "node:path";
import type { Results } from "../analysis/results.ts";
import { type CsvOptions, toCsv } from "../export/csv.ts";
import { type InputFile, makeDataPackage, type Provenance } from "../export/data-package.ts";
import type { Table } from "../metrics/table.ts";
import { resolvePath } from "../scenario/resolve-path.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Environment, type Given, isGiven, textOf } from "./command.ts";
import { listCatalogFiles } from "./input-files.ts";
import type { OutputFile } from "./output-folder.ts";

/** A run with all that its files tell of it. */
export type RunContent = {
  readonly scenario: Scenario;
  readonly results: Results;
  readonly tables: readonly Table[];
  /** The scenario's file as it was typed. */
  readonly file: string;
  readonly given: Given;
  readonly environment: Environment;
};

/** The files of a run: a CSV for each table, and the data package that describes them. */
export function makeRunFiles(content: RunContent): readonly OutputFile[] {
  const { tables, given } = content;
  const csv = csvOptions(given);
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  return [
    ...tables.map((table) => ({ name: `${table.name}.csv`, text: toCsv(table, csv) })),
    { name: "datapackage.json", text: makeDataPackage(tables, provenanceOf(content), csv, sha256) },
  ];
}

function csvOptions(given: Given): CsvOptions {
  const delimiter = textOf(given, "delimiter");
  return {
    bom: isGiven(given, "bom"),
    delimiter: delimiter === "tab" ? "\t" : delimiter === ";" ? ";" : ",",
  };
}

function provenanceOf({ scenario, results, file, environment }: RunContent): Provenance {
  const own = resolvePath("", file);
  const catalog = new Set(listCatalogFiles(environment).map((name) => resolvePath("", name)));
  const read = [...scenario.files].filter(([name]) => name !== own && !name.startsWith("--"));
  const bases = read.filter(([name]) => !catalog.has(name));
  // Names do not depend on where the program is installed, or where it was called from.
  const beside = ([name, text]: readonly [string, string]): InputFile => ({
    name: path.posix.relative(path.posix.dirname(own), name),
    text,
  });
  return {
    version: environment.version,
    schemaVersion: scenario.fields.get("schema_version")?.integer ?? 1,
    slug: scenario.slug,
    title: scenario.fields.get("name")?.text ?? scenario.slug,
    description: scenario.fields.get("description")?.text,
    scenarioFiles: [beside([own, scenario.files.get(own) ?? ""]), ...bases.map(beside)],
    catalogFiles: read
      .filter(([name]) => catalog.has(name))
      .map(([name, text]) => ({ name: `catalog/${path.posix.basename(name)}`, text })),
    referenceUse: results.notes.referenceUse,
    changes: scenario.changes,
  };
}
