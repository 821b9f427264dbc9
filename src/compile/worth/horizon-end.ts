import type { Register } from "../../engine/index.ts";
import type { FieldPath } from "../../scenario/fields/index.ts";
import type { Inputs } from "../inputs.ts";

/** What is left of things in service and under construction at the end of the horizon, less a haircut. */
export function residualOf(
  inputs: Inputs,
  inService: Register,
  underConstruction: Register,
  haircut: FieldPath,
  name: string,
): Register {
  const { builder } = inputs.context;
  const end = builder.window.originMonth + builder.window.horizonMonths;
  const waiting = builder.total(underConstruction, end - 1, end);
  const kept = builder.op("subtract", builder.constant(1), inputs.number(haircut, name));
  return builder.op("multiply", builder.op("add", inService, waiting), kept);
}
