/** The numbers of docs/demand.md that come from runs at medians. Its percentiles need thousands of trials, so nothing here holds them. */

import fs from "node:fs";
import { expect, test } from "vitest";
import type { Results } from "../../src/analysis/results/results.ts";
import { columnOf, loadWith, resultsOf, scenarioOf } from "./demand-files.ts";

const page = fs.readFileSync("docs/demand.md", "utf8").replace(/\s+/g, " ");

/** A scenario with the requests of some workloads set to none, as the page's commands do. */
async function run(name: string, without: readonly string[]): Promise<Results> {
  const sets = without.map((workload) => `workloads.${workload}.requests=0 requests/s`);
  return resultsOf(scenarioOf(loadWith(`scenarios/${name}.yaml`, undefined, { sets })));
}

/** Of a mean month. */
const DAYS_A_MONTH = 365.25 / 12;

const digits = (value: number, count: number) => Number(value.toPrecision(count));
const grouped = (value: number) => digits(value, 3).toLocaleString("en");

test("what the Stateful Runtime saves", { timeout: 60_000 }, async () => {
  const others = ["chatgpt", "chatgpt_efficient", "frontier_agents", "amazon_custom_models"];
  const [kept, none] = await Promise.all(
    ["openai-aws", "stateful-against-stateless"].map((name) => run(name, others)),
  );
  const of2030 = (results: Results, metric: string) =>
    columnOf(results, "workload", metric, "stateful_runtime").slice(48, 60);
  const sum = (results: Results, metric: string) =>
    of2030(results, metric).reduce((total, value) => total + value, 0);
  const end = (results: Results, metric: string) => of2030(results, metric)[11];
  const price = (results: Results, what: "input" | "output") => {
    const input = sum(results, "inference_input_cost_usd");
    const cost = what === "input" ? input : sum(results, "inference_cost_usd") - input;
    return cost / (1000 * sum(results, `${what}_tokens_served_billion`));
  };
  const row = (name: string, value: (results: Results) => string) =>
    expect(page).toContain(`| ${name} | ${value(kept)} | ${value(none)} |`);
  row("chips held at the end of the year", (results) => grouped(end(results, "demand_chips")));
  row("cost, M USD", (results) => grouped(sum(results, "demand_cost_usd") / 1e6));
  row("USD per million new input tokens", (results) => price(results, "input").toFixed(3));
  row("USD per million output tokens", (results) => price(results, "output").toFixed(2));

  expect(1 - end(kept, "demand_chips") / end(none, "demand_chips")).toBeCloseTo(0.25, 1);
  expect(page).toContain(`by a factor of ${(price(none, "input") / price(kept, "input")).toFixed(1)} (`);
  const tier = (100 * sum(kept, "tier_cost_usd")) / sum(kept, "demand_cost_usd");
  expect(page).toContain(`Host memory is ${tier.toFixed(1)} % of the cost.`);
  const exchange = columnOf(kept, "assignment", "decode_exchange_ms", "stateful_runtime/trainium/trainium4");
  expect(page).toContain(`takes ${exchange[0].toFixed(1)} of the 20 ms of a step`);
  const minutes = (chip: string) =>
    columnOf(kept, "assignment", "break_even_idle_s", `stateful_runtime/trainium/${chip}`)[59] / 60;
  expect(page).toContain(
    `up to ${minutes("trainium4").toFixed(0)} minutes on Trainium4 and ${minutes("trainium3").toFixed(0)} minutes on Trainium3`,
  );
});

test("how far ChatGPT may grow", { timeout: 60_000 }, async () => {
  const results = await run("chatgpt-until-trainium-is-short", []);
  const of = (metric: string) => columnOf(results, "workload", metric, "chatgpt");
  const short = of("workload_unserved_share").findIndex((share) => share > 0);
  const month = `${2026 + Math.floor(short / 12)}-${String((short % 12) + 1).padStart(2, "0")}`;
  expect(page).toContain(`first short in ${month}.`);
  const required = of("output_tokens_required_billion")[short];
  const input = of("input_tokens_served_billion")[short];
  expect(page).toContain(
    `${digits(required / 1e6, 2)} quadrillion output tokens a month are required (${digits(required / DAYS_A_MONTH / 1e3, 2)} trillion a day) with ${digits(input / 1e6, 2)} quadrillion of input, on ${digits(of("demand_chips")[short], 2).toLocaleString("en")} chips`,
  );
});
