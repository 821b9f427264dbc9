import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../../../src/analysis/optimize/build-program.ts";
import { findFrontier, type Optimum, optimize } from "../../../src/analysis/optimize/optimize.ts";
import { writePlanFile } from "../../../src/analysis/optimize/plan-file.ts";
import { readTask } from "../../../src/analysis/optimize/read-task.ts";
import { rulesLeftOut } from "../../../src/analysis/optimize/rules-left-out.ts";
import { readSituation, type Situation } from "../../../src/analysis/optimize/situation.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { loadSolver } from "../../../src/solver/highs-solver.ts";
import { columnOf, loadWith, plainPlan, resultsOf, scenarioOf } from "../../demand/demand-files.ts";
import { solveWithGlpk } from "./second-solver.ts";

const solver = await loadSolver();

/** FLOP that a chip of the plan trains in an hour: 1 PFLOPS at 40 %, always up. */
const PER_HOUR = 3600 * 1e15 * 0.4;

/** Hours from April to September. */
const SUMMER = (30 + 31 + 30 + 31 + 31 + 30) * 24;

const FLEET = "  f: { chip: c, site: s, size: 1000 chips, life: 10 years, deliver: { at: 2026-01 } }\n";

/** A training run that just keeps 500 chips busy over the summer. */
const TRAINING = `  t: { kind: training, model: m, fleets: [f], flop: ${(PER_HOUR * SUMMER * 500) / 1e24} YFLOP, from: 2026-04, to: 2026-09, value: 1 USD/EFLOP }\n`;

const CHAT =
  "  chat: { kind: inference, model: m, priority: 1, requests: { 2026-02: 100 million requests/day, 2026-08: 300 million requests/day }, prompt: 900 tokens, answer: 300 tokens, speed: 30 tokens/s, peak_over_mean: 1.5, value: 5 USD/(million tokens) }\n";

type Found = { readonly text: string; readonly situation: Situation; readonly optimum: Optimum };

function find(text: string, sets: readonly string[] = ["optimize.serve.all=100 %"]): Found {
  const scenario = scenarioOf(loadWith("plan.yaml", text, { sets }));
  const { task, diagnostics: unread } = readTask(scenario, { goal: "minimize_cost" });
  if (!task) throw new Error(unread.map(headlineOf).join("\n"));
  const situation = readSituation(scenario, task);
  const { optimum, diagnostics } = optimize(situation, solver);
  if (!optimum) throw new Error(diagnostics.map(headlineOf).join("\n"));
  return { text, situation, optimum };
}

/** What the run of the plan serves of each month's demand, where there is some. */
async function servedShares({ text, situation, optimum }: Found, name: string): Promise<readonly number[]> {
  const plan = writePlanFile(situation.scenario, situation.task, optimum.purchases, "./plan.yaml");
  const files = new Map([
    ["best.yaml", plan],
    ["plan.yaml", text],
  ]);
  const loaded = loadWith("best.yaml", plan, {
    read: (file) => files.get(file) ?? fs.readFileSync(file, "utf8"),
  });
  const results = await resultsOf(scenarioOf(loaded));
  const [required, served] = ["required", "served"].map((word) =>
    columnOf(results, "workload", `demand_${word}_units`, name),
  );
  return [...required.keys()]
    .filter((month) => required[month] > 0)
    .map((month) => served[month] / required[month]);
}

const totalChips = ({ optimum }: Found) => optimum.purchases.reduce((sum, { chips }) => sum + chips, 0);

describe("demand that has to be served", () => {
  test("of one training run needs the chips that its FLOP over its hours need, and no sooner", async () => {
    const found = find(plainPlan(TRAINING, FLEET));
    expect(found.optimum.purchases.map(({ months }) => months.map(({ at }) => at - 2026 * 12))).toEqual([
      [3],
    ]);
    expect(totalChips(found)).toBeCloseTo(500, 4);
    for (const share of await servedShares(found, "t")) expect(share).toBeCloseTo(1, 6);
  });

  test("may be a share of the run, and costs what its shadow price says", () => {
    const at = (share: number) => find(plainPlan(TRAINING, FLEET), [`optimize.serve.t=${share} %`]);
    const [most, more] = [at(80), at(81)];
    expect(totalChips(most)).toBeCloseTo(400, 4);
    const price = most.optimum.shadowPrices.find(({ kind }) => kind === "serve");
    expect(price).toMatchObject({ name: "t", period: "2026-04 to 2026-09", unit: "% of demand" });
    // One per cent more asked is one per cent less of slack.
    const difference = more.optimum.costPv - most.optimum.costPv;
    expect(Math.abs(difference / (price?.value ?? 0) - 1)).toBeLessThan(1e-6);
  });

  test("of traffic is served by the run in every month, peaks held", async () => {
    for (const share of [100, 70]) {
      const found = find(plainPlan(CHAT, FLEET), [`optimize.serve.chat=${share} %`]);
      const shares = await servedShares(found, "chat");
      expect(shares).toHaveLength(11);
      for (const served of shares) expect(served).toBeGreaterThan(share / 100 - 1e-6);
      // Nothing is bought that the busiest months do not need.
      expect(Math.min(...shares)).toBeCloseTo(share / 100, 6);
    }
  });

  test("uses the chips that stay first", async () => {
    const fleets = `${FLEET}  g: { chip: c, site: s, size: 300 chips, life: 10 years, deliver: { at: 2026-01 } }\n`;
    const work = TRAINING.replace("fleets: [f]", "fleets: [f, g]");
    const found = find(plainPlan(work, fleets), ["optimize.serve.all=100 %", "optimize.replace=[f]"]);
    expect(totalChips(found)).toBeCloseTo(200, 4);
    for (const share of await servedShares(found, "t")) expect(share).toBeCloseTo(1, 6);
  });

  test("that can wait uses the trough of what others hold for their peaks", async () => {
    const night = CHAT.replace("chat:", "night:")
      .replace("priority: 1", "priority: 2")
      .replace(", peak_over_mean: 1.5", ", deferrable: true");
    // What is held for half as much again serves half of the same traffic in its trough: together 1.5 means of each, 2 held at most.
    const alone = totalChips(find(plainPlan(CHAT, FLEET)));
    const both = find(plainPlan(CHAT + night, FLEET));
    expect(totalChips(both) / alone).toBeCloseTo(2 / 1.5, 6);
    for (const name of ["chat", "night"])
      for (const served of await servedShares(both, name)) expect(served).toBeGreaterThan(1 - 1e-6);
  });

  test("is served by the run less where the rule gives others all they ask first, which is said", async () => {
    const later = CHAT.replace("chat:", "later:").replace("priority: 1", "priority: 2");
    const found = find(plainPlan(CHAT + later, FLEET), ["optimize.serve.all=50 %"]);
    expect(Math.min(...(await servedShares(found, "chat")))).toBeGreaterThan(0.9);
    expect(Math.max(...(await servedShares(found, "later")))).toBeLessThan(0.1);
    expect(rulesLeftOut(found.situation).join("\n")).toMatch(/assignment: .*lower priority/);
  });

  test("has an optimum that GLPK finds too, and a frontier by shares of it", () => {
    const { situation, optimum } = find(plainPlan(CHAT + TRAINING, FLEET));
    const second = solveWithGlpk(buildProgram(situation).program);
    expect(Math.abs((second.objective * 1e6 + situation.kept.costPv) / optimum.costPv - 1)).toBeLessThan(
      1e-9,
    );
    const { frontier = [] } = findFrontier(situation, solver, 4);
    expect(frontier.map(({ supplyShare }) => supplyShare / frontier[3].supplyShare)).toEqual([
      0.25, 0.5, 0.75, 1,
    ]);
    for (let point = 1; point < 4; point++)
      expect(frontier[point].costPv).toBeGreaterThan(frontier[point - 1].costPv);
  });

  test("that nothing has power for is named", () => {
    expect(() =>
      find(plainPlan(TRAINING, FLEET), ["optimize.serve.all=100 %", "sites.s.power=100 kW"]),
    ).toThrow(
      /no plan exists: power of `sites.s` in .* and the demand of `workloads.t` in 2026-04 to 2026-09 cannot hold together/,
    );
  });

  test("that meets too little power is placed, with the month from which there is more", () => {
    const text = plainPlan(TRAINING, FLEET);
    const sets = ["optimize.serve.all=100 %", "sites.s.power={ 2026-01: 100 kW, 2026-10: 200 kW }"];
    const scenario = scenarioOf(loadWith("plan.yaml", text, { sets }));
    const { task } = readTask(scenario, { goal: "minimize_cost" });
    const [fault] = task ? optimize(readSituation(scenario, task), solver).diagnostics : [];
    expect(text.split("\n")[(fault?.span?.line ?? 0) - 1]).toMatch(/^ {2}t: /);
    expect(fault?.related?.map(({ span, note }) => [span?.file, note])).toEqual([
      [
        "--set",
        expect.stringMatching(
          /^`sites.s` has 100 kW free in 2026-0\d, 200 kW from 2026-10, after its delay$/,
        ),
      ],
    ]);
    expect(fault?.help).toMatch(
      /^give `sites.s` more power by 2026-0\d, ask for `workloads.t` later or for less of it under `optimize.serve`$/,
    );
  });
});
