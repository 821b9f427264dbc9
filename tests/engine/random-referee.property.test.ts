/** Engine and referee on random scenarios, at medians and at random draws. */

import fc from "fast-check";
import { describe, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { plainInputs } from "../../src/engine/index.ts";
import { expectTrialAgrees } from "../reference/agreement.ts";
import {
  loadDraft,
  makeUncertain,
  mapTexts,
  runs,
  scenarioOf,
  uniformsOf,
  withDemandCharges,
  withHires,
  withRefits,
  withRetirements,
} from "./random-scenario.ts";

describe("the referee", () => {
  test("agrees on random scenarios", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(scenarioOf(), (draft) => {
        const scenario = loadDraft(withRetirements(withRefits(withDemandCharges(draft))));
        const plan = compile(scenario);
        expectTrialAgrees(scenario, plan, plainInputs(plan));
      }),
      runs(40),
    );
  });

  test("agrees on trials of uncertain scenarios and of fleets that others own, draw by draw", {
    timeout: 300_000,
  }, () => {
    fc.assert(
      fc.property(scenarioOf({ fleets: 4, sites: 2 }), fc.integer(), fc.boolean(), (draft, seed, isHired) => {
        // The referee has no medians to size with, where a fleet is sized once.
        const each = mapTexts(draft, (text, path) => (path.endsWith(".sized") ? "each_trial" : text));
        const scenario = loadDraft(makeUncertain(isHired ? withHires(each) : each));
        const plan = compile(scenario);
        expectTrialAgrees(scenario, plan, uniformsOf(seed, plan.variables.length));
      }),
      runs(32),
    );
  });
});
