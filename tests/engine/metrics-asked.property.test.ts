/** A Plan for one metric leaves out what others need, and nothing else. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Plan, plainInputs, simulate } from "../../src/engine/index.ts";
import { METRICS } from "../../src/metrics/index.ts";
import { compile } from "../../src/scenario/compile/compile.ts";
import { type Draft, loadDraft, runs, scenarioOf } from "./random-scenario.ts";

/** Every month of every column of the plain run, by level, entity and metric. */
function columnsOf(plan: Plan): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  simulate(plan, plainInputs(plan), 1, (column, _, __, values, offset, monthStride) => {
    const { level, entity, metric, isScalar } = plan.columns[column];
    const months = Array.from({ length: isScalar ? 1 : plan.monthCount }, (_, month) => month);
    found.set(
      `${level} ${entity} ${metric}`,
      months.map((month) => values[offset + month * monthStride]),
    );
  });
  return found;
}

/** Chips that fail, so that losses and spares are in every draft. */
function withFailures(draft: Draft): Draft {
  const chips = Object.entries(draft.chips as Draft).map(([name, chip]) => [
    name,
    { ...(chip as Draft), failure_rate: "30 %" },
  ]);
  return { ...draft, chips: Object.fromEntries(chips) };
}

test("a metric asked for alone is the same, bit for bit, as among all others", { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(scenarioOf({ fleets: 3, sites: 2 }), (draft) => {
      const scenario = loadDraft(withFailures(draft));
      const all = columnsOf(compile(scenario));
      const differing = METRICS.flatMap(({ name }) =>
        [...columnsOf(compile(scenario, { metrics: [name] }))].filter(
          ([column, values]) => !values.every((value, month) => Object.is(value, all.get(column)?.[month])),
        ),
      );
      expect(differing).toEqual([]);
    }),
    runs(8),
  );
});
