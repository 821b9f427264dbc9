import type { PlanBuilder, Register } from "../engine/index.ts";
import { MONTHS_PER_YEAR } from "../metrics/unit-factors.ts";

/** The sum of registers; 0 of none. */
export function addUp(builder: PlanBuilder, registers: readonly Register[]): Register {
  return registers.reduce((x, y) => builder.op("add", x, y), builder.constant(0));
}

/** Discount factor of every month's end at a yearly rate: 1 at `start`, more before it. */
export function discountFactor(builder: PlanBuilder, rate: Register): Register {
  const { originMonth } = builder.window;
  const years = builder.monthsBy("discounted years", (month) => -(month - originMonth + 1) / MONTHS_PER_YEAR);
  return compound(builder, rate, years);
}

/** Discount factor of the horizon's end at a yearly rate. */
export function finalDiscountFactor(builder: PlanBuilder, rate: Register): Register {
  return compound(builder, rate, builder.constant(-builder.window.horizonMonths / MONTHS_PER_YEAR));
}

function compound(builder: PlanBuilder, rate: Register, years: Register): Register {
  return builder.op("power", builder.op("add", builder.constant(1), rate), years);
}
