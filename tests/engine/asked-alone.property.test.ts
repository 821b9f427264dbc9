/** A Plan for one metric leaves out what others need, and nothing else. */

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compile, compileWithReads } from "../../src/compile/compile.ts";
import { type Plan, plainInputs, simulate } from "../../src/engine/index.ts";
import { METRICS } from "../../src/metrics/index.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { loadMoney, makeMoneyUncertain, moneyOf, withLoans, withTax } from "../money/random-contracts.ts";
import { catalogNames, packed } from "../scenario/shipped-catalog.ts";
import { type Draft, loadDraft, runs, scenarioOf } from "./random-scenario.ts";

const folder = fileURLToPath(new URL("../../scenarios", import.meta.url));

/** Every month of every column of the plain run, by level, entity and metric. */
function columnsOf(plan: Plan): ReadonlyMap<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  simulate(plan, plainInputs(plan), 1, (column, _, __, values, offset, monthStride) => {
    const { level, entity, metric, isScalar } = plan.columns[column];
    const months = new Float64Array(isScalar ? 1 : plan.monthCount);
    for (let month = 0; month < months.length; month++) months[month] = values[offset + month * monthStride];
    found.set(`${level} ${entity} ${metric}`, months);
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

/** Metrics that were asked for alone and had a column. */
const asked = new Set<string>();

/** Columns that differ in some bit where their metric alone is asked for. */
function differingAlone(scenario: Scenario, metrics = METRICS): readonly string[] {
  const all = columnsOf(compile(scenario));
  return metrics.flatMap(({ name }) => {
    const alone = [...columnsOf(compile(scenario, { metrics: [name] }))];
    if (alone.length > 0) asked.add(name);
    return alone.flatMap(([column, values]) =>
      values.every((value, month) => Object.is(value, all.get(column)?.[month])) ? [] : [column],
    );
  });
}

function loadReference(): Scenario {
  const { scenario } = loadScenario({
    path: "openai-aws.yaml",
    catalog: catalogNames.map((name) => `catalog/${name}`),
    packed,
    read: (file) => fs.readFileSync(path.join(folder, file), "utf8"),
  });
  if (!scenario) throw new Error("the reference scenario does not load");
  return scenario;
}

test("a metric asked for alone is the same, bit for bit, as among all others", { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(scenarioOf({ fleets: 3, sites: 2 }), (draft) => {
      expect(differingAlone(loadDraft(withFailures(draft)))).toEqual([]);
    }),
    runs(4),
  );
});

test("so is what random drafts have not, contracts and demand, in the reference, and some of the rest", {
  timeout: 300_000,
}, () => {
  const scenario = loadReference();
  const others = METRICS.filter(({ name }, index) => !asked.has(name) || index % 4 === 0);
  expect(others.map(({ group }) => group)).toEqual(expect.arrayContaining(["contract", "demand", "cost"]));
  expect(differingAlone(scenario, others)).toEqual([]);
});

/** Levels compiled on the way to all others are the Plan that compiling them alone gives, and change no bit of the others. */
function expectSameFirst(scenario: Scenario): void {
  const some = { levels: ["contract", "tranche", "loan", "total", "run"], months: "horizon" } as const;
  // Compiled before: the first Plan of a scenario also numbers what its medians are worked out from.
  const whole = compile(scenario);
  const { plan, first } = compileWithReads(scenario, { first: some });
  expect(first).toEqual(compile(scenario, some));
  const [together, alone] = [plan, whole].map(columnsOf);
  expect([...together.keys()].sort()).toEqual([...alone.keys()].sort());
  const differing = [...together].filter(([column, values]) =>
    values.some((value, month) => !Object.is(value, alone.get(column)?.[month])),
  );
  expect(differing.map(([column]) => column)).toEqual([]);
}

test("levels compiled first are as compiled alone, with gates, loans and tax, and in the reference", {
  timeout: 300_000,
}, () => {
  fc.assert(
    fc.property(moneyOf({ usage: true }), (draft) =>
      expectSameFirst(loadMoney(withTax(withLoans(makeMoneyUncertain(draft))))),
    ),
    runs(5),
  );
  expectSameFirst(loadReference());
});
