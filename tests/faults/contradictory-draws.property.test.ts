/** Random scenarios whose values agree at the medians and contradict each other in trials: bounds of physics hold in each. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { type Plan, simulate } from "../../src/engine/index.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { loadWith, scenarioOf } from "../demand/demand-files.ts";
import { runs, uniformsOf } from "../engine/random-scenario.ts";
import { brokenBounds } from "./physical-bounds.ts";

/** What the trials break: each trial's draws are its own, and a trial with a fault is not looked at, since no run shows it. */
function brokenIn(
  scenario: Scenario,
  trials: number,
  seed: number,
): { broken: readonly string[]; seen: number } {
  const plan: Plan = compile(scenario);
  const broken: string[] = [];
  let seen = 0;
  for (let trial = 0; trial < trials; trial++) {
    const columns = new Map<string, Float64Array>();
    const faults = simulate(
      plan,
      uniformsOf(seed + trial, plan.variables.length),
      1,
      (index, _first, _count, values, offset, stride) => {
        const { level, entity, metric, isScalar } = plan.columns[index];
        const column = new Float64Array(isScalar ? 1 : plan.monthCount);
        for (let month = 0; month < column.length; month++) column[month] = values[offset + month * stride];
        columns.set(`${level} ${entity} ${metric}`, column);
      },
    );
    if (faults.length > 0) continue;
    seen++;
    broken.push(...brokenBounds(plan, columns).map((each) => `trial ${trial}: ${each}`));
  }
  return { broken, seen };
}

/** An even range about a middle, which is its median, of any width within `least` and `most`. */
const around = (least: number, middle: number, most: number, unit = "") =>
  fc.integer({ min: 1, max: 98 }).map((wide) => {
    const reach = (wide / 100) * Math.min(middle - least, most - middle);
    return `{ distribution: uniform, min: ${middle - reach}${unit}, max: ${middle + reach}${unit} }`;
  });
const months = (middle: number) =>
  fc
    .integer({ min: 1, max: middle - 1 })
    .map((reach) => `uniform(${middle - reach} months, ${middle + reach} months)`);
const moved = (name: string) =>
  fc.integer({ min: 1, max: 20 }).map((reach) => `${name} + uniform(${-reach} months, ${reach} months)`);

/** Pairs of fields that a check holds in order at the medians, each drawn apart from the other. */
const contradictions = fc.record({
  from: moved("jan"),
  to: moved("jun"),
  retire: moved("late"),
  first: around(0, 0.3, 1),
  second: around(0, 0.35, 1),
  last: around(0, 0.4, 1),
  interpolate: fc.constantFrom("step", "linear"),
  share: around(0, 0.5, 1),
  life: months(14),
  commissioning: months(8),
  bookLife: months(10),
  economicLife: months(9),
  lease: months(9),
  rent: months(9),
  pue: around(1, 1.4, 3),
  design: around(1, 1.45, 3),
  load: around(0, 0.9, 1),
  commitment: around(0, 20, 1e6, " million USD"),
  consumed: around(0, 10, 1e6, " million USD"),
  start: moved("before"),
  notice: months(12),
  grace: months(6),
  tenor: months(14),
  loan: around(0, 0.8, 1),
  experts: around(1, 16, 1e6),
  used: around(1, 12, 1e6),
  active: around(0, 80, 1e6, " billion"),
  layers: around(1, 20, 1000),
  local: around(0, 16, 1000),
  heads: around(1, 16, 1000),
  cached: around(1, 14, 1000),
  context: around(1, 4000, 1e6, " tokens"),
  prompt: around(1, 1500, 1e6, " tokens"),
  answer: around(1, 1200, 1e6, " tokens"),
  history: around(0, 1000, 1e6, " tokens"),
  kept: around(1, 1.8, 60),
  drafted: around(0, 1, 60),
  hit: around(0, 0.6, 0.999),
});

type Drawn = typeof contradictions extends fc.Arbitrary<infer T> ? T : never;

function textOf(drawn: Drawn): string {
  const serving = "speed: 20 tokens/s, value: 5 USD/(million tokens)";
  return `
schema_version: 1
start: 2027-01
years: 2
provider: { equity_rate: 12 % }
let:
  before: 2026-12
  jan: 2027-01
  jun: 2027-06
  late: 2028-02
  first_month: "${drawn.from}"
  last_month: "${drawn.to}"
  over: "${drawn.retire}"
  signed: "${drawn.start}"
sites:
  hall: { power: { 2026-01: 30 MW }, pue: ${drawn.pue}, pue_design: ${drawn.design}, electricity: 50 USD/MWh, facility: 10 USD/W, build_time: 6 months, demand_charge: 10 USD/(kW month) }
chips:
  c: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 4 TB/s, it_power: 1 kW, price: 10 thousand USD, network: 1 thousand USD, lead: 3 months, available_from: 2025-01, scale_up_domain: 8 chips, network_bandwidth: 50 GB/s }
defaults:
  fleets: { chip: c, site: hall, size: 4000 chips, load_factor: ${drawn.load}, life: "${drawn.life}", commissioning: "${drawn.commissioning}", book_life: "${drawn.bookLife}", economic_life: "${drawn.economicLife}" }
fleets:
  ramp: { deliver: { from: first_month, to: last_month, shape: s_curve }, retire: over, procurement: { contract: k }, after_term: { share: 40 % } }
  steps: { deliver: { schedule: { 2027-02: ${drawn.first}, 2027-05: ${drawn.second}, 2027-11: ${drawn.last} }, interpolate: ${drawn.interpolate} } }
  leased: { tenure: leased, lease: 300 USD/chip/month, lease_term: "${drawn.lease}", lease_end: return, deliver: { at: first_month } }
  rented: { tenure: rented, rent: 3 USD/chip/hour, rent_term: "${drawn.rent}", rent_minimum: 50 %, deposit: ${drawn.share}, deliver: { at: last_month } }
contracts:
  k: { commitment: ${drawn.commitment}, consumed_to_date: ${drawn.consumed}, start: signed, term: 18 months, fulfillment_interval: quarterly, upfront: ${drawn.share}, rates: { c: 3 USD/chip/hour }, extension: { when: total.chips_energised > 3000 chips, term: 4 months, notice: "${drawn.notice}" }, termination: { when: total.chips_energised > 9000 chips, notice: "${drawn.notice}", fee: ${drawn.share} } }
debt:
  loan: { fleets: ramp, sites: hall, share: ${drawn.loan}, rate: 8 %, grace: "${drawn.grace}", tenor: "${drawn.tenor}", sweep: 50 % }
models:
  m: { parameters: 100 billion, active_parameters: ${drawn.active}, layers: ${drawn.layers}, local_layers: ${drawn.local}, local_window: 100 tokens, heads: ${drawn.heads}, kv_heads: ${drawn.cached}, head_dim: 100, attention: gqa, experts: ${drawn.experts}, experts_active: ${drawn.used}, context: ${drawn.context}, weight_precision: fp8, compute_precision: bf16, kv_precision: fp8 }
workloads:
  asked: { kind: inference, model: m, tokens: 100 million tokens/day, prompt: ${drawn.prompt}, answer: ${drawn.answer}, cache_hit: ${drawn.hit}, serving: { speculation: ${drawn.kept}, drafted: ${drawn.drafted} }, ${serving} }
  session: { kind: stateful, model: m, sessions: 2 sessions/s, turns: 4, prompt: ${drawn.prompt}, answer: ${drawn.answer}, history: ${drawn.history}, cache_hit: ${drawn.hit}, idle: 600 s, tier: host, tier_price: 0.001 USD/(GB hour), reload_bandwidth: 1 GB/s, ${serving} }
`;
}

describe("bounds of physics hold in every trial", () => {
  test.each(["openai-aws-with-debt", "hosting-by-the-megawatt", "rent-1gw-gb300"])("of %s", (name) => {
    expect(brokenIn(scenarioOf(loadWith(`scenarios/${name}.yaml`)), 8, 1)).toEqual({ broken: [], seen: 8 });
  });

  test("of scenarios whose values contradict each other in draws", { timeout: 300_000 }, () => {
    let looked = 0;
    fc.assert(
      fc.property(contradictions, fc.integer(), (drawn, seed) => {
        const { broken, seen } = brokenIn(scenarioOf(loadWith("plan.yaml", textOf(drawn))), 6, seed);
        looked += seen;
        expect(broken).toEqual([]);
      }),
      runs(16),
    );
    expect(looked).toBeGreaterThan(48);
  });
});
