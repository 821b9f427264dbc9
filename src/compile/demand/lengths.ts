import type { Register } from "../../engine/index.ts";
import type { FieldPath } from "../../scenario/fields/index.ts";
import type { Inputs } from "../inputs.ts";
import type { Workload } from "./workloads.ts";

/**
 * Lengths of a request [tokens], as much of them as the model's context holds. Checks hold them to it at the medians; a trial
 * may draw more, and cuts the history first, then the prompt, then the answer (docs/model.md section 15.2).
 */

/** Tokens of an answer: at least one, and one is left for the prompt. */
export function answerOf(inputs: Inputs, workload: Workload): Register {
  const { builder } = inputs.context;
  return atMost(inputs, workload, "workloads.*.answer", () => [builder.constant(1)]);
}

/** Tokens of a prompt: at least one. */
export function promptOf(inputs: Inputs, workload: Workload): Register {
  return atMost(inputs, workload, "workloads.*.prompt", () => [answerOf(inputs, workload)]);
}

/** Tokens of a session before the prompt. */
export function historyOf(inputs: Inputs, workload: Workload): Register {
  const others = () => [promptOf(inputs, workload), answerOf(inputs, workload)];
  return atMost(inputs, workload, "workloads.*.history", others, 0);
}

/** A length, or what the context leaves beside the others where that is less. */
function atMost(
  inputs: Inputs,
  { name, model }: Workload,
  row: FieldPath,
  others: () => readonly Register[],
  least = 1,
): Register {
  const { builder } = inputs.context;
  const length = inputs.number(row, name);
  const context = inputs.number("models.*.context", model);
  const left = others().reduce((rest, other) => builder.op("subtract", rest, other), context);
  return builder.op("min", length, builder.op("max", builder.constant(least), left));
}
