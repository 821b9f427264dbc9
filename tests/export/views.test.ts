import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, test } from "vitest";
import { type CsvOptions, toCsv } from "../../src/export/csv.ts";
import { fileOf } from "../../src/export/data-package.ts";
import { parquetPieces } from "../../src/export/parquet.ts";
import { makeViews } from "../../src/export/views.ts";
import type { Column, Table } from "../../src/metrics/table.ts";

const column = (name: string, type: Column["type"], values: Column["values"]): Column => ({
  name,
  type,
  text: `${name}.`,
  values,
});
const table = (name: string, ...columns: readonly Column[]): Table => ({
  name,
  text: "",
  columns,
  rowCount: columns[0]?.values.length ?? 0,
  primaryKey: [],
});

/** A year of which one figure is sampled, a month whose first rows have no number, a fleet with an odd name, and draws. */
const tables: readonly Table[] = [
  table(
    "annual",
    column("year", "year", [2026, 2027]),
    column("energy_gwh", "number", [1.25, -3]),
    column("output_tokens", "number", [null, null]),
    column("binding", "string", ["power", "chips"]),
  ),
  table(
    "annual_ranges",
    column("year", "year", [2026, 2027, 2026]),
    column("metric", "string", ["energy_gwh", "energy_gwh", "binding"]),
    column("word", "string", [null, null, "power"]),
    column("unit", "string", ["GWh", "GWh", null]),
    column("p5", "number", [1.125, -4, null]),
    column("p95", "number", [1.5, -2, null]),
    column("share", "number", [null, null, 0.75]),
  ),
  table(
    "fleets",
    column("month", "month", ["2026-11", "2026-12"]),
    column("fleet", "string", ['o\'brien "1"', "a;b,c"]),
    column("chips", "number", [1234.5, 0.000001]),
  ),
  {
    ...table("my draws", column("trial", "integer", [1, 2]), column("npv", "number", [0.1, 1 / 3])),
    fileType: "parquet",
  },
];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

/** Runs the views of tables written in a format, from their folder, and asks. */
async function askDuckDb(csv: CsvOptions, questions: readonly string[]) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-views-"));
  folders.push(folder);
  for (const each of tables)
    fs.writeFileSync(
      path.join(folder, fileOf(each)),
      each.fileType === "parquet" ? Buffer.concat([...parquetPieces(each)]) : toCsv(each, csv),
    );
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  try {
    // As `duckdb -init views.sql` in the folder.
    await connection.run(`SET file_search_path = '${folder}'`);
    await connection.run(makeViews(tables, csv));
    const answers = [];
    for (const question of questions) answers.push((await connection.runAndReadAll(question)).getRowsJson());
    return answers;
  } finally {
    connection.closeSync();
  }
}

test.each([
  ["a plain folder", {}],
  ["a folder of German locale", { bom: true, delimiter: ";", decimal: "," }],
  ["a folder with tabs", { delimiter: "\t" }],
] as const)("DuckDB reads %s with types, ranges and draws", async (_, csv) => {
  const [fleets, types, years, draws] = await askDuckDb(csv, [
    "SELECT CAST(month AS VARCHAR), fleet, chips FROM fleets ORDER BY month",
    "SELECT column_name, column_type FROM (DESCRIBE annual)",
    "SELECT year, metric, at_medians, p5, p95 FROM annual_figures ORDER BY year",
    'SELECT trial, npv FROM "my draws" ORDER BY trial',
  ]);
  expect(fleets).toEqual([
    ["2026-11-01", 'o\'brien "1"', 1234.5],
    ["2026-12-01", "a;b,c", 0.000001],
  ]);
  expect(types).toEqual([
    ["year", "INTEGER"],
    ["energy_gwh", "DOUBLE"],
    ["output_tokens", "DOUBLE"],
    ["binding", "VARCHAR"],
  ]);
  // A figure without a value in any year is in no row, and words have none of their own.
  expect(years).toEqual([
    [2026, "energy_gwh", 1.25, 1.125, 1.5],
    [2027, "energy_gwh", -3, -4, -2],
  ]);
  expect(draws).toEqual([
    [1, 0.1],
    [2, 1 / 3],
  ]);
});
