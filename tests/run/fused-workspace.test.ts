import { describe, expect, test } from "vitest";
import {
  applyScalar,
  createWorkspace,
  Opcode,
  type Plan,
  PlanBuilder,
  type Register,
  Shape,
  simulate,
  type Workspace,
} from "../../src/engine/index.ts";
import { HEADER } from "../../src/engine/operations/opcode.ts";
import { LONG_RUN } from "../../src/engine/plan/schedule.ts";
import { createFusedWorkspace } from "../../src/run/fused-workspace.ts";

const window = { monthCount: 3, originMonth: 0, horizonMonths: 3 };

/** Numbers at which operations differ most: both zeros, infinities, none at all, the smallest and the largest. */
const odd = [0, -0, 1, -1, 0.5, -2.5, 3, 1e308, -1e308, 5e-324, 0.1, 0.3, Infinity, -Infinity, Number.NaN];

type Operation = Exclude<keyof typeof Opcode, "copy">;
const unary: readonly Operation[] = ["negate", "abs", "round", "floor", "ceil", "sqrt", "not"];
const binary: readonly Operation[] = [
  ...(["add", "subtract", "multiply", "divide", "ratio", "min", "max", "and", "or"] as const),
  ...(["less", "lessEqual", "greater", "greaterEqual", "equal", "notEqual"] as const),
];

/** A value by trial as a slab, since only slabs are made in runs. */
function slab(builder: PlanBuilder, name: string): Register {
  return builder.spread(builder.variable(name, "value", 0), 3);
}

function columnOf(builder: PlanBuilder, register: Register): void {
  builder.column({ metric: `m${register}`, level: "total", entity: "", isScalar: false, register });
}

/** Operations that one pass computes; copies of inputs are fused by themselves too. */
function fusedOpcodes({ program }: Plan, { fused }: Workspace): number[] {
  const opcodes: number[] = [];
  for (const [start, { end }] of fused)
    for (let at = start; at < end; at += HEADER + program[at + 1]) opcodes.push(program[at]);
  return opcodes;
}

/** Each column of each trial, [column][month][trial]. */
function results(plan: Plan, inputs: Float64Array, trials: number, workspace: Workspace): number[][][] {
  const found = plan.columns.map(() =>
    Array.from({ length: plan.monthCount }, () => new Array<number>(trials).fill(0)),
  );
  simulate(
    plan,
    inputs,
    trials,
    (column, first, count, values, offset, monthStride, trialStride) => {
      for (let month = 0; month < plan.monthCount; month++) {
        for (let trial = 0; trial < count; trial++) {
          const value = values[offset + month * monthStride + trial * trialStride];
          found[column][month][first + trial] = value;
        }
      }
    },
    workspace,
  );
  return found;
}

describe("a run in one pass gives the bits of one element at a time:", () => {
  const pairs = odd.flatMap((x) => odd.map((y) => [x, y] as const));

  test.each([...unary, ...binary])("%s", (name) => {
    const builder = new PlanBuilder(window);
    const [x, y] = [slab(builder, "x"), slab(builder, "y")];
    columnOf(builder, unary.includes(name) ? builder.op(name, x) : builder.op(name, x, y));
    const plan = builder.build();
    const rows = plan.variables.map(({ key }) =>
      pairs.map(([first, second]) => (key === "x" ? first : second)),
    );
    const workspace = createFusedWorkspace(plan, 4);
    expect(fusedOpcodes(plan, workspace)).toContain(Opcode[name]);
    const [months] = results(plan, Float64Array.from(rows.flat()), pairs.length, workspace);
    const expected = pairs.map(([first, second]) => applyScalar(Opcode[name], first, second, 0));
    for (const month of months) expect(month).toEqual(expected);
  });

  test("select", () => {
    const builder = new PlanBuilder(window);
    const [x, y] = [slab(builder, "x"), slab(builder, "y")];
    columnOf(builder, builder.op("select", x, y, builder.op("negate", y)));
    const plan = builder.build();
    const rows = plan.variables.map(({ key }) =>
      pairs.map(([first, second]) => (key === "x" ? first : second)),
    );
    const workspace = createFusedWorkspace(plan, 8);
    expect(fusedOpcodes(plan, workspace)).toContain(Opcode.select);
    const [months] = results(plan, Float64Array.from(rows.flat()), pairs.length, workspace);
    const expected = pairs.map(([first, second]) => applyScalar(Opcode.select, first, second, -second));
    for (const month of months) expect(month).toEqual(expected);
  });
});

describe("along the months:", () => {
  const long = { monthCount: 7, originMonth: 0, horizonMonths: 7 };
  const scans = ["difference", "cumulate", "runningMax", "runningProduct"] as const;
  const shifts = ["behind", "behindHold", "ahead", "aheadHold"] as const;

  /** A slab whose months differ: a value of the trial times numbers by month. */
  const source = (builder: PlanBuilder): Register =>
    builder.op(
      "multiply",
      builder.variable("x", "value", 0),
      builder.months(Float64Array.of(1, -2, 3, 0.5, -0.1, 7, 4)),
    );

  test.each([...scans, ...shifts])("%s in a run is that of the engine's own loops", (name) => {
    const builder = new PlanBuilder(long);
    const lag = builder.variable("lag", "value", 0);
    const made = source(builder);
    const moved = scans.some((scan) => scan === name)
      ? builder.scan(name as (typeof scans)[number], made)
      : builder.shift(name as (typeof shifts)[number], made, lag);
    // What is made of it needs memory, which must not be that of a month that is still to be read.
    const after = builder.op("add", builder.op("multiply", moved, moved), builder.constant(1));
    columnOf(builder, after);
    columnOf(builder, builder.shift("behind", after, lag));
    const plan = builder.build();
    const lags = [0, 1, 2, 6, 7, 8, 0, 1e9, 3];
    const xs = [1, -1, 0.3, 1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, -0, 2];
    const inputs = Float64Array.from(plan.variables.flatMap(({ key }) => (key === "x" ? xs : lags)));
    const workspace = createFusedWorkspace(plan, 4);
    expect(fusedOpcodes(plan, workspace)).toContain(Opcode[name]);
    expect(results(plan, inputs, xs.length, workspace)).toEqual(
      results(plan, inputs, xs.length, createWorkspace(plan, 2)),
    );
  });

  test("growth takes the logarithm of its base once, with the bits of every power", () => {
    const builder = new PlanBuilder(long);
    const base = builder.op("add", builder.variable("x", "value", 0), builder.constant(1));
    const exponent = builder.months(Float64Array.of(-1, 0, 0.5, 1 / 12, 2, 7, 400));
    columnOf(builder, builder.op("power", base, exponent));
    columnOf(builder, builder.op("power", builder.spread(base, Shape.slab), exponent));
    const plan = builder.build();
    const inputs = Float64Array.of(-1, -2, -0.5, 0.03, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 0);
    const workspace = createFusedWorkspace(plan, 8);
    const [grown, powers] = results(plan, inputs, inputs.length, workspace);
    expect(grown).toEqual(powers);
    expect([grown, powers]).toEqual(results(plan, inputs, inputs.length, createWorkspace(plan, 2)));
  });
});

test("operands of every shape, and what a run makes for others, are those of the engine's own loops", () => {
  const builder = new PlanBuilder(window);
  const trial = builder.variable("trial", "value", 0);
  const month = builder.months(Float64Array.of(1, 2.5, -7));
  const product = builder.op("multiply", month, trial);
  const sum = builder.op("add", product, builder.constant(0.1));
  columnOf(builder, sum);
  const scanned = builder.scan("cumulate", sum);
  columnOf(builder, builder.op("divide", scanned, builder.op("max", product, trial)));
  columnOf(builder, builder.spread(builder.op("exp", builder.op("negate", trial)), Shape.slab));
  const plan = builder.build();
  const inputs = Float64Array.of(1, 2, 3, 0.7, -5);
  const plain = results(plan, inputs, 5, createWorkspace(plan, 2));
  const workspace = createFusedWorkspace(plan, 2);
  // Numbers of a trial, and slabs.
  expect(workspace.fused.size).toBe(2);
  expect(results(plan, inputs, 5, workspace)).toEqual(plain);
  expect(plain[0]).toEqual([1, 2.5, -7].map((factor) => [...inputs].map((value) => factor * value + 0.1)));
});

test("totals of the same and of other months have the bits of the engine's own loops", () => {
  const long = { monthCount: 7, originMonth: 0, horizonMonths: 7 };
  const builder = new PlanBuilder(long);
  const rising = builder.months(Float64Array.of(0.1, -0.7, 1e17, 3, -1e17, -0, 0.3));
  const slabs = Array.from({ length: 11 }, (_, index) =>
    builder.op("multiply", rising, builder.variable(`x${index}`, "value", 0)),
  );
  const ranges = [
    [0, 7],
    [2, 5],
    [3, 3],
  ] as const;
  for (const [first, end] of ranges)
    for (const one of slabs) columnOf(builder, builder.total(one, first, end));
  const plan = builder.build();
  const inputs = Float64Array.from(plan.variables.flatMap((_, row) => odd.map((x) => x * (row + 0.3))));
  const workspace = createFusedWorkspace(plan, 4);
  expect(fusedOpcodes(plan, workspace).filter((opcode) => opcode === Opcode.total)).toHaveLength(33);
  const plain = results(plan, inputs, odd.length, createWorkspace(plan, 2));
  expect(results(plan, inputs, odd.length, workspace)).toEqual(plain);
});

// Of a product with factors above 0 only two months are looked at.
test.each([
  [1, 2, 3],
  [2, 3, 1],
  [3, 0, 1],
])("ranges that draws leave are those that the engine's own loops find, by %d, %d and %d", (...factors) => {
  const builder = new PlanBuilder(window);
  const x = builder.variable("x", "value", 0);
  const byMonth = builder.op("multiply", x, builder.months(Float64Array.from(factors)));
  builder.check(x, -1, 3, "trial");
  builder.check(x, 0, 1e308, "low");
  builder.check(byMonth, -9, 6, "month");
  builder.check(byMonth, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, "number");
  columnOf(builder, byMonth);
  const plan = builder.build();
  const faultsOf = (inputs: Float64Array, workspace: Workspace) =>
    simulate(plan, inputs, inputs.length, () => {}, workspace);
  const workspace = createFusedWorkspace(plan, 2);
  expect(fusedOpcodes(plan, workspace)).toContain(Opcode.check);
  for (const inputs of [odd, [1, 2, 0.5], [1, 2, 2.5, 1, 1], [1, -1.0000000000001], [3, 0, 2, -2, 0]]) {
    const given = Float64Array.from(inputs);
    expect(faultsOf(given, workspace)).toEqual(faultsOf(given, createWorkspace(plan, 1)));
  }
  expect(faultsOf(Float64Array.of(1, 2), workspace)).toEqual([]);
  expect(faultsOf(Float64Array.of(1, 2.5), workspace)).toMatchObject([{ field: "month", value: 7.5 }]);
});

test("a run of more instructions than a function has room for is cut, with the bits of one that is not", () => {
  // V8 refuses a function with more than 50,000 locals.
  const length = 51_000;
  const builder = new PlanBuilder(window);
  const first = slab(builder, "x");
  const half = builder.constant(0.5);
  let sum = first;
  // Each is read by the next, and the first by all, whatever cut lies between.
  for (let step = 0; step < length; step++)
    sum = builder.op("add", builder.op("multiply", sum, half), step % 100 === 0 ? first : half);
  columnOf(builder, sum);
  const plan = builder.build();
  const workspace = createFusedWorkspace(plan, 2);
  expect(workspace.engine).toBeDefined();
  expect(workspace.fused.size).toBeGreaterThan((2 * length) / (2 * LONG_RUN) - 1);
  const inputs = Float64Array.of(1, -3.7);
  expect(results(plan, inputs, 2, workspace)).toEqual(results(plan, inputs, 2, createWorkspace(plan, 2)));
});

test("blocks that lanes of two do not fill are left to the engine's own loops", () => {
  const builder = new PlanBuilder(window);
  columnOf(builder, builder.op("negate", slab(builder, "x")));
  expect(createFusedWorkspace(builder.build(), 7).fused.size).toBe(0);
});
