/** What the page shows of a node of a trace: the number as the answer writes it, and the words of the answer for its name. */
import { describe, expect, test } from "vitest";
import type { TraceNode } from "../../src/analysis/trace/trace-node.ts";
import { METRICS } from "../../src/metrics/index.ts";
import { metricInWords } from "../../src/metrics/metric-words.ts";
import { labelOf, numberOf, postNode, remarkInWords } from "../../src/web/engine/posted-node.ts";
import { smallScenario } from "../cli/gigafleet.ts";
import { loadWith, plainPlan, scenarioOf } from "../demand/demand-files.ts";
import { reader } from "./shipped.ts";

const { scenario } = reader.load({ file: "plan.yaml", text: smallScenario, others: {}, sets: [] });
if (!scenario) throw new Error("the small scenario has a fault");

const node = (more: Partial<TraceNode>): TraceNode => ({
  name: "x",
  entity: "",
  value: 0,
  unit: "",
  canonical: more.value ?? 0,
  operator: "+",
  how: "",
  children: [],
  ...more,
});

describe("a number of a trace", () => {
  test.each<[Partial<TraceNode>, string]>([
    [{ value: 1770.21, unit: "EFLOP/s" }, "1 770 EFLOP/s"],
    [{ value: 2538.91, unit: "MW" }, "2.54 GW"],
    [{ value: -64_678_800_000, unit: "USD" }, "\u221264.7 B USD"],
    [{ value: 213_298, unit: "chips" }, "213 thousand chips"],
    [{ value: 0, unit: "USD" }, "0 USD"],
    [{ value: 0.513, shownAs: "share" }, "51 %"],
    [{ value: 51.3, canonical: 0.513, unit: "%", shownAs: "share" }, "51 %"],
    [{ value: 0.0203, shownAs: "points" }, "2.03 points"],
    [{ value: 1.06684 }, "1.07"],
    [{ value: 1.61221e13, unit: "tokens" }, "16.1 trillion tokens"],
    [{ value: 6e26, unit: "FLOP" }, "600 YFLOP"],
    [{ value: 2.5e9, unit: "chip-hours" }, "2.50 billion chip-hours"],
    [{ value: Number.NaN, unit: "USD" }, "none"],
    [{ value: 3, word: "memory" }, "memory"],
    [{ value: 2e-9, unit: "s" }, "2e\u22129 s"],
    // What a plan states stands as it does there; what is computed of a range, as the answer writes it.
    [{ value: 62.5, unit: "%", operator: "input" }, "62.5 %"],
    [{ value: 1.125, operator: "input" }, "1.125"],
    [{ value: 38_729, unit: "chips", operator: "input" }, "38 729 chips"],
    [{ value: 10.7657123, unit: "%", operator: "input" }, "10.8 %"],
    [{ value: 9899.494937, unit: "USD/chip", operator: "input" }, "9 900 USD/chip"],
    [{ value: 21.1660104, unit: "thousand USD/chip", operator: "input" }, "21.2 thousand USD/chip"],
    [{ value: 38.7298335, unit: "thousand chips", operator: "input" }, "38.7 thousand chips"],
    [{ value: 12, unit: "months", operator: "kernel" }, "12 months"],
    [{ value: 1, operator: "rule" }, "1"],
    [{ value: 5, unit: "MW" }, "5.00 MW"],
    [{ value: 744, unit: "h", operator: "constant" }, "744 h"],
    [{ value: 4589, unit: "trials", operator: "rule" }, "4 589 trials"],
  ])("%j reads %s", (more, text) => {
    expect(numberOf(node(more)).replaceAll("\u202f", " ")).toBe(text);
  });

  test("has its digits beside it where it has more than the answer writes", () => {
    const posted = postNode(node({ value: 1770.21, unit: "EFLOP/s" }), 0, scenario);
    const share = postNode(node({ value: 0.00203455, shownAs: "share" }), 0, scenario);
    expect([share.number, share.digits]).toEqual(["0.2\u202f%", "0.203455\u202f%"]);
    expect([posted.number, posted.digits]).toEqual(["1\u202f770\u202fEFLOP/s", "1\u202f770.21\u202fEFLOP/s"]);
    expect(
      postNode(node({ value: 744, unit: "h", operator: "constant" }), 0, scenario).digits,
    ).toBeUndefined();
  });
});

test("whose a figure is has the title of the site or contract, and the chip of a part", () => {
  const whose = (entity: string) => postNode(node({ entity }), 0, scenario).whose;
  expect(["", "a", "f/tiny", "tiny/tiny", "x"].map(whose)).toEqual(["", "a", "Tiny in f", "Tiny", ""]);
  const work =
    "  t: { title: Train, kind: training, model: m, flop: 0.5 YFLOP, precision: bf16, from: 2026-02, to: 2026-07, value: 1 USD/EFLOP }\n";
  const working = scenarioOf(loadWith("work.yaml", plainPlan(work)));
  expect(postNode(node({ entity: "t/f/c" }), 0, working).whose).toMatch(/^\w+ for Train$/);
});

describe("the name of a node", () => {
  const label = (name: string, more: Partial<TraceNode> = {}) => labelOf(node({ name, ...more }), scenario);

  test.each([
    ["facility_maintenance_cost_usd", "facility maintenance cost"],
    ["provider_cash_usd in 2028", "provider\u2019s cash in 2028"],
    ["effective_fp4_eflops", "effective FP4"],
    ["training_required_yflop", "training required"],
    ["npv_provider_usd", "Provider\u2019s NPV over the horizon"],
    ["demand_unserved_share", "share of work unserved, by value"],
    [
      "horizon_inference_usd_per_million_output_tokens",
      "inference cost per million output tokens over the horizon",
    ],
    ["loan_least_dscr", "least cover of debt service"],
    ["cost_provider_pv_usd, Plan less Scenario", "Provider\u2019s cost, present value, Plan less Scenario"],
    ["2028-03", "2028-03"],
    ["tiny bought", "Tiny bought"],
    ["chip.it_power x hours", "chip IT power x hours"],
  ])("%s reads %s", (name, words) => {
    expect(label(name)).toBe(words);
  });

  test("of an input is that which sentences have for it", () => {
    const field = {
      path: "chips.tiny.price",
      declaredAt: "chips.tiny.price",
      text: "",
      place: "",
      overrode: [],
    };
    expect(label("chip.price", { field })).toBe("price of Tiny");
    expect(label("power_limit_mw", { field })).toBe("power limit");
  });

  test("of no metric has underscores or the unit of its column", () => {
    for (const { name, unit } of METRICS) {
      const words = metricInWords(name) ?? "";
      expect(words, name).not.toMatch(/_|\b(?:usd|mw|gwh|yflop|eflops|pb|tb|pv|dscr|irr|npv|fp4|usd)\b/);
      if (unit === "USD") expect(words, name).not.toMatch(/USD/);
    }
  });
});

test("what is read has the names of inputs, and what a kernel does is told without its name", () => {
  const { notes, reads } = postNode(
    node({
      notes: ["kernel enter_service: chips that work; docs/model.md section 6"],
      reads: [{ name: "chips.tiny.it_power", value: "1 kW/chip" }],
    }),
    0,
    scenario,
  );
  expect([notes, reads?.map(({ name }) => name)]).toEqual([
    ["chips that work; docs/model.md section 6"],
    ["IT power of Tiny"],
  ]);
});

test("a remark has no names of columns, and numbers as the page writes them", () => {
  expect(remarkInWords("Not the mean draw: see energy_gwh.")).toBe("Not the mean draw: see energy.");
  expect(remarkInWords("of provider_cash_usd x `start` of defaults.fleets.life")).toBe(
    "of provider\u2019s cash x start of defaults.fleets.life",
  );
  expect(remarkInWords("of 12,345 productive chips 1,234.5 are idle, from 2027, 300 of them")).toBe(
    "of 12\u202f345 productive chips 1\u202f234.5 are idle, from 2027, 300 of them",
  );
});
