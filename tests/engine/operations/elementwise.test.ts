import { expect, test } from "vitest";
import { createWorkspace, PlanBuilder, simulate } from "../../../src/engine/index.ts";
import { power } from "../../../src/numbers/plain.ts";

test("growth by trial over months has the bits of one power at a time", () => {
  const exponents = [0, 1 / 12, -0.5, 2, 0.5, -3];
  const bases = [1.02, 0.97, 1, 0, -2, Number.POSITIVE_INFINITY, Number.NaN, 1e-300];
  const builder = new PlanBuilder({ monthCount: 6, originMonth: 0, horizonMonths: 6 });
  const base = builder.variable("base", "value", 1);
  const register = builder.op("power", base, builder.months(Float64Array.from(exponents)));
  builder.column({ metric: "m", level: "total", entity: "", isScalar: false, register });
  const plan = builder.build();
  const found = exponents.map(() => new Array<number>(bases.length));
  simulate(
    plan,
    Float64Array.from(bases),
    bases.length,
    (_column, first, count, values, offset, monthStride, trialStride) => {
      for (const month of exponents.keys()) {
        for (let trial = 0; trial < count; trial++) {
          found[month][first + trial] = values[offset + month * monthStride + trial * trialStride];
        }
      }
    },
    createWorkspace(plan, 4),
  );
  expect(found).toEqual(exponents.map((exponent) => bases.map((one) => power(one, exponent))));
});
