import { describe, expect, test } from "vitest";
import type { Results } from "../../src/analysis/results/results.ts";
import { warnOfNeverServed } from "../../src/analysis/results/shortfalls.ts";
import { BINDING_WORDS } from "../../src/metrics/metric.ts";
import { faultsOf } from "../scenario/load-files.ts";
import { columnOf, loadWith, plainPlan, resultsOf, scenarioOf } from "./demand-files.ts";

type Fields = Readonly<Record<string, string>>;

const CHAT: Fields = {
  kind: "inference",
  model: "m",
  requests: "10 requests/s",
  prompt: "1000 tokens",
  answer: "100 tokens",
  speed: "20 tokens/s",
  value: "1 USD/(million tokens)",
};
const TRAIN: Fields = {
  kind: "training",
  model: "m",
  flop: "1 YFLOP",
  precision: "bf16",
  from: "2026-02",
  to: "2026-04",
  value: "1 USD/EFLOP",
};

const writtenAs = (name: string, fields: Fields) =>
  `  ${name}: { ${Object.entries(fields)
    .filter(([, text]) => text !== "")
    .map(([field, text]) => `${field}: ${text}`)
    .join(", ")} }\n`;
const planOf = (fields: Fields, fleets?: string) => plainPlan(writtenAs("w", fields), fleets);

describe("what cannot be meant is refused at its place, with what to type", () => {
  test.each([
    [{ ...CHAT, requests: "1000 tokens/s" }, "unit-mismatch", "under `tokens` instead of `requests`"],
    [{ ...CHAT, requests: "1000 tokens" }, "unit-mismatch", "such as `tokens: 5 trillion tokens/day`"],
    [{ ...CHAT, requests: "1000 requests" }, "unit-mismatch", "as in `1000 requests/day`"],
    [{ ...CHAT, requests: "", tokens: "10 requests/s" }, "unit-mismatch", "under `requests`"],
    [{ ...CHAT, requests: ".inf" }, "not-finite", "not a finite number"],
    [{ ...CHAT, requests: "-1 requests/s" }, "out-of-range", "got -1 requests/s"],
    [{ ...CHAT, peak_over_mean: ".nan" }, "not-finite", "not a finite number"],
    [{ ...CHAT, peak_over_mean: "0.9" }, "out-of-range", "got 0.9"],
    [{ ...CHAT, growth: "-100 %" }, "out-of-range", "got -100 %"],
    [{ ...CHAT, prompt: "99950 tokens" }, "invalid-value", "the model's context holds 100 thousand tokens"],
    [{ ...CHAT, answer: "0 tokens" }, "out-of-range", "got 0 tokens"],
    [{ ...CHAT, model: "n" }, "unknown-reference", "unknown model `n`"],
    [{ ...CHAT, fleets: "[g]" }, "unknown-reference", "unknown fleet `g`"],
    [{ ...CHAT, fleets: "[]" }, "invalid-value", "leave it out to allow all"],
    [{ ...CHAT, fleets: "[f, f]" }, "invalid-value", "`f` occurs twice"],
    [
      { ...TRAIN, min_duration: "6 months" },
      "invalid-value",
      "the window of 3 months is shorter than `min_duration`, 6 months",
    ],
    [{ ...TRAIN, to: "2026-01" }, "invalid-value", "it lies before `from`, 2026-02"],
    [{ ...TRAIN, from: "2025-11" }, "invalid-value", "it lies before `start`, 2026-01"],
    [{ ...TRAIN, from: "2027-02", to: "2027-04" }, "without-effect", "outside the horizon"],
    [{ ...TRAIN, requests: "1 request/s" }, "misplaced-field", "requests"],
    [{ ...TRAIN, serving: "{ max_batch: 8 }" }, "misplaced-field", "serving.max_batch"],
    [{ ...CHAT, serving: "{ stack: vlm }" }, "unknown-reference", "unknown stack `vlm`"],
    [{ ...CHAT, serving: "{ mode: mixed }" }, "invalid-value", "disaggregated"],
    [
      { ...CHAT, serving: "{ speculation: 2 }" },
      "invalid-value",
      "a step keeps at most 1 + `serving.drafted`",
    ],
    [{ ...CHAT, serving: "{ occupancy: 0 % }" }, "out-of-range", "got 0 %"],
    [{ ...CHAT, answer_spread: "-5 %" }, "out-of-range", "got -5 %"],
    [{ ...CHAT, serving: "{ prefill_ratio: 0 }" }, "out-of-range", "got 0"],
    [
      { ...CHAT, serving: "{ mode: aggregated, prefill_ratio: 0.5 }" },
      "invalid-value",
      "write `serving.mode: disaggregated`",
    ],
    [{ ...CHAT, serving: "{ mode: aggregated, prompt_use: 50 % }" }, "invalid-value", "leave it out"],
    [{ ...TRAIN, serving: "{ prefill_ratio: 1 }" }, "misplaced-field", "serving.prefill_ratio"],
    [{ ...TRAIN, overhead: "100 %" }, "out-of-range", "got 100 %"],
  ] as const)("%j", (fields, code, words) => {
    const { diagnostics } = loadWith("t.yaml", planOf(fields));
    expect(diagnostics.map((one) => one.code)).toEqual([code]);
    expect(diagnostics[0]?.span?.file).toBe("t.yaml");
    const said = JSON.stringify([diagnostics[0], faultsOf({ diagnostics })]);
    expect(said.replaceAll('\\"', '"')).toContain(words);
  });

  test.each([
    ["points: []", "a stack rests on at least one published measurement"],
    ["points: [a], default_for: dense", "`tensor_parallel` is the default of dense models already"],
    ["points: [a], overlap: 120 %", "got 120 %"],
  ])("a stack with %s", (changed, words) => {
    const text = planOf(CHAT).replace("points: [by hand]", changed);
    expect(JSON.stringify(faultsOf(loadWith("t.yaml", text))).replaceAll('\\"', '"')).toContain(words);
  });

  test("a context of 0 tokens", () => {
    const text = planOf(CHAT).replace("context: 100 thousand tokens", "context: 0 tokens");
    expect(faultsOf(loadWith("t.yaml", text))[0]).toContain("models.m.context");
  });
});

/** The word that binds the workload in each month. */
function wordsOf(results: Results): readonly string[] {
  return Array.from(
    columnOf(results, "workload", "demand_binding", "w"),
    (code) => BINDING_WORDS[code] ?? "?",
  );
}

function expectNumbers(results: Results): void {
  // A rate per unit of what is not there does not exist, nor a pause to keep no state for; all else is a number.
  const mayNotExist = /usd_per_|chip_hour_cost|tokens_per_mwh|break_even|levelised|multiple|month|irr/;
  const isOfDemand = /^(workload|assignment|part|site) |^total .*(demand|chips|tokens|training)/;
  const columns = [...results.columns].filter(([key]) => !mayNotExist.test(key) && isOfDemand.test(key));
  expect(columns.length).toBeGreaterThan(50);
  for (const [key, values] of columns) expect(values.every(Number.isFinite), key).toBe(true);
}

describe("what cannot be served is a named shortfall, and a warning where it never is", () => {
  test.each([
    ["latency", { ...CHAT, speed: "100000 tokens/s" }, "no chip gives a user the required speed"],
    ["fit", { ...CHAT, replica: "9 chips" }, "fits into no scale-up domain"],
    ["contiguous", { ...TRAIN, min_chips: "1001 chips" }, "as many free chips as it needs at once"],
  ] as const)("%s", async (word, fields, reason) => {
    const scenario = scenarioOf(loadWith("t.yaml", planOf(fields)));
    const results = await resultsOf(scenario);
    const required = columnOf(results, "workload", "demand_required_units", "w");
    const sum = (metric: string) => columnOf(results, "workload", metric, "w").reduce((x, y) => x + y, 0);
    expect(sum("demand_unserved_units")).toBeCloseTo(sum("demand_required_units"), -6);
    const words = wordsOf(results).filter((_, month) => required[month] > 0);
    expect(new Set(words)).toEqual(new Set([word]));
    expectNumbers(results);
    const [warning, ...others] = warnOfNeverServed(scenario, results, []);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ code: "never-served", severity: "warning", path: "workloads.w" });
    expect(warning?.values).toMatchObject({ cause: word });
    expect(warning?.values.reason).toContain(reason);
    expect(warning?.span?.file).toBe("t.yaml");
  });

  test("demand before supply is unserved for want of chips, then served", async () => {
    const late = "  f: { chip: c, site: s, size: 1000 chips, deliver: { at: 2026-05 } }\n";
    const scenario = scenarioOf(loadWith("t.yaml", planOf(CHAT, late)));
    const results = await resultsOf(scenario);
    expect(wordsOf(results)).toEqual([...Array(4).fill("chips"), ...Array(8).fill("none")]);
    const share = columnOf(results, "workload", "workload_unserved_share", "w");
    expect(Array.from(share)).toEqual([...Array(4).fill(1), ...Array(8).fill(0)]);
    expectNumbers(results);
    expect(warnOfNeverServed(scenario, results, [])).toEqual([]);
  });

  test("without any supply nothing is served, and it is said once", async () => {
    const never = "  f: { chip: c, site: s, size: 1000 chips, deliver: { at: 2027-01 } }\n";
    const { diagnostics, scenario } = loadWith("t.yaml", planOf(CHAT, never));
    expect(diagnostics.map(({ code }) => code)).toEqual(["without-effect"]);
    if (!scenario) throw new Error("no scenario");
    const results = await resultsOf(scenario);
    expectNumbers(results);
    expect(warnOfNeverServed(scenario, results, []).map(({ values }) => values.cause)).toEqual(["chips"]);
  });

  test("a model without room is told when loaded, and not again", async () => {
    const huge = planOf(CHAT).replace("parameters: 10 billion", "parameters: 1 trillion");
    const { diagnostics, scenario } = loadWith("t.yaml", huge);
    expect(diagnostics.map(({ code }) => code)).toEqual(["model-without-room"]);
    if (!scenario) throw new Error("no scenario");
    const results = await resultsOf(scenario);
    expect(new Set(wordsOf(results))).toEqual(new Set(["fit"]));
    expect(warnOfNeverServed(scenario, results, diagnostics)).toEqual([]);
    expect(warnOfNeverServed(scenario, results, [])).toHaveLength(1);
  });

  test("a chip whose share of a mix is at fault is one that the model may run on", () => {
    const large =
      "bf16: 1 PFLOPS, hbm: 10 TB, hbm_bandwidth: 4 TB/s, it_power: 1 kW, price: 1000 USD, network: 0 USD, available_from: 2025-01";
    const text = planOf(
      CHAT,
      "  f: { mix: { c: 50 %, d: half }, site: s, size: 10 chips, deliver: { at: 2026-01 } }\n",
    )
      .replace("parameters: 10 billion", "parameters: 1 trillion")
      .replace("\nchips:\n", `\nchips:\n  d: { ${large} }\n`);
    expect(loadWith("t.yaml", text).diagnostics.map(({ code }) => code)).toEqual(["unknown-name"]);
  });

  test("`allow` takes the warning away", async () => {
    const text = `${planOf({ ...CHAT, speed: "100000 tokens/s" })}allow: [never-served]\n`;
    const scenario = scenarioOf(loadWith("t.yaml", text));
    expect(warnOfNeverServed(scenario, await resultsOf(scenario), [])).toEqual([]);
  });

  test("work of no traffic, and work of no worth, are no shortfall and no division by nothing", async () => {
    for (const fields of [
      { ...CHAT, requests: "0 requests/s" },
      { ...CHAT, value: "0 USD/(million tokens)" },
    ]) {
      const scenario = scenarioOf(loadWith("t.yaml", planOf(fields)));
      const results = await resultsOf(scenario);
      expectNumbers(results);
      expect(Array.from(columnOf(results, "total", "demand_unserved_share"))).toEqual(Array(12).fill(0));
      expect(warnOfNeverServed(scenario, results, [])).toEqual([]);
    }
  });

  test("equal priorities go by name, however the file has them", async () => {
    const [a, b] = ["a", "b"].map((name) =>
      writtenAs(name, { ...CHAT, requests: "1000000 requests/s", priority: "3" }),
    );
    const served = async (text: string) => {
      const results = await resultsOf(scenarioOf(loadWith("t.yaml", plainPlan(text))));
      return ["a", "b"].map((name) => columnOf(results, "workload", "demand_served_units", name)[0] ?? 0);
    };
    const [first, second] = [await served(`${a}${b}`), await served(`${b}${a}`)];
    expect(first).toEqual(second);
    expect(first[0]).toBeGreaterThan(0);
    expect(first[1]).toBe(0);
  });
});
