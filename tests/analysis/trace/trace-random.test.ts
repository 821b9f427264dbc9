import fc from "fast-check";
import { expect, test } from "vitest";
import { runForTrace } from "../../../src/analysis/trace/trace-run.ts";
import { loadDraft, runs, scenarioOf } from "../../engine/random-scenario.ts";
import { expectEverythingTraced } from "./trace-everything.ts";

test("every metric of any scenario recombines at every level", () => {
  const month = fc.integer({ min: 0, max: 40 });
  let traced = 0;
  fc.assert(
    fc.property(scenarioOf(), month, (draft, at) => {
      const { run, diagnostics } = runForTrace(loadDraft(draft));
      expect(run === undefined).toBe(diagnostics.length > 0);
      if (run) traced += expectEverythingTraced(run, [at % run.horizonMonths]).size;
    }),
    runs(6),
  );
  // Scenarios whose values leave their ranges are few, and the others have most of the metrics.
  expect(traced).toBeGreaterThan(100);
});
