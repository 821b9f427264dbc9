import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { simulate } from "../../src/engine/index.ts";
import { BINDING_WORDS } from "../../src/metrics/metric.ts";
import { columnOf, loadWith, plainPlan, resultsOf, scenarioOf } from "./demand-files.ts";

const VALUE = "value: 5 USD/(million tokens)";
const near = (got: number, expected: number) =>
  expect(Math.abs(got - expected), `${got} is not ${expected}`).toBeLessThanOrEqual(
    1e-12 * Math.abs(expected),
  );
const run = async (work: string, fleets?: string, more?: string) =>
  resultsOf(scenarioOf(loadWith("plan.yaml", plainPlan(work, fleets, more))));
const request = (speed: string) =>
  `  w: { kind: inference, model: m, replica: 1 chip, requests: 100 requests/s, prompt: 900 tokens, answer: 200 tokens, speed: ${speed}, ${VALUE} }`;

// The chip reaches 5e14 FLOP/s and 2e12 B/s and has 100 GB; the model is 20 GB and keeps 40 kB a token (10 layers, 2 x 10 heads
// x 100 values x 2 bytes). At a mean length of 1,000 a sequence is 40 MB and a token 20 GFLOP + 4 x 10 x 100 x 10 x 1,000.
test("a decode step bound by bandwidth, worked by hand", async () => {
  const results = await run(request("60 tokens/s"));
  const of = (metric: string) => columnOf(results, "assignment", metric, "w/f/c")[0];
  // 2e12 B/s / 60 = 33.33 GB a step, less 20 GB of weights: 13.33 GB of cache.
  near(of("batch_sequences"), 1000 / 3);
  near(of("decode_memory_ms"), 1000 / 60);
  near(of("decode_compute_ms"), ((1000 / 3) * 20.04e9) / 5e14 / 1e-3);
  near(of("decode_tokens_per_second_per_chip"), 20_000);
  expect(BINDING_WORDS[of("replica_bound_by")]).toBe("bandwidth");
  // Prefill: 2e10 x 900 + 40,000 x 900^2 / 2 = 18.0162 TFLOP, 36.0324 ms, 0.180162 ms a token; decode 0.05 ms.
  near(of("chip_ms_per_token"), 0.230162);
  near(of("rate_units_per_chip_hour"), 3.6e6 / 0.230162);
  // 100 requests/s x 200 tokens / 4,344.8 tokens/s a chip.
  near(columnOf(results, "workload", "demand_chips", "w")[0], 100 * 200 * 0.230162e-3);
});

test("a decode step bound by arithmetic, by memory, and one too slow for any user", async () => {
  const of = async (speed: string, more?: string) => {
    const results = await run(more ? request(speed).replace("900 tokens", more) : request(speed));
    const value = (metric: string) => columnOf(results, "assignment", metric, "w/f/c")[0];
    return {
      batch: value("batch_sequences"),
      bound: BINDING_WORDS[value("replica_bound_by")],
      rate: value("rate_units_per_chip_hour"),
      results,
    };
  };
  const compute = await of("40 tokens/s");
  near(compute.batch, (0.025 * 5e14) / 20.04e9);
  expect(compute.bound).toBe("compute");
  const memory = await of("1 token/s");
  near(memory.batch, 80e9 / 40e6);
  expect(memory.bound).toBe("memory");
  const slow = await of("200 tokens/s");
  expect(slow).toMatchObject({ batch: 0, bound: "latency", rate: 0 });
  expect(columnOf(slow.results, "total", "demand_unserved_share")[3]).toBe(1);
  expect(BINDING_WORDS[columnOf(slow.results, "workload", "demand_binding", "w")[3]]).toBe("latency");
  expect(BINDING_WORDS[columnOf(slow.results, "total", "binding")[3]]).toBe("latency");
});

test("experts that a batch hits are read, and the exchange of eight chips is three doublings", async () => {
  const sparse =
    "  e: { parameters: 100 billion, active_parameters: 10 billion, layers: 10, heads: 10, head_dim: 100, attention: mla, kv_latent: 100, experts: 10, experts_active: 1, context: 9000 tokens, weight_precision: fp8, compute_precision: bf16, kv_precision: fp8 }\n";
  const work = `  w: { kind: inference, model: e, replica: 8 chips, requests: 1 request/s, prompt: 900 tokens, answer: 200 tokens, speed: 100 tokens/s, ${VALUE} }`;
  const plan = plainPlan(work, undefined, sparse).replace("exchange: 0 s", "exchange: 100 microseconds");
  const results = await resultsOf(scenarioOf(loadWith("plan.yaml", plan)));
  const of = (metric: string) => columnOf(results, "assignment", metric, "w/f/c")[0];
  // All 100 GB are experts: 90 GB = N_e x 0.9. Exchange: 10 layers x 0.1 ms x 3; 7 ms are left of 10.
  near(columnOf(results, "workload", "expert_weights_gb", "w")[0], 100);
  near(of("decode_exchange_ms"), 3);
  const batch = of("batch_sequences");
  // A latent cache cannot be split: each of the eight chips reads it whole.
  near(of("cache_copies"), 8);
  const read = 100e9 * (1 - 0.9 ** batch) + 8 * batch * 10 * 100 * 1000;
  // Products at a quarter of the peak and attention at half of it bind before memory: 7 ms on 8 chips.
  near(batch * (20e9 / 2.5e14 + (4 * 10 * 100 * 10 * 1000) / 5e14), 0.007 * 8);
  near(of("decode_memory_ms"), read / (8 * 2e12) / 1e-3);
});

test("a trial that draws parts of a model larger than the whole, or fewer weights than its experts, takes the limit", () => {
  const drawn = (min: string, max: string) => `{ distribution: uniform, min: ${min}, max: ${max} }`;
  const active = drawn("5 billion", "25 billion");
  const local = drawn("1", "15");
  const model = `  e: { parameters: 100 billion, active_parameters: ${active}, layers: 10, local_layers: ${local}, local_window: 100 tokens, heads: 10, head_dim: 100, attention: mla, kv_latent: 100, experts: 10, experts_active: 1, context: 9000 tokens, weight_precision: fp8, compute_precision: bf16, kv_precision: fp8 }\n`;
  const work = `  w: { kind: inference, model: e, replica: 8 chips, requests: 1 request/s, prompt: 900 tokens, answer: 200 tokens, speed: 1 token/s, ${VALUE} }`;
  const scenario = scenarioOf(loadWith("plan.yaml", plainPlan(work, undefined, model)));
  const metrics = ["expert_weights_gb", "kv_gb_per_sequence", "decode_gflop_per_token"];
  const plan = compile(scenario, { metrics });
  const shares = [0.05, 0.5, 0.95];
  const found = new Map<string, number[]>(metrics.map((metric) => [metric, []]));
  const inputs = Float64Array.from(plan.variables.flatMap(() => shares));
  const faults = simulate(plan, inputs, 3, (index, first, count, values, offset, _, trialStride) => {
    const list = found.get(plan.columns[index].metric);
    for (let trial = 0; trial < count; trial++)
      if (list) list[first + trial] = values[offset + trial * trialStride];
  });
  expect(faults).toEqual([]);
  // Drawn: 6, 15 and 24 billion active weights, of which one expert of ten is 10; 1.7, 8 and 14.3 of 10 local layers.
  const experts = [100e9, 85e9 / 0.9, 76e9 / 0.9];
  const seen = [8.3 * 1000 + 1.7 * 100, 2 * 1000 + 8 * 100, 10 * 100];
  for (const [trial, tokens] of seen.entries()) {
    near((found.get("expert_weights_gb") ?? [])[trial], experts[trial]);
    near((found.get("kv_gb_per_sequence") ?? [])[trial], 100 * tokens);
    near(
      (found.get("decode_gflop_per_token") ?? [])[trial],
      2e9 * [10, 15, 24][trial] + 4 * 10 * 100 * tokens,
    );
  }
});

test("a trial cuts what the context does not hold: the history first, then the prompt, and the answer last", () => {
  const drawn = (min: string, max: string) =>
    `{ distribution: uniform, min: ${min} tokens, max: ${max} tokens }`;
  const model = `  e: { parameters: 10 billion, layers: 10, heads: 10, head_dim: 100, attention: mha, context: 1000 tokens, weight_precision: fp8, compute_precision: bf16, kv_precision: bf16 }\n`;
  const work = `  w: { kind: stateful, model: e, replica: 1 chip, sessions: 1 session/s, prompt: ${drawn("100", "500")}, answer: ${drawn("1", "1203")}, history: ${drawn("0", "100")}, speed: 1 token/s, ${VALUE} }`;
  const scenario = scenarioOf(loadWith("plan.yaml", plainPlan(work, undefined, model)));
  const plan = compile(scenario, { metrics: ["decode_length_tokens", "demand_required_units"] });
  // By uniforms of prompt, answer and history: what the context leaves, and the mean length P + A/2.
  const trials = [
    { u: [0.5, 0.25, 0.5], answer: 301.5, input: 350 },
    { u: [0.5, 0.5, 0.999], answer: 602, input: 398 },
    { u: [0.999, 0.5, 0.5], answer: 602, input: 398 },
    { u: [0.5, 0.999, 0.5], answer: 999, input: 1 },
  ];
  const row = (key: string) => ["prompt", "answer", "history"].findIndex((name) => key.endsWith(name));
  const inputs = Float64Array.from(
    plan.variables.flatMap(({ key }) => trials.map(({ u }) => u[row(key)] ?? 0.5)),
  );
  const length: number[] = [];
  const required: number[] = [];
  const faults = simulate(
    plan,
    inputs,
    trials.length,
    (index, first, count, values, offset, monthStride, trialStride) => {
      const { metric, level } = plan.columns[index];
      if (level !== "workload") return;
      for (let trial = 0; trial < count; trial++) {
        const at = offset + trial * trialStride;
        if (metric === "decode_length_tokens") length[first + trial] = values[at];
        else required[first + trial] = values[at + plan.originMonth * monthStride];
      }
    },
  );
  expect(faults).toEqual([]);
  for (const [trial, { answer, input }] of trials.entries()) {
    near(length[trial], input + answer / 2);
    near(required[trial], 3600 * 744 * answer);
  }
});

test("break-even of a pause in HBM and in host memory, worked by hand", async () => {
  const session = (tier: string) =>
    `  w: { kind: stateful, model: m, replica: 1 chip, sessions: 10 sessions/s, prompt: 100 tokens, history: 800 tokens, answer: 200 tokens, speed: 60 tokens/s, active: 30 s, idle: 20 s, ${tier}, ${VALUE} }`;
  const hbm = await run(session("tier: hbm"));
  const of = (results: typeof hbm, metric: string, month = 3) =>
    columnOf(results, "assignment", metric, "w/f/c")[
      results === hbm || metric.endsWith("_s") ? (metric === "break_even_idle_s" ? month : 0) : 0
    ];
  // Stateless 36.0324 ms of prefill, with state (2e10 x 100 + 40,000 x (900^2 - 800^2) / 2) / 5e14 = 4.0068 ms.
  near(of(hbm, "state_chip_s_saved"), 0.0320256);
  // 1,100 tokens are 44 MB; a chip has 80 GB for such state.
  near(of(hbm, "break_even_idle_s"), (0.0320256 * 80e9) / 44e6);
  near(of(hbm, "held_chip_ms_per_token"), ((44e6 * 20) / 80e9 / 200) * 1e3);
  near(columnOf(hbm, "workload", "resident_sessions", "w")[0], 500);
  const host = await run(session("tier: host, tier_price: 0.001 USD/(GB hour), reload_bandwidth: 44 GB/s"));
  near(columnOf(host, "assignment", "state_chip_s_saved", "w/f/c")[0], 0.0310256);
  const price = columnOf(host, "part", "chip_hour_cost_usd", "f/c")[3];
  near(columnOf(host, "assignment", "break_even_idle_s", "w/f/c")[3], (0.0310256 * price) / (0.044 * 0.001));
  near(columnOf(host, "workload", "tier_cost_usd", "w")[3], 0.044 * 0.001 * 10 * 20 * 720);
  // Bringing 44 MB back takes longer than the prefill it saves: no pause is short enough.
  const slow = await run(session("tier: host, tier_price: 0.001 USD/(GB hour), reload_bandwidth: 1 GB/s"));
  expect(columnOf(slow, "assignment", "state_chip_s_saved", "w/f/c")[0]).toBeLessThan(0);
  expect(columnOf(slow, "assignment", "break_even_idle_s", "w/f/c")[3]).toBe(0);
  const none = await run(session("tier: none"));
  near(columnOf(none, "assignment", "prefill_chip_ms_per_token", "w/f/c")[0], 36.0324 / 200);
  expect(columnOf(none, "workload", "idle_state_tb", "w")[0]).toBe(0);
});

// As in the first test: 20.04 GFLOP a token at 5e14, 40 MB a sequence and 20 GB of weights at 2e12 B/s, and
// 18.0162 TFLOP of prompt for 200 tokens of answer.
test("prompts within decode steps: arithmetic adds up, memory hides behind it as far as the stack says", async () => {
  const served = (serving: string) =>
    run(request("20 tokens/s").replace("kind", `serving: { ${serving} }, kind`), undefined, undefined);
  const perToken = 20.04e9 / 5e14 + 18.0162e12 / 5e14 / 200;
  for (const overlap of [0, 40, 100]) {
    const plan = plainPlan(
      request("20 tokens/s").replace("kind", "serving: { mode: aggregated }, kind"),
    ).replace("overlap: 100 %", `overlap: ${overlap} %`);
    const results = await resultsOf(scenarioOf(loadWith("plan.yaml", plan)));
    const of = (metric: string) => columnOf(results, "assignment", metric, "w/f/c")[0];
    // 50 ms = B x arithmetic + (1 - overlap) (20 GB + B x 40 MB) / 2e12, since arithmetic is the larger.
    const left = 1 - overlap / 100;
    const batch = (0.05 - left * 0.01) / (perToken + left * 20e-6);
    near(of("batch_sequences"), batch);
    near(of("decode_step_ms"), 50);
    near(of("chip_ms_per_token"), 50 / batch);
    const pure = (x: number, y: number) => Math.max(x, y) + left * Math.min(x, y);
    near(of("decode_chip_ms_per_token"), (1e3 * pure(batch * 40.08e-6, 0.01 + batch * 20e-6)) / batch);
  }
  // Half of the slots, and at most a hundred of them.
  const half = await served("mode: aggregated, occupancy: 50 %, max_batch: 100");
  near(columnOf(half, "assignment", "batch_sequences", "w/f/c")[0], 50);
  expect(BINDING_WORDS[columnOf(half, "assignment", "replica_bound_by", "w/f/c")[0]]).toBe("memory");
});

test("pools of a stated ratio: the faster one waits; prompts take longer where their chips are not always in use", async () => {
  const figures = async (serving: string) => {
    const work = request("1 token/s").replace(
      "kind",
      `serving: { mode: disaggregated, max_batch: 100${serving} }, kind`,
    );
    const results = await run(work);
    const of = (metric: string) => columnOf(results, "assignment", metric, "w/f/c")[0];
    return { prefill: of("prefill_chip_ms_per_token"), decode: of("decode_chip_ms_per_token"), of };
  };
  const free = await figures("");
  // As above: a step of 100 is 10 ms of weights and 100 x 20 us of cache; prompts take 36.0324 ms for 200 tokens.
  near(free.decode, (10 + 100 * 0.02) / 100);
  near(free.prefill, 36.0324 / 200);
  // Three chips for prompts to one that decodes: 3 / 0.18 tokens a ms are more than decode's 1 / 0.12, which sets the pace.
  const many = await figures(", prefill_ratio: 3");
  near(many.decode, free.decode);
  near(many.prefill, 3 * free.decode);
  // One to one: prompts set it.
  const few = await figures(", prefill_ratio: 1");
  near(few.decode, free.prefill);
  near(few.prefill, free.prefill);
  expect(BINDING_WORDS[few.of("replica_bound_by")]).toBe("compute");
  const idle = await figures(", prompt_use: 60 %");
  near(idle.prefill, free.prefill / 0.6);
  near(idle.decode, free.decode);
});

test("a slot that is empty at times still serves; a launch lengthens every layer of a step", async () => {
  const of = async (serving: string, launch = "0 s") => {
    const work = request("1 token/s").replace("kind", `serving: { max_batch: 1${serving} }, kind`);
    const plan = plainPlan(work).replace(
      "overlap: 100 % }",
      `overlap: 100 %, launch: ${launch}, occupancy: 80 % }`,
    );
    const results = await resultsOf(scenarioOf(loadWith("plan.yaml", plan)));
    return (metric: string) => columnOf(results, "assignment", metric, "w/f/c")[0];
  };
  const plain = await of(", occupancy: 100 %");
  near(plain("batch_sequences"), 1);
  const stack = await of("");
  near(stack("batch_sequences"), 0.8);
  near(stack("decode_step_ms"), 10 + 0.8 * 0.02);
  const late = await of("", "50 microseconds");
  near(late("decode_step_ms"), 10 + 0.8 * 0.02 + 10 * 0.05);
});

test("answers that differ in length: half are 100 tokens long, half 300", async () => {
  const spread = (value: string) =>
    run(request("20 tokens/s").replace("answer:", `answer_spread: ${value}, answer:`));
  // While decoding, a sequence is one of the long ones in three of four cases: 0.75 x 150 + 0.25 x 50 = 125 tokens behind it, not 100.
  const [one, even] = [await spread("50 %"), await spread("0 %")];
  const of = (results: typeof one, metric: string) => columnOf(results, "workload", metric, "w")[0];
  const prompt = of(even, "decode_length_tokens") - 100;
  near(of(one, "decode_length_tokens"), prompt + 125);
  near(of(one, "kv_gb_per_sequence") / of(even, "kv_gb_per_sequence"), (prompt + 125) / (prompt + 100));
});

test("speculative decoding: a step checks four tokens of a sequence and keeps two", async () => {
  const work = request("60 tokens/s").replace("kind", "serving: { speculation: 2, drafted: 3 }, kind");
  const results = await run(work);
  const of = (metric: string) => columnOf(results, "assignment", metric, "w/f/c")[0];
  // A step may take 2 / 60 s; arithmetic of four tokens binds: 4 x 20.04e9 / 5e14 a sequence.
  const batch = 1 / 30 / (4 * 40.08e-6);
  near(of("batch_sequences"), batch);
  near(of("decode_tokens_per_second_per_chip"), (2 * batch) / (1 / 30));
});

test("experts spread over chips of their own sequences, within a domain and over the network", async () => {
  const sparse =
    "  e: { parameters: 100 billion, active_parameters: 30 billion, layers: 10, hidden: 1000, heads: 10, head_dim: 100, attention: mla, kv_latent: 100, experts: 10, experts_active: 2, context: 9000 tokens, weight_precision: fp8, compute_precision: bf16, kv_precision: fp8 }\n";
  const plan = (chips: number) =>
    plainPlan(
      `  w: { kind: inference, model: e, replica: ${chips} chips, serving: { stack: wide, max_batch: 160 }, requests: 1 request/s, prompt: 900 tokens, answer: 200 tokens, speed: 1 token/s, ${VALUE} }`,
      undefined,
      sparse,
    )
      .replace(
        "overlap: 100 % }",
        "overlap: 100 % }\n  wide: { points: [by hand], mode: disaggregated, attention: data, imbalance: 1.5 }",
      )
      .replace(
        "scale_up_domain: 8 chips",
        "scale_up_domain: 8 chips\n    scale_up_bandwidth: 100 GB/s\n    network_bandwidth: 10 GB/s",
      );
  const figures = async (chips: number) => {
    const results = await resultsOf(scenarioOf(loadWith("plan.yaml", plan(chips))));
    return (metric: string) => columnOf(results, "assignment", metric, "w/f/c")[0];
  };
  // 70 billion are the eight tenths of the experts that a token does not use.
  const experts = 70e9 / 0.8;
  const shared = 100e9 - experts;
  const of = await figures(8);
  near(of("replica_weights_gb"), (8 * shared + experts) / 1e9);
  near(of("cache_copies"), 1);
  // Each token goes to 7 (1 - (7/8)^2) of the others, 3 bytes a value out and back, half as many again on the busiest.
  const each = (peers: number, chips: number, rate: number) =>
    (3 * 1.5 * 10 * 1000 * (peers - 1) * (1 - (1 - 1 / peers) ** 2)) / chips / rate;
  near(of("decode_exchange_ms"), 160e3 * each(8, 8, 0.5 * 100e9));
  const wide = await figures(32);
  near(wide("decode_exchange_ms"), 160e3 * each(4, 32, 0.5 * 10e9));
  near(wide("replica_chips"), 32);
  // Arithmetic of 160 sequences on 8 chips: active weights and half of the routed ones again.
  const routed = experts * 0.2;
  near(
    of("decode_compute_ms"),
    (160e3 / 8) * ((2 * (30e9 + 0.5 * routed)) / 2.5e14 + (4 * 10 * 100 * 10 * 1000) / 5e14),
  );
  // The prefill pool: arithmetic, exchange after it, and 900 tokens of 1 kB to send.
  const prompt = (2 * (30e9 + 0.5 * routed) * 900) / 2.5e14 + (4 * 10 * 100 * 10 * 900 ** 2) / 2 / 5e14;
  near(
    of("prefill_chip_ms_per_token"),
    (1e3 * (prompt + 900 * 8 * each(8, 8, 50e9) + (900 * 1000) / 50e9)) / 200,
  );
});
