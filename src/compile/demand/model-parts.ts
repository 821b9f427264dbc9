import type { Register } from "../../engine/index.ts";
import type { Inputs } from "../inputs.ts";

/**
 * Parts of a model that are no larger than the whole. Checks hold them to it at the medians; where both are drawn, a trial may
 * draw a part that is larger, and takes the whole then (docs/model.md section 15.1).
 */

/** Weights that a token uses: at least its share of the experts, at most all. */
export function activeParameters(inputs: Inputs, model: string): Register {
  const { builder } = inputs.context;
  const all = inputs.number("models.*.parameters", model);
  const active = inputs.optional("models.*.active_parameters", model);
  if (active === undefined) return all;
  const least = builder.op("multiply", all, usedShare(inputs, model));
  return builder.op("min", builder.op("max", active, least), all);
}

/** Share of the experts that a token uses. */
function usedShare(inputs: Inputs, model: string): Register {
  const { builder } = inputs.context;
  return builder.op("divide", activeExperts(inputs, model), expertsOf(inputs, model));
}

/** Share of the experts that a token does not use. */
export function unreadShare(inputs: Inputs, model: string): Register {
  const { builder } = inputs.context;
  return builder.op("subtract", builder.constant(1), usedShare(inputs, model));
}

/** Experts of a layer that a token uses. */
export function activeExperts(inputs: Inputs, model: string): Register {
  const { builder } = inputs.context;
  const active = inputs.optional("models.*.experts_active", model) ?? builder.constant(1);
  return builder.op("min", active, expertsOf(inputs, model));
}

function expertsOf(inputs: Inputs, model: string): Register {
  return inputs.optional("models.*.experts", model) ?? inputs.context.builder.constant(1);
}

/** Layers that attend to the last tokens only. */
export function localLayers(inputs: Inputs, model: string): Register {
  const local = inputs.number("models.*.local_layers", model);
  return inputs.context.builder.op("min", local, inputs.number("models.*.layers", model));
}

/** Heads whose keys and values are cached: all of them, or those that the others share (not of an mla model). */
export function cachedHeads(inputs: Inputs, model: string): Register {
  const heads = inputs.number("models.*.heads", model);
  if (inputs.choice("models.*.attention", model) === "mha") return heads;
  return inputs.context.builder.op("min", inputs.number("models.*.kv_heads", model), heads);
}
