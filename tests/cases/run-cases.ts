/** Runs worked cases: a scenario, and rows of the tables that it must give, worked out by hand. */

import { describe, expect, test } from "vitest";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { makeTables } from "../../src/analysis/tables/index.ts";
import type { Column, Table } from "../../src/metrics/table.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { expectRefereeAgrees } from "../reference/compare.ts";
import { faultsOf, load } from "../scenario/load-files.ts";
import { type CaseBlock, readCases } from "./case-file.ts";

/** Columns that name a row. */
const KEYS: ReadonlySet<string> = new Set([
  "month",
  "year",
  "quarter",
  "fleet",
  "site",
  "chip",
  "metric",
  "contract",
  "loan",
]);

/** Cases have small prices, and some have less power than their chips need. */
const MAY_BE_WARNED_OF: ReadonlySet<string> = new Set(["doubtful-value", "stranded-fleet", "stranded-site"]);

/** Makes a test of every scenario in the `*.case.md` of a folder. */
export function runCases(folder: string): void {
  describe.each(readCases(folder).map((file) => [file.name, file] as const))(
    "%s",
    (_name, { title, prose, blocks }) => {
      test("tells the reader what it is about and how the figures come about", () => {
        expect(title).not.toBe("");
        expect(prose.length, "prose").toBeGreaterThan(200);
        expect(blocks[0]?.words).toEqual(["yaml", "scenario"]);
        for (const { words } of blocks)
          expect(["yaml scenario", "csv expect"]).toContain(words.slice(0, 2).join(" "));
      });

      const starts = blocks.flatMap(({ words }, index) => (words[1] === "scenario" ? [index] : []));
      for (const [number, start] of starts.entries()) {
        const scenario = blocks[start];
        const expected = blocks.slice(start + 1, starts[number + 1]);
        test(`${title} (line ${scenario.line})`, async () => {
          expect(expected.length, "tables expected").toBeGreaterThan(0);
          const result = load(scenario.text, { catalog: [] });
          const diagnostics = result.diagnostics.filter(({ code }) => !MAY_BE_WARNED_OF.has(code));
          expect(faultsOf({ diagnostics }, true)).toEqual([]);
          if (!result.scenario) return;
          const run = await runPlain(result.scenario, createThreadRunner());
          expect(run.diagnostics).toEqual([]);
          const { results } = run;
          if (!results) return;
          const tables = makeTables(results);
          for (const block of expected) expectRows(block, tables);
          expectRefereeAgrees(result.scenario);
        });
      }
    },
  );
}

function expectRows({ words, text, line }: CaseBlock, tables: readonly Table[]): void {
  const table = tables.find(({ name }) => name === words[2]);
  if (!table) throw new Error(`line ${line}: there is no table ${words[2]}`);
  const [header, ...rows] = text
    .trimEnd()
    .split("\n")
    .map((row) => row.split(","));
  const columns = header.map((name) => {
    const column = table.columns.find((one) => one.name === name);
    if (!column) throw new Error(`line ${line}: table ${table.name} has no column ${name}`);
    return column;
  });
  const got = rows.map((cells) => {
    const found = findRow(table, columns, cells);
    if (found.length !== 1) throw new Error(`line ${line}: ${found.length} rows match ${cells.join(",")}`);
    return cells.map((cell, index) =>
      isRight(cell, columns[index], found[0]) ? cell : valueAt(columns[index], found[0]),
    );
  });
  expect([header, ...got].map((row) => row.join(",")).join("\n"), `line ${line}`).toBe(text.trimEnd());
}

function findRow(table: Table, columns: readonly Column[], cells: readonly string[]): number[] {
  return Array.from({ length: table.rowCount }, (_, row) => row).filter((row) =>
    columns.every((column, index) => !KEYS.has(column.name) || valueAt(column, row) === cells[index]),
  );
}

function valueAt({ values }: Column, row: number): string {
  return String(values[row]);
}

/**
 * A figure is right to 1e-9 of the largest of its column, for rounding in the sums behind it. After `~` it is one rounded by
 * hand and right to half a unit of its last digit.
 */
function isRight(cell: string, column: Column, row: number): boolean {
  const value = column.values[row];
  if (typeof value !== "number") return String(value) === cell;
  if (!cell.startsWith("~")) {
    const largest = Math.max(...Array.from(column.values, (one) => Math.abs(Number(one))));
    const scale = column.name === "value" ? Math.abs(Number(cell)) : largest;
    return Math.abs(value - Number(cell)) <= 1e-9 * scale;
  }
  const decimals = cell.split(".")[1]?.length ?? 0;
  return Math.abs(value - Number(cell.slice(1))) <= 0.5000001 * 10 ** -decimals;
}
