import type { Column, Table } from "../metrics/table.ts";
import type { CsvOptions } from "./csv.ts";

/** Where the profiles of Data Package v2 are published. */
const PROFILES = "https://datapackage.org/profiles/2.0";

/** An input file of the results. */
export type InputFile = { readonly name: string; readonly text: string };

/** A change made to a scenario, and its place. */
type Change = {
  readonly path: string;
  readonly from: string;
  readonly old: string;
  readonly new: string;
};

/** A file of results as it was written. */
export type WrittenFile = { readonly name: string; readonly bytes: number; readonly sha256: string };

/** The origin of results: everything that decides their bytes. */
export type Provenance = {
  /** Of the program. */
  readonly version: string;
  readonly schemaVersion: number;
  readonly slug: string;
  readonly title: string;
  readonly description?: string | undefined;
  /** The scenario's own file first, then those it extends. */
  readonly scenarioFiles: readonly InputFile[];
  readonly catalogFiles: readonly InputFile[];
  readonly referenceUse: string;
  /** The sample of the statistics, if one was taken. */
  readonly sample?: { readonly seed: string; readonly trials: number; readonly quantiles: readonly number[] };
  readonly changes: readonly Change[];
  /** Scenarios or mixes that were compared, including the first. */
  readonly compared?: readonly {
    readonly name: string;
    readonly scenarioFiles: readonly InputFile[];
    readonly changes: readonly Change[];
  }[];
  /** The table of draws, which a user names; later runs do not remove it. */
  readonly draws?: string | undefined;
  /** Axes of a sweep: how they combine, and for each the number of values and its ends. */
  readonly sweep?: {
    readonly kind: string;
    readonly points: number;
    readonly axes: readonly {
      readonly path: string;
      readonly count: number;
      readonly first: string;
      readonly last: string;
    }[];
  };
};

/**
 * Describes the files of a run as a Data Package of version 2: every column with type, unit and meaning, each file with its
 * hash, and the inputs with theirs. It contains neither time nor machine, so that the same inputs give the same bytes.
 *
 * @param written the files as written; those without a table are listed only by name, size and hash
 * @param hash SHA-256 of a text in hexadecimal; a parameter, because this code also runs without Node
 *
 * Fails: never.
 */
export function makeDataPackage(
  tables: readonly Table[],
  provenance: Provenance,
  csv: CsvOptions,
  hash: (text: string) => string,
  written: readonly WrittenFile[] = [],
): string {
  const { slug, title, description, version, schemaVersion, scenarioFiles, catalogFiles } = provenance;
  const hashed = ({ name, text }: InputFile) => ({ file: name, sha256: hash(text) });
  const [scenario, ...bases] = scenarioFiles.map(hashed);
  const compared = provenance.compared?.map((one) => {
    const [own, ...others] = one.scenarioFiles.map(hashed);
    return { name: one.name, scenario: own, bases: others, overrides: one.changes };
  });
  const content = {
    $schema: `${PROFILES}/datapackage.json`,
    name: slug.toLowerCase().replace(/[^a-z0-9._-]/g, "-"),
    title,
    ...(description === undefined ? {} : { description }),
    resources: [
      ...tables.map((table) => ({
        ...describeTable(table, csv),
        ...describeBytes(written.find(({ name }) => name === fileOf(table))),
      })),
      ...written.filter(({ name }) => !tables.some((table) => fileOf(table) === name)).map(describeFile),
    ],
    gigafleet: {
      version,
      schema_version: schemaVersion,
      scenario,
      bases,
      catalog: catalogFiles.map(hashed),
      seed: provenance.sample?.seed ?? null,
      trials: provenance.sample?.trials ?? 0,
      ...(provenance.sample ? { quantiles: provenance.sample.quantiles } : {}),
      quantities: "medians",
      reference_use: provenance.referenceUse,
      overrides: provenance.changes,
      ...(provenance.draws === undefined ? {} : { draws: provenance.draws }),
      ...(compared ? { compared } : {}),
      ...(provenance.sweep ? { sweep: provenance.sweep } : {}),
    },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** Name of a table's file. */
export function fileOf({ name, fileType = "csv" }: Table): string {
  return `${name}.${fileType}`;
}

function describeBytes(file: WrittenFile | undefined) {
  return file ? { bytes: file.bytes, hash: `sha256:${file.sha256}` } : {};
}

/** A file without a table, under a name that data packages allow for a resource. */
function describeFile(file: WrittenFile) {
  const name = file.name.toLowerCase().replace(/[^a-z0-9._-]/g, "-");
  return { name, path: file.name, ...describeBytes(file) };
}

function describeTable(table: Table, { delimiter = ",", decimal = "." }: CsvOptions) {
  const { name, text, columns, primaryKey, fileType } = table;
  const isCsv = fileType !== "parquet";
  const csv = {
    format: "csv",
    mediatype: "text/csv",
    encoding: "utf-8",
    dialect: {
      $schema: `${PROFILES}/tabledialect.json`,
      delimiter,
      lineTerminator: "\n",
      quoteChar: '"',
      doubleQuote: true,
      header: true,
    },
  };
  return {
    name,
    type: "table",
    path: fileOf(table),
    description: text,
    ...(isCsv ? csv : { format: "parquet", mediatype: "application/vnd.apache.parquet" }),
    schema: {
      $schema: `${PROFILES}/tableschema.json`,
      fields: columns.map((column) => describeColumn(column, isCsv ? decimal : ".")),
      ...(primaryKey.length > 0 ? { primaryKey } : {}),
      missingValues: [""],
    },
  };
}

/** Column types in Frictionless. */
const FIELD_TYPES: Readonly<Record<Column["type"], string>> = {
  month: "yearmonth",
  year: "year",
  quarter: "string",
  string: "string",
  number: "number",
  integer: "integer",
};

function describeColumn({ name, type, unit, text }: Column, decimal: string) {
  return {
    name,
    type: FIELD_TYPES[type],
    ...(type === "number" && decimal !== "." ? { decimalChar: decimal } : {}),
    ...(unit === undefined ? {} : { unit }),
    description: text,
  };
}
