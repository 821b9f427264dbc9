import type { Register } from "../../engine/index.ts";
import type { Compilation, MetricTable } from "../compilation.ts";
import { deliveryOf } from "../delivery.ts";
import type { Part } from "../parts.ts";
import { sizeOf } from "../sizes.ts";
import { whileServing } from "./retirement.ts";
import { stockOf } from "./stock.ts";

/** Counts of a part's chips: due, as the stock kernel moves them, and in service. */
export const chipMetrics: MetricTable<"part"> = {
  chips_planned: (compilation, { part }) => ofSize(compilation, part, deliveryOf(compilation, part).planned),
  chips_due: (compilation, { part }) => ofSize(compilation, part, deliveryOf(compilation, part).due),
  chips_deferred: (compilation, { part }) => {
    const { undeferred, due } = deliveryOf(compilation, part);
    return ofSize(compilation, part, compilation.inputs.context.builder.op("subtract", undeferred, due));
  },
  chips_landed: (compilation, { part }) => stockOf(compilation, part).landed,
  chips_energised_new: (compilation, { part }) => stockOf(compilation, part).energisedNew,
  chips_retired: (compilation, { part }) => stockOf(compilation, part).retired,
  chips_failed: (compilation, { part }) => stockOf(compilation, part).failed,
  chips_replaced: (compilation, { part }) => stockOf(compilation, part).replaced,
  chips_energised: (compilation, { part }) => stockOf(compilation, part).energised,
  chips_stranded: (compilation, { part }) => stockOf(compilation, part).stranded,
  chips_curtailed: (compilation, { part }) => stockOf(compilation, part).curtailed,
  chips_held: (compilation, { part }) => stockOf(compilation, part).held,
  chips_unfunded: (compilation, { part }) => stockOf(compilation, part).unfunded,
  chips_successors_landed: (compilation, { part }) => stockOf(compilation, part).successors,
  chips_productive: (compilation, { part }) => productive(compilation, part),
  chips_productive_new: (compilation, { part }) => productiveNew(compilation, part),
};

function ofSize(compilation: Compilation, part: Part, share: Register): Register {
  return compilation.inputs.context.builder.op("multiply", sizeOf(compilation, part), share);
}

/** S_w max(0, N_{w-c} - N_{w-L}) (1 - curtailed / energised). */
function productive(compilation: Compilation, part: Part): Register {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const { cumulative, survival, life } = stockOf(compilation, part);
  const energised = metric("chips_energised", { level: "part", part });
  const curtailed = metric("chips_curtailed", { level: "part", part });
  const commissioned = builder.shift(
    "behind",
    cumulative,
    inputs.months("fleets.*.commissioning", part.fleet),
  );
  const retired = builder.shift("behind", cumulative, life);
  const alive = builder.op("max", builder.constant(0), builder.op("subtract", commissioned, retired));
  const used = builder.op("subtract", builder.constant(1), builder.op("ratio", curtailed, energised));
  const inUse = builder.op("multiply", builder.op("multiply", survival, alive), used);
  return whileServing(inputs, part.fleet, inUse);
}

function productiveNew(compilation: Compilation, part: Part): Register {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const { survival, life } = stockOf(compilation, part);
  const normalised = builder.op("divide", metric("chips_energised_new", { level: "part", part }), survival);
  const steps = inputs.months("fleets.*.commissioning", part.fleet);
  const entering = builder.op("multiply", survival, builder.shift("behind", normalised, steps));
  const inTime = builder.op("select", builder.op("less", steps, life), entering, builder.constant(0));
  return whileServing(inputs, part.fleet, inTime);
}
