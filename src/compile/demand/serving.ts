import { Bound, type Register, Shape } from "../../engine/index.ts";
import { type Compilation, type EntityAt, once } from "../compilation.ts";
import type { Pair } from "./workloads.ts";

/** What the serve kernel makes of a pair. */
export type Served = Readonly<Record<"chips" | "doublings" | "batch" | "works" | "bound", Register>>;

/** How large a copy of the model is on a part, and how many sequences it answers at once (docs/model.md section 15.3). */
export function servedOf(compilation: Compilation, { workload, part }: EntityAt<"assignment">): Served {
  return servedByPair(compilation, pairOf(compilation, { workload, part }));
}

/** The pair of a workload and a part. */
export function pairOf({ entities }: Compilation, { workload, part }: Pair): Pair {
  return entities.pairs.find((pair) => pair.workload === workload && pair.part === part) as Pair;
}

const servedByPair = once((compilation: Compilation, { workload, part }: Pair): Served => {
  const { inputs, metric, input } = compilation;
  const { builder } = inputs.context;
  if (workload.kind === "training") {
    const zero = builder.constant(0);
    return { chips: zero, doublings: zero, batch: zero, works: zero, bound: builder.constant(Bound.compute) };
  }
  const ofWorkload = { level: "workload", workload } as const;
  const ofPair = { level: "assignment", workload, part } as const;
  const times = (x: Register, y: Register) => builder.op("multiply", x, y);
  const one = builder.constant(1);
  const reserve = builder.op("subtract", one, input("chip.serving_reserve", ofPair));
  const operands = [
    metric("weights_gb", ofWorkload),
    metric("expert_weights_gb", ofWorkload),
    input("model.unread_share", ofPair),
    metric("kv_gb_per_sequence", ofWorkload),
    metric("decode_gflop_per_token", ofWorkload),
    times(input("chip.serving_compute", ofPair), input("chip.serving_peak", ofPair)),
    times(input("chip.serving_bandwidth", ofPair), inputs.number("chips.*.hbm_bandwidth", part.chip)),
    times(inputs.number("chips.*.hbm", part.chip), reserve),
    times(input("model.layers", ofPair), input("chip.serving_exchange", ofPair)),
    inputs.number("workloads.*.speed", workload.name),
    inputs.optional("chips.*.scale_up_domain", part.chip) ?? one,
    inputs.number("workloads.*.replica", workload.name),
  ].map((register) => builder.spread(register, Shape.trial));
  const shapes = new Array(5).fill(Shape.trial);
  const made = builder.handWritten("serve", shapes, operands, (outputs) => [...operands, ...outputs]);
  const [chips, doublings, batch, works, bound] = made;
  return { chips, doublings, batch, works, bound };
});
