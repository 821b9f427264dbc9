import fc from "fast-check";
import { expect, test } from "vitest";
import { runForTrace } from "../../../src/analysis/trace/trace-run.ts";
import { loadDraft, runs, scenarioOf, withHires } from "../../engine/random-scenario.ts";
import { loadMoney, moneyOf, withLoans, withTax } from "../../money/random-contracts.ts";
import { expectEverythingTraced } from "./trace-everything.ts";

test("every metric recombines at every level, of chips that the provider or others own", () => {
  const month = fc.integer({ min: 0, max: 40 });
  const traced = { owned: 0, hired: 0 };
  fc.assert(
    fc.property(scenarioOf(), month, (draft, at) => {
      for (const kind of ["owned", "hired"] as const) {
        const { run, diagnostics } = runForTrace(loadDraft(kind === "hired" ? withHires(draft) : draft));
        expect(run === undefined).toBe(diagnostics.length > 0);
        if (run) traced[kind] += expectEverythingTraced(run, [at % run.horizonMonths]).size;
      }
    }),
    runs(4),
  );
  // Scenarios whose values leave their ranges are few, and the others have most of the metrics.
  expect(Math.min(traced.owned, traced.hired)).toBeGreaterThan(100);
});

test("every metric of scenarios with loans and tax recombines at every level", () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(moneyOf({ fleets: 2, feedback: false }), fc.integer({ min: 0, max: 40 }), (draft, at) => {
      const { run } = runForTrace(loadMoney(withTax(withLoans(draft))));
      for (const name of run ? expectEverythingTraced(run, [at % run.horizonMonths]) : []) met.add(name);
    }),
    runs(2),
  );
  for (const name of [
    "loan_balance_usd",
    "loan_dscr",
    "equity_cash_usd",
    "equity_npv_usd",
    "equity_irr",
    "tax_usd",
    "taxable_income_usd",
  ])
    expect(met).toContain(name);
});
