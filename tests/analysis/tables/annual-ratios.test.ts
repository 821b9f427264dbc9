import { expect, test } from "vitest";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import type { Results } from "../../../src/analysis/results/results.ts";
import { prepareSample, runMonteCarlo } from "../../../src/analysis/sample/montecarlo.ts";
import { makeAnnual, makeAnnualRanges, makeTables } from "../../../src/analysis/tables/index.ts";
import type { Table } from "../../../src/metrics/table.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { loadWith, plainPlan, scenarioOf } from "../../demand/demand-files.ts";

/** Two years from the middle of one, of which the chips reach for less and less. */
function planOf(requests: string): string {
  return plainPlan(
    [
      `  chat: { kind: inference, model: m, requests: ${requests}, growth: 300 %, prompt: 1000 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }`,
      "  runs: { kind: training, model: m, flop: 0.5 YFLOP, precision: bf16, from: 2026-08, to: 2027-01, priority: 20, value: 1 USD/EFLOP }\n",
    ].join("\n"),
  )
    .replace("start: 2026-01\nyears: 1", "start: 2026-06\nyears: 2")
    .replace("deliver: { at: 2026-01 }", "deliver: { at: 2026-06 }")
    .replace(
      "  fleets: {",
      "  fleets: { life: 60 months, economic_life: 5 years, residual_haircut: 0 %, job_chips: 8 chips,",
    )
    .replace(
      "defaults:\n",
      "provider: { discount_rate: 10 % }\nmoney: { inflation: 2 % }\ndefaults:\n  sites: { electricity_growth: 0 %, maintenance: 1 %, staff: 1 USD/kW/year, economic_life: 20 years, residual_haircut: 0 % }\n",
    );
}

async function sampleOf(text: string, trials: number): Promise<Results> {
  const scenario = scenarioOf(loadWith("t.yaml", text));
  const runner = createThreadRunner();
  const { results } = await runPlain(scenario, runner);
  if (!results) throw new Error("the plain run left a range");
  if (trials === 0) return results;
  const prepared = prepareSample(scenario, results, { trials, seed: "3" });
  const run = await runMonteCarlo(prepared, results, runner);
  if (!run.results) throw new Error(JSON.stringify(run.diagnostics));
  return run.results;
}

function column(table: Table | undefined, name: string): readonly number[] {
  const found = table?.columns.find((one) => one.name === name);
  if (!found) throw new Error(`no column ${name}`);
  return Array.from(found.values, Number);
}

/** Reads a statistic of a metric by year. */
function rangesOf(results: Results): (metric: string, statistic: string) => readonly (number | null)[] {
  if (!results.spread) throw new Error("no sample");
  const { columns } = makeAnnualRanges(results, results.spread);
  const cells = (name: string) => Array.from(columns.find((one) => one.name === name)?.values ?? []);
  const metrics = cells("metric");
  return (metric, statistic) =>
    cells(statistic).filter((_, row) => metrics[row] === metric) as (number | null)[];
}

const RATIOS = [
  "demand_unserved_share",
  "inference_usd_per_million_input_tokens",
  "inference_usd_per_million_output_tokens",
  "training_usd_per_run",
  "inference_tokens_per_mwh",
];

test("a ratio of a year is that of the sums of its months, short years included", async () => {
  const results = await sampleOf(planOf("20000 requests/s"), 0);
  const tables = makeTables(results);
  const named = (name: string) => tables.find((table) => table.name === name);
  const months = Array.from(named("monthly")?.columns[0]?.values ?? [], String);
  const years = ["2026", "2027", "2028"];
  const sums = (name: string) =>
    years.map((year) =>
      column(named("monthly"), name).reduce(
        (sum, value, at) => sum + (months[at]?.startsWith(year) ? value : 0),
        0,
      ),
    );
  const [unserved, settled] = [sums("demand_unserved_value_usd"), sums("demand_settled_value_usd")];
  const share = column(named("annual"), "demand_unserved_share");
  expect(share).toHaveLength(3);
  for (const [year, value] of share.entries()) expect(value).toBeCloseTo(unserved[year] / settled[year], 12);
  expect(share[2]).toBeGreaterThan(share[0]);
  // USD per million of billions of tokens.
  const price = column(named("annual"), "inference_usd_per_million_input_tokens");
  const [cost, tokens] = [sums("inference_input_cost_usd"), sums("input_tokens_served_billion")];
  for (const [year, value] of price.entries()) expect(value * 1e3 * tokens[year]).toBeCloseTo(cost[year], 6);
  // By workload the same: what training costs is no price of a token.
  const rows = named("workloads_annual");
  const workload = Array.from(rows?.columns.find(({ name }) => name === "workload")?.values ?? []);
  const own = column(rows, "workload_unserved_share");
  const lost = column(rows, "demand_unserved_units");
  const served = column(rows, "demand_served_units");
  for (const [row, name] of workload.entries()) {
    const due = served[row] + lost[row];
    expect(own[row], String(name)).toBeCloseTo(due === 0 ? 0 : lost[row] / due, 12);
    const tokenPrice = rows?.columns.find((one) => one.name === "usd_per_million_input_tokens")?.values[row];
    expect(tokenPrice === null, String(name)).toBe(name === "runs");
  }
});

test("quantiles are those of the annual figure: a coin of two plans gives their two figures", async () => {
  const [low, high] = ["10000 requests/s", "40000 requests/s"];
  const coin = `{ distribution: discrete, values: { ${low}: 0.5, ${high}: 0.5 } }`;
  const sampled = rangesOf(await sampleOf(planOf(coin), 400));
  const [few, many] = await Promise.all(
    [low, high].map(async (text) => makeAnnual(await sampleOf(planOf(text), 0))),
  );
  for (const name of RATIOS) {
    const [one, other] = [column(few, name), column(many, name)];
    for (const year of [0, 1, 2]) {
      // Where one side serves no training, it has no price of a run.
      if (name === "training_usd_per_run" && one[year] * other[year] === 0) continue;
      const [least, most] = [Math.min(one[year], other[year]), Math.max(one[year], other[year])];
      // Exactly: what trials give and what the plain run gives is one computation.
      expect(sampled(name, "p5")[year], `${name} ${year}`).toBe(least);
      expect(sampled(name, "p95")[year], `${name} ${year}`).toBe(most);
      const mean = Number(sampled(name, "mean")[year]);
      // A fair coin of 400 throws is within five standard errors of a half.
      expect(Math.abs(mean - (least + most) / 2)).toBeLessThanOrEqual(
        (5 / 40) * (most - least) + 1e-12 * most,
      );
    }
  }
});

test("without variance statistics are the plain figure bit for bit, and what does not exist is empty", async () => {
  const results = await sampleOf(planOf("20000 requests/s"), 70);
  const [annual, ranges] = [makeAnnual(results), rangesOf(results)];
  for (const name of RATIOS) {
    const cells = annual.columns.find((one) => one.name === name)?.values;
    for (const statistic of ["mean", "p5", "p50", "p95"])
      expect(ranges(name, statistic), name).toEqual(Array.from(cells ?? []));
  }
  const price = annual.columns.find(({ name }) => name === "training_usd_per_run");
  expect(price?.values[2]).toBeNull();
});
