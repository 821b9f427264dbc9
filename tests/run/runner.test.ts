import { expect, test } from "vitest";
import { PlanBuilder, Reduction, Shape } from "../../src/engine/index.ts";
import { createThreadRunner, createThreadRunners } from "../../src/run/runner.ts";
import type { SampleOutput } from "../../src/run/sample.ts";

test("columns hold the months of the horizon by trial, those of the run a value a trial", async () => {
  // Four months, of which the second and third are reported.
  const builder = new PlanBuilder({ monthCount: 4, originMonth: 1, horizonMonths: 2 });
  const rate = builder.variable("rate", "value", 10);
  const months = builder.months(Float64Array.of(1, 2, 3, 4));
  const product = builder.op("multiply", months, rate);
  builder.column({ metric: "product", level: "total", entity: "", isScalar: false, register: product });
  builder.column({ metric: "calendar", level: "total", entity: "", isScalar: false, register: months });
  builder.column({
    metric: "sum",
    level: "run",
    entity: "",
    isScalar: true,
    register: builder.total(product, 1, 3),
  });
  const plan = builder.build();
  const { columns, faults } = await createThreadRunner().run(plan, {
    inputs: Float64Array.of(10, 100, 1000),
    trials: 3,
  });
  expect(columns.map((column) => Array.from(column))).toEqual([
    [20, 200, 2000, 30, 300, 3000],
    [2, 2, 2, 3, 3, 3],
    [50, 500, 5000],
  ]);
  expect(faults).toEqual([]);
  expect(plan.shapes[product]).toBe(Shape.slab);
});

/** Three months of a product and its sum, of which one draw leaves its range. */
function productPlan(factor: number) {
  const builder = new PlanBuilder({ monthCount: 3, originMonth: 1, horizonMonths: 2 });
  const rate = builder.variable("rate", "value", 10);
  const product = builder.op("multiply", builder.months(Float64Array.of(0.1, 0.7, 1.3)), rate);
  const scaled = builder.op("power", product, builder.constant(factor));
  builder.column({ metric: "scaled", level: "total", entity: "", isScalar: false, register: scaled });
  builder.column({
    metric: "sum",
    level: "run",
    entity: "",
    isScalar: true,
    register: builder.total(scaled, 1, 3),
  });
  builder.check(rate, 0, 50, "rate");
  return builder.build();
}

test("a Plan that is run again is compiled, and gives the bits of its first run", async () => {
  const runners = createThreadRunners();
  const [plan, other] = [productPlan(1.7), productPlan(0.3)];
  const numbers = [10, 3, 100, 10, -1, 7];
  for (const own of [plan, plan, plan, other, plan, plan, other, other]) {
    for (const number of numbers) {
      const request = { inputs: Float64Array.of(number), trials: 1, months: "window" as const };
      const output = await runners().run(own, request);
      expect(output).toEqual(await createThreadRunner().run(own, request));
      expect(output.faults.map(({ value, trialsHit }) => [value, trialsHit])).toEqual(
        number > 50 || number < 0 ? [[number, 1]] : [],
      );
    }
  }
});

/** Gives ArrayBuffer the `transfer` of ES2024, which Node before 21 does not have; returns what it emptied, and what puts things back. */
function withTransfer() {
  const emptied: ArrayBuffer[] = [];
  const before = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "transfer");
  const value = function transfer(this: ArrayBuffer) {
    emptied.push(this);
    structuredClone(this, { transfer: [this] });
  };
  Object.defineProperty(ArrayBuffer.prototype, "transfer", { configurable: true, value });
  const end = () => {
    if (before) Object.defineProperty(ArrayBuffer.prototype, "transfer", before);
    else Reflect.deleteProperty(ArrayBuffer.prototype, "transfer");
  };
  return { emptied, end };
}

/** Samples of one plan: few trials and many, kept and not. */
function sampleRequests() {
  const figure = { column: 0, first: 0, end: 2, reduction: Reduction.sum, code: 0, ranked: true };
  const requestOf = (scale: number, trials: number, keep: boolean) => ({
    trials,
    fill: (first: number, count: number, inputs: Float64Array) => {
      for (let trial = 0; trial < count; trial++) inputs[trial] = scale * (2 + Math.sin(first + trial));
    },
    scales: Float64Array.of(3, 1),
    figures: [figure],
    ranks: [Math.floor(trials / 2)],
    first: [0],
    keep,
  });
  return [
    requestOf(1, 3000, false),
    requestOf(2, 3000, false),
    requestOf(3, 200, true),
    requestOf(4, 3000, true),
    requestOf(5, 200, true),
    requestOf(6, 3000, false),
  ];
}

/** All requests with the same runners, one after the other, and then two side by side. */
async function sampleAll(): Promise<readonly SampleOutput[]> {
  const runners = createThreadRunners();
  const [plan, requests] = [productPlan(1.2), sampleRequests()];
  const outputs: SampleOutput[] = [];
  for (const request of requests) outputs.push(await runners().sample(plan, request));
  const both = await Promise.all(requests.slice(0, 2).map((request) => runners().sample(plan, request)));
  return [...outputs, ...both];
}

test("samples of the same runners leave each other's numbers alone", async () => {
  const [plan, requests] = [productPlan(1.2), sampleRequests()];
  const alone = await Promise.all(requests.map((request) => createThreadRunner().sample(plan, request)));
  expect(await sampleAll()).toEqual([...alone, ...alone.slice(0, 2)]);
});

test("a sample gives its memory back when it is done, but not what it returns", async () => {
  const expected = await sampleAll();
  const { emptied, end } = withTransfer();
  try {
    expect(await sampleAll()).toEqual(expected);
    expect(emptied.length).toBeGreaterThan(0);
    expect(emptied.every(({ byteLength }) => byteLength === 0)).toBe(true);
  } finally {
    end();
  }
});
