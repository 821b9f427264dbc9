import { expect, test } from "vitest";
import { optimize } from "../../../src/analysis/optimize/optimize.ts";
import { writePlanFile } from "../../../src/analysis/optimize/plan-file.ts";
import { readTask } from "../../../src/analysis/optimize/read-task.ts";
import { rulesLeftOut } from "../../../src/analysis/optimize/rules-left-out.ts";
import { readSituation } from "../../../src/analysis/optimize/situation.ts";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { findColumn } from "../../../src/analysis/results/results.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { loadSolver } from "../../../src/solver/highs-solver.ts";
import { loaded, scenarioText } from "../../scenario/load-files.ts";

const solver = await loadSolver();

/** A thousand GB300, of which the search makes trainium4 at half the price; both compute the same. */
const textWith = (loan: string) =>
  scenarioText({
    head: "schema_version: 1\nstart: 2026-01\nyears: 8\nprovider: { equity_rate: 12 % }\n",
    fleets:
      "fleets:\n  first:\n    chip: gb300\n    site: east\n    size: 1000 chips\n    pay_on_order: 0 %\n    life: 10 years\n    spares: none\n    deliver: { at: 2026-04 }\n",
    chips:
      "chips:\n  gb300: { mfu: { training: { bf16: 40 % } } }\n  trainium4: { price: 15 thousand USD, mfu: { training: { bf16: 40 % } } }\n",
    optimize: "optimize:\n  chips: [gb300, trainium4]\n",
    debt: `debt:\n  bank: { ${loan}, share: 50 %, rate: 8 %, tenor: 48 months }\n`,
  });

function search(loan: string, sets: readonly string[] = []) {
  const base = textWith(loan);
  const scenario = loaded(base, { sets });
  const { task } = readTask(scenario, { goal: "minimize_cost" });
  if (!task) throw new Error("no task");
  const situation = readSituation(scenario, task);
  const { optimum } = optimize(situation, solver);
  if (!optimum) throw new Error("no plan");
  const textOf = (purchases: typeof optimum.purchases) =>
    writePlanFile(scenario, task, purchases, "./base.yaml");
  return { base, situation, purchases: optimum.purchases, textOf };
}

test("a loan on fleets that are planned anew pays for those in their place", async () => {
  const { base, situation, purchases, textOf } = search("fleets: [first]", ["debt.bank.share=40 %"]);
  expect(rulesLeftOut(situation)).toContain(
    "`debt`: costs are those before financing; loans on replaced fleets pay for the fleets in their place",
  );
  expect(purchases.map(({ chip, chips }) => [chip, Math.round(chips)])).toEqual([["trainium4", 1000]]);
  const plan = loaded({ "a.yaml": textOf(purchases), "base.yaml": base });
  const { results } = await runPlain(plan, createThreadRunner());
  const draws = (results && findColumn(results, "loan", "loan_draw_usd", "bank")) ?? new Float64Array();
  // 40 % of 15,000 USD a chip and 5,000 USD of network, as the option says.
  const drawn = draws.reduce((sum, draw) => sum + draw, 0);
  expect(drawn / (0.4 * 1000 * 20_000)).toBeCloseTo(1, 6);
});

test.each([
  ["fleets: [first], sites: [east]", "debt:\n  bank:\n    fleets: null\n"],
  ["fleets: [first]", "debt:\n  bank: null\n"],
])("a loan with %s keeps its sites without fleets, and is gone without both", (loan, lines) => {
  expect(search(loan).textOf([])).toContain(lines);
});

test("a loan on sites alone stays as it is", () => {
  const { purchases, textOf } = search("sites: [east]");
  expect(textOf(purchases)).not.toContain("debt:");
});
