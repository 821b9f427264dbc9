import { expect, test } from "vitest";
import { listRatesOfReturn } from "../../../src/analysis/results/rates-of-return.ts";

test("every rate at which flows are worth nothing is found, lowest first", () => {
  // -1 + 2.3 v - 1.32 v^2 is 0 where the flows grow by a tenth or a fifth a month.
  const rates = listRatesOfReturn(Float64Array.of(-1, 2.3, -1.32));
  expect(rates).toHaveLength(2);
  expect(rates[0]).toBeCloseTo(1.1 ** 12 - 1, 10);
  expect(rates[1]).toBeCloseTo(1.2 ** 12 - 1, 10);
});

test("the month from which flows are seen changes no rate", () => {
  // Paid back in a year with a tenth more, and nothing in the ten years before.
  const flows = new Float64Array(133);
  [flows[120], flows[132]] = [-100, 110];
  const [rate, ...others] = listRatesOfReturn(flows);
  expect(rate).toBeCloseTo(0.1, 12);
  expect(others).toEqual([]);
});

test("flows of one sign have no rate", () => {
  expect(listRatesOfReturn(Float64Array.of(1, 2, 3))).toEqual([]);
});
