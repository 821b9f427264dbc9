import { expect, test } from "vitest";
import { type TraceRequest, traceFigure } from "../../../src/analysis/trace/trace.ts";
import type { TraceNode } from "../../../src/analysis/trace/trace-node.ts";
import { runForTrace, type TraceRun } from "../../../src/analysis/trace/trace-run.ts";
import { loadWith, plainPlan, scenarioOf } from "../../demand/demand-files.ts";
import { expectEverythingTraced, readOf } from "./trace-everything.ts";

// 1,000 chips of 1 PFLOP/s; a dense model of 10 B: decode of one token takes 2e10 FLOP and some attention.
const CHAT =
  "  chat: { kind: inference, model: m, requests: RATE requests/s, prompt: 1000 tokens, answer: 100 tokens, speed: 20 tokens/s, peak_over_mean: 2, value: 1 USD/(million tokens) }\n";
const TRAIN =
  "  train: { kind: training, model: m, flop: 1000 YFLOP, precision: bf16, from: 2026-01, to: 2026-06, value: 1 USD/EFLOP, priority: 20 }\n";

function runOf(workloads: string): TraceRun {
  const { run, diagnostics } = runForTrace(scenarioOf(loadWith("t.yaml", plainPlan(workloads))));
  if (!run) throw new Error(JSON.stringify(diagnostics));
  return run;
}

function treeOf(run: TraceRun, request: TraceRequest): TraceNode {
  const { trace, misuse } = traceFigure(run, request);
  if (!trace) throw new Error(misuse);
  return trace.tree;
}

/** The first node of a name. */
function find(node: TraceNode, name: string): TraceNode | undefined {
  if (node.name === name) return node;
  for (const child of node.children) {
    const found = find(child, name);
    if (found) return found;
  }
  return undefined;
}

const short = runOf(CHAT.replace("RATE", "1000000") + TRAIN);
const ample = runOf(CHAT.replace("RATE", "1"));

test("what is unserved names the workloads, their shares and what binds them in words", () => {
  const { notes } = treeOf(short, { metric: "demand_unserved_share", month: "2026-03" });
  const served = treeOf(short, { metric: "demand_served_units", entity: "chat", month: "2026-03" });
  // A million requests a second of 100 tokens in 744 hours.
  const share = 1 - served.canonical / (1e6 * 100 * 3600 * 744);
  expect(share).toBeGreaterThan(0);
  expect(notes?.[0]).toContain(`${Number((100 * share).toPrecision(6))} % of chat is unserved: bound by `);
  expect(notes?.[0]).toMatch(/bound by (compute|bandwidth|memory) \(every chip it may run on is taken/);
  expect(notes?.[1]).toMatch(
    /^train is behind by .* FLOP, to be made up within its window: bound by compute/,
  );
});

test("a month in which nothing is unserved says so, with the chips that are idle", () => {
  const { notes, canonical } = treeOf(ample, { metric: "demand_unserved_share", month: "2026-03" });
  const idle = treeOf(ample, { metric: "chips_idle", month: "2026-03" }).value;
  expect(canonical).toBe(0);
  expect(notes).toEqual([
    `nothing is unserved in 2026-03: of 1,000 productive chips ${Number(idle.toPrecision(6))} are idle`,
  ]);
});

test("codes are words and units are those of the workload's kind, in what kernels read too", () => {
  const lost = treeOf(short, { metric: "demand_unserved_units", entity: "chat", month: "2026-03" });
  expect(lost.unit).toBe("tokens");
  expect(readOf(lost, "demand_binding")).toMatch(/^(compute|bandwidth|memory)$/);
  expect(readOf(lost, "demand_required_units")).toBe("2.6784e14 tokens");
  const left = treeOf(short, { metric: "demand_unserved_units", entity: "train", month: "2026-06" });
  expect(left.unit).toBe("FLOP");
  expect(find(left, "demand_required_units")?.unit).toBe("FLOP");
  const rate = treeOf(short, { metric: "rate_units_per_chip_hour", entity: "train/f/c", month: "2026-06" });
  expect(rate.unit).toBe("FLOP/chip-hour");
  // 1 PFLOP/s at 40 % for an hour.
  expect(rate.canonical).toBeCloseTo(0.4e15 * 3600, -6);
});

test("what is served is chips held times hours and rate over the peak, down to the data sheet", () => {
  const tree = treeOf(short, { metric: "demand_unserved_share", month: "2026-03" });
  const served = find(tree, "assigned_units");
  expect(served?.how).toBe("identity");
  const [held, hours, rate, peak] = served?.children ?? [];
  expect([held?.name, hours?.value, rate?.name, peak?.value]).toEqual([
    "assigned_chips",
    744,
    "rate_units_per_chip_hour",
    2,
  ]);
  // A kernel tells what it read where it stands first in the tree.
  expect(JSON.stringify(tree)).toContain("hbm_bandwidth");
});

test("what inference lacks is no backlog, not even by rounding", () => {
  for (const month of ["2026-02", "2026-12"])
    expect(treeOf(short, { metric: "demand_backlog_units", entity: "chat", month }).canonical).toBe(0);
});

test("every metric recombines with short, deferrable and training work", () => {
  const waiting = CHAT.replace("chat:", "batch:").replace(
    "value: 1",
    "deferrable: true, priority: 15, value: 0.1",
  );
  const run = runOf(CHAT.replace("RATE", "200") + waiting.replace("RATE", "1000000") + TRAIN);
  expect(expectEverythingTraced(run, [0, 5, 11]).has("demand_unserved_share")).toBe(true);
});
