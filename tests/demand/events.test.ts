import { expect, test } from "vitest";
import { columnKey } from "../../src/analysis/results/results.ts";
import { EVENT } from "../../src/compile/compile.ts";
import { faultsOf } from "../scenario/load-files.ts";
import { columnOf, loadWith, plainPlan, resultsOf, scenarioOf } from "./demand-files.ts";

const CHAT =
  "  chat: { kind: inference, model: m, requests: 4000 requests/s, growth: 1000 %, prompt: 1000 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }\n";

/** The plan with conditions, and with what else stands at its top. */
function planOf(top: string): string {
  // Traffic that grows elevenfold a year is meant: some months are short, and some are not.
  return `${plainPlan(CHAT)}allow: [doubtful-value]\n${top}`;
}

test("events read what workloads lack, what they get and what it costs, month by month", async () => {
  const results = await resultsOf(
    scenarioOf(
      loadWith(
        "t.yaml",
        planOf(`events:
  short: total.demand_unserved_share > 0.2
  chat_short: workloads.chat.workload_unserved_share > 0.2
  many: workloads.chat.output_tokens_served > 1.5 trillion tokens
  dear: total.inference_usd_per_million_output_tokens > 1 USD/(million tokens)
  idle: total.chips_idle >= 100 chips and fleets.f.chips_assigned > 0 chips
`),
      ),
    ),
  );
  const months = (name: string) => Array.from(results.columns.get(columnKey("total", EVENT, name)) ?? []);
  const held = (values: Float64Array, holds: (value: number) => boolean) =>
    Array.from(values, (value) => (holds(value) ? 1 : 0));
  const share = columnOf(results, "total", "demand_unserved_share");
  const expectSome = (found: readonly number[], expected: readonly number[]) => {
    expect(found).toEqual(expected);
    // A condition that always holds, or never, would say nothing here.
    expect(new Set(expected).size).toBe(2);
  };
  expectSome(
    months("short"),
    held(share, (value) => value > 0.2),
  );
  expectSome(
    months("chat_short"),
    held(columnOf(results, "workload", "workload_unserved_share", "chat"), (value) => value > 0.2),
  );
  // In billions of tokens, and in USD per million.
  expectSome(
    months("many"),
    held(columnOf(results, "workload", "output_tokens_served_billion", "chat"), (value) => value > 1500),
  );
  const price = columnOf(results, "total", "inference_usd_per_million_output_tokens");
  expect(months("dear")).toEqual(held(price, (value) => value > 1));
  const idle = columnOf(results, "total", "chips_idle");
  expectSome(
    months("idle"),
    held(idle, (value) => value >= 100),
  );
});

const TRANCHE =
  "financing: { loan: { amount: 1 billion USD, when: total.demand_unserved_share > 0.2, lag: 0 months } }\n";

test("a tranche that no delivery waits for may hang on demand, and unlocks in its month", async () => {
  const results = await resultsOf(scenarioOf(loadWith("t.yaml", planOf(TRANCHE))));
  const first = columnOf(results, "total", "demand_unserved_share").findIndex((value) => value > 0.2);
  expect(first).toBeGreaterThan(0);
  expect(columnOf(results, "tranche", "tranche_unlock_month", "loan")[0]).toBe(first);
});

test("what deliveries wait for cannot hang on demand", () => {
  const funded = planOf(TRANCHE).replace("chip: c, site: s", "chip: c, site: s, funded_by: loan");
  expect(faultsOf(loadWith("t.yaml", funded))).toEqual([
    expect.stringContaining("`total.demand_unserved_share` follows from the chips of all months"),
  ]);
  const floored = `${planOf(TRANCHE)}buyer: { cash: { opening: 1 billion USD, floor: 0 USD } }\n`;
  expect(faultsOf(loadWith("t.yaml", floored))[0]).toContain("deliveries wait for this tranche");
});

test.each([
  ["total.demand_unserved_shar > 0", "total.demand_unserved_share"],
  ["workloads.chatt.output_tokens_served > 0 tokens", "workloads.chat.output_tokens_served"],
  ["workloads.chat.facility_power > 0 MW", '"name":"workloads.chat.facility_power"'],
  ["fleets.f.demand_unserved_share > 0", '"name":"fleets.f.demand_unserved_share"'],
  ["total.demand_required_units > 0", '"name":"total.demand_required_units"'],
  ["total.demand_unserved_share > 1 token", "a plain number and a number of tokens"],
])("%s is refused", (condition, words) => {
  const { diagnostics } = loadWith("t.yaml", planOf(`events: { e: "${condition}" }\n`));
  expect(diagnostics).toHaveLength(1);
  expect(JSON.stringify(diagnostics)).toContain(words);
});

test("without workloads there is nothing of demand to read", () => {
  const bare = plainPlan("").replace(/workloads:\n/, "events: { e: total.demand_unserved_share > 0 }\n");
  expect(JSON.stringify(loadWith("t.yaml", bare).diagnostics)).toContain("total.demand_unserved_share");
});

test("a figure of the run divided by nothing is refused, since it would be above every limit", () => {
  const faults = faultsOf(loadWith("t.yaml", planOf("events: { e: total.chips_installed / 0 > 1 chip }\n")));
  expect(faults).toContainEqual(expect.stringContaining("not-finite"));
});
