import { createHash } from "node:crypto";
import path from "node:path";
import type { Results } from "../../analysis/results/results.ts";
import { csvPieces } from "../../export/csv.ts";
import { fileOf, makeDataPackage, type Provenance } from "../../export/data-package.ts";
import { makeViews, VIEWS_NAME } from "../../export/views.ts";
import type { Table } from "../../metrics/table.ts";
import { listCatalogFiles } from "../../node/package-files.ts";
import { describeRun, type Inputs, listInputs } from "../../report/origin.ts";
import { resolvePath } from "../../scenario/files/resolve-path.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Environment, Given } from "./command.ts";
import { readCsvOptions } from "./csv-options.ts";
import { withOptimiser } from "./optimiser.ts";
import type { OutputFile } from "./output-folder.ts";
import { PACKAGE_NAME } from "./result-package.ts";

/** A run with everything that its files report. */
export type RunContent = {
  readonly scenario: Scenario;
  readonly results: Results;
  readonly tables: readonly Table[];
  /** The path of the scenario as it was typed. */
  readonly file: string;
  readonly given: Given;
  readonly environment: Environment;
  /** Options of the sample that the results do not contain. */
  readonly sample?: Provenance["sample"];
  /** All scenarios of a comparison, including the first. */
  readonly compared?: readonly {
    readonly name: string;
    readonly file: string;
    readonly scenario: Scenario;
  }[];
  /** Writes tables whose file is Parquet; its code is loaded only for them. */
  readonly parquet?: ((table: Table) => Iterable<Uint8Array>) | undefined;
  /** Name of the table of draws, if there is one. */
  readonly draws?: string | undefined;
  /** Axes of a sweep as they were given. */
  readonly sweep?: Provenance["sweep"];
};

/** Cells of a table from which on writing it pays for optimised code. */
const MANY_CELLS = 1_000_000;

/** The files of a run: a CSV file per table, and the data package that describes them. */
export function makeRunFiles(content: RunContent): readonly OutputFile[] {
  const { tables, given } = content;
  const csv = readCsvOptions(given);
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const piecesOf = (table: Table): Iterable<string | Uint8Array> =>
    table.fileType === "parquet" && content.parquet ? content.parquet(table) : csvPieces(table, csv);
  const isLarge = ({ rowCount, columns }: Table) => rowCount * columns.length >= MANY_CELLS;
  return [
    ...tables.map((table) => ({
      name: fileOf(table),
      text: isLarge(table) ? withOptimiser(piecesOf(table)) : piecesOf(table),
    })),
    // Who takes draws to a database finds the tables there too.
    ...(content.parquet ? [{ name: VIEWS_NAME, text: makeViews(tables, csv) }] : []),
    {
      name: PACKAGE_NAME,
      text: (written) => makeDataPackage(tables, provenanceOf(content), csv, sha256, written),
    },
  ];
}

/** Where the files of a run come from: all that decides their bytes. */
export function provenanceOf(content: RunContent): Provenance {
  const { scenario, results, file, environment, compared, sweep } = content;
  return {
    version: environment.version,
    ...describeRun(scenario, results),
    ...inputsOf(scenario, file, environment),
    ...(content.sample ? { sample: content.sample } : {}),
    ...(compared
      ? {
          compared: compared.map(({ name, file: own, scenario: one }) => ({
            name,
            ...inputsOf(one, own, environment),
          })),
        }
      : {}),
    ...(sweep ? { sweep } : {}),
    draws: content.draws,
  };
}

/** Files and changes that made a scenario, under names independent of their location. */
export function inputsOf(scenario: Scenario, file: string, environment: Environment): Inputs {
  const own = resolvePath("", file);
  const catalog = new Set(listCatalogFiles(environment).map((name) => resolvePath("", name)));
  return listInputs(scenario, own, catalog, (name) => path.posix.relative(path.posix.dirname(own), name));
}
