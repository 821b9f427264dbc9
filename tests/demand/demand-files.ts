import fs from "node:fs";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { findColumn, type Results } from "../../src/analysis/results/results.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { type LoadInput, type LoadResult, loadScenario } from "../../src/scenario/load.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { catalogFiles, packed } from "../scenario/shipped-catalog.ts";

/** Loads a scenario of the repository, or a text beside its catalog. */
export function loadWith(path: string, text?: string, options: Partial<LoadInput> = {}): LoadResult {
  const read = (file: string) => {
    if (file === path && text !== undefined) return text;
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  };
  return loadScenario({ path, catalog: catalogFiles, packed, read, ...options });
}

/** The scenario, or a failure with what is wrong. */
export function scenarioOf(result: LoadResult): Scenario {
  if (!result.scenario)
    throw new Error(JSON.stringify(result.diagnostics.map((each) => [each.code, each.values, each.path])));
  return result.scenario;
}

export async function resultsOf(scenario: Scenario): Promise<Results> {
  const { results, diagnostics } = await runPlain(scenario, createThreadRunner());
  if (!results) throw new Error(JSON.stringify(diagnostics));
  return results;
}

/** A column of shown values. */
export function columnOf(
  results: Results,
  level: Parameters<typeof findColumn>[1],
  metric: string,
  entity = "",
): Float64Array {
  const column = findColumn(results, level, metric, entity);
  if (!column) throw new Error(`no column ${level} ${metric} ${entity}`);
  return column;
}

/** A plan of one site and fleets of a made-up chip with round figures, ample power, all chips there from the start. */
export function plainPlan(
  workloads: string,
  fleets = "  f: { chip: c, site: s, size: 1000 chips, deliver: { at: 2026-01 } }\n",
  more = "",
): string {
  return `schema_version: 1
start: 2026-01
years: 1
sites:
  s: { power: 1 GW, pue: 1.1, pue_design: 1.2, electricity: 50 USD/MWh, facility: 10 USD/W, build_time: 1 month }
defaults:
  fleets: { commissioning: 0 months, scheduling_goodput: 100 %, recovery: 0 hours, load_factor: 80 %, maintenance: 0 %, pay_on_order: 0 % }
  chips:
    availability: 100 %
    interruption_rate: 0 / year
    failure_rate: 0 %
    lead: 0 months
    serving: { prefill: 50 %, compute: 50 %, sparse: 50 %, bandwidth: 50 %, reserve: 0 %, exchange: 0 s, link: 50 % }
  workloads: { overhead: 0 %, serving: { stack: plain } }
stacks:
  # Prompts apart, and the smaller of arithmetic and memory hidden: a step worked by hand is the larger of the two.
  plain: { points: [by hand], mode: disaggregated, attention: tensor, overlap: 100 % }
chips:
  c:
    bf16: 1 PFLOPS
    hbm: 100 GB
    hbm_bandwidth: 4 TB/s
    it_power: 1 kW
    price: 10 thousand USD
    network: 0 USD
    available_from: 2025-01
    scale_up_domain: 8 chips
    mfu: { training: { bf16: 40 % } }
models:
  m:
    parameters: 10 billion
    layers: 10
    heads: 10
    head_dim: 100
    attention: mha
    context: 100 thousand tokens
    weight_precision: bf16
    compute_precision: bf16
    kv_precision: bf16
${more}fleets:
${fleets}workloads:
${workloads}`;
}
