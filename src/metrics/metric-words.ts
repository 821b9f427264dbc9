import { findMetric } from "./index.ts";
import type { Metric } from "./metric.ts";

/** What names of metrics end in, by their unit; the number beside the words has its own. */
const ENDINGS: Readonly<Record<string, string>> = {
  USD: "_usd",
  MW: "_mw",
  GWh: "_gwh",
  PB: "_pb",
  GB: "_gb",
  TB: "_tb",
  ms: "_ms",
  s: "_s",
  tokens: "_tokens",
  "EFLOP/s": "_eflops",
  YFLOP: "_yflop",
  "PB/s": "_pb_per_s",
  "billion tokens": "_billion",
  "tokens or FLOP": "_units",
  "USD/chip-hour": "_usd",
};

/** Metrics whose words do not follow from their names. */
const OWN: Readonly<Record<string, string>> = {
  binding: "what binds",
  demand_binding: "what binds the work",
  replica_bound_by: "what binds a copy of the model",
  replica_works: "whether a copy of the model works",
  replica_doublings: "doublings of chips a copy",
  cache_copies: "copies of the cache",
  demand_required_units: "work required",
  demand_served_units: "work served",
  demand_unserved_units: "work unserved",
  demand_backlog_units: "work in arrears",
  demand_settled_units: "work settled",
  demand_required_value_usd: "value of work required",
  demand_settled_value_usd: "value of work settled",
  demand_unserved_value_usd: "value of work unserved",
  demand_unserved_share: "share of work unserved, by value",
  workload_unserved_share: "share of work unserved",
  electricity_usd_per_mwh: "price of electricity",
  it_power_mw: "IT power",
  npv_buyer_usd: "buyer\u2019s NPV",
  npv_provider_contracted_usd: "provider\u2019s NPV to the end of its contracts",
  payments_after_horizon_usd: "payments due after the horizon",
  provider_irr: "provider\u2019s rate of return",
  equity_irr: "rate of return on equity",
  equity_irr_after_tax: "rate of return on equity after tax",
  equity_cash_usd: "cash to equity",
  loan_dscr: "cover of debt service",
  loan_trailing_dscr: "cover of debt service over twelve months",
  loan_least_dscr: "least cover of debt service",
  loan_months_below_covenant: "months below the covenant",
  implied_rate_card_multiple: "payments as a multiple of the rate card",
  tax_usd: "tax",
  job_size_chips: "chips of a job",
  kv_gb_per_sequence: "cache of a sequence",
  kv_gb_of_input: "cache of the input",
  state_gb_per_session: "state of a session",
  state_gb_per_chip: "state on a chip",
};

/** Abbreviations in names of metrics and fields. */
export const ABBREVIATIONS = { fp4: "FP4", fp8: "FP8", bf16: "BF16", hbm: "HBM", mfu: "MFU" } as const;

/** Words of names that are spelled otherwise. */
const SPELLED: Readonly<Record<string, string>> = {
  ...ABBREVIATIONS,
  mw: "MW",
  mwh: "MWh",
  gb: "GB",
  ms: "time",
  gflop: "GFLOP",
  tflop: "TFLOP",
  npv: "NPV",
  capex: "capital cost",
  opex: "operating cost",
  h100e: "H100 equivalents,",
  provider: "provider\u2019s",
  buyer: "buyer\u2019s",
};

/**
 * The words of a metric without its unit: `facility_maintenance_cost_usd` is `facility maintenance cost`,
 * `horizon_inference_usd_per_million_output_tokens` is `inference cost per million output tokens over the horizon`.
 *
 * Fails: never; undefined for a name that no metric has.
 */
export function metricInWords(name: string): string | undefined {
  const metric = findMetric(name);
  return metric && (OWN[name] ?? wordsOf(metric));
}

function wordsOf({ name, unit }: Metric): string {
  const [, horizon = "", inner = ""] = /^(horizon_)?(.*)$/.exec(name) ?? [];
  const ending = ENDINGS[unit] ?? "";
  const bare = inner.endsWith(ending) ? inner.slice(0, inner.length - ending.length) : inner;
  const [, main = "", last = ""] = /^(.*?)(_pv|_total)?$/.exec(bare) ?? [];
  const words = main
    .replace(/(?<=^|_)(?:cost_)?usd_per_/, "cost_per_")
    .split("_")
    .map((word) => SPELLED[word] ?? word)
    .join(" ")
    .replace(/(chip|eflop|MW) (hour|year)/, (joined) => joined.replace(" ", "-").replace("eflop", "EFLOP"));
  const whole = `${words}${last === "" ? "" : last === "_pv" ? ", present value" : ", total"}`;
  return horizon === "" ? whole : `${whole} over the horizon`;
}
