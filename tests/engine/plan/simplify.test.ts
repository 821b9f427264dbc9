import { describe, expect, test } from "vitest";
import { PlanBuilder, type Register } from "../../../src/engine/index.ts";
import type { Opcode } from "../../../src/engine/operations/opcode.ts";
import { Shape } from "../../../src/engine/plan/plan.ts";

type Name = keyof typeof Opcode;
/** An operation on two values that vary by trial, and a function that makes constants. */
type Make = (
  x: Register,
  y: Register,
  constant: (value: number) => Register,
) => [Name, Register, Register, Register?];

function build(): { builder: PlanBuilder; x: Register; y: Register } {
  const builder = new PlanBuilder({ monthCount: 2, originMonth: 0, horizonMonths: 2 });
  const months = builder.months(Float64Array.of(1, 2));
  const x = builder.op("multiply", months, builder.variable("x", "value", 0));
  return { builder, x, y: builder.variable("y", "value", 0) };
}

describe("an operation whose result is one of its operands is that operand", () => {
  const cases: [string, Make, "x" | "y"][] = [
    ["choosing by a constant that is true", (x, y, c) => ["select", c(1), x, y], "x"],
    ["choosing by a constant that is false", (x, y, c) => ["select", c(0), x, y], "y"],
    [
      "choosing by what is not a number, which is true as in a loop",
      (x, y, c) => ["select", c(NaN), x, y],
      "x",
    ],
    ["choosing between a value and itself", (x, y) => ["select", x, y, y], "y"],
    ["the smaller of a value and itself", (x) => ["min", x, x], "x"],
    ["the larger of a value and itself", (_, y) => ["max", y, y], "y"],
  ];
  test.each(cases)("%s", (_, make, expected) => {
    const { builder, ...values } = build();
    const [name, ...operands] = make(values.x, values.y, (value) => builder.constant(value));
    expect(builder.op(name, operands[0], operands[1], operands[2])).toBe(values[expected]);
  });
});

describe("what lies outside the window is 0", () => {
  test.each(["behind", "ahead"] as const)("%s by the length of the window or more", (name) => {
    const { builder, x } = build();
    for (const months of [2, 3]) {
      const lag = builder.constant(months);
      for (const same of [lag, builder.spread(lag, Shape.trial)])
        expect(builder.constantOf(builder.shift(name, x, same))).toBe(0);
    }
    expect(builder.constantOf(builder.shift(name, x, builder.constant(1)))).toBeUndefined();
    expect(builder.constantOf(builder.shift(`${name}Hold`, x, builder.constant(3)))).toBeUndefined();
  });
});
