import { monthOfFirst, type Register, Shape } from "../../engine/index.ts";
import { type Compilation, type MetricTable, once } from "../compilation.ts";
import { lowerCondition } from "../condition.ts";
import { absoluteMonths } from "../lower.ts";

/** Metrics of tranches (docs/model.md section 10.5). */
export const trancheMetrics: MetricTable<"tranche"> = {
  tranche_receipt_usd: (compilation, { tranche }) => {
    const { inputs } = compilation;
    const { builder } = inputs.context;
    const isUnlock = builder.scan("difference", unlockedOf(compilation, tranche));
    const paid = builder.op("multiply", isUnlock, inputs.number("financing.*.amount", tranche));
    return builder.shift("behind", paid, inputs.months("financing.*.lag", tranche));
  },
  tranche_unlock_month: (compilation, { tranche }) => {
    const { builder } = compilation.inputs.context;
    const { originMonth, horizonMonths } = builder.window;
    const isReported = builder.monthsBy("up to the horizon", (month) =>
      month < originMonth + horizonMonths ? 1 : 0,
    );
    const unlocked = builder.op("and", unlockedOf(compilation, tranche), isReported);
    const values = builder.spread(unlocked, Shape.slab);
    return builder.kernel(monthOfFirst, { series: [{ values }] }).series[0].month;
  },
};

/** 1 from the first month whose end meets a tranche's condition in time. */
export const unlockedOf = once(({ inputs }: Compilation, name: string): Register => {
  const { context } = inputs;
  const { builder } = context;
  const expr = inputs.field("financing.*.when", name)?.expr;
  const condition = expr ? lowerCondition(context, expr) : builder.constant(0);
  const months = absoluteMonths(context);
  const isInTime =
    inputs.field("financing.*.before", name) === undefined
      ? builder.constant(1)
      : builder.op("lessEqual", months, inputs.months("financing.*.before", name));
  const hasStarted = builder.op("greaterEqual", months, builder.constant(context.startMonth));
  // A condition true from the outset counts from `start`.
  const isFirst = builder.monthsBy("first of window", (month) => (month === 0 ? 1 : 0));
  const isTrueThroughout = builder.scan("runningMax", builder.op("and", condition, isFirst));
  const counts = builder.op("or", hasStarted, builder.op("not", isTrueThroughout));
  const met = builder.op("and", builder.op("and", condition, isInTime), counts);
  return builder.scan("runningMax", met);
});
