import type { Register } from "../../engine/index.ts";
import type { Inputs } from "../inputs.ts";
import { absoluteMonths } from "../lower.ts";

/** 1 in the months before a fleet retires as a whole, then 0; undefined for a fleet that states no month (docs/model.md section 5). */
export function servingOf(inputs: Inputs, fleet: string): Register | undefined {
  const retire = retireMonthOf(inputs, fleet);
  return retire === undefined
    ? undefined
    : inputs.context.builder.op("less", absoluteMonths(inputs.context), retire);
}

/** A value by month until the fleet retires, then 0. */
export function whileServing(inputs: Inputs, fleet: string, register: Register): Register {
  const serving = servingOf(inputs, fleet);
  return serving === undefined ? register : inputs.context.builder.op("multiply", register, serving);
}

/** A value by month until the fleet retires, and from then on that of its last month. */
export function untilRetirement(inputs: Inputs, fleet: string, register: Register): Register {
  const { builder } = inputs.context;
  const retire = retireMonthOf(inputs, fleet);
  const serving = servingOf(inputs, fleet);
  if (retire === undefined || serving === undefined) return register;
  const last = builder.op("subtract", retire, builder.constant(1));
  const isLast = builder.op("equal", absoluteMonths(inputs.context), last);
  const inLast = builder.op("select", isLast, register, builder.constant(0));
  return builder.op("select", serving, register, builder.total(inLast, 0, builder.window.monthCount));
}

function retireMonthOf(inputs: Inputs, fleet: string): Register | undefined {
  const retire = inputs.optional("fleets.*.retire", fleet);
  return retire && inputs.context.builder.op("round", retire);
}
