import type { Register } from "../../engine/index.ts";
import { lifeOf } from "../chips/life.ts";
import { whileServing } from "../chips/retirement.ts";
import type { Compilation } from "../compilation.ts";
import { deliveryOf } from "../delivery.ts";
import type { Part } from "../parts.ts";
import { sizeOf } from "../sizes.ts";

/**
 * Chips that the provider promised and has not delivered, except those that wait for the buyer's money: docs/model.md
 * section 10.2. Nothing is promised once the fleet retires as a whole.
 *
 * @param since months from landing until a chip counts as delivered
 * @param delivered the metric of chips that count as delivered
 */
export function lateChipsOf(
  compilation: Compilation,
  part: Part,
  since: Register,
  delivered: "chips_productive" | "chips_energised",
): Register {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const ofPart = { level: "part", part } as const;
  const { planned } = deliveryOf(compilation, part);
  const come = builder.shift("behind", planned, since);
  const gone = builder.shift("behind", planned, lifeOf(inputs, part.fleet));
  const planning = builder.op("multiply", sizeOf(compilation, part), builder.op("subtract", come, gone));
  const promised = whileServing(inputs, part.fleet, planning);
  const owed = builder.op("subtract", promised, metric("chips_unfunded", ofPart));
  return builder.op("max", builder.constant(0), builder.op("subtract", owed, metric(delivered, ofPart)));
}
