import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { simulate } from "../../src/engine/index.ts";
import { BINDING_WORDS } from "../../src/metrics/metric.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { referenceInput } from "../reference/adapter.ts";
import { simulateDemandOf } from "../reference/demand-words.ts";
import { loadWith, plainPlan, scenarioOf } from "./demand-files.ts";

/** Metrics that are compared, and the chips they stand on. */
const METRICS = [
  "chips_productive",
  "replica_chips",
  "batch_sequences",
  "rate_units_per_chip_hour",
  "assigned_chips",
  "assigned_units",
  "demand_required_units",
  "demand_unserved_units",
  "demand_binding",
];

/** Compares engine and referee in some draws of a scenario; the first is the plain run. */
function expectAgreement(scenario: Scenario, trials: number): void {
  const plan = compile(scenario, { metrics: METRICS });
  const draw = (variable: number, trial: number) =>
    trial === 0 ? 0.5 : (((variable + 1) * 0.618034 + trial * 0.414214) % 0.9) + 0.05;
  const inputs = Float64Array.from({ length: plan.variables.length * trials }, (_, at) =>
    draw(Math.floor(at / trials), at % trials),
  );
  const columns = Array.from({ length: trials }, () => new Map<string, Float64Array>());
  const faults = simulate(
    plan,
    inputs,
    trials,
    (index, first, count, values, offset, monthStride, trialStride) => {
      const { level, metric, entity } = plan.columns[index];
      for (let trial = 0; trial < count; trial++)
        columns[first + trial].set(
          `${level} ${metric} ${entity}`,
          Float64Array.from(
            { length: plan.horizonMonths },
            (_, month) => values[offset + (plan.originMonth + month) * monthStride + trial * trialStride],
          ),
        );
    },
  );
  expect(faults).toEqual([]);
  const keys = new Map(plan.variables.map(({ key }, variable) => [key, variable]));
  for (let trial = 0; trial < trials; trial++) {
    const engine = (key: string) => columns[trial].get(key) as Float64Array;
    const input = referenceInput(scenario, (variable) => draw(keys.get(variable) ?? -1, trial));
    const referee = simulateDemandOf(scenario, input, (part) => engine(`part chips_productive ${part}`));
    const near = (key: string, expected: readonly number[]) => {
      const got = engine(key);
      const scale = Math.max(1e-12, ...expected.map(Math.abs), ...Array.from(got, Math.abs));
      for (const [month, value] of expected.entries())
        expect(
          Math.abs(got[month] - value),
          `${key} trial ${trial} month ${month}: ${got[month]}, ${value}`,
        ).toBeLessThanOrEqual(1e-9 * scale);
    };
    for (const [key, pair] of referee.pairs) {
      near(`assignment replica_chips ${key}`, [pair.replica]);
      near(`assignment batch_sequences ${key}`, [pair.batch]);
      near(`assignment rate_units_per_chip_hour ${key}`, [pair.rate]);
      near(`assignment assigned_chips ${key}`, pair.held);
      near(`assignment assigned_units ${key}`, pair.units);
    }
    for (const [name, { required, unserved, bound }] of referee.works) {
      near(`workload demand_required_units ${name}`, required);
      near(`workload demand_unserved_units ${name}`, unserved);
      const words = Array.from(engine(`workload demand_binding ${name}`), (code) => BINDING_WORDS[code]);
      expect(words, `${name} trial ${trial}`).toEqual(bound);
    }
  }
}

test.each(["openai-aws", "stateful-against-stateless", "chatgpt-until-trainium-is-short"])(
  "engine and referee agree on %s, plain and in draws",
  (name) => expectAgreement(scenarioOf(loadWith(`scenarios/${name}.yaml`)), 4),
  120_000,
);

test("engine and referee agree where work is short, too slow, too large and deferrable", () => {
  const value = "value: 5 USD/(million tokens)";
  const text = plainPlan(
    [
      `  a: { kind: inference, model: m, priority: 1, requests: 40 million requests/day, prompt: 1000 tokens, answer: 200 tokens, speed: 50 tokens/s, peak_over_mean: 1.7, ${value} }`,
      `  b: { kind: inference, model: m, priority: 2, fleets: [f], tokens: 900 billion tokens/day, growth: 50 %, prompt: 400 tokens, answer: 300 tokens, speed: 20 tokens/s, peak_over_mean: 1.2, ${value} }`,
      `  c: { kind: stateful, model: m, priority: 3, sessions: 2 million sessions/day, turns: 5, prompt: 100 tokens, history: 3000 tokens, answer: 100 tokens, speed: 30 tokens/s, idle: 600 s, tier: hbm, ${value} }`,
      `  slow: { kind: inference, model: m, priority: 4, requests: 1 request/s, prompt: 10 tokens, answer: 10 tokens, speed: 100000 tokens/s, ${value} }`,
      "  train: { kind: training, model: m, priority: 5, deferrable: true, training_tokens: 50 trillion tokens, from: 2026-03, to: 2026-08, min_chips: 300 chips, value: 1 USD/EFLOP }",
    ].join("\n"),
    "  f: { chip: c, site: s, size: 1000 chips, deliver: { from: 2026-01, to: 2026-06 } }\n  g: { chip: h100, site: s, size: 500 chips, deliver: { at: 2026-04 } }\n",
  );
  expectAgreement(scenarioOf(loadWith("plan.yaml", text)), 3);
});

test("engine and referee agree on every way to serve", () => {
  const work = (name: string, model: string, more: string) =>
    `  ${name}: { kind: inference, model: ${model}, requests: 1 request/s, prompt: 3000 tokens, answer: 700 tokens, cache_hit: 30 %, value: 5 USD/(million tokens), ${more} }`;
  const works = [
    work("wide", "deepseek_v3", "speed: 30 tokens/s, serving: { stack: wide_expert_parallel }"),
    work("beyond", "deepseek_v3", "speed: 30 tokens/s, replica: 72 chips"),
    work(
      "tensor",
      "deepseek_v3",
      "speed: 30 tokens/s, replica: 16 chips, serving: { stack: tensor_parallel }",
    ),
    work(
      "crossed",
      "qwen3_235b",
      "speed: 12 tokens/s, answer_spread: 80 %, serving: { mode: aggregated, attention: data, occupancy: 60 % }",
    ),
    work("drafted", "llama_3_1_70b", "speed: 60 tokens/s, serving: { speculation: 1.7, drafted: 2 }"),
    work("capped", "llama_3_1_70b", "speed: 1 token/s, serving: { mode: disaggregated, max_batch: 40 }"),
    work("large", "kimi_k2", "speed: 30 tokens/s"),
    work("fed", "deepseek_v3", "speed: 1 token/s, serving: { prefill_ratio: 2, prompt_use: 70 % }"),
    work("starved", "deepseek_v3", "speed: 1 token/s, serving: { prefill_ratio: 0.1, max_batch: 1 }"),
  ];
  const fleets =
    "  f: { chip: h200, site: s, size: 1000 chips, deliver: { at: 2026-01 } }\n  g: { chip: gb300, site: s, size: 500 chips, deliver: { at: 2026-02 } }\n";
  const text = plainPlan(works.join("\n"), fleets).replace(
    "workloads: { overhead: 0 %, serving: { stack: plain } }",
    "workloads: {}",
  );
  expectAgreement(scenarioOf(loadWith("plan.yaml", text)), 4);
}, 60_000);

test("engine and referee agree where draws contradict each other: parts above the whole, fewer weights than experts", () => {
  const model =
    "  e: { parameters: 200 billion to 900 billion, active_parameters: 60 billion to 400 billion, layers: 60, local_layers: 20 to 90, local_window: 128 tokens, heads: 64, kv_heads: 8, head_dim: 128, attention: gqa, experts: 16 to 64, experts_active: 2 to 32, context: 9000 tokens, weight_precision: fp4, compute_precision: fp8, kv_precision: fp8 }\n";
  const work = (name: string, more: string) =>
    `  ${name}: { kind: inference, model: e, requests: 1 request/s, prompt: 900 tokens, answer: 1000 tokens, speed: 20 tokens/s, value: 5 USD/(million tokens), ${more} }`;
  const works = [
    work("wide", "serving: { stack: wide_expert_parallel }"),
    work("tensor", "serving: { stack: tensor_parallel }"),
    "  train: { kind: training, model: e, training_tokens: 5 trillion tokens, from: 2026-03, to: 2026-08, value: 1 USD/EFLOP }",
  ];
  const fleets = "  f: { chip: gb300, site: s, size: 4000 chips, deliver: { at: 2026-01 } }\n";
  expectAgreement(scenarioOf(loadWith("plan.yaml", plainPlan(works.join("\n"), fleets, model))), 16);
}, 60_000);

test("engine and referee agree where draws ask for more than a context holds, keep more tokens than they check, and cache too many heads", () => {
  const model =
    "  e: { parameters: 20 billion, layers: 40, heads: 16 to 40, kv_heads: 8 to 64, head_dim: 128, attention: gqa, context: 1500 tokens to 12000 tokens, weight_precision: fp8, compute_precision: fp8, kv_precision: fp8 }\n";
  const lengths = "prompt: 400 tokens to 4000 tokens, answer: 200 tokens to 4000 tokens";
  const work = (name: string, more: string) =>
    `  ${name}: { model: e, ${lengths}, speed: 20 tokens/s, value: 5 USD/(million tokens), ${more} }`;
  const works = [
    work(
      "a",
      "kind: inference, requests: 1 request/s, cache_hit: 20 %, serving: { speculation: 1.1 to 3, drafted: 1 to 2 }",
    ),
    work("b", "kind: inference, tokens: 900 tokens/s, answer_spread: 80 %"),
    work(
      "c",
      "kind: stateful, sessions: 1 session/s, turns: 3, history: 0 tokens to 3000 tokens, idle: 60 s, tier: hbm",
    ),
    work(
      "d",
      "kind: stateful, sessions: 1 session/s, turns: 3, history: 500 tokens, cache_hit: 50 %, tier: none",
    ),
  ];
  const fleets = "  f: { chip: gb300, site: s, size: 4000 chips, deliver: { at: 2026-01 } }\n";
  expectAgreement(scenarioOf(loadWith("plan.yaml", plainPlan(works.join("\n"), fleets, model))), 24);
}, 60_000);

test("engine and referee agree on measured rates: curves, one value, total tokens, scaled and not", () => {
  const curve = "[[10, 9000], [25, 6000], [60, 2500], [140, 700]]";
  const work = (name: string, model: string, precision: string, more: string, measured: string) =>
    `  ${name}: { kind: inference, model: ${model}, requests: 1 request/s, prompt: 900 tokens to 1100 tokens, answer: 1000 tokens, speed: 20 tokens/s to 60 tokens/s, value: 5 USD/(million tokens), ${more}measured: { gb300: { model: ${model}, precision: ${precision}, ${measured} } } }`;
  const same = "prompt: 1000 tokens, answer: 1000 tokens";
  const works = [
    work("plain", "deepseek_v3", "fp8", "", `counts: output, curve: ${curve}, ${same}`),
    work("total", "deepseek_v3", "fp8", "replica: 16 chips, ", `counts: total, curve: ${curve}, ${same}`),
    work(
      "one",
      "llama_3_1_70b",
      "fp8",
      "",
      `counts: output, rate: 2000 tokens/s to 3000 tokens/s, ${same}, replica: 4 chips`,
    ),
    work(
      "scaled",
      "deepseek_v3",
      "fp8",
      "",
      `counts: output, curve: ${curve}, prompt: 8000 tokens, answer: 1000 tokens, cache_hit: 40 %, replica: 8 chips, shape: scale`,
    ),
    work(
      "fast",
      "llama_3_1_405b",
      "fp8",
      "",
      `counts: total, curve: ${curve}, prompt: 300 tokens, answer: 2000 tokens, shape: scale`,
    ),
  ];
  const fleets =
    "  f: { chip: gb300, site: s, size: 1000 chips, deliver: { at: 2026-01 } }\n  g: { chip: h200, site: s, size: 500 chips, deliver: { at: 2026-02 } }\n";
  expectAgreement(scenarioOf(loadWith("plan.yaml", plainPlan(works.join("\n"), fleets))), 4);
}, 60_000);
