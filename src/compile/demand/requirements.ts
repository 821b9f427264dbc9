import type { Register } from "../../engine/index.ts";
import { MONTHS_PER_YEAR, SECONDS_PER_HOUR } from "../../metrics/unit-factors.ts";
import type { Inputs } from "../inputs.ts";
import { absoluteMonths } from "../lower.ts";
import { hoursOf, hoursOfMonths } from "../window.ts";
import { answerOf, promptOf } from "./lengths.ts";
import { activeParameters } from "./model-parts.ts";
import type { Workload } from "./workloads.ts";

/** FLOP of training per parameter and token: forward and backward pass. */
const TRAINING_FLOP = 6;

/** Sessions or requests that begin per second, growth included; 0 before `start`. */
export function arrivalsOf(inputs: Inputs, workload: Workload): Register {
  const { builder, startMonth, firstMonth } = inputs.context;
  const years = builder.monthsBy("years", (month) => (firstMonth + month - startMonth) / MONTHS_PER_YEAR);
  const rate = builder.op("add", builder.constant(1), inputs.number("workloads.*.growth", workload.name));
  const growth = builder.op("power", rate, years);
  const traffic = trafficOf(inputs, workload);
  const started = builder.op("greaterEqual", absoluteMonths(inputs.context), builder.constant(startMonth));
  return builder.op("select", started, builder.op("multiply", traffic, growth), builder.constant(0));
}

function trafficOf(inputs: Inputs, workload: Workload): Register {
  const { builder } = inputs.context;
  const { name, kind } = workload;
  if (kind !== "inference") return inputs.number("workloads.*.sessions", name);
  const tokens = inputs.optional("workloads.*.tokens", name);
  if (tokens === undefined) return inputs.number("workloads.*.requests", name);
  const length = builder.op("add", promptOf(inputs, workload), answerOf(inputs, workload));
  return builder.op("divide", tokens, length);
}

/** Model FLOP of a training run. */
export function runFlopOf(inputs: Inputs, { name, model }: Workload): Register {
  const { builder } = inputs.context;
  const given = inputs.optional("workloads.*.flop", name);
  if (given !== undefined) return given;
  const tokens = inputs.number("workloads.*.training_tokens", name);
  const perToken = builder.op("multiply", builder.constant(TRAINING_FLOP), activeParameters(inputs, model));
  return builder.op("multiply", perToken, tokens);
}

/** Units due by month: tokens, or FLOP of training (docs/model.md section 15.5). */
export function requiredOf(inputs: Inputs, workload: Workload): Register {
  const { builder } = inputs.context;
  if (workload.kind === "training")
    return builder.op("multiply", runFlopOf(inputs, workload), builder.months(planOf(inputs, workload)));
  const perHour = builder.op("multiply", arrivalsOf(inputs, workload), builder.constant(SECONDS_PER_HOUR));
  const answer = answerOf(inputs, workload);
  const turns =
    workload.kind === "stateful" ? inputs.number("workloads.*.turns", workload.name) : builder.constant(1);
  const each = builder.op("multiply", turns, answer);
  return builder.op("multiply", builder.op("multiply", perHour, hoursOf(inputs.context)), each);
}

/** Share of a training run due in each month: even over the hours of its window. */
function planOf(inputs: Inputs, workload: Workload): Float64Array {
  const { builder, firstMonth } = inputs.context;
  const { from, to } = windowOf(inputs, workload);
  const lengths = hoursOfMonths(from, to - from + 1);
  const all = lengths.reduce((sum, length) => sum + length, 0);
  return Float64Array.from({ length: builder.window.monthCount }, (_, month) => {
    const at = firstMonth + month - from;
    return at >= 0 && at < lengths.length ? lengths[at] / all : 0;
  });
}

/** First and last month of a training run, absolute. */
export function windowOf(inputs: Inputs, { name }: Workload): { readonly from: number; readonly to: number } {
  const { builder, startMonth } = inputs.context;
  const from = builder.constantOf(inputs.months("workloads.*.from", name)) ?? startMonth;
  return { from, to: builder.constantOf(inputs.months("workloads.*.to", name)) ?? startMonth };
}
