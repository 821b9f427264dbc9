import { expect, test } from "vitest";
import { PlanBuilder, Shape } from "../../src/engine/index.ts";
import { createThreadRunner } from "../../src/run/runner.ts";

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
