import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { columnKey } from "../../../src/analysis/results/results.ts";
import { type TraceRequest, traceFigure } from "../../../src/analysis/trace/trace.ts";
import type { TraceNode } from "../../../src/analysis/trace/trace-node.ts";
import { columnOf, runForTrace, type TraceRun } from "../../../src/analysis/trace/trace-run.ts";
import { annualKey } from "../../../src/compile/annual-ratios.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { findMetric, METRICS } from "../../../src/metrics/index.ts";
import { loadScenario } from "../../../src/scenario/load.ts";
import { gigafleet, makeFolder, smallScenario } from "../../cli/gigafleet.ts";
import { BASE, loaded, scenarioText } from "../../scenario/load-files.ts";
import { catalogNames, packed } from "../../scenario/shipped-catalog.ts";
import { expectEverythingTraced, readOf, treeOf } from "./trace-everything.ts";

const folder = fileURLToPath(new URL("../../../scenarios", import.meta.url));
const catalog = catalogNames.map((name) => path.join(folder, "catalog", name));

function loadFile(name: string): TraceRun {
  const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined);
  const { scenario } = loadScenario({ path: path.join(folder, name), read, catalog, packed });
  if (!scenario) throw new Error(`${name} has errors`);
  return runOf(scenario);
}

function runOf(scenario: Parameters<typeof runForTrace>[0]): TraceRun {
  const { run } = runForTrace(scenario);
  if (!run) throw new Error("a value left its range");
  return run;
}

describe("in the reference scenario", () => {
  let run: TraceRun;
  beforeAll(() => {
    run = loadFile("openai-aws.yaml");
  });

  test("every metric of the table at every level recombines, by the slow interpreter and node by node", () => {
    const traced = expectEverythingTraced(run, [0, 8, 41, 95]);
    // Nothing is leased or rented here; what only such fleets have is traced of random plans.
    const missing = METRICS.filter(({ name, only }) => only === undefined && !traced.has(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
    // Thousands of trees, each down to its inputs: slow where the machine is busy.
  }, 240_000);

  test("a ratio of a year is that of the year's sums, as the engine computes it beside the months", () => {
    for (const year of ["2026", "2029", "2033"])
      for (const metric of ["demand_unserved_share", "inference_usd_per_million_output_tokens"]) {
        const { trace } = traceFigure(run, { metric, year });
        const [annual] = run.columns.get(columnKey("total", metric, annualKey("", Number(year)))) ?? [];
        expect(Math.abs((trace?.tree.canonical ?? Number.NaN) - (annual ?? Number.NaN))).toBeLessThan(
          1e-12 * Math.abs(annual ?? 0) + 1e-15,
        );
        expect(trace?.tree.children.map(({ how, month }) => [how, month])).toEqual(
          expect.arrayContaining([["sum of 12 months", year]]),
        );
      }
  });

  test("effective compute comes down to data sheets with their place", () => {
    const tree = treeOf(run, { metric: "effective_fp4_eflops", month: "2029-06" });
    expect(tree.how).toBe("sum of parts");
    expect(tree.children.map(({ entity }) => entity)).toContain("trainium/trainium4");
    const part = tree.children.find(({ entity }) => entity === "trainium/trainium4") as TraceNode;
    expect(part.children.map(({ name }) => name)).toEqual([
      "productive_peak_fp4_eflops",
      "availability",
      "scheduling_goodput",
      "runtime_goodput",
      "mfu_fp4",
    ]);
    const peak = part.children[0].children[1];
    expect(peak.field?.path).toBe("chips.trainium4.fp4");
    expect(peak.field?.place).toMatch(/catalog\/chips-aws\.yaml:\d+$/);
    expect(peak.children.map(({ name }) => name)).toEqual([
      "trainium4_reading",
      "trainium4_package_power",
      "trainium4_fp4_per_watt",
    ]);
    expect(peak.children[1].field).toMatchObject({ text: "1.8 kW to 2.7 kW", quality: "assumed" });
    const product = peak.children.reduce((value, { canonical }) => value * canonical, 1);
    expect(product / peak.canonical).toBeCloseTo(1, 12);
  });

  test("shares of a sum add to one, and members that are 0 are named apart", () => {
    const tree = treeOf(run, { metric: "chip_cash_usd", month: "2028-03" });
    expect(tree.zeros).toEqual(["gb200/gb200", "gb300/gb300", "h200/h200"]);
    expect(tree.children.reduce((sum, { share = 0 }) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  test("a sum over months lists years, and its rate", () => {
    const tree = treeOf(run, { metric: "cost_provider_pv_usd" });
    expect(tree.children.map(({ name }) => name).slice(-8)).toEqual([
      "2026",
      "2027",
      "2028",
      "2029",
      "2030",
      "2031",
      "2032",
      "2033",
    ]);
    expect(readOf(tree, "provider.discount_rate")).toBe("10.7657 %");
  });

  test("a running sum is what was before and this month", () => {
    const metric = "cumulative_effective_fp4_yflop";
    const tree = treeOf(run, { metric, entity: "h200", month: "2027-01" });
    const before = treeOf(run, { metric, entity: "h200", month: "2026-12" });
    expect(tree.how).toBe("running sum");
    expect(tree.children.map(({ how }) => how)).toEqual(["month before", "x"]);
    expect(tree.children[0].value).toBeCloseTo(before.value, 9);
    expect(tree.children[0].month).toBe("2026-12");
  });

  test("a price is of the order month and says so", () => {
    const tree = treeOf(run, { metric: "chip_price_usd", entity: "trainium/trainium4", month: "2028-06" });
    expect(tree.children[0]).toMatchObject({ name: "chip.price", month: "2027-12" });
    expect(tree.children[0].notes).toEqual(["2028-06 less chip.lead = 6 months"]);
  });

  test("a kernel ends the tree with what it reads", () => {
    const tree = treeOf(run, { metric: "chip_depreciation_usd", entity: "gb300", month: "2028-06" });
    expect(tree.children).toEqual([]);
    expect(tree.notes?.[0]).toMatch(/^kernel book: .* docs\/model\.md section 9\.1$/);
    expect(readOf(tree, "fleets.gb300.book_life")).toBe("60 months");
  });

  test("an identity is taken apart once, not month after month", () => {
    const tree = treeOf(run, { metric: "chips_energised", entity: "gb300", month: "2028-06" });
    expect(tree.how).toBe("identity");
    expect(tree.children.map(({ how, children }) => [how, children.length])).toEqual([
      ["month before", 0],
      ["kernel stock", 0],
      ["kernel stock", 0],
      ["kernel stock", 0],
      ["kernel stock", 0],
    ]);
  });

  test("the depth that is asked for cuts the tree and counts what is below", () => {
    const tree = treeOf(run, { metric: "provider_cash_usd", month: "2028-03", depth: 1 });
    expect(tree.children.map(({ name }) => name)).toEqual(["provider_capex_usd", "provider_opex_usd"]);
    expect(tree.children.every(({ children, hidden = 0 }) => children.length === 0 && hidden > 10)).toBe(
      true,
    );
  });

  test.each<[TraceRequest, string]>([
    [
      { metric: "chips_powered" },
      "`chips_powered` goes by month; name one with --month, from 2026-01 to 2033-12",
    ],
    [{ metric: "chips_powered", month: "2034-01" }, "`2034-01` is outside of the horizon"],
    [{ metric: "chips_powered", month: "2026-13" }, "`2026-13` is not a month"],
    [{ metric: "chips_powered", month: "Mar 2026" }, "write `--month 2026-03`"],
    [{ metric: "chips_powered", month: "2034-Q1" }, "`2034-Q1` is outside of the horizon"],
    [
      { metric: "mfu_fp4", month: "2026-01" },
      "`mfu_fp4` does not exist for the whole; name one with --entity",
    ],
    [
      { metric: "chips_powered", month: "2026-01", entity: "trainium" },
      "`trainium` is a mix; name one of its parts",
    ],
    [
      { metric: "chips_powered", month: "2026-01", entity: "gb30" },
      "nothing is called `gb30`; there are `gb300",
    ],
    [{ metric: "provider_cash_usd", month: "2026-01", entity: "gb300" }, "exists for the whole alone"],
    [{ metric: "provider_irr", entity: "gb300" }, "is a figure of the whole run; leave out --entity"],
    [{ metric: "event", month: "2026-01", entity: "short" }, "the scenario states no events"],
  ])("%j is refused with what to type", (request, message) => {
    const { trace, misuse } = traceFigure(run, request);
    expect(trace).toBeUndefined();
    expect(misuse).toContain(message);
  });

  test("an unknown metric comes with near names", () => {
    const { diagnostics } = traceFigure(run, { metric: "chips_powerd", month: "2026-01" });
    expect(diagnostics.map(headlineOf)).toEqual(["unknown metric `chips_powerd`"]);
    expect(diagnostics[0].expected).toContain("`chips_powered`");
  });

  test("a figure that is not what its formula says is a fault of ours", () => {
    const wrong = new Map(run.columns);
    const name = "part it_power_mw gb300/gb300";
    wrong.set(
      name,
      (run.columns.get(name) as Float64Array).map((value) => value * (1 + 1e-8)),
    );
    const request = { metric: "it_power_mw", entity: "gb300", month: "2029-06" };
    expect(() => traceFigure({ ...run, columns: wrong }, request)).toThrow(/it_power_mw of gb300\/gb300 is/);
  });
});

test.each([
  "power-two-years-late-waiting.yaml",
  "second-tranche-never-comes-and-was-to-pay-for-trainium.yaml",
  "starter.yaml",
])("every metric of %s recombines", (name) => {
  expectEverythingTraced(loadFile(name), [20]);
});

test.each([
  [
    "chips that retire, fail and are replaced",
    "spares: none\n    life: 18 months\n    replacement: { with: trainium4 }",
  ],
  ["chips that wait for power", "deliver: { at: 2026-03, wait_for_power: 2 months }"],
  ["a size in power", "size: 2 MW\n    basis: it"],
])("every metric recombines with %s", (_, fields) => {
  const [key] = fields.split(":");
  const fleets = BASE.fleets.replace(new RegExp(`    ${key}: .*\n`), "");
  expectEverythingTraced(
    runOf(loaded(scenarioText({ fleets: `${fleets}    ${fields}\n` }))),
    [0, 3, 20, 21, 95],
  );
});

test.each([
  [
    "a leased site",
    ["sites.east.tenure=leased", "sites.east.lease=150 USD/(kW month)", "sites.east.lease_growth=3 %"],
  ],
  ["a past that is sunk", ["provider.sunk=true"]],
  ["power that is late", ["sites.east.delay=5 months"]],
  ["power that falls", ["sites.east.power={2025-06: 1 GW, 2027-01: 50 kW}"]],
])("every metric recombines with %s", (_, sets) => {
  expectEverythingTraced(runOf(loaded(scenarioText(), { sets })), [0, 3, 13, 95]);
});

test("chips that are replaced by spend name the basis and the prices that it compares", () => {
  const fleets = `${BASE.fleets}    life: 12 months\n    replacement: { with: trainium4, basis: spend }\n`;
  const run = runOf(loaded(scenarioText({ fleets })));
  const tree = treeOf(run, { metric: "chips_landed", entity: "first/gb300", month: "2027-03" });
  expect(readOf(tree, "fleets.first.replacement.basis")).toBe("spend");
  expect(readOf(tree, "chips.gb300.price")).toBe("30 thousand USD/chip");
  expect(readOf(tree, "chips.trainium4.price")).toBe("30 thousand USD/chip");
});

test("how long leased chips stay names what their lease says happens at its end", () => {
  const leased = smallScenario.replace(
    "    size: 100 chips\n",
    "    size: 100 chips\n    tenure: leased\n    lease: 200 USD/chip/month\n    lease_term: 6 months\n    lease_end: return\n",
  );
  const run = runOf(loaded(leased));
  const tree = treeOf(run, { metric: "chips_energised", entity: "f/tiny", month: "2027-05" });
  expect(readOf(tree, "fleets.f.lease_term")).toBe("6 months");
  expect(readOf(tree, "fleets.f.lease_end")).toBe("return");
});

test("every metric recombines with a commitment of usage and one with upfront and history", () => {
  const contracts = [
    "contracts:",
    "  used: { category: usage, commitment: 300 thousand chip hours, start: 2026-01, term: 2 years, rates: { gb300: 3 USD/chip/hour } }",
    "  spent: { commitment: 2 million USD, start: 2025-10, term: 4 years, upfront: 20 %, consumed_to_date: 10 thousand USD, fulfillment_interval: annual, rates: { gb300: 2 USD/chip/hour } }",
    "",
  ].join("\n");
  const fleets = `${BASE.fleets}    procurement: { contract: [used, spent] }\n`;
  const run = runOf(loaded(scenarioText({ fleets, contracts })));
  const traced = expectEverythingTraced(run, [0, 1, 12, 13, 20, 40]);
  expect(traced).toContain("contract_drawdown_usd");
});

describe("by hand", () => {
  /** A hundred chips of 1 kW from March 2026 in a hall with a design PUE of 1.25. */
  const run = runOf(loaded(scenarioText()));

  test("facility power is chips x 1 kW x 1.25", () => {
    const tree = treeOf(run, { metric: "facility_power_mw", entity: "first", month: "2026-06" });
    expect(tree.value).toBeCloseTo(0.125, 12);
    const [it, pue] = tree.children;
    expect([it.name, it.value, it.unit]).toEqual(["it_power_mw", 0.1, "MW"]);
    expect([pue.name, pue.value, pue.field?.text]).toEqual(["site.pue_design", 1.25, "1.25"]);
    expect(it.children[1].field).toMatchObject({
      path: "chips.gb300.it_power",
      text: "1 kW",
      source: "sheet",
      url: "https://example.org/x",
      asOf: "2026-03",
      quality: "official",
    });
  });

  test("power without dates is there from start on", () => {
    expect(treeOf(run, { metric: "power_limit_mw", entity: "east", month: "2026-01" })).toMatchObject({
      value: 1000,
      operator: "input",
      field: { text: "1 GW" },
    });
  });

  test("a `--set` is named with what it replaced", () => {
    const changed = runOf(loaded(scenarioText(), { sets: ["sites.east.pue_design=1.5"] }));
    const tree = treeOf(changed, { metric: "facility_power_mw", entity: "first", month: "2026-06" });
    expect(tree.children[1].field).toMatchObject({
      text: "1.5",
      place: "--set sites.east.pue_design=1.5",
      overrode: [{ from: "a.yaml", text: "1.25" }],
    });
  });

  test("a size in money is shared by spend: 2 million USD buy as many USD of each chip", () => {
    const fleets =
      "fleets:\n  mixed:\n    site: east\n    size: 2 million USD\n    by: spend\n    deliver: { at: 2026-03 }\n" +
      "    mix: { gb300: 25 %, trainium4: rest }\n";
    const tree = treeOf(runOf(loaded(scenarioText({ fleets }))), {
      metric: "chips_undelivered",
      entity: "mixed/trainium4",
      month: "2026-01",
    });
    // Chips cost 30,000 and their network 5,000 USD.
    expect(tree.value).toBeCloseTo(1.5e6 / 35e3, 9);
    expect(tree.children[0]).toMatchObject({ name: "fleet.size_chips", operator: "rule" });
  });

  test("an amount of earlier money names inflation", () => {
    const staff = "staff: { value: 10 USD/(kW year), currency_year: 2024 }";
    const sites = scenarioText().replace("    facility: 12 USD/W", `    facility: 12 USD/W\n    ${staff}`);
    const money = "money: { inflation: 3 % }\n";
    const tree = treeOf(runOf(loaded(`${sites}${money}`)), {
      metric: "staff_cost_usd",
      entity: "east",
      month: "2026-07",
    });
    const [price] = tree.children;
    expect(price.value).toBeCloseTo(10 * 1.03 ** 2, 9);
    expect(price.children.map(({ name }) => name)).toEqual(["money.inflation"]);
  });

  test("every run-level metric needs no month", () => {
    // What is of workloads, and of leased and rented chips, does not exist here.
    const here = METRICS.filter(
      ({ level, group, only }) => level === "run" && group !== "demand" && only === undefined,
    );
    for (const metric of here) {
      expect(treeOf(run, { metric: metric.name }).month, metric.name).toBeUndefined();
    }
  });

  test("a figure of hired chips says what the scenario lacks", () => {
    expect(traceFigure(run, { metric: "chip_rent_pv_usd" }).misuse).toMatch(
      /^`chip_rent_pv_usd` exists only where a fleet is (leased|rented)/,
    );
  });

  test("a figure of demand says that there is no workload", () => {
    for (const metric of METRICS.filter(({ level, group }) => level === "run" && group === "demand"))
      expect(traceFigure(run, { metric: metric.name }).misuse).toBe(
        `\`${metric.name}\` is of workloads, and the scenario has none`,
      );
  });

  test("columns asked for hold every metric that has a formula", () => {
    const total = { level: "total" } as const;
    expect(columnOf(run, "provider_cash_usd", total)?.length).toBe(run.monthCount);
    expect(findMetric("provider_cash_usd")?.formula).toBeDefined();
  });
});

describe("an event", () => {
  const events =
    "events: { landed: total.chips_energised > 50 chips, never: total.chips_energised > 1000 chips }";
  let run: TraceRun;
  beforeAll(() => {
    run = runOf(loaded(`${smallScenario}${events}\n`));
  });

  // A hundred chips land in March 2027 at a site for eighty, and no chip before.
  test.each([
    ["landed", "2027-02", 0, "not true", 0],
    ["landed", "2027-03", 1, "true", 80],
    ["never", "2027-12", 0, "not true", 100],
  ])("%s in %s is %i, from the chips there are", (entity, month, holds, word, chips) => {
    const { trace } = traceFigure(run, { metric: "event", entity, month });
    expect(trace?.tree).toMatchObject({ name: entity, month, canonical: holds, word, how: "condition" });
    expect(trace?.tree.children.map(({ name, value }) => [name, value])).toEqual([
      ["chips_energised", chips],
    ]);
    expect(trace?.tree.field?.place).toMatch(/:\d+$/);
  });

  test.each([
    [{ metric: "event", month: "2027-02" }, "name one with --entity: `landed`, `never`"],
    [
      { metric: "event", month: "2027-02", entity: "landd" },
      "no event is called `landd`; name one with --entity: `landed`",
    ],
    [{ metric: "event", entity: "landed" }, "`landed` goes by month; name one with --month"],
    [{ metric: "event", entity: "landed", month: "1999-01" }, "outside of the horizon"],
  ])("%j is refused with what to type", (request, message) => {
    const { trace, misuse } = traceFigure(run, request);
    expect(trace).toBeUndefined();
    expect(misuse).toContain(message);
  });
});

describe("the command", () => {
  const here = makeFolder();
  const command = (...words: string[]) => gigafleet(here, ["trace", "small.yaml", ...words]);
  beforeAll(() => {
    const text = smallScenario.replace("electricity: 0 USD/MWh", "electricity: 50 USD/MWh");
    fs.writeFileSync(path.join(here, "small.yaml"), text);
  });

  test("draws a tree of 80 columns", () => {
    const { code, stdout, stderr } = command("energy_cost_usd", "--month", "2027-06");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("energy_cost_usd of the whole in 2027-06\n");
    expect(stdout).toMatch(/└─ x electricity_usd_per_mwh of a +50 USD\/MWh/);
    expect(stdout).toMatch(/small\.yaml:\d+/);
    expect(stdout.split("\n").filter((line) => line.length > 80 && !line.includes("http"))).toEqual([]);
  });

  test("gives the same tree to machines, with all digits", () => {
    const { code, stdout } = command("energy_cost_usd", "--month", "2027-06", "--json", "--depth", "1");
    expect(code).toBe(0);
    const { tree, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({
      metric: "energy_cost_usd",
      level: "total",
      month: "2027-06",
      quantities: "medians",
    });
    expect(tree.children).toHaveLength(1);
    expect(tree.canonical).toBe(tree.children[0].canonical);
  });

  test("takes a year apart: a flow is the sum of its months, a stock that of the last", () => {
    const { code, stdout } = command("provider_capex_usd", "--year", "2027");
    expect(code).toBe(0);
    // A hundred chips at 10 thousand USD land in March.
    expect(stdout).toContain("provider_capex_usd of the whole in 2027\n");
    expect(stdout).toMatch(/provider_capex_usd in 2027-03 +1 M USD/);
    expect(stdout).toMatch(/0: 2027-01, 2027-02, 2027-04/);
    const { trace } = traceFigure(runOf(loaded(smallScenario)), { metric: "chips_energised", year: "2027" });
    expect(trace?.tree.notes).toContain("the last month of 2027");
    expect([trace?.tree.value, trace?.month]).toEqual([100, "2027-12"]);
  });

  test.each([
    [["energy_cost"], 2, "unknown metric `energy_cost`"],
    [["energy_cost_usd"], 2, "name one with --month, from 2027-01"],
    [["energy_cost_usd", "--month", "1999-01"], 2, "outside of the horizon"],
    [["energy_cost_usd", "--year", "1999"], 2, "`1999` is outside of the horizon, which goes from 2027-01"],
    [["energy_cost_usd", "--year", "next"], 2, "`next` is not a year; write `--year 2027`"],
    [["energy_cost_usd", "--year", "2027", "--month", "2027-06"], 2, "name a month or a year, not both"],
    [["energy_cost_usd", "--month", "2027-06", "--depth", "-1"], 2, "`--depth` takes a whole number"],
    [["energy_cost_usd", "--month", "2027-06", "--entity", "b"], 2, "nothing is called `b`"],
    [
      ["energy_cost_usd", "--month", "2027-06", "--set", "sites.a.power=1 MWh"],
      2,
      "needs a power, got an energy",
    ],
  ])("%j ends with %i", (words, code, message) => {
    const ended = command(...words);
    expect(ended.stderr).toContain(message);
    expect(ended.code).toBe(code);
    expect(ended.stdout).toBe("");
  });
});
