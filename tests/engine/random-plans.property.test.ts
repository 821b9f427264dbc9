/** The identities of docs/model.md section 12 on random scenarios, and the referee on all of them. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWorkspace, type Plan, plainInputs, simulate } from "../../src/engine/index.ts";
import { findMetric } from "../../src/metrics/index.ts";
import { compile } from "../../src/scenario/compile/compile.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { expectTrialAgrees } from "../reference/agreement.ts";
import { type Simulated, simulateColumns } from "../reference/compare.ts";
import { type Draft, loadDraft, mapTexts, runs, scenarioOf } from "./random-scenario.ts";

/** Simulates the plain run of a scenario. */
function plain(scenario: Scenario): Simulated {
  const plan = compile(scenario);
  return simulateColumns(plan, plainInputs(plan), 1)[0];
}

function expectPlainAgrees(scenario: Scenario): void {
  const plan = compile(scenario);
  expectTrialAgrees(scenario, plan, plainInputs(plan));
}

describe("the referee", () => {
  test("agrees on random scenarios to 1e-9", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(scenarioOf(), (draft) => expectPlainAgrees(loadDraft(draft))),
      runs(120),
    );
  });
});
