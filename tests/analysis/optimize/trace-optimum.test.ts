/** What takes a best plan apart: chips bought, and what one more unit of a limit changes. */
import { describe, expect, test } from "vitest";
import { bindingLimits, optimize } from "../../../src/analysis/optimize/optimize.ts";
import { traceOptimum } from "../../../src/analysis/optimize/prices/trace-optimum.ts";
import { readTask, type TaskOptions } from "../../../src/analysis/optimize/read-task.ts";
import { readSituation } from "../../../src/analysis/optimize/situation.ts";
import { assertRecombines, type TraceNode } from "../../../src/analysis/trace/trace-node.ts";
import { loadSolver } from "../../../src/solver/highs-solver.ts";
import { loaded } from "../../scenario/load-files.ts";
import { twoChips } from "./two-chips.ts";

const solver = await loadSolver();

const text = twoChips();

function find(sets: readonly string[] = [], options: Partial<TaskOptions> = {}) {
  const scenario = loaded(text, { sets });
  const { task } = readTask(scenario, { goal: "minimize_cost", ...options });
  if (!task) throw new Error("no task");
  const situation = readSituation(scenario, task);
  const { optimum } = optimize(situation, solver);
  if (!optimum) throw new Error("no plan");
  return { situation, optimum, trace: traceOptimum(situation, optimum, solver) };
}

/** Every node of a tree, each recombined from its parts. */
function nodesOf(tree: TraceNode | undefined): readonly TraceNode[] {
  if (!tree) throw new Error("no trace");
  assertRecombines(tree);
  return [tree, ...tree.children.flatMap(nodesOf)];
}

describe("chips bought", () => {
  test("are the sum of their landings, each the megawatts bought by the facility power of a chip", () => {
    const { trace } = find();
    const tree = trace.bought("trainium4");
    const nodes = nodesOf(tree);
    expect(tree).toMatchObject({ unit: "chips", operator: "+" });
    expect(tree?.canonical).toBeCloseTo(4000, 4);
    expect(tree?.children.map(({ entity, month, value }) => [entity, month, Math.round(value)])).toEqual(
      ["2026-03", "2026-04", "2026-05", "2026-06"].map((month) => ["east", month, 1000]),
    );
    const each = nodes.filter(({ name }) => name === "facility power of a chip");
    expect(each).toHaveLength(4);
    // 1 kW of IT power at a design PUE of 1.25.
    for (const { value, unit, children } of each) {
      expect([value.toFixed(6), unit]).toEqual(["1.250000", "kW"]);
      expect(children.map(({ field }) => field?.path)).toContain("chips.trainium4.it_power");
    }
    expect(trace.bought("trainium4", "east")?.canonical).toBe(tree?.canonical);
    expect([trace.bought("gb300"), trace.bought("trainium4", "west")]).toEqual([undefined, undefined]);
  });
});

describe("the price of a limit", () => {
  test("of required supply is that of the chips bought for it and no longer bought later", () => {
    const { trace, optimum } = find();
    const [supply] = bindingLimits(optimum);
    const { peak } = supply;
    const tree = trace.price(supply, peak.period);
    const nodes = nodesOf(tree);
    expect(Math.abs((tree?.canonical ?? 0) / peak.value - 1)).toBeLessThan(1e-5);
    const more = nodes.filter(({ name }) => name === "more chips");
    expect(more.length).toBeGreaterThan(0);
    // Prices of chips lead to the line that states them.
    const price = nodes.find(({ field }) => field?.path === "chips.trainium4.price");
    expect(price).toMatchObject({ canonical: 12_500 });
  });

  test.each([
    ["of a share that must be kept", ["optimize.min_share.gb300=25 %"], {}],
    ["of power, for most compute", [], { goal: "maximize_effective_fp4", budgetPv: 1e12 }],
    ["of a budget, for most compute", [], { goal: "maximize_effective_fp4", budgetPv: 2e8 }],
    ["of chips that are scarce", ["optimize.chip_supply.trainium4=600 chips"], {}],
  ] as const)("%s is what the plan changes for one more unit, at every peak", (_what, sets, options) => {
    const { trace, optimum } = find(sets, options);
    const limits = bindingLimits(optimum);
    expect(limits.length).toBeGreaterThan(0);
    for (const limit of limits) {
      const tree = trace.price(limit, limit.peak.period);
      nodesOf(tree);
      expect(Math.abs((tree?.canonical ?? 0) / limit.peak.value - 1)).toBeLessThan(1e-5);
      // Where a month alone changes nothing evenly, the change is that of all its periods together.
      const change = tree?.operator === "+" ? tree : tree?.children[0];
      expect(change?.operator).toBe("+");
      const sum = optimum.shadowPrices
        .filter(({ kind, name }) => kind === limit.kind && name === limit.name)
        .reduce((total, { value }) => total + value, 0);
      expect(
        Math.abs((change?.canonical ?? 0) / (tree === change ? limit.peak.value : sum) - 1),
      ).toBeLessThan(1e-5);
      const binding = trace.binding(limit);
      expect([binding?.value, binding?.children.length]).toEqual([limit.prices.length, limit.prices.length]);
    }
  });
});
