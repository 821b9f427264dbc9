import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { readXlsx } from "hucre/xlsx";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { runForTrace } from "../../src/analysis/trace/trace-run.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import type { Sheet, Workbook } from "../../src/workbook/cells.ts";
import { makeWorkbook, writeXlsxFile } from "../../src/workbook/index.ts";

const origin = {
  description: undefined,
  version: "1.2.3",
  command: "gigafleet run a.yaml --xlsx",
  files: [],
};

/** The workbook of a scenario at its medians; undefined where a value leaves its range. */
export async function workbookOf(scenario: Scenario, title = "Plan"): Promise<Workbook | undefined> {
  const { run } = runForTrace(scenario);
  const { results } = await runPlain(scenario, createThreadRunner());
  return run && results && makeWorkbook(run, results, { ...origin, title });
}

/** The workbook as a person leaves it who changes the cells of an input: formulas without any stored value. */
export function withoutValues(
  { sheets, ...workbook }: Workbook,
  change: { readonly sheet: string; readonly column: number; readonly by: (value: number) => number } & {
    readonly isRow: (row: number) => boolean;
  } = { sheet: "", column: 0, by: (value) => value, isRow: () => false },
): Workbook {
  const changed = sheets.map(
    (sheet): Sheet => ({
      ...sheet,
      rows: [...sheet.rows].map((cells, row) =>
        cells.map((cell, column) => {
          if (cell?.formula !== undefined) return { ...cell, value: null };
          const isInput = sheet.name === change.sheet && column === change.column && change.isRow(row);
          return cell && isInput && typeof cell.value === "number"
            ? { ...cell, value: change.by(cell.value) }
            : cell;
        }),
      ),
    }),
  );
  return { ...workbook, sheets: changed };
}

/** Rows of cells of every sheet, by the name of the sheet. */
export type Computed = ReadonlyMap<string, readonly (readonly unknown[])[]>;

/** Cells of every workbook, as LibreOffice computes them: one process for all. */
export async function recalculate(
  workbooks: ReadonlyMap<string, Workbook>,
): Promise<ReadonlyMap<string, Computed>> {
  const files = new Map<string, Uint8Array>();
  for (const [name, workbook] of workbooks)
    files.set(`${name}.xlsx`, Buffer.concat([...(await writeXlsxFile(workbook))]));
  return openInCalc(files);
}

/**
 * Opens files in one LibreOffice and reads what their cells hold.
 *
 * @param filter how a CSV file is read: its delimiter, quotes, character set, first line, columns and language, by number
 */
export async function openInCalc(
  files: ReadonlyMap<string, Uint8Array | string>,
  filter?: string,
): Promise<ReadonlyMap<string, Computed>> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-sheets-"));
  try {
    for (const [name, bytes] of files) fs.writeFileSync(path.join(folder, name), bytes);
    const out = path.join(folder, "out");
    const { status, stderr } = spawnSync(
      "soffice",
      [
        `-env:UserInstallation=${pathToFileURL(path.join(folder, "profile")).href}`,
        "--headless",
        "--norestore",
        ...(filter === undefined ? [] : [`--infilter=CSV:${filter}`]),
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        out,
        ...[...files.keys()].map((name) => path.join(folder, name)),
      ],
      { encoding: "utf8", timeout: 900_000 },
    );
    if (status !== 0) throw new Error(`soffice ended with ${status}: ${stderr}`);
    const read = new Map<string, Computed>();
    for (const file of files.keys()) {
      const { name } = path.parse(file);
      const { sheets } = await readXlsx(new Uint8Array(fs.readFileSync(path.join(out, `${name}.xlsx`))));
      read.set(name, new Map(sheets.map((sheet) => [sheet.name, sheet.rows])));
    }
    return read;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Cells that differ from what the engine found, in words: formulas by more than 1e-9 of the largest number of their column, or by
 * more than rounding leaves of the largest of their unit, and
 * values of the engine at all. The sheets of inputs and the engine's values beside formulas are left out: a changed input
 * leaves them as they are.
 *
 * @param isChanged whether an input was changed, so that guarded values of the engine are not available
 */
export function differences(
  { sheets }: Workbook,
  computed: ReadonlyMap<string, readonly (readonly unknown[])[]>,
  isChanged = false,
): { readonly compared: number; readonly different: readonly string[] } {
  let compared = 0;
  const different: string[] = [];
  for (const { name, rows: lines, widths } of sheets) {
    if (["Inputs", "InputsByMonth", "About", "Ranges", "Fan", "Charts"].includes(name)) continue;
    const rows = [...lines];
    const largest = widths.map((_, column) =>
      rows.reduce((size, cells) => Math.max(size, Math.abs(Number(cells[column]?.value)) || 0), 0),
    );
    // What is left where two columns of one unit are subtracted, such as power without and with the chips.
    const unitOf = (column: number) => rows[1]?.[column]?.value ?? "";
    const dust = widths.map((_, column) =>
      largest.reduce(
        (size, value, other) => (unitOf(other) === unitOf(column) ? Math.max(size, 1e-14 * value) : size),
        0,
      ),
    );
    for (const [row, cells] of rows.entries())
      for (const [column, cell] of cells.entries()) {
        if (!cell || cell.style?.kind === "note") continue;
        const isBeside = ["Summary", "Figures"].includes(name) && column === 3;
        const isBelow = ["Annual", "Quarterly"].includes(name) && cell.formula === undefined;
        if (isBeside || isBelow) continue;
        const got = computed.get(name)?.[row]?.[column] ?? null;
        if (isChanged && cell.formula?.startsWith("IF(inputs_unchanged=")) {
          // What no cell can follow says so, in place of an old value.
          if (typeof got === "number")
            different.push(`${name} ${row + 1},${column + 1}: ${got} is left behind`);
          continue;
        }
        const expected = cell.value === "" ? null : cell.value;
        compared++;
        const isSame =
          typeof expected === "number" && typeof got === "number"
            ? Math.abs(got - expected) <= Math.max(1e-9 * (largest[column] ?? 0), dust[column] ?? 0)
            : (got === "" ? null : got) === expected ||
              (cell.formula === undefined && typeof got === "object");
        if (!isSame)
          different.push(
            `${name} ${row + 1},${column + 1}: ${got} for ${expected}; ${cell.formula ?? "value"}`,
          );
      }
  }
  return { compared, different };
}
