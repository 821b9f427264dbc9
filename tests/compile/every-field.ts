import type { Scenario } from "../../src/scenario/scenario.ts";
import { loaded } from "../scenario/load-files.ts";
import { FORMS, HIRED, LOANS, RATES, REFITTED, STATED_BY_MONTH, TAXED } from "./every-deal.ts";
import { STACKED, STACKS } from "./every-stack.ts";

/** A chip with every field that a calculation reads. */
function chip(name: string, scale: number, more = ""): string {
  return `  ${name}:
    fp8: ${2 * scale} PFLOPS
    bf16: ${scale} PFLOPS
    hbm: ${100 * scale} GB
    hbm_bandwidth: ${4 * scale} TB/s
    it_power: ${0.8 + 0.2 * scale} kW
    scale_up_domain: 16 chips
    price: { 2025-01: ${25 * scale} thousand USD, 2025-11: ${24 * scale} thousand USD, 2026-01: ${23 * scale} thousand USD, 2026-03: ${21 * scale} thousand USD, 2026-06: ${20 * scale} thousand USD }
    network: { 2025-01: ${4 + scale} thousand USD, 2026-02: ${3 + scale} thousand USD }
    lead: ${1 + scale} months
    available_from: 2026-0${scale}
    slip: 1 month
    failure_rate: ${scale} %
    interruption_rate: 0.${scale} / year
    availability: 9${9 - scale} %
    mfu:
      training: { fp4: 2${scale} %, fp8: 3${scale} %, bf16: 4${scale} % }
      inference: { fp4: 1${scale} %, fp8: 1${scale + 3} %, bf16: 2${scale} % }
    serving: { compute: 4${scale} %, sparse: 5${scale} %, bandwidth: 6${scale} %, reserve: 1${scale} %, exchange: ${10 + scale} microseconds }
${more}`;
}

const CHIPS = {
  h100: chip("h100", 1),
  old: chip("old", 1, "    fp4: 3 PFLOPS\n"),
  new: chip("new", 2),
  late: chip("late", 3),
  thin: chip("thin", 1, "    rack_power: 40 kW\n    resale: [[1, 0.7], [3, 0.4]]\n"),
  dense: chip("dense", 2, "    rack_power: 120 kW\n    resale: [[1, 0.8], [4, 0.3]]\n"),
  wide: chip("wide", 2, "    scale_up_bandwidth: 900 GB/s\n    network_bandwidth: 50 GB/s\n"),
} as const;

/** Two sites, one owned and one leased, whose power binds for some months. */
const SITES = `sites:
  east:
    power: { 2025-10: 200 kW, 2026-06: 600 kW, 2026-08: 350 kW, 2026-11: 900 kW }
    interpolate: step
    delay: 1 month
    pue: 1.15
    pue_design: 1.25
    electricity: 58 USD/MWh
    electricity_growth: 3 %
    demand_charge: { 2026-01: 12 USD/(kW month), 2026-05: 14 USD/(kW month) }
    demand_minimum: 60 %
    facility: 12 USD/W
    build_time: 3 months
    book_life: 15 years
    economic_life: 20 years
    residual_haircut: 10 %
    maintenance: 2 %
    staff: { value: 9 USD/(kW year), currency_year: 2024 }
  west:
    tenure: leased
    power: { 2026-01: 200 kW, 2026-10: 300 kW }
    interpolate: linear
    pue: 1.2
    pue_design: 1.3
    electricity: 70 USD/MWh
    lease: 120 USD/(kW month)
    lease_growth: 2 %
    staff: 5 USD/(kW year)
`;

/** What a fleet may state beside its chips, its site, its size and its delivery. */
const FLEET = `    commissioning: 1 month
    book_life: 5 months
    economic_life: 20 months
    residual_haircut: 15 %
    load_factor: 75 %
    scheduling_goodput: 95 %
    job_chips: 300 chips
    recovery: 20 minutes
    maintenance: 3 %
    pay_on_order: 30 %
`;

const FLEETS = `let: { count: 150 chips }
fleets:
  mixed:
    site: east
    mix: { old: 40 %, new: rest }
    by: spend
    size: 8 million USD
    priority: 2
    deliver: { from: 2026-01, to: 2026-08, shape: s_curve, delay: 1 month }
    life: 6 months
    spares: none
    replacement: { with: late, basis: spend, lead: 2 months }
${FLEET}  built:
    site: east
    chip: new
    size: 200 kW
    basis: facility
    sized: once
    priority: 1
    deliver: { schedule: { 2025-11: 30 %, 2026-05: 100 % }, interpolate: linear, wait_for_power: 1 month }
    life: 9 months
    replacement: { with: new, lead: 1 month }
${FLEET}  rented:
    site: west
    mix: { late: { share: 70 %, deliver: { at: 2026-03 } }, old: 30 % }
    by: chips
    size: count
    deliver: { at: 2026-05, delay: 1 month }
    life: 40 months
${FLEET}  varied:
    site: west
    mix:
      old: { share: 60 %, deliver: { from: 2026-01, to: 2026-07, shape: linear, delay: 1 month, wait_for_power: 2 months } }
      new: { share: 40 %, deliver: { schedule: { 2026-02: 50 %, 2026-06: 100 % }, interpolate: linear } }
    size: 100 chips
    deliver: { at: 2026-01 }
    life: 7 months
${FLEET}`;

/** One site with more power than most need, for what happens behind the chips. */
const HALL = `sites:
  hall: { power: 2 MW, pue: 1.1, pue_design: 1.2, electricity: 60 USD/MWh, facility: 10 USD/W, build_time: 1 month, residual_haircut: 0 % }
`;

const MONEY = `provider: { discount_rate: 9 %, sunk: false }
buyer: { discount_rate: 7 % }
money: { inflation: 4 % }
reference_use: training
`;

const CONTRACTS = `let: { filing: 2026-03 }
fleets:
  drawn: { site: hall, chip: old, size: 300 chips, deliver: { from: 2026-01, to: 2026-03, delay: 1 month }, life: 6 months, spares: none, procurement: { contract: [hours, money] } }
  open: { site: hall, chip: new, size: 100 chips, deliver: { at: 2026-02 }, life: 40 months, procurement: { contract: [money] }, funded_by: second }
contracts:
  hours:
    category: usage
    commitment: 900 thousand chip hours
    start: 2026-02
    term: 8 months
    terms: take_or_pay
    schedule: { 2026-02: 40 %, 2026-06: 60 % }
    upfront: 10 %
    rates: { old: 2 USD/chip/hour, new: 4 USD/chip/hour }
    escalation: 3 %
    contracted_availability: 97 %
    shortfall_relief: extend_term
    capacity: 2 MW
  money:
    category: spend
    commitment: 2 million USD
    start: 2025-03
    term: 30 months
    terms: take_or_pay
    fulfillment_interval: annual
    upfront: 20 %
    rates: { old: 2.1 USD/chip/hour, new: 3 USD/chip/hour }
    overage_rates: { old: 2.5 USD/chip/hour, new: 3.5 USD/chip/hour }
    escalation: 2 %
    contracted_availability: 98 %
    shortfall_relief: reduce
    consumed_to_date: 100 thousand USD
    capacity: 3 MW
financing:
  first: { amount: 1 million USD, when: filing, lag: 1 month }
  second: { amount: 2 million USD, when: "sites.hall.chips_energised >= 200 chips", before: 2026-07, lag: 2 months }
`;

const FLOOR = `fleets:
  held: { site: hall, chip: old, size: 300 chips, deliver: { from: 2026-01, to: 2026-06 }, life: 40 months, procurement: { contract: paid } }
contracts:
  paid: { commitment: 5 million USD, start: 2026-01, term: 2 years, rates: { old: 3 USD/chip/hour } }
`;

const MODELS = `models:
  sparse:
    parameters: 100 billion
    active_parameters: 10 billion
    layers: 40
    local_layers: 10
    local_window: 512 tokens
    heads: 64
    hidden: 4096
    head_dim: 128
    attention: gqa
    kv_heads: 8
    experts: 64
    experts_active: 4
    context: 64 thousand tokens
    weight_precision: fp8
    compute_precision: fp8
    kv_precision: bf16
  latent:
    parameters: 20 billion
    layers: 30
    heads: 32
    head_dim: 128
    attention: mla
    kv_latent: 576
    context: 64 thousand tokens
    weight_precision: fp8
    compute_precision: bf16
    kv_precision: fp8
  dense: { parameters: 5 billion, layers: 20, heads: 16, head_dim: 128, attention: mha, context: 32 thousand tokens, weight_precision: bf16, compute_precision: bf16, kv_precision: bf16 }
`;

const WORKLOADS = `workloads:
  chat:
    kind: inference
    model: sparse
    fleets: [fast]
    priority: 1
    value: 3 USD/(million tokens)
    peak_over_mean: 1.5
    growth: 20 %
    requests: { 2026-01: 200 requests/s, 2026-12: 900 requests/s }
    interpolate: linear
    prompt: 1000 tokens
    answer: 300 tokens
    answer_spread: 50 %
    cache_hit: 20 %
    speed: 20 tokens/s
    replica: 1 chip
  batch:
    kind: inference
    model: dense
    priority: 3
    value: 1 USD/(million tokens)
    deferrable: true
    peak_over_mean: 1.2
    tokens: 40 million tokens/s
    prompt: 2000 tokens
    answer: 200 tokens
    cache_hit: 10 %
    speed: 5 tokens/s
  agents:
    kind: stateful
    model: latent
    priority: 2
    value: 5 USD/(million tokens)
    peak_over_mean: 1.4
    growth: 10 %
    sessions: 2 sessions/s
    turns: 10
    history: 8000 tokens
    prompt: 500 tokens
    answer: 400 tokens
    cache_hit: 30 %
    active: 60 s
    idle: 20 minutes
    tier: host
    tier_price: 3 USD/(TB hour)
    reload_bandwidth: 20 GB/s
    speed: 15 tokens/s
  run:
    kind: training
    model: sparse
    priority: 4
    value: 1 USD/EFLOP
    flop: 900 ZFLOP
    precision: fp8
    from: 2026-03
    to: 2026-08
    min_chips: 16 chips
  tune:
    kind: training
    model: dense
    fleets: [slow]
    priority: 5
    value: 1 USD/EFLOP
    training_tokens: 10 billion tokens
    overhead: 12 %
    precision: bf16
    from: 2026-06
    to: 2026-09
`;

const WORKERS = `fleets:
  fast: { site: hall, chip: new, size: 400 chips, deliver: { at: 2026-01 }, life: 40 months, job_chips: 200 chips, recovery: 30 minutes }
  slow: { site: hall, chip: old, size: 300 chips, deliver: { at: 2026-02 }, life: 40 months, job_chips: 100 chips, recovery: 30 minutes }
`;

const HEAD = "schema_version: 1\nstart: 2026-01\n";

/** Scenarios that together state every field that a calculation reads, by name. */
export function scenariosOfEveryField(): Readonly<Record<string, Scenario>> {
  const ofYears = (years: number, chips: readonly (keyof typeof CHIPS)[], sections: readonly string[]) =>
    loaded([HEAD, `years: ${years}\nchips:\n`, ...chips.map((name) => CHIPS[name]), ...sections].join(""), {
      catalog: [],
    });
  const scenario = (chips: readonly (keyof typeof CHIPS)[], ...sections: readonly string[]) =>
    ofYears(1, chips, sections);
  const floor = "rate: 7 %, cash: { opening: 1 million USD, floor: 500 thousand USD }";
  return {
    parts: scenario(["h100", "old", "new", "late"], SITES, FLEETS, MONEY),
    contracts: scenario(["old", "new"], HALL, MONEY, CONTRACTS),
    "a floor of cash": scenario(["old"], HALL, MONEY.replace("rate: 7 %", floor), FLOOR),
    demand: scenario(["old", "new"], HALL, MONEY, WORKERS, MODELS, WORKLOADS),
    "amounts in euro and chips by the month": scenario(["thin", "dense"], REFITTED, RATES, STATED_BY_MONTH),
    "hired chips": scenario(["old", "new"], HALL.replace("2 MW", "150 kW"), MONEY, HIRED),
    "forms of contracts": ofYears(2, ["old", "new"], [HALL, FORMS]),
    "loans and tax": scenario(["old", "new"], HALL, LOANS, TAXED),
    "serving stacks": scenario(["wide"], HALL, MODELS, STACKS, STACKED),
  };
}
