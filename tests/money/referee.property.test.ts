/** The referee on random scenarios with contracts, tranches and a cash floor: docs/model.md section 10. */

import fc from "fast-check";
import { describe, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { plainInputs } from "../../src/engine/index.ts";
import { mapTexts, runs } from "../engine/random-scenario.ts";
import { expectTrialAgrees } from "../reference/agreement.ts";
import {
  loadMoney,
  type MoneyOptions,
  makeMoneyUncertain,
  moneyOf,
  uniformsOf,
  withBuyersChips,
  withLoans,
  withTax,
} from "./random-contracts.ts";

describe("the referee", () => {
  const kinds: readonly (readonly [string, MoneyOptions])[] = [
    ["settles contracts alike", { feedback: false }],
    ["lets money hold deliveries alike", { feedback: true }],
    ["counts what contracts imply alike, where nothing is replaced", { replacement: false }],
  ];
  test.each(kinds)("%s", { timeout: 300_000 }, (_name, options) => {
    fc.assert(
      fc.property(moneyOf(options), (draft) => {
        const scenario = loadMoney(draft);
        const plan = compile(scenario);
        expectTrialAgrees(scenario, plan, plainInputs(plan));
      }),
      runs(12),
    );
  });

  test("agrees draw by draw where terms are uncertain", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(moneyOf(), fc.integer(), (draft, seed) => {
        // The referee has no medians to size with, where a fleet is sized once.
        const each = mapTexts(draft, (text, path) => (path.endsWith(".sized") ? "each_trial" : text));
        const owned = seed % 2 === 0 ? each : withBuyersChips(each);
        const scenario = loadMoney(makeMoneyUncertain(owned));
        const plan = compile(scenario);
        expectTrialAgrees(scenario, plan, uniformsOf(seed, plan.variables.length));
      }),
      runs(10),
    );
  });

  test("sizes and repays loans and taxes income alike, draw by draw", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(moneyOf({ fleets: 2 }), fc.integer(), (draft, seed) => {
        const each = mapTexts(draft, (text, path) => (path.endsWith(".sized") ? "each_trial" : text));
        const loans = withLoans(makeMoneyUncertain(each));
        const scenario = loadMoney(seed % 2 === 0 ? loans : withTax(loans));
        const plan = compile(scenario);
        expectTrialAgrees(scenario, plan, uniformsOf(seed, plan.variables.length));
      }),
      runs(6),
    );
  });
});
