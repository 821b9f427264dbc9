import { DISCOUNT_RATES } from "../../compile/metric-registers.ts";
import { MONTHS_PER_YEAR } from "../../metrics/unit-factors.ts";
import { power } from "../../numbers/plain.ts";
import { plainUnit } from "./shown-value.ts";
import { traceField } from "./trace-field.ts";
import { number, traceNumber } from "./trace-input.ts";
import type { TraceNode } from "./trace-node.ts";
import type { TraceRun } from "./trace-run.ts";

/** The discount factor of a window month's end: one plus the rate, to the power of the years since `start`. */
export function discountNode(run: TraceRun, by: keyof typeof DISCOUNT_RATES, month: number): TraceNode {
  const rate = traceField(run, DISCOUNT_RATES[by], run.originMonth);
  const growth: TraceNode = {
    ...number(`1 + ${rate.name}`, 1 + rate.canonical, plainUnit),
    operator: "+",
    how: "+",
    children: [traceNumber(1), rate],
  };
  const years = number("years, counted back to start", (run.originMonth - month - 1) / MONTHS_PER_YEAR, {
    unit: "years",
    scale: 1,
  });
  return {
    ...number(`${by}'s discount factor`, power(growth.canonical, years.canonical), plainUnit),
    operator: "^",
    how: "^",
    children: [growth, years],
  };
}
