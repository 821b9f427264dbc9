import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type ComparedRun, differingInputs } from "../../src/analysis/compare/comparison.ts";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { makeAnnual, makeMonthly } from "../../src/analysis/tables/index.ts";
import { chooseColumns } from "../../src/analysis/tables/standard-columns.ts";
import { readCsvOptions } from "../../src/cli/io/csv-options.ts";
import { toCsv } from "../../src/export/csv.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import type { Workbook } from "../../src/workbook/cells.ts";
import { makeCompareWorkbook } from "../../src/workbook/index.ts";
import { loadWith, scenarioOf } from "../demand/demand-files.ts";
import { SEED } from "../engine/random-scenario.ts";
import { loadMoney, moneyOf } from "../money/random-contracts.ts";
import { changeInput, differences, openInCalc, recalculate, workbookOf } from "./recalculate.ts";

/**
 * Two sites, one of them leased, with a price made of a definition; a fleet bought, another like it, one on order, and one whose
 * number of chips is made of its money and a price; a contract, loans, tax, and work.
 */
const plan = `schema_version: 1
name: "=1+1"
start: 2026-01
years: 2
let: { market: 60 USD/MWh }
provider: { discount_rate: 10 %, equity_rate: 14 % }
buyer: { discount_rate: 12 % }
sites:
  own: { power: 2 MW, delay: 2 months, pue: 1.1, pue_design: 1.2, electricity: { 2026-01: 50 USD/MWh, 2026-09: 60 USD/MWh }, electricity_growth: 2 %, facility: 10 USD/W, build_time: 6 months, maintenance: 3 %, staff: 20 USD/kW/year, demand_charge: 8 USD/(kW month), demand_minimum: 60 % }
  rented: { power: 1 MW, pue: 1.2, pue_design: 1.3, electricity: market + 10 USD/MWh, electricity_growth: 0 %, tenure: leased, lease: 120 USD/(kW month), lease_growth: 3 %, staff: 10 USD/kW/year }
fleets:
  f: { chip: h100, site: own, size: 500 chips, deliver: { at: 2026-01 }, maintenance: 4 %, pay_on_order: 30 %, procurement: { contract: deal } }
  g: { chip: h200, site: rented, size: 300 chips, deliver: { from: 2026-03, to: 2026-09 }, procurement: { contract: deal } }
  h: { like: f, chip: h100, size: 100 chips, pay_on_order: 10 % }
  by_money: { chip: b200, site: own, size: 2 million USD, deliver: { at: 2026-02 } }
contracts:
  deal: { start: 2026-01, term: 24 months, commitment: 20 million USD, capacity: 1 MW, rates: { h100: 3 USD/hour, h200: 4 USD/hour } }
debt:
  level: { fleets: [f], sites: [own], share: 60 %, rate: 8 %, fee: 1 %, capitalised: true, grace: 2 months, tenor: 20 months, sweep: 20 % }
  even: { fleets: [g], share: 50 %, rate: 6 %, tenor: 15 months, repayment: linear }
tax: { rate: 25 %, loss_limit: 80 %, chips: { depreciation: macrs_5, credit: 5 % }, facility: { depreciation: straight_line, life: 10 years } }
workloads:
  chat: { kind: inference, model: m, requests: 20 requests/s, prompt: 1000 tokens, answer: 200 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }
models:
  m:
    parameters: 10 billion
    layers: 10
    heads: 10
    head_dim: 100
    attention: mha
    context: 8 thousand tokens
    weight_precision: bf16
    compute_precision: bf16
    kv_precision: bf16
`;

const load = (set: readonly string[] = []): Scenario =>
  scenarioOf(loadWith("plan.yaml", plan, { sets: set }));

/**
 * A test run opens a few random scenarios, and changes a third of the inputs in each of three workbooks; GIGAFLEET_SHEETS=all opens
 * fifty and every file of scenarios/, and changes each input alone.
 */
const isThorough = process.env.GIGAFLEET_SHEETS === "all";
const [randomCount, most] = isThorough ? [50, Number.POSITIVE_INFINITY] : [4, 3];

const scenarios = new Map<string, Scenario>([
  ["plan", load()],
  ["reference", scenarioOf(loadWith("scenarios/openai-aws.yaml"))],
]);
const workbooks = new Map<string, Workbook>();
/** Inputs that are changed together. */
const changes: ReturnType<typeof liveInputs>[] = [];
let comparison: Workbook | undefined;
let computed: Awaited<ReturnType<typeof recalculate>> = new Map();

const by = (value: number) => value * 1.25 + (value === 0 ? 0.01 : 0);

/** A plan, what it costs at other prices, and one that lacks figures which the first one has: side by side. */
async function compared(): Promise<Workbook> {
  const bare = plan
    .replace(/^(debt|tax|contracts):.*\n(?: .*\n)*/gm, "")
    .replaceAll(", procurement: { contract: deal }", "");
  const written = [
    ["plan", load()],
    ["dearer", load(["chips.h100.price=50 thousand USD", "provider.discount_rate=7 %"])],
    ["bare", scenarioOf(loadWith("bare.yaml", bare))],
  ] as const;
  const runs: ComparedRun[] = [];
  for (const [name, scenario] of written) {
    const { results } = await runPlain(scenario, createThreadRunner());
    if (!results) throw new Error(`no results of ${name}`);
    runs.push({ name, scenario, results });
  }
  return makeCompareWorkbook(
    { basis: "as written", runs },
    differingInputs(runs.map(({ scenario }) => scenario)),
    { title: "Comparison", description: undefined, version: "1", command: "", files: [] },
  );
}

/** Workbooks as they are, and that of the plan with one input changed in each: all in one LibreOffice, which starts slowly. */
beforeAll(async () => {
  for (const [index, draft] of fc.sample(moneyOf(), { seed: SEED, numRuns: randomCount }).entries())
    scenarios.set(`random-${index}`, loadMoney(draft));
  if (isThorough) for (const [name, scenario] of readQuestions()) scenarios.set(name, scenario);
  for (const [name, scenario] of scenarios) {
    const workbook = await workbookOf(scenario);
    if (workbook) workbooks.set(name, workbook);
  }
  comparison = await compared();
  const opened = new Map([...workbooks, ["comparison", comparison]]);
  const plain = workbooks.get("plan");
  if (!plain) throw new Error("no workbook");
  // What follows another input is left to follow it, except where each is changed alone.
  for (const [index, input] of liveInputs(plain)
    .filter(({ follows }) => isThorough || !follows)
    .entries()) {
    const group = index % most;
    changes[group] = [...(changes[group] ?? []), input];
  }
  for (const [group, inputs] of changes.entries()) {
    const changed = inputs.reduce((workbook, input) => changeInput(workbook, input, by), plain);
    opened.set(`inputs-${group}`, changed);
  }
  computed = await recalculate(opened);
}, 1_800_000);

/** The files of scenarios/, which answer questions of their own. */
function readQuestions(): readonly (readonly [string, Scenario])[] {
  const files = fs.readdirSync("scenarios").filter((name) => name.endsWith(".yaml"));
  return files.map((name) => [path.parse(name).name, scenarioOf(loadWith(`scenarios/${name}`))]);
}

test("LibreOffice finds in every live cell, without a stored value, what the engine found, to 1e-9", () => {
  expect(workbooks.size).toBeGreaterThan(4);
  for (const [name, workbook] of workbooks) {
    const { compared, different } = differences(workbook, computed.get(name) ?? new Map());
    expect(different.slice(0, 8), `${name}: ${different.length} of ${compared}`).toEqual([]);
    expect(compared, name).toBeGreaterThan(1000);
  }
});

test("LibreOffice finds the same differences and ratios between scenarios as the program", () => {
  if (!comparison) throw new Error("no comparison");
  const { compared, different } = differences(comparison, computed.get("comparison") ?? new Map());
  expect(different.slice(0, 8), `${different.length} of ${compared}`).toEqual([]);
  const formulas = comparison.sheets.map(({ rows }) =>
    [...rows].flatMap((cells) => cells.flatMap((cell) => (cell?.formula === undefined ? [] : [cell]))),
  );
  // Two differences and two ratios a figure on the first sheet, of which some are empty because a scenario lacks the figure.
  const [figures = [], years = []] = formulas;
  expect(figures.length).toBeGreaterThan(200);
  expect(figures.filter(({ value }) => value === "").length).toBeGreaterThan(20);
  expect(years.length).toBeGreaterThan(50);
});

test("names and formulas are such as spreadsheets take", () => {
  for (const [title, { names, sheets }] of workbooks) {
    const unique = new Set(names.map(({ name }) => name.toLowerCase()));
    expect(unique.size, title).toBe(names.length);
    // Neither the address of a cell nor a word of the program, whatever the scenario calls its parts.
    for (const { name } of names) expect(name).toMatch(/^in(puts)?_[A-Za-z0-9_]{1,250}$/);
    for (const sheet of sheets) {
      expect(sheet.name).toMatch(/^[A-Za-z]{1,31}$/);
      let longest = 0;
      for (const cells of sheet.rows)
        for (const cell of cells) longest = Math.max(longest, String(cell?.formula ?? "").length);
      expect(longest, `${title} ${sheet.name}`).toBeLessThanOrEqual(8192);
    }
  }
});

test("changed inputs move the workbook as `--set` moves the program", async () => {
  const plain = workbooks.get("plan") as Workbook;
  expect(liveInputs(plain).map(({ label }) => label)).toEqual(
    expect.arrayContaining([
      "provider.discount_rate",
      "buyer.discount_rate",
      "sites.own.electricity",
      "sites.rented.lease",
      "sites.own.staff",
      "fleets.f.maintenance",
      "fleets.h.maintenance",
      "fleets.f.residual_haircut",
      "chips.h100.price",
      "chips.h100.network",
      "sites.rented.electricity",
      "sites.own.facility",
      "sites.own.demand_charge",
      "debt.level.rate",
      "debt.even.share",
      "tax.rate",
      "tax.chips.credit",
    ]),
  );
  // They set how many chips are bought.
  for (const locked of ["chips.b200.price", "chips.b200.network"])
    expect(liveInputs(plain).map(({ label }) => label)).not.toContain(locked);
  const summary = [...(plain.sheets.find(({ name }) => name === "Summary")?.rows ?? [])];
  const notAvailable = summary.flatMap(([, figure, value]) =>
    String(value?.formula).includes("NA()") ? [figure?.value] : [],
  );
  expect(notAvailable).toEqual(["levelised_after_tax_usd_per_chip_hour"]);
  const inert: string[] = [];
  for (const [group, inputs] of changes.entries()) {
    const labels = inputs.map(({ label }) => label);
    const expected = await workbookOf(load(inputs.map(({ set }) => set(by))));
    if (!expected) throw new Error(`${labels} leave their range`);
    const found = computed.get(`inputs-${group}`) ?? new Map();
    const { different } = differences(expected, found, true);
    expect(different.slice(0, 5), `${labels}: ${different.length}`).toEqual([]);
    // And the change is seen.
    if (differences(plain, found, true).different.length === 0) inert.push(...labels);
  }
  expect(inert).toEqual(isThorough ? INERT : []);
}, 600_000);

test.each([
  ["a German sheet", "de", "59,34,UTF8,1,,1031"],
  ["an American sheet", "en-US", "44,34,UTF8,1,,1033"],
] as const)(
  "%s reads the numbers of the run from CSV files of its locale",
  async (_, locale, filter) => {
    const { results } = await runPlain(load(), createThreadRunner());
    if (!results) throw new Error("no results");
    const tables = [makeAnnual(results), makeMonthly(results)].map((table) =>
      chooseColumns(table, "standard"),
    );
    const format = readCsvOptions({ locale });
    const files = new Map(tables.map((table) => [`${table.name}.csv`, toCsv(table, format)]));
    const opened = openInCalc(files, filter);
    for (const { name, columns, rowCount } of tables) {
      const [rows = []] = opened.get(name)?.values() ?? [];
      expect(rows[0]).toEqual(columns.map((column) => column.name));
      expect(rows).toHaveLength(1 + rowCount);
      for (const [index, { name: heading, type, values }] of columns.entries())
        for (let row = 0; row < rowCount && type !== "month"; row++) {
          const cell = rows[1 + row]?.[index] ?? null;
          const value = values[row] ?? null;
          // A file has 15 digits, and what rounding left of 0 is 0.
          if (typeof value === "number" && typeof cell === "number")
            expect(Math.abs(cell - value), `${name} ${heading} ${row}`).toBeLessThanOrEqual(
              1e-14 * Math.abs(value) + 1e-9,
            );
          else expect(cell, `${name} ${heading} ${row}`).toBe(value);
        }
    }
  },
  600_000,
);

/**
 * An owned site pays no rent that could grow; a rented one has no facility of its own, and its utility bills no power; the plan
 * makes no loss that a limit could keep from use.
 */
const INERT: readonly string[] = [
  "sites.own.lease_growth",
  "sites.rented.demand_minimum",
  "sites.rented.maintenance",
  "sites.rented.residual_haircut",
  "tax.loss_limit",
];

/** Inputs that a person may change, with their cells and the `--set` of the same change. */
function liveInputs({ sheets }: Workbook) {
  const rowsOf = (name: string) => [...(sheets.find((sheet) => sheet.name === name)?.rows ?? [])];
  const unitText = (unit: unknown) => (unit === "" ? "" : ` ${unit}`);
  const constants = rowsOf("Inputs").flatMap((cells, row) => {
    const [label, value, unit] = cells;
    if (value?.style?.kind !== "live") return [];
    const path = String(label?.value);
    const set = (by: (value: number) => number) =>
      `${path}=${by(Number(value.value))}${unitText(unit?.value)}`;
    const follows = value.formula !== undefined;
    return [{ label: path, sheet: "Inputs", column: 1, isRow: (each: number) => each === row, set, follows }];
  });
  const [heads = [], units = [], ...months] = rowsOf("InputsByMonth");
  const monthly = heads.flatMap((head, column) => {
    if (months[0]?.[column]?.style?.kind !== "live") return [];
    const path = String(head?.value);
    const [unit] = String(units[column]?.value).split("; ");
    const set = (by: (value: number) => number) => {
      const points = months.map((cells) => {
        const day = new Date((Number(cells[0]?.value) - 25_569) * 86_400_000).toISOString().slice(0, 7);
        return `${day}: ${by(Number(cells[column]?.value))}${unitText(unit)}`;
      });
      return `${path}={ ${points.join(", ")} }`;
    };
    const follows = months[0]?.[column]?.formula !== undefined;
    return [{ label: path, sheet: "InputsByMonth", column, isRow: (row: number) => row > 1, set, follows }];
  });
  return [...constants, ...monthly];
}
