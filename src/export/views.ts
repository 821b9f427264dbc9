import type { Column, Table } from "../metrics/table.ts";
import type { CsvOptions } from "./csv.ts";
import { fileOf } from "./data-package.ts";

/** Name of the views beside the tables. */
export const VIEWS_NAME = "views.sql";

/**
 * Writes views of the tables for DuckDB: each file with its types, months as dates, and figures beside their ranges where a
 * sample was taken. `duckdb -init views.sql`, started in the folder, has all tables at once.
 *
 * Fails: never.
 */
export function makeViews(tables: readonly Table[], csv: CsvOptions): string {
  const joined = PERIODS.flatMap(({ plain, ranges, period }) => {
    const [figures, spread] = [plain, ranges].map((name) => tables.find((table) => table.name === name));
    return figures && spread ? [rangesView(figures, spread, period)] : [];
  });
  return [
    "-- Views of the tables in this folder for DuckDB: duckdb -init views.sql",
    ...tables.map((table) => tableView(table, csv)),
    ...joined,
    "",
  ].join("\n");
}

/** Tables of figures, and those of their ranges. */
const PERIODS = [
  { plain: "annual", ranges: "annual_ranges", period: "year" },
  { plain: "monthly", ranges: "monthly_ranges", period: "month" },
] as const;

/** Types of columns in files; months are read as texts and become the first day of the month. */
const TYPES: Readonly<Record<Column["type"], string>> = {
  month: "VARCHAR",
  year: "INTEGER",
  quarter: "VARCHAR",
  string: "VARCHAR",
  number: "DOUBLE",
  integer: "INTEGER",
};

function tableView(table: Table, csv: CsvOptions): string {
  const { name, columns, fileType } = table;
  const months = columns.filter(({ type }) => type === "month").map((column) => identifier(column.name));
  const dates = months.map((month) => `CAST(${month} || '-01' AS DATE) AS ${month}`);
  const picked = dates.length > 0 ? `* REPLACE (${dates.join(", ")})` : "*";
  const file = fileType === "parquet" ? `read_parquet(${text(fileOf(table))})` : csvReader(table, csv);
  return `CREATE OR REPLACE VIEW ${identifier(name)} AS SELECT ${picked} FROM ${file};`;
}

/** Reads a CSV file with the types that it was written with: nothing is guessed from its first rows. */
function csvReader(table: Table, { delimiter = ",", decimal = "." }: CsvOptions): string {
  const types = table.columns.map(({ name, type }) => `${text(name)}: '${TYPES[type]}'`);
  return [
    `read_csv(${text(fileOf(table))}, header = true, auto_detect = false, quote = '"', escape = '"'`,
    `delim = ${text(delimiter)}, decimal_separator = ${text(decimal)}, columns = {${types.join(", ")}})`,
  ].join(", ");
}

/** Every figure of a period, at medians, beside the statistics of the sample. */
function rangesView({ name, columns }: Table, ranges: Table, period: string): string {
  const numbers = columns.filter(({ type, name: column }) => type === "number" && column !== "months");
  const own = new Set([period, "metric", "word"]);
  const statistics = ranges.columns.filter((column) => !own.has(column.name));
  const picked = statistics.map((column) => `r.${identifier(column.name)}`).join(", ");
  return [
    `CREATE OR REPLACE VIEW ${identifier(`${name}_figures`)} AS`,
    `SELECT f.${period}, f.metric, f.at_medians, ${picked}`,
    `FROM (UNPIVOT ${identifier(name)} ON ${numbers.map((column) => identifier(column.name)).join(", ")} INTO NAME metric VALUE at_medians) f`,
    `LEFT JOIN ${identifier(ranges.name)} r ON r.${period} = f.${period} AND r.metric = f.metric AND r.word IS NULL;`,
  ].join("\n");
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
