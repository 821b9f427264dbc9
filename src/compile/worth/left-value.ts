import type { Register } from "../../engine/index.ts";
import type { FieldPath } from "../../scenario/fields/index.ts";
import type { Inputs } from "../inputs.ts";

/** What is left of things in service and under construction at the end of each month, less a haircut. */
export function leftValueOf(
  inputs: Inputs,
  inService: Register,
  underConstruction: Register,
  haircut: FieldPath,
  name: string,
): Register {
  const { builder } = inputs.context;
  const kept = builder.op("subtract", builder.constant(1), inputs.number(haircut, name));
  return builder.op("multiply", builder.op("add", inService, underConstruction), kept);
}

/** The value of a register in the horizon's last month. */
export function atHorizonEnd({ context: { builder } }: Inputs, register: Register): Register {
  const end = builder.window.originMonth + builder.window.horizonMonths;
  return builder.total(register, end - 1, end);
}
