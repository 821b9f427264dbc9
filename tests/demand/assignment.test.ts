import { expect, test } from "vitest";
import { checkAssignment } from "../../src/analysis/optimize/check-assignment.ts";
import { BINDING_WORDS } from "../../src/metrics/metric.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { loadSolver } from "../../src/solver/highs-solver.ts";
import { columnOf, loadWith, plainPlan, resultsOf, scenarioOf } from "./demand-files.ts";

/** A generator of its own, so that a failure names its seed. */
function generator(seed: number): (low: number, high: number) => number {
  let state = seed * 2654435761 + 1;
  return (low, high) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return low + ((high - low) * state) / 2 ** 32;
  };
}

/** Two fleets and five workloads of every kind with random traffic; `scale` multiplies the chips. */
function randomPlan(seed: number, scale = 1): string {
  const draw = generator(seed);
  const whole = (low: number, high: number) => Math.round(draw(low, high));
  const inference = (name: string, priority: number) =>
    `  ${name}: { kind: inference, model: m, priority: ${priority}, requests: ${whole(1, 400)} million requests/day, prompt: ${whole(100, 3000)} tokens, answer: ${whole(50, 900)} tokens, speed: ${whole(10, 60)} tokens/s, growth: ${whole(0, 90)} %, peak_over_mean: ${Number(draw(1, 2.5).toFixed(3))}, value: ${Number(draw(0.5, 9).toFixed(3))} USD/(million tokens) }`;
  const work = [
    inference("a", whole(1, 3)),
    inference("b", whole(1, 3)),
    `${inference("d", whole(1, 5)).replace(" }", "")}, fleets: [g], deferrable: true }`,
    `  s: { kind: stateful, model: m, priority: ${whole(1, 4)}, sessions: ${whole(1, 9)} million sessions/day, turns: 5, prompt: 100 tokens, history: 2000 tokens, answer: 200 tokens, speed: 30 tokens/s, idle: ${whole(10, 900)} s, tier: hbm, peak_over_mean: 1.4, value: ${Number(draw(0.5, 9).toFixed(3))} USD/(million tokens) }`,
    `  t: { kind: training, model: m, priority: ${whole(1, 6)}, deferrable: true, training_tokens: ${whole(1, 30)} trillion tokens, from: 2026-0${whole(1, 4)}, to: 2026-0${whole(6, 9)}, min_chips: ${whole(1, 900)} chips, value: ${Number(draw(0.5, 4).toFixed(3))} USD/EFLOP }`,
  ].join("\n");
  const fleets = [
    `  f: { chip: c, site: s, size: ${whole(200, 5000) * scale} chips, deliver: { from: 2026-01, to: 2026-0${whole(2, 9)} } }`,
    `  g: { chip: h100, site: s, size: ${whole(200, 5000) * scale} chips, deliver: { at: 2026-0${whole(1, 6)} } }\n`,
  ].join("\n");
  return plainPlan(work, fleets);
}

const WORK = ["a", "b", "d", "s", "t"];
const SEEDS = Array.from({ length: 12 }, (_, seed) => seed + 1);
const resultsOfSeed = (seed: number, scale?: number) =>
  resultsOf(scenarioOf(loadWith("plan.yaml", randomPlan(seed, scale))));

test.each(SEEDS)("no chip is given twice and no unit is made or lost (seed %i)", async (seed) => {
  const results = await resultsOfSeed(seed);
  for (const { key } of results.parts) {
    const productive = columnOf(results, "part", "chips_productive", key);
    const assigned = columnOf(results, "part", "chips_assigned", key);
    const idle = columnOf(results, "part", "chips_idle", key);
    for (const [month, chips] of productive.entries()) {
      expect(assigned[month]).toBeLessThanOrEqual(chips * (1 + 1e-12));
      expect(Math.abs(chips - assigned[month] - idle[month])).toBeLessThanOrEqual(1e-9 * chips);
    }
  }
  for (const name of WORK) {
    const of = (metric: string) => columnOf(results, "workload", metric, name);
    const sum = (values: Float64Array) => values.reduce((x, y) => x + y, 0);
    const [required, served, unserved] = ["required", "served", "unserved"].map((word) =>
      sum(of(`demand_${word}_units`)),
    );
    const backlog = of("demand_backlog_units").at(-1) ?? 0;
    expect(Math.abs(required - served - unserved - backlog)).toBeLessThanOrEqual(1e-9 * required);
    for (const value of of("demand_unserved_units")) expect(value).toBeGreaterThanOrEqual(0);
    const units = results.assignments
      .filter(({ workload }) => workload === name)
      .reduce((total, { key }) => total + sum(columnOf(results, "assignment", "assigned_units", key)), 0);
    expect(Math.abs(units - served)).toBeLessThanOrEqual(1e-9 * required);
  }
  const isOfDemand = (key: string) =>
    /^(workload|assignment) |demand|inference|training_|_tokens|chips_/.test(key);
  // A rate per unit of what is not served does not exist, nor a pause to keep no state for; nothing else may be missing.
  const isRate = (key: string) => /usd_per_|tokens_per_mwh|break_even/.test(key);
  for (const [key, values] of results.columns)
    if (isOfDemand(key) && !isRate(key)) expect(values.some(Number.isNaN), key).toBe(false);
  const tokens = columnOf(results, "total", "output_tokens_served_billion");
  const price = columnOf(results, "total", "inference_usd_per_million_output_tokens");
  expect(Array.from(price, Number.isNaN)).toEqual(Array.from(tokens, (served) => served === 0));
});

test.each(SEEDS)("more chips never serve less of anything, summed over time (seed %i)", async (seed) => {
  const [few, many] = [await resultsOfSeed(seed), await resultsOfSeed(seed, 1.7)];
  for (const name of WORK) {
    const served = (results: typeof few) =>
      columnOf(results, "workload", "demand_served_units", name).reduce((x, y) => x + y, 0);
    expect(served(many)).toBeGreaterThanOrEqual(served(few) * (1 - 1e-9));
  }
});

// The solver is WebAssembly.
test.skipIf(typeof WebAssembly === "undefined")(
  "the rule stays below the linear program, and how far is told",
  async () => {
    const solver = await loadSolver();
    const shares: number[] = [];
    for (const seed of SEEDS) {
      const scenario = scenarioOf(loadWith("plan.yaml", randomPlan(seed)));
      const { ruleUsd, optimumUsd, share } = await checkAssignment(scenario, createThreadRunner(), solver);
      for (const [month, rule] of ruleUsd.entries())
        expect(rule, `seed ${seed} month ${month}`).toBeLessThanOrEqual(
          optimumUsd[month] * (1 + 1e-6) + 1e-3,
        );
      shares.push(share);
    }
    const mean = shares.reduce((x, y) => x + y, 0) / shares.length;
    console.log(
      `value left by the rule: mean ${(100 * mean).toFixed(2)} %, worst ${(100 * Math.max(...shares)).toFixed(2)} % of 12 random plans`,
    );
  },
);

test("without traffic all chips are idle, and nothing is unserved", async () => {
  const work =
    "  w: { kind: inference, model: m, requests: 0 requests/s, prompt: 100 tokens, answer: 100 tokens, speed: 10 tokens/s, value: 1 USD/(million tokens) }";
  const results = await resultsOf(scenarioOf(loadWith("plan.yaml", plainPlan(work))));
  expect(Array.from(columnOf(results, "total", "chips_idle"))).toEqual(
    Array.from(columnOf(results, "total", "chips_productive")),
  );
  expect(Math.max(...columnOf(results, "total", "demand_unserved_share"))).toBe(0);
  for (const price of columnOf(results, "total", "inference_usd_per_million_output_tokens"))
    expect(price).toBeNaN();
});

test("demand before any supply is a shortfall for want of chips", async () => {
  const work =
    "  w: { kind: inference, model: m, requests: 1 request/s, prompt: 100 tokens, answer: 100 tokens, speed: 10 tokens/s, value: 1 USD/(million tokens) }";
  const fleets = "  f: { chip: c, site: s, size: 1000 chips, deliver: { at: 2026-05 } }\n";
  const results = await resultsOf(scenarioOf(loadWith("plan.yaml", plainPlan(work, fleets))));
  const words = Array.from(
    columnOf(results, "workload", "demand_binding", "w"),
    (code) => BINDING_WORDS[code],
  );
  expect(words.slice(0, 6)).toEqual(["chips", "chips", "chips", "chips", "none", "none"]);
  expect(columnOf(results, "total", "demand_unserved_share")[0]).toBe(1);
});

test("a training run makes up what a month lacked, and waits for chips in one place", async () => {
  // 1,000 chips x 1e15 x 40 % x 3,600 s x 744 h = 1.07e24 FLOP in January: a run of 2e24 over three months.
  const work =
    "  w: { kind: training, model: m, flop: 2 YFLOP, from: 2026-01, to: 2026-03, min_chips: 900 chips, value: 1 USD/EFLOP }";
  const fleets =
    "  f: { chip: c, site: s, size: 1000 chips, deliver: { schedule: { 2026-01: 50 %, 2026-02: 100 % } } }\n";
  const results = await resultsOf(scenarioOf(loadWith("plan.yaml", plainPlan(work, fleets))));
  const of = (metric: string) => Array.from(columnOf(results, "workload", metric, "w"));
  expect(of("demand_served_units")[0]).toBe(0);
  expect(BINDING_WORDS[of("demand_binding")[0]]).toBe("contiguous");
  expect(of("demand_served_units").reduce((x, y) => x + y, 0)).toBeGreaterThan(1.999e24 * (1 - 1e-9) - 1);
  expect(of("demand_unserved_units").every((value) => value <= 1e15)).toBe(true);
});

const faults = (work: string, more?: string) =>
  loadWith("plan.yaml", plainPlan(work, undefined, more)).diagnostics.map(
    ({ code, path }) => `${code} ${path ?? ""}`,
  );
const inference = (more: string) =>
  `  w: { kind: inference, model: m, prompt: 100 tokens, answer: 100 tokens, speed: 10 tokens/s, value: 1 USD/(million tokens), ${more} }`;

test.each([
  ["tokens for requests", inference("requests: 5 million tokens/day"), "unit-mismatch workloads.w.requests"],
  [
    "both requests and tokens",
    inference("requests: 1 request/s, tokens: 1 token/s"),
    "conflict-fields workloads.w",
  ],
  ["no traffic", inference("priority: 1"), "missing-field workloads.w.requests"],
  [
    "an unknown model",
    inference("requests: 1 request/s").replace("model: m", "model: n"),
    "unknown-reference workloads.w.model",
  ],
  [
    "an unknown fleet",
    inference("requests: 1 request/s, fleets: [h]"),
    "unknown-reference workloads.w.fleets",
  ],
  [
    "a price per FLOP for tokens",
    inference("requests: 1 request/s").replace("1 USD/(million tokens)", "1 USD/EFLOP"),
    "unit-mismatch workloads.w.value",
  ],
  [
    "more tokens than the context holds",
    inference("requests: 1 request/s").replace("prompt: 100 tokens", "prompt: 1 million tokens"),
    "invalid-value workloads.w.answer",
  ],
  [
    "a field of another kind",
    inference("requests: 1 request/s, flop: 1 YFLOP"),
    "misplaced-field workloads.w.flop",
  ],
  [
    "a window shorter than its minimum",
    "  w: { kind: training, model: m, flop: 1 YFLOP, from: 2026-01, to: 2026-02, min_duration: 3 months, value: 1 USD/EFLOP }",
    "invalid-value workloads.w.to",
  ],
  [
    "a window before the start",
    "  w: { kind: training, model: m, flop: 1 YFLOP, from: 2025-01, to: 2026-02, value: 1 USD/EFLOP }",
    "invalid-value workloads.w.from",
  ],
  [
    "a tier without price",
    "  w: { kind: stateful, model: m, sessions: 1 session/s, prompt: 1 token, history: 1 token, answer: 1 token, speed: 1 token/s, tier: host, value: 1 USD/(million tokens) }",
    "missing-field workloads.w.tier_price",
  ],
])("says what is wrong with %s", (_, work, expected) => {
  expect(faults(work)).toContain(expected);
});

test("a context of zero is out of range, and a model without room is warned of and served nothing", async () => {
  const shape = (parameters: string, context: string) =>
    `  big: { parameters: ${parameters}, layers: 10, heads: 10, head_dim: 100, attention: mha, context: ${context}, weight_precision: bf16, compute_precision: bf16, kv_precision: bf16 }\n`;
  const work = inference("requests: 1 request/s").replace("model: m", "model: big");
  expect(faults(work, shape("1 billion", "0 tokens"))).toContain("out-of-range models.big.context");
  const large = loadWith("plan.yaml", plainPlan(work, undefined, shape("500 billion", "1000 tokens")));
  expect(large.diagnostics.map(({ code }) => code)).toContain("model-without-room");
  const results = await resultsOf(scenarioOf(large));
  expect(BINDING_WORDS[columnOf(results, "workload", "demand_binding", "w")[3]]).toBe("fit");
  expect(columnOf(results, "total", "demand_unserved_share")[3]).toBe(1);
});
