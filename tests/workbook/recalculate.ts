import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import type { Row, Sheet, Workbook } from "../../src/workbook/cells.ts";
import { MONTH_FORMAT } from "../../src/workbook/formats.ts";
import { makeWorkbook, runForWorkbook, writeXlsxFile } from "../../src/workbook/index.ts";

const origin = {
  description: undefined,
  version: "1.2.3",
  command: "gigafleet run a.yaml --xlsx",
  files: [],
};

/** The workbook of a scenario at its medians; undefined where a value leaves its range. */
export async function workbookOf(scenario: Scenario, title = "Plan"): Promise<Workbook | undefined> {
  const run = runForWorkbook(scenario);
  const { results } = await runPlain(scenario, createThreadRunner());
  return run && results && makeWorkbook(run, results, { ...origin, title });
}

/** The workbook without any stored value of a formula. */
function withoutValues({ sheets, ...workbook }: Workbook): Workbook {
  const bare = sheets.map(
    (sheet): Sheet => ({
      ...sheet,
      rows: [...sheet.rows].map((cells) =>
        cells.map((cell) => (cell?.formula === undefined ? cell : { ...cell, value: null })),
      ),
    }),
  );
  return { ...workbook, sheets: bare };
}

/** The cells of an input. */
type InputCells = {
  readonly sheet: string;
  readonly column: number;
  readonly isRow: (row: number) => boolean;
};

/** The workbook as a person leaves it who changes the cells of an input. */
export function changeInput(
  { sheets, ...workbook }: Workbook,
  input: InputCells,
  by: (value: number) => number,
): Workbook {
  const changed = sheets.map((sheet): Sheet => {
    if (sheet.name !== input.sheet) return sheet;
    const rows = [...sheet.rows].map((cells, row) =>
      cells.map((cell, column) =>
        column === input.column && input.isRow(row) && typeof cell?.value === "number"
          ? { ...cell, formula: undefined, value: by(cell.value) }
          : cell,
      ),
    );
    return { ...sheet, rows };
  });
  return { ...workbook, sheets: changed };
}

/** Rows of cells of every sheet, by the name of the sheet. */
export type Computed = ReadonlyMap<string, readonly (readonly unknown[])[]>;

/** Workbooks that one LibreOffice opens: it keeps memory of each. */
const MOST_AT_ONCE = 24;

/** Cells of every workbook, as LibreOffice computes them: one process for many. */
export async function recalculate(
  workbooks: ReadonlyMap<string, Workbook>,
): Promise<ReadonlyMap<string, Computed>> {
  const computed = new Map<string, Computed>();
  const all = [...workbooks];
  for (let first = 0; first < all.length; first += MOST_AT_ONCE) {
    const files = new Map<string, Uint8Array>();
    for (const [name, workbook] of all.slice(first, first + MOST_AT_ONCE))
      files.set(`${name}.xlsx`, Buffer.concat([...(await writeXlsxFile(withoutValues(workbook)))]));
    for (const [name, sheets] of openInCalc(files)) computed.set(name, sheets);
  }
  return computed;
}

/**
 * Numbers with all digits, every sheet: files of text are written and read back in a third of the time of workbooks.
 *
 * Its numbers: delimiter, quotes, character set, first line, columns, language, texts quoted, numbers as shown, formulas, spaces, sheets.
 */
const AS_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1";

/**
 * Opens files in one LibreOffice and reads what their cells hold.
 *
 * @param filter how a CSV file is read: its delimiter, quotes, character set, first line, columns and language, by number
 */
export function openInCalc(
  files: ReadonlyMap<string, Uint8Array | string>,
  filter?: string,
): ReadonlyMap<string, Computed> {
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
        AS_TEXT,
        "--outdir",
        out,
        ...[...files.keys()].map((name) => path.join(folder, name)),
      ],
      { encoding: "utf8", timeout: 900_000 },
    );
    if (status !== 0) throw new Error(`soffice ended with ${status}: ${stderr}`);
    return new Map([...files.keys()].map((file) => readSheets(out, path.parse(file).name)));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The sheets of a file, as they were written to files of text: `NAME-SHEET.csv`. */
function readSheets(folder: string, name: string): readonly [string, Computed] {
  const sheets = fs
    .readdirSync(folder)
    .filter((file) => file.startsWith(`${name}-`))
    .map((file) => {
      const text = fs.readFileSync(path.join(folder, file), "utf8");
      return [path.parse(file).name.slice(name.length + 1), readCells(text)] as const;
    });
  return [name, new Map(sheets)];
}

/** Cells of a text; what looks like a number is one. */
function readCells(text: string): readonly (readonly unknown[])[] {
  const rows: unknown[][] = [[]];
  for (const [, quoted, bare = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\n]*))(,|\n|$)/g)) {
    rows.at(-1)?.push(numberOf(quoted?.replaceAll('""', '"') ?? bare));
    if (end === "\n") rows.push([]);
  }
  // The last line has an end too.
  return rows.slice(0, -1);
}

/** A number as an input line shows it, such as `12.5%`; an error or a date as it is. */
function numberOf(text: string): unknown {
  if (text === "") return null;
  const [, digits, percent] = /^(-?[\d.]+(?:E[+-]?\d+)?)(%?)$/.exec(text) ?? [];
  return digits === undefined ? text : Number(digits) / (percent === "%" ? 100 : 1);
}

/**
 * Cells that differ from what the engine found, in words: formulas by more than 1e-9 of the largest number of their column (of their name, for figures without months), or by
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
    // Figures without months stand below each other in all units: each is measured by those of its name, and dust by its unit.
    const nameAt = (rows[1] ?? []).findIndex((head) => head?.value === "figure");
    const unitAt = (rows[1] ?? []).findIndex((head) => head?.value === "unit");
    const largestOf = (column: number, word: unknown) =>
      rows.reduce((size, cells) => {
        const numbers = cells[column]?.value === word ? cells.slice(nameAt + 1) : [];
        return numbers.reduce((most, cell) => Math.max(most, Math.abs(Number(cell?.value)) || 0), size);
      }, 0);
    const roomOf = (cells: Row, column: number) =>
      nameAt < 0
        ? Math.max(1e-9 * (largest[column] ?? 0), dust[column] ?? 0)
        : Math.max(
            1e-9 * largestOf(nameAt, cells[nameAt]?.value),
            1e-14 * largestOf(unitAt, cells[unitAt]?.value),
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
        // Months are dates, which no input moves.
        if (!cell || cell.style?.kind === "note" || cell.style?.format === MONTH_FORMAT) continue;
        const isBeside = ["Summary", "Figures"].includes(name) && column === 3;
        const isBelow = ["Annual", "Quarterly"].includes(name) && cell.formula === undefined;
        if (isBeside || isBelow) continue;
        const got = computed.get(name)?.[row]?.[column] ?? null;
        if (isChanged && String(cell.formula).startsWith("IF(inputs_unchanged=")) {
          // What no cell can follow says so, in place of an old value.
          if (typeof got === "number")
            different.push(`${name} ${row + 1},${column + 1}: ${got} is left behind`);
          continue;
        }
        const expected = cell.value === "" ? null : cell.value;
        compared++;
        const isSame =
          typeof expected === "number" && typeof got === "number"
            ? Math.abs(got - expected) <= roomOf(cells, column)
            : expected === null
              ? got === null
              : String(got) === String(expected);
        if (!isSame)
          different.push(
            `${name} ${row + 1},${column + 1}: ${got} for ${expected}; ${cell.formula ?? "value"}`,
          );
      }
  }
  return { compared, different };
}
