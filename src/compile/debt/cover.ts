import type { Register } from "../../engine/index.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { MONTHS_PER_YEAR } from "../../metrics/unit-factors.ts";
import { type Compilation, type EntityAt, once } from "../compilation.ts";
import { absoluteMonths } from "../lower.ts";

/** The cover of the last twelve months, of those in which anything was due; NaN where nothing is. */
export function trailingDscr(compilation: Compilation, entity: EntityAt<"loan">): Register {
  const { builder } = compilation.inputs.context;
  const { available, due, isDue } = coverOf(compilation, entity.loan);
  return builder.op("select", isDue, builder.op("divide", available, due), builder.constant(Number.NaN));
}

/** The lowest cover within the horizon; NaN where nothing is ever due. */
export function leastDscr(compilation: Compilation, entity: EntityAt<"loan">): Register {
  const { builder } = compilation.inputs.context;
  const { originMonth, horizonMonths } = builder.window;
  const { available, due, isDue } = coverOf(compilation, entity.loan);
  const never = builder.constant(Number.NEGATIVE_INFINITY);
  const isTested = builder.op("and", isHeld(compilation, entity.loan), isReported(compilation));
  const counts = builder.op("and", isDue, isTested);
  const lack = builder.op(
    "select",
    counts,
    builder.op("negate", builder.op("divide", available, due)),
    never,
  );
  const end = originMonth + horizonMonths;
  const most = builder.total(builder.scan("runningMax", lack), end - 1, end);
  const isNone = builder.op("equal", most, never);
  return builder.op("select", isNone, builder.constant(Number.NaN), builder.op("negate", most));
}

/** Months of the horizon in which that cover is below the covenant, beyond rounding. */
export function monthsBelowCovenant(compilation: Compilation, entity: EntityAt<"loan">): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const least = inputs.optional("debt.*.covenant.dscr", entity.loan);
  if (least === undefined) return builder.constant(0);
  const { available, due, isDue } = coverOf(compilation, entity.loan);
  const needed = builder.op("multiply", due, least);
  const slack = builder.op("multiply", builder.constant(TOLERANCE), needed);
  const isBelow = builder.op("less", builder.op("add", available, slack), needed);
  const holds = builder.op("and", isHeld(compilation, entity.loan), isReported(compilation));
  const counts = builder.op("and", builder.op("and", isBelow, isDue), holds);
  const { originMonth, horizonMonths } = builder.window;
  return builder.total(counts, originMonth, originMonth + horizonMonths);
}

/** Cash available and what is due over twelve months, without months in which nothing is. */
const coverOf = once((compilation: Compilation, loan: string) => {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const due = metric("loan_due_usd", { level: "loan", loan });
  const isDue = builder.op("greater", due, builder.constant(0));
  const available = metric("loan_cash_available_usd", { level: "loan", loan });
  const counted = builder.op("select", isDue, available, builder.constant(0));
  const trailing = (register: Register): Register => {
    const soFar = builder.scan("cumulate", register);
    const before = builder.shift("behind", soFar, builder.constant(MONTHS_PER_YEAR));
    return builder.op("subtract", soFar, before);
  };
  return { available: trailing(counted), due: trailing(due), isDue };
});

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
