import type { Register } from "../../engine/index.ts";
import type { Inputs } from "../inputs.ts";
import { absoluteMonths, lower } from "../lower.ts";
import type { Part } from "../parts.ts";

/** Cash that is short of the floor by less than this share of it is not short. */
const TOLERANCE = 1e-9;

/** A tranche by month: whether it is unlocked at the month's end, and what it pays. */
export type CompiledTranche = { readonly unlocked: Register; readonly receipt: Register };

/**
 * Compiles a tranche: latched in the first month whose end meets its condition in time, paid `lag` later. What closed
 * before `start` is paid by then too.
 */
export function compileTranche(inputs: Inputs, name: string): CompiledTranche {
  const { context } = inputs;
  const { builder } = context;
  const expr = inputs.field(`financing.${name}.when`)?.expr;
  const condition = expr ? lower(context, expr) : builder.constant(0);
  const before = inputs.field(`financing.${name}.before`);
  const inTime = before
    ? builder.op("lessEqual", absoluteMonths(context), inputs.months(before.path))
    : builder.constant(1);
  const months = absoluteMonths(context);
  const hasStarted = builder.op("greaterEqual", months, builder.constant(context.startMonth));
  // What holds before anything has happened came about in no month of the past: it counts from `start`.
  const isFirst = builder.monthsBy("first of window", (month) => (month === 0 ? 1 : 0));
  const heldAlways = builder.scan("runningMax", builder.op("and", condition, isFirst));
  const counts = builder.op("or", hasStarted, builder.op("not", heldAlways));
  const met = builder.op("and", builder.op("and", condition, inTime), counts);
  const unlocked = builder.scan("runningMax", met);
  const paid = builder.op(
    "multiply",
    builder.scan("difference", unlocked),
    inputs.number(`financing.${name}.amount`),
  );
  return { unlocked, receipt: builder.shift("behind", paid, inputs.months(`financing.${name}.lag`)) };
}

/** What keeps deliveries back: a tranche that is not unlocked, cash below the floor, or either. */
export type Gate = { readonly tranche?: string; readonly floor: boolean };

/** What keeps a part's deliveries back, by name; undefined where nothing does. */
export function gateOf(inputs: Inputs, part: Part): Gate | undefined {
  const tranche = inputs.choice(`fleets.${part.fleet}.funded_by`);
  const underContract = inputs.field(`fleets.${part.fleet}.procurement.contract`) !== undefined;
  const floor = underContract && inputs.field("buyer.cash.floor") !== undefined;
  if (tranche === undefined && !floor) return undefined;
  return { ...(tranche === undefined ? {} : { tranche }), floor };
}

/**
 * 1 in the months after which a gated part's deliveries may land.
 *
 * @param unlocked 1 where the gate's tranche is unlocked, always where it has none
 * @param cash     the buyer's cash at the end of each month
 */
export function compileGate(inputs: Inputs, gate: Gate, unlocked: Register, cash: () => Register): Register {
  const { builder } = inputs.context;
  if (!gate.floor) return unlocked;
  const floor = inputs.number("buyer.cash.floor");
  const slack = builder.op("multiply", builder.constant(TOLERANCE), builder.op("abs", floor));
  const enough = builder.op("greaterEqual", cash(), builder.op("subtract", floor, slack));
  return builder.op("and", unlocked, enough);
}
