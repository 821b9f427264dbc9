import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { Shape } from "../../src/engine/index.ts";
import { tinyText } from "../engine/tiny-scenario.ts";
import { loaded } from "../scenario/load-files.ts";

/** Whether a count of the fleet is a constant of the Plan. */
function isConstant(metric: string, fleet: string): boolean {
  const plan = compile(loaded(tinyText({ chip: "failure_rate: 5 %", fleet }), { catalog: [] }));
  const column = plan.columns.find((one) => one.metric === metric && one.level === "part");
  return plan.shapes[column?.register ?? -1] === Shape.constant;
}

test.each([
  ["chips_replaced", "spares: none", "spares: replace"],
  ["chips_held", "", "deliver: { at: 2027-01, wait_for_power: 2 months }"],
])("%s is a constant where nothing can change it", (metric, without, withIt) => {
  expect(isConstant(metric, without)).toBe(true);
  expect(isConstant(metric, withIt)).toBe(false);
});
