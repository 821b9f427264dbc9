import type { Register } from "../engine/index.ts";
import { untilRetirement } from "./chips/retirement.ts";
import { type Compilation, once } from "./compilation.ts";
import type { Inputs } from "./inputs.ts";
import { absoluteMonths } from "./lower.ts";
import { type DeliveryField, deliveryField, type Part } from "./parts.ts";

/** Cumulative shares of a part's size by month (docs/model.md section 4). */
export type Delivery = {
  readonly planned: Register;
  readonly due: Register;
  /** Due if the chip were available. */
  readonly undeferred: Register;
};

/** The value of a field of a part's delivery, or undefined where it is not stated. */
export function readDelivery(inputs: Inputs, part: Part, name: DeliveryField): Register | undefined {
  const field = deliveryField(inputs.scenario.fields, part, name);
  return field && inputs.read(field);
}

/** Compiles a part's delivery with its delay; all 0 for a part that is not bought. */
export const deliveryOf = once(({ inputs }: Compilation, part: Part): Delivery => {
  const { builder } = inputs.context;
  const zero = builder.constant(0);
  if (!part.bought) return { planned: zero, due: zero, undeferred: zero };
  const planned = plannedShare(inputs, part);
  const delay = builder.op("round", readDelivery(inputs, part, "delay") ?? zero);
  const undeferred = builder.shift("behind", planned, delay);
  const available = builder.op("greaterEqual", absoluteMonths(inputs.context), availableFrom(inputs, part));
  const due = builder.op("select", available, undeferred, zero);
  const own = (share: Register) => untilRetirement(inputs, part.fleet, share);
  return { planned: own(planned), due: own(due), undeferred: own(undeferred) };
});

/** The word of a field of a part's delivery. */
function deliveryWord(inputs: Inputs, part: Part, name: DeliveryField): string | undefined {
  const field = deliveryField(inputs.scenario.fields, part, name);
  if (field) inputs.note(field.path);
  return field?.choice;
}

function plannedShare(inputs: Inputs, part: Part): Register {
  const { context } = inputs;
  const schedule = readDelivery(inputs, part, "schedule");
  if (schedule !== undefined) {
    // The loader has put it into the schedule's table.
    deliveryWord(inputs, part, "interpolate");
    // Shares that draws let fall take nothing back: docs/model.md section 4.
    return context.builder.scan("runningMax", schedule);
  }
  const months = absoluteMonths(context);
  const at = dateOf(inputs, part, "at");
  if (at !== undefined) return context.builder.op("greaterEqual", months, at);
  return rampShare(inputs, part, months);
}

/** First month of a part's undelayed delivery, absolute. */
export function firstMonthOf(inputs: Inputs, part: Part): Register {
  const schedule = readDelivery(inputs, part, "schedule");
  if (schedule !== undefined) return firstMonthOfSchedule(inputs, schedule);
  const date = dateOf(inputs, part, "at") ?? dateOf(inputs, part, "from");
  return date ?? inputs.context.builder.constant(0);
}

function dateOf(inputs: Inputs, part: Part, name: "from" | "to" | "at"): Register | undefined {
  const date = readDelivery(inputs, part, name);
  return date === undefined ? undefined : inputs.context.builder.op("round", date);
}

/** Absolute month from which a part's chip can land. */
export function availableFrom(inputs: Inputs, { chip }: Part): Register {
  const slip = inputs.months("chips.*.slip", chip);
  return inputs.context.builder.op("add", inputs.months("chips.*.available_from", chip), slip);
}

/** First month in which a schedule has landed anything: the number of months before it, from the window's first. */
function firstMonthOfSchedule(inputs: Inputs, planned: Register): Register {
  const { builder, firstMonth } = inputs.context;
  const nothing = builder.op("lessEqual", builder.scan("runningMax", planned), builder.constant(0));
  const vector = builder.monthsOf(nothing);
  const before = vector
    ? builder.constant(vector.reduce((x, y) => x + y, 0))
    : builder.total(nothing, 0, builder.window.monthCount);
  return builder.op("add", before, builder.constant(firstMonth));
}

/** clamp((m - a + 1) / (b - a + 1), 0, 1), bent to 3y^2 - 2y^3 for an S-curve. */
function rampShare(inputs: Inputs, part: Part, months: Register): Register {
  const { builder } = inputs.context;
  const [zero, one] = [builder.constant(0), builder.constant(1)];
  const from = dateOf(inputs, part, "from") ?? zero;
  // A trial may draw an end before the beginning: all lands in that month then.
  const to = builder.op("max", from, dateOf(inputs, part, "to") ?? zero);
  const done = builder.op("add", builder.op("subtract", months, from), one);
  const whole = builder.op("add", builder.op("subtract", to, from), one);
  const share = builder.op("max", zero, builder.op("min", one, builder.op("divide", done, whole)));
  if (deliveryWord(inputs, part, "shape") !== "s_curve") return share;
  const slope = builder.op(
    "subtract",
    builder.constant(3),
    builder.op("multiply", builder.constant(2), share),
  );
  return builder.op("multiply", builder.op("multiply", share, share), slope);
}
