import { expect, test } from "vitest";
import { type Plan, PlanBuilder, type Register, simulate } from "../../../src/engine/index.ts";
import { HEADER, Opcode } from "../../../src/engine/operations/opcode.ts";

/** Six months, of which the third to the fifth are reported. */
const window = { monthCount: 6, originMonth: 2, horizonMonths: 3 };

/** Months in which each instruction of an operation is computed. */
function monthsOf({ program }: Plan, opcode: number): number[][] {
  const found: number[][] = [];
  for (let at = 0; at < program.length; at += HEADER + program[at + 1]) {
    if (program[at] === opcode) found.push([program[at + 2], program[at + 3]]);
  }
  return found;
}

function ask(builder: PlanBuilder, register: Register): void {
  builder.column({ metric: "m", level: "total", entity: "", isScalar: false, register });
}

/** Values of the only column by window month, for one trial whose only input is `x`. */
function valuesOf(plan: Plan, x: number): number[] {
  const found: number[] = [];
  simulate(plan, Float64Array.of(x), 1, (_column, _first, _count, values, offset, monthStride) => {
    for (let month = 0; month < plan.monthCount; month++) found.push(values[offset + month * monthStride]);
  });
  return found;
}

/** Month number times the input, then what `make` makes of it. */
function planOf(months: "horizon" | "window", make: (builder: PlanBuilder, x: Register) => Register): Plan {
  const builder = new PlanBuilder(window);
  const number = builder.months(Float64Array.of(1, 2, 3, 4, 5, 6));
  ask(builder, make(builder, builder.op("multiply", number, builder.variable("x", "value", 0))));
  return builder.build(months);
}

test("what only the horizon is wanted of is computed there, with the same numbers", () => {
  const negated = (builder: PlanBuilder, x: Register) => builder.op("negate", x);
  const plan = planOf("horizon", negated);
  expect(monthsOf(plan, Opcode.multiply)).toEqual([[2, 5]]);
  expect(monthsOf(plan, Opcode.negate)).toEqual([[2, 5]]);
  expect(monthsOf(planOf("window", negated), Opcode.negate)).toEqual([[0, 6]]);
  expect(valuesOf(plan, 10).slice(2, 5)).toEqual([-30, -40, -50]);
});

test("a running sum needs all months before, not those behind the horizon", () => {
  const plan = planOf("horizon", (builder, x) => builder.op("negate", builder.scan("cumulate", x)));
  expect(monthsOf(plan, Opcode.multiply)).toEqual([[0, 5]]);
  expect(monthsOf(plan, Opcode.negate)).toEqual([[2, 5]]);
  expect(valuesOf(plan, 10).slice(2, 5)).toEqual([-60, -100, -150]);
});

test("a difference needs the month before, and what looks ahead the months behind the horizon", () => {
  const difference = planOf("horizon", (builder, x) => builder.scan("difference", x));
  expect(monthsOf(difference, Opcode.multiply)).toEqual([[0, 5]]);
  expect(valuesOf(difference, 10).slice(2, 5)).toEqual([10, 10, 10]);
  const ahead = planOf("horizon", (builder, x) => builder.shift("ahead", x, builder.constant(2)));
  expect(monthsOf(ahead, Opcode.multiply)).toEqual([[0, 6]]);
  expect(valuesOf(ahead, 10).slice(2, 5)).toEqual([50, 60, 0]);
});

test("what a check looks at is computed in every month", () => {
  const builder = new PlanBuilder(window);
  const number = builder.months(Float64Array.of(1, 2, 3, 4, 5, 6));
  const product = builder.op("multiply", number, builder.variable("x", "value", 0));
  builder.check(product, 0, 55, "sites.a.power");
  ask(builder, product);
  const plan = builder.build("horizon");
  expect(simulate(plan, Float64Array.of(10), 1, () => {})).toMatchObject([{ value: 60 }]);
});

test("runs of other months stand behind those whose results they read", () => {
  const plan = planOf("horizon", (builder, x) =>
    builder.op("add", builder.op("negate", x), builder.scan("cumulate", builder.op("abs", x))),
  );
  // The product and its amount are needed from the window's start for the sum, the negative is not.
  expect(monthsOf(plan, Opcode.multiply)).toEqual([[0, 5]]);
  expect(monthsOf(plan, Opcode.abs)).toEqual([[0, 5]]);
  expect(monthsOf(plan, Opcode.negate)).toEqual([[2, 5]]);
  expect(valuesOf(plan, -10).slice(2, 5)).toEqual([30 + 60, 40 + 100, 50 + 150]);
});
