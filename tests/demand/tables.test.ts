import { beforeAll, expect, test } from "vitest";
import { makeTables } from "../../src/analysis/tables/index.ts";
import type { Table } from "../../src/metrics/table.ts";
import { loadWith, plainPlan, resultsOf, scenarioOf } from "./demand-files.ts";

const TOKENS = "prompt: 500 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens)";
const WORK = [
  `  chat: { kind: inference, model: m, requests: 100 requests/s, ${TOKENS} }`,
  `  agent: { kind: stateful, model: m, sessions: 10 sessions/s, turns: 4, history: 2000 tokens, idle: 60 s, tier: hbm, ${TOKENS} }`,
  `  fresh: { kind: stateful, model: m, sessions: 10 sessions/s, turns: 4, history: 2000 tokens, tier: none, ${TOKENS} }`,
  "  runs: { kind: training, model: m, flop: 1 YFLOP, precision: bf16, from: 2026-02, to: 2026-04, value: 1 USD/EFLOP }\n",
].join("\n");

let tables: readonly Table[] = [];
beforeAll(async () => {
  tables = makeTables(await resultsOf(scenarioOf(loadWith("t.yaml", plainPlan(WORK)))));
});

/** Whether the cells of a column are empty, by workload; all of a workload's must be alike in the months asked for. */
function emptiness(table: string, column: string): Readonly<Record<string, boolean>> {
  const found = tables.find(({ name }) => name === table);
  const cells = (name: string) => Array.from(found?.columns.find((one) => one.name === name)?.values ?? []);
  const [names, values] = [cells("workload"), cells(column)];
  expect(values.length, `${table} ${column}`).toBe(found?.rowCount);
  return Object.fromEntries(names.map((name, row) => [String(name), values[row] === null]));
}

const ONLY_TRAINING = { chat: true, agent: true, fresh: true, runs: false };
const ONLY_SERVING = { chat: false, agent: false, fresh: false, runs: true };
const ONLY_SESSIONS = { chat: true, agent: false, fresh: false, runs: true };

test.each([
  ["workloads", "training_served_yflop", ONLY_TRAINING],
  ["workloads", "demand_backlog_units", ONLY_TRAINING],
  ["workloads", "output_tokens_served_billion", ONLY_SERVING],
  ["workloads", "usd_per_million_output_tokens", ONLY_SERVING],
  ["workloads", "resident_sessions", ONLY_SESSIONS],
  ["workloads_annual", "training_required_yflop", ONLY_TRAINING],
  ["workloads_annual", "usd_per_training_run", ONLY_TRAINING],
  ["workloads_annual", "usd_per_million_input_tokens", ONLY_SERVING],
  ["workloads_annual", "tier_cost_usd", ONLY_SESSIONS],
  ["serving", "replica_bound_by", ONLY_SERVING],
  ["serving", "batch_sequences", ONLY_SERVING],
  ["serving", "state_gb_per_session", ONLY_SESSIONS],
  ["demand", "break_even_idle_s", { chat: true, agent: false, fresh: true, runs: true }],
  ["demand", "assigned_input_cost_usd", ONLY_SERVING],
  ["workloads", "demand_required_units", { chat: false, agent: false, fresh: false, runs: false }],
] as const)("%s.csv: %s is empty where it says nothing", (table, column, expected) => {
  expect(emptiness(table, column)).toEqual(expected);
});

test("what a reader asks of demand stands in a column with its unit and meaning", () => {
  const asked: Readonly<Record<string, readonly string[]>> = {
    workloads: [
      "demand_required_units",
      "demand_served_units",
      "demand_unserved_units",
      "workload_unserved_share",
      "demand_unserved_value_usd",
      "demand_binding",
      "output_tokens_served_billion",
      "training_served_yflop",
      "usd_per_million_input_tokens",
      "usd_per_million_output_tokens",
      "usd_per_training_run",
      "workload_tokens_per_mwh",
    ],
    demand: ["assigned_chips", "assigned_units", "assigned_cost_usd", "assigned_energy_gwh"],
    annual: ["demand_unserved_share", "inference_tokens_per_mwh", "chips_idle", "idle_cost_usd"],
    fleets: ["chips_idle", "chips_assigned", "binding"],
  };
  for (const [name, columns] of Object.entries(asked)) {
    const table = tables.find((one) => one.name === name);
    for (const column of columns) {
      const found = table?.columns.find((one) => one.name === column);
      expect(found, `${name} ${column}`).toBeDefined();
      expect(found?.text, column).not.toBe("");
      if (found?.type === "number") expect(found.unit, column).toBeDefined();
    }
  }
});
