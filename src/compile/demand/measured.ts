import { Bound, type Register } from "../../engine/index.ts";
import { pathOf } from "../../scenario/fields/index.ts";
import type { CurvePoint } from "../../scenario/scenario.ts";
import { type Compilation, once } from "../compilation.ts";
import type { Inputs } from "../inputs.ts";
import { measuredShape } from "./measured-shapes.ts";
import { type Served, servedByPair } from "./serving.ts";
import type { Pair } from "./workloads.ts";

/**
 * How a workload is served on a part: as measured where it states a measurement of the part's chip, else as the roofline has
 * it (docs/model.md section 15.4).
 *
 * A measurement replaces the chip time of a token, and whether a copy works. The split of that time into prompt and answer,
 * the batch and the step stay the roofline's.
 */
export const serviceOf = once((compilation: Compilation, pair: Pair): Served => {
  const roofline = servedByPair(compilation, pair);
  const { inputs } = compilation;
  const names = [pair.workload.name, pair.part.chip] as const;
  if (inputs.choice("workloads.*.measured.*.counts", ...names) === undefined) return roofline;
  const { builder } = inputs.context;
  const measured = builder.op("divide", builder.constant(1), outputRate(inputs, pair));
  const isScaled = inputs.choice("workloads.*.measured.*.shape", ...names) === "scale";
  const whole = isScaled ? scaled(compilation, pair, measured) : measured;
  const prefill = builder.op("multiply", whole, shareOfPrompts(compilation, pair));
  const { works, bound } = roofline;
  return {
    ...roofline,
    prefill,
    decode: builder.op("subtract", whole, prefill),
    // Nothing to scale by where either of the two rooflines has no copy that works.
    works: isScaled ? builder.op("less", builder.constant(0), whole) : builder.constant(1),
    chips: inputs.optional("workloads.*.measured.*.replica", ...names) ?? roofline.chips,
    bound: isScaled ? bound : builder.op("select", works, bound, builder.constant(Bound.compute)),
  };
});

/** Chip time times that of the roofline for these requests over that for the measured ones; 0 where either does not work. */
function scaled(compilation: Compilation, pair: Pair, measured: Register): Register {
  const { builder } = compilation.inputs.context;
  const [own, other] = [pair, measuredShape(pair)].map((each) => {
    const { prefill, decode } = servedByPair(compilation, each);
    return builder.op("add", prefill, decode);
  });
  return builder.op("multiply", measured, builder.op("ratio", own, other));
}

/** The prompt's share of a token's chip time: the roofline's, or that of arithmetic alone where it has no copy that works. */
function shareOfPrompts(compilation: Compilation, pair: Pair): Register {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const at = { level: "assignment", ...pair } as const;
  const share = (prompts: Register, answers: Register) =>
    builder.op("ratio", prompts, builder.op("add", prompts, answers));
  const { works, prefill, decode } = servedByPair(compilation, pair);
  const ofArithmetic = share(
    metric("prefill_compute_ms_per_token", at),
    metric("decode_compute_ms_per_token", at),
  );
  return builder.op("select", works, share(prefill, decode), ofArithmetic);
}

/** Output tokens per second of a chip as measured, at the users' speed. */
function outputRate(inputs: Inputs, { workload, part }: Pair): Register {
  const { builder } = inputs.context;
  const names = [workload.name, part.chip] as const;
  const points = inputs.field("workloads.*.measured.*.curve", ...names)?.curve;
  const rate = points
    ? interpolated(inputs, inputs.number("workloads.*.speed", workload.name), points, names)
    : inputs.number("workloads.*.measured.*.rate", ...names);
  if (inputs.choice("workloads.*.measured.*.counts", ...names) === "output") return rate;
  const answer = inputs.number("workloads.*.measured.*.answer", ...names);
  const prompt = inputs.number("workloads.*.measured.*.prompt", ...names);
  return builder.op("multiply", rate, builder.op("divide", answer, builder.op("add", answer, prompt)));
}

/** The rate at a speed, on straight lines from point to point; a draw beyond the curve is a fault of its trial. */
function interpolated(
  { context: { builder } }: Inputs,
  speed: Register,
  points: readonly CurvePoint[],
  names: readonly [string, string],
): Register {
  const last = points[points.length - 1];
  builder.check(speed, points[0].x, last.x, pathOf("workloads.*.measured.*.curve", ...names));
  return points.slice(1).reduce((rate, to, at) => {
    const from = points[at];
    const start = builder.constant(from.x);
    const held = builder.op("min", builder.op("max", speed, start), builder.constant(to.x));
    const slope = builder.constant((to.y - from.y) / (to.x - from.x));
    return builder.op("add", rate, builder.op("multiply", builder.op("subtract", held, start), slope));
  }, builder.constant(points[0].y));
}
