import type { Register } from "../engine/index.ts";
import { deliveryField } from "./delivery-fields.ts";
import type { Inputs } from "./inputs.ts";
import { absoluteMonths } from "./lower.ts";
import type { Part } from "./parts.ts";

/** Cumulative shares of a part's size by month, and its first undelayed month (docs/model.md section 4). */
export type Delivery = {
  readonly planned: Register;
  readonly due: Register;
  /** Due but for the chip's availability. */
  readonly undeferred: Register;
  readonly firstMonth: Register;
};

/** Cumulative shares of a part that are planned and due by month, with its delay; nothing for a part that is not bought. */
export function compileDelivery(inputs: Inputs, part: Part): Delivery {
  const { builder } = inputs.context;
  const zero = builder.constant(0);
  const months = absoluteMonths(inputs.context);
  if (!part.bought) return { planned: zero, due: zero, undeferred: zero, firstMonth: builder.constant(0) };
  const field = (name: Parameters<typeof deliveryField>[2]) => deliveryField(inputs.scenario, part, name);
  const date = (name: "from" | "to" | "at") => inputs.months(field(name)?.path ?? "");
  let planned: Register;
  let firstMonth: Register;
  const schedule = field("schedule");
  if (schedule) {
    planned = inputs.number(schedule.path);
    firstMonth = firstMonthOf(inputs, planned);
  } else if (field("at")) {
    firstMonth = date("at");
    planned = builder.op("greaterEqual", months, firstMonth);
  } else {
    firstMonth = date("from");
    planned = rampShare(inputs, months, firstMonth, date("to"), field("shape")?.choice === "s_curve");
  }
  const delay = builder.op("round", inputs.number(field("delay")?.path ?? ""));
  const undeferred = builder.shift("behind", planned, delay);
  const available = builder.op("greaterEqual", months, availableFrom(inputs, part));
  const due = builder.op("select", available, undeferred, zero);
  return { planned, due, undeferred, firstMonth };
}

/** Absolute month from which a part's chip can land. */
export function availableFrom(inputs: Inputs, part: Part): Register {
  const { builder } = inputs.context;
  const slip = inputs.months(`chips.${part.chip}.slip`);
  return builder.op("add", inputs.months(`chips.${part.chip}.available_from`), slip);
}

/** First month in which a schedule has landed anything: the number of months before it, from the window's first. */
function firstMonthOf(inputs: Inputs, planned: Register): Register {
  const { builder, firstMonth } = inputs.context;
  const nothing = builder.op("lessEqual", builder.scan("runningMax", planned), builder.constant(0));
  const vector = builder.monthsOf(nothing);
  const before = vector
    ? builder.constant(vector.reduce((x, y) => x + y, 0))
    : builder.total(nothing, 0, builder.window.monthCount);
  return builder.op("add", before, builder.constant(firstMonth));
}

/** clamp((m - a + 1) / (b - a + 1), 0, 1), bent to 3y^2 - 2y^3 for an S-curve. */
function rampShare(inputs: Inputs, months: Register, from: Register, to: Register, bent: boolean): Register {
  const { builder } = inputs.context;
  const [zero, one] = [builder.constant(0), builder.constant(1)];
  const done = builder.op("add", builder.op("subtract", months, from), one);
  const whole = builder.op("add", builder.op("subtract", to, from), one);
  const share = builder.op("max", zero, builder.op("min", one, builder.op("divide", done, whole)));
  if (!bent) return share;
  const slope = builder.op(
    "subtract",
    builder.constant(3),
    builder.op("multiply", builder.constant(2), share),
  );
  return builder.op("multiply", builder.op("multiply", share, share), slope);
}
