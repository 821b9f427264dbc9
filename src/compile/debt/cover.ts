import type { Register } from "../../engine/index.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import type { Compilation, EntityAt } from "../compilation.ts";
import { absoluteMonths } from "../lower.ts";

/** The lowest cover of a month of the horizon; NaN where nothing is ever due. */
export function leastDscr(compilation: Compilation, entity: EntityAt<"loan">): Register {
  const { builder } = compilation.inputs.context;
  const { originMonth, horizonMonths } = builder.window;
  const { available, due } = coverOf(compilation, entity);
  const never = builder.constant(Number.NEGATIVE_INFINITY);
  const isDue = builder.op("and", builder.op("greater", due, builder.constant(0)), isReported(compilation));
  const lack = builder.op("select", isDue, builder.op("negate", builder.op("divide", available, due)), never);
  const end = originMonth + horizonMonths;
  const most = builder.total(builder.scan("runningMax", lack), end - 1, end);
  const isNone = builder.op("equal", most, never);
  return builder.op("select", isNone, builder.constant(Number.NaN), builder.op("negate", most));
}

/** Months of the horizon in which the cover is below the covenant, beyond rounding. */
export function monthsBelowCovenant(compilation: Compilation, entity: EntityAt<"loan">): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const least = inputs.optional("debt.*.covenant.dscr", entity.loan);
  if (least === undefined) return builder.constant(0);
  const { available, due } = coverOf(compilation, entity);
  const needed = builder.op("multiply", due, least);
  const slack = builder.op("multiply", builder.constant(TOLERANCE), needed);
  const isBelow = builder.op("less", builder.op("add", available, slack), needed);
  const holds = builder.op("and", isHeld(compilation, entity.loan), isReported(compilation));
  const isDue = builder.op("greater", due, builder.constant(0));
  const counts = builder.op("and", builder.op("and", isBelow, isDue), holds);
  const { originMonth, horizonMonths } = builder.window;
  return builder.total(counts, originMonth, originMonth + horizonMonths);
}

function coverOf({ metric }: Compilation, entity: EntityAt<"loan">) {
  return { available: metric("loan_cash_available_usd", entity), due: metric("loan_due_usd", entity) };
}

/** 1 in the months in which a covenant holds. */
function isHeld({ inputs }: Compilation, loan: string): Register {
  const { context } = inputs;
  const { builder } = context;
  if (inputs.field("debt.*.covenant.from", loan) === undefined) return builder.constant(1);
  return builder.op("greaterEqual", absoluteMonths(context), inputs.months("debt.*.covenant.from", loan));
}

function isReported({ inputs }: Compilation): Register {
  const { builder } = inputs.context;
  const { originMonth, horizonMonths } = builder.window;
  return builder.monthsBy("within the horizon", (month) =>
    month >= originMonth && month < originMonth + horizonMonths ? 1 : 0,
  );
}
