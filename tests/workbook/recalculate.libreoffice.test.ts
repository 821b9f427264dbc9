import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Scenario } from "../../src/scenario/scenario.ts";
import type { Workbook } from "../../src/workbook/cells.ts";
import { loadWith, scenarioOf } from "../demand/demand-files.ts";
import { SEED } from "../engine/random-scenario.ts";
import { loadMoney, moneyOf } from "../money/random-contracts.ts";
import { differences, recalculate, withoutValues, workbookOf } from "./recalculate.ts";

/** Two sites, one of them leased; a fleet bought and one on order; a contract, and work of both kinds. */
const plan = `schema_version: 1
name: "=1+1"
start: 2026-01
years: 2
provider: { discount_rate: 10 % }
buyer: { discount_rate: 12 % }
sites:
  own: { power: 2 MW, pue: 1.1, pue_design: 1.2, electricity: { 2026-01: 50 USD/MWh, 2026-09: 60 USD/MWh }, electricity_growth: 2 %, facility: 10 USD/W, build_time: 6 months, maintenance: 3 %, staff: 20 USD/kW/year }
  rented: { power: 1 MW, pue: 1.2, pue_design: 1.3, electricity: 70 USD/MWh, electricity_growth: 0 %, tenure: leased, lease: 120 USD/(kW month), lease_growth: 3 %, staff: 10 USD/kW/year }
fleets:
  f: { chip: h100, site: own, size: 500 chips, deliver: { at: 2026-01 }, maintenance: 4 %, pay_on_order: 30 %, procurement: { contract: deal } }
  g: { chip: h200, site: rented, size: 300 chips, deliver: { from: 2026-03, to: 2026-09 }, procurement: { contract: deal } }
contracts:
  deal: { start: 2026-01, term: 24 months, commitment: 20 million USD, capacity: 1 MW, rates: { h100: 3 USD/hour, h200: 4 USD/hour } }
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

describe("a workbook that LibreOffice computes without a stored value", () => {
  const scenarios = new Map<string, Scenario>();
  const workbooks = new Map<string, Workbook>();
  let computed: Awaited<ReturnType<typeof recalculate>> = new Map();

  beforeAll(async () => {
    scenarios.set("plan", load());
    scenarios.set("reference", scenarioOf(loadWith("scenarios/openai-aws.yaml")));
    for (const [index, draft] of fc.sample(moneyOf(), { seed: SEED, numRuns: 5 }).entries())
      scenarios.set(`random-${index}`, loadMoney(draft));
    for (const [name, scenario] of scenarios) {
      const workbook = await workbookOf(scenario);
      if (workbook) workbooks.set(name, workbook);
    }
    computed = await recalculate(new Map([...workbooks].map(([name, one]) => [name, withoutValues(one)])));
  }, 600_000);

  test("has in every live cell what the engine found, to 1e-9", () => {
    expect(workbooks.size).toBeGreaterThan(4);
    for (const [name, workbook] of workbooks) {
      const { compared, different } = differences(workbook, computed.get(name) ?? new Map());
      expect(different.slice(0, 8), `${name}: ${different.length} of ${compared}`).toEqual([]);
      expect(compared, name).toBeGreaterThan(1000);
    }
  });
});

describe("a changed input moves the workbook as the program", () => {
  test("each alone, as `--set` does", async () => {
    const workbook = await workbookOf(load());
    if (!workbook) throw new Error("no workbook");
    const all = liveInputs(workbook);
    // Each is a workbook of its own: half of them, and those that are to move nothing.
    const inputs = all.filter(({ label }, index) => index % 2 === 0 || INERT.includes(label));
    expect(all.map(({ label }) => label)).toEqual(
      expect.arrayContaining([
        "provider.discount_rate",
        "buyer.discount_rate",
        "sites.own.electricity",
        "sites.rented.lease",
        "sites.own.staff",
        "fleets.f.maintenance",
      ]),
    );
    const by = (value: number) => value * 1.25 + (value === 0 ? 0.01 : 0);
    const changed = new Map(
      inputs.map((input, index) => [`input-${index}`, withoutValues(workbook, { ...input, by })]),
    );
    const computed = await recalculate(changed);
    const inert: string[] = [];
    for (const [index, { label, set }] of inputs.entries()) {
      const expected = await workbookOf(load([set(by)]));
      if (!expected) throw new Error(`${label} leaves its range`);
      const { different } = differences(expected, computed.get(`input-${index}`) ?? new Map());
      expect(different.slice(0, 5), `${label}: ${different.length}`).toEqual([]);
      // And the change is seen.
      const { different: moved } = differences(workbook, computed.get(`input-${index}`) ?? new Map());
      if (moved.length === 0) inert.push(label);
    }
    expect(inert).toEqual(INERT);
  }, 600_000);
});

/** An owned site pays no rent that could grow, and a rented one has no facility of its own to maintain. */
const INERT: readonly string[] = ["sites.own.lease_growth", "sites.rented.maintenance"];

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
    return [{ label: path, sheet: "Inputs", column: 1, isRow: (each: number) => each === row, set }];
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
    return [{ label: path, sheet: "InputsByMonth", column, isRow: (row: number) => row > 1, set }];
  });
  return [...constants, ...monthly];
}
