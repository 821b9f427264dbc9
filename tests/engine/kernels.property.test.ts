/** Kernels read as WebAssembly against the same kernels read on plain numbers, bit for bit, on random scenarios of every kind. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { createWorkspace, type Plan, simulate, type Workspace } from "../../src/engine/index.ts";
import { KERNELS } from "../../src/engine/kernels/kernels.ts";
import { HEADER, Opcode } from "../../src/engine/operations/opcode.ts";
import { createFusedWorkspace } from "../../src/run/fused-workspace.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { scenarioOf as loadedOf, loadWith, plainPlan } from "../demand/demand-files.ts";
import { loadMoney, makeMoneyUncertain, moneyOf, withLoans, withTax } from "../money/random-contracts.ts";
import {
  loadDraft,
  makeUncertain,
  runs,
  scenarioOf,
  uniformsOf,
  withDemandCharges,
  withHires,
  withRefits,
  withRetirements,
} from "./random-scenario.ts";

/** Odd, so that the last pair of trials is filled up. */
const TRIALS = 7;

/** All results of some trials, column by column. */
function columnsOf(plan: Plan, inputs: Float64Array, workspace: Workspace): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  const sink: Parameters<typeof simulate>[3] = (column, first, count, values, offset, byMonth, byTrial) => {
    const { metric, level, entity, isScalar } = plan.columns[column];
    for (let trial = 0; trial < count; trial++) {
      const months = isScalar ? 1 : plan.monthCount;
      const row = new Float64Array(months);
      for (let month = 0; month < months; month++)
        row[month] = values[offset + month * byMonth + trial * byTrial];
      found.set(`${level} ${entity} ${metric}, trial ${first + trial}`, row);
    }
  };
  simulate(plan, inputs, TRIALS, sink, workspace);
  return found;
}

/** Kernels whose instructions a program has. */
function kernelsOf({ program }: Plan): readonly string[] {
  const names: string[] = [];
  const read = (from: number, end: number) => {
    for (let at = from; at < end; at += HEADER + program[at + 1]) {
      if (program[at] === Opcode.kernel) names.push(KERNELS[program[at + HEADER]].name);
      if (program[at] === Opcode.sweep) {
        names.push("a sweep");
        read(at + HEADER, at + HEADER + program[at + 1]);
      }
    }
  };
  read(0, program.length);
  return names;
}

const seen = new Set<string>();

function expectSameBits(scenario: Scenario, seed: number): void {
  const plan = compile(scenario);
  for (const name of kernelsOf(plan)) seen.add(name);
  const inputs = uniformsOf(seed, plan.variables.length * TRIALS);
  const plain = columnsOf(plan, inputs, createWorkspace(plan, 1));
  for (const blockSize of [2, 6, 8]) {
    const emitted = columnsOf(plan, inputs, createFusedWorkspace(plan, blockSize));
    expect(emitted.size).toBe(plain.size);
    for (const [name, values] of plain) {
      const mine = emitted.get(name);
      // `toEqual` alone would take longer than what is tested.
      const isSame =
        mine?.length === values.length && mine.every((value, month) => Object.is(value, values[month]));
      if (!isSame) expect(mine, name).toEqual(values);
    }
  }
}

/** Lists of up to six items are written out, longer ones are loops: plans have both. */
const FLEETS = 12;

test("of fleets", { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(scenarioOf({ fleets: FLEETS }), fc.integer(), (draft, seed) =>
      expectSameBits(loadDraft(withRefits(withDemandCharges(makeUncertain(withRetirements(draft))))), seed),
    ),
    runs(5),
  );
});

test("of chips that others own", { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(scenarioOf({ fleets: FLEETS }), fc.integer(), (draft, seed) =>
      expectSameBits(loadDraft(makeUncertain(withHires(draft))), seed),
    ),
    runs(5),
  );
});

test.each([false, true])("of contracts, with gates: %j", { timeout: 300_000 }, (feedback) => {
  fc.assert(
    fc.property(
      moneyOf({ fleets: FLEETS, feedback, history: true, usage: true }),
      fc.integer(),
      (draft, seed) => expectSameBits(loadMoney(makeMoneyUncertain(draft)), seed),
    ),
    runs(5),
  );
});

test("of loans and tax", { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(moneyOf({ fleets: 2 }), fc.integer(), (draft, seed) =>
      expectSameBits(loadMoney(withTax(withLoans(makeMoneyUncertain(draft)))), seed),
    ),
    runs(4),
  );
});

/** Fleets and workloads of every kind with random traffic; half of the work is by a model of experts. */
function randomDemand(seed: number): string {
  let state = seed * 2654435761 + 1;
  const draw = (low: number, high: number) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return low + ((high - low) * state) / 2 ** 32;
  };
  const whole = (low: number, high: number) => Math.round(draw(low, high));
  const around = (low: number, high: number, unit: string) => {
    const value = draw(low, high);
    return `${Number((value * 0.6).toFixed(3))} ${unit} to ${Number((value * 1.6).toFixed(3))} ${unit}`;
  };
  const value = (unit: string) => `value: ${around(0.5, 9, unit)}`;
  const inference = (name: string, priority: number, more = "") =>
    `  ${name}: { kind: inference, model: m, priority: ${priority}, requests: ${whole(1, 400)} million requests/day, prompt: ${whole(100, 3000)} tokens, answer: ${around(50, 900, "tokens")}, speed: ${whole(10, 60)} tokens/s, peak_over_mean: ${Number(draw(1, 2.5).toFixed(3))}, ${value("USD/(million tokens)")}${more} }`;
  const work = [
    inference("a", whole(1, 3)),
    inference("b", whole(1, 3)),
    inference("d", whole(1, 5), ", fleets: [g], deferrable: true"),
    inference("e", whole(1, 5), `, replica: ${2 ** whole(0, 4)} chips`),
    `  slow: { kind: inference, model: m, priority: ${whole(1, 5)}, requests: 1 request/s, prompt: 10 tokens, answer: 10 tokens, speed: ${whole(50, 100_000)} tokens/s, ${value("USD/(million tokens)")} }`,
    `  t: { kind: training, model: m, priority: ${whole(1, 6)}, deferrable: true, training_tokens: ${whole(1, 30)} trillion tokens, from: 2026-0${whole(1, 4)}, to: 2026-0${whole(6, 9)}, min_chips: ${whole(1, 900)} chips, ${value("USD/EFLOP")} }`,
  ].join("\n");
  const chips = ["c", "h100", "h200", "gb300", "c", "trainium3"].slice(0, whole(2, 6));
  const fleets = chips.map((chip, index) => {
    const delivery = `${index % 2 === 0 ? "from: 2026-01, to" : "at"}: 2026-0${whole(2, 9)}`;
    return `  ${"fghijk"[index]}: { chip: ${chip}, site: s, size: ${whole(0, 5000)} chips, deliver: { ${delivery} } }\n`;
  });
  let count = 0;
  const models = () => (count++ % 2 === 0 ? "model: closed_frontier," : "model: m,");
  return plainPlan(work.replace(/model: m,/g, models), fleets.join(""));
}

test.each([1, 2, 3, 4, 5])("of demand (seed %i)", (seed) => {
  expectSameBits(loadedOf(loadWith("plan.yaml", randomDemand(seed))), seed);
});

test("and every kernel was among them", () => {
  expect([...seen].sort()).toEqual(["a sweep", ...KERNELS.map(({ name }) => name)].sort());
});
