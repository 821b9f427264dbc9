import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

/**
 * The chip of docs/adding-a-chip.md, put as one file into a copy of the program's catalog, is followed through every output.
 */
const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = fs.readFileSync(path.join(root, "docs/adding-a-chip.md"), "utf8");
const entry = /```yaml\n(chips:[\s\S]*?)```/.exec(page)?.[1] ?? "";

const scenario = `schema_version: 1
start: 2027-03
years: 1
sites: { hall: { power: 20 MW, pue: 1.1, pue_design: 1.25 } }
fleets: { new: { chip: example_x1, site: hall, size: 1000 chips, commissioning: 0 months, deliver: { at: 2027-03 } } }
`;

let folder = "";
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-chip-"));
  for (const name of ["dist", "scenarios"])
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  fs.copyFileSync(path.join(root, "package.json"), path.join(folder, "package.json"));
  fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  fs.writeFileSync(path.join(folder, "scenarios/catalog/chips-example.yaml"), entry);
  fs.writeFileSync(path.join(folder, "new.yaml"), scenario);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function run(...words: string[]): string {
  return execFileSync(process.execPath, ["dist/cli.js", ...words], { cwd: folder, encoding: "utf8" });
}

function readCsv(name: string): Record<string, string>[] {
  const [head = "", ...lines] = fs.readFileSync(path.join(folder, name), "utf8").trim().split("\n");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((cell, at) => [head.split(",")[at], cell])),
  );
}

test("one entry in one file is in the list of the catalog, with its figures and their sources", () => {
  expect(run("catalog")).toMatch(
    /^example_x1 +- +4\.00 +2\.00 +192\.0 +8\.00 +~1\.64 +~29\.6 2026-12 derived$/m,
  );
  const shown = run("catalog", "example_x1");
  expect(shown).toContain("Example, X1 data sheet (8 sparse)");
  expect(shown).toMatch(/rental_rate\.three_years +.*3 USD\/hour/);
  expect(shown).toContain("Example Cloud, reserved for three years");
});

test("it runs, and stands in every table", () => {
  run("run", "new.yaml", "--out", "results");
  const last = readCsv("results/fleets.csv").at(-1) ?? {};
  expect(last.chip).toBe("example_x1");
  expect(Number(last.chips_energised)).toBe(1000);
  // 1,000 chips at the median of 1.5 to 1.8 kW, and FP4 work in the chip's FP8.
  const median = Math.sqrt(1.5 * 1.8);
  expect(Number(last.it_power_mw)).toBeCloseTo(median, 9);
  const month = readCsv("results/monthly.csv").at(-1) ?? {};
  expect(Number(month.facility_power_mw)).toBeCloseTo(1.25 * median, 9);
  expect(Number(month.peak_fp4_eflops)).toBeCloseTo(4, 9);
  expect(Number(month.hbm_pb)).toBeCloseTo(0.192, 9);
  const landed = readCsv("results/fleets.csv").reduce(
    (sum, row) => sum + Number(row.chip_landed_cost_usd),
    0,
  );
  expect(landed / 1000).toBeCloseTo(Math.sqrt(25_000 * 35_000), 4);
});

test("a published deployment of it is predicted", () => {
  const [head = ""] = fs
    .readFileSync(path.join(folder, "scenarios/validation/cases.csv"), "utf8")
    .split("\n");
  const cells: Record<string, string> = {
    id: "X1",
    case: "A hall of X1",
    template: "deployment.yaml",
    month: "2027-03",
    chips: "example_x1",
    given: "10000 chips",
    basis: "it",
    predict: "power",
    published: "16",
    low: "14",
    high: "18",
    unit: "MW",
    independent: "yes",
    url: "https://example.org",
    date: "2027-03-01",
  };
  const row = head.split(",").map((name) => cells[name] ?? "");
  fs.writeFileSync(path.join(folder, "scenarios/validation/mine.csv"), `${head}\n${row.join(",")}\n`);
  const { summaries, backtest } = JSON.parse(
    run("backtest", "scenarios/validation/mine.csv", "--out", "mine", "--json"),
  );
  expect(backtest[0].predicted).toBeCloseTo(10 * Math.sqrt(1.5 * 1.8), 9);
  expect(summaries.deployments).toMatchObject({ points: 1, independentPoints: 1, shareInside: 1 });
  expect(readCsv("mine/backtest.csv")).toHaveLength(1);
});
