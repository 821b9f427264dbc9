import type { Register } from "../../engine/index.ts";
import type { FieldPath } from "../../scenario/fields/index.ts";
import { isMixture, type ReadChoice, servingWord, stackOf } from "../../scenario/serving-stack.ts";
import type { Inputs } from "../inputs.ts";

/** Reads choices as the compiler does, with a record of each. */
export function choicesRead(inputs: Inputs): ReadChoice {
  return (row, ...names) => inputs.choice(row, ...names);
}

/** True where each chip of a copy has its own sequences, and all weights but the routed experts. */
export function isSpread(inputs: Inputs, workload: string): boolean {
  const { scenario } = inputs;
  return (
    isMixture(scenario, workload) &&
    servingWord(scenario, workload, "attention", choicesRead(inputs)) === "data"
  );
}

/** A number of the stack that serves a workload, or what holds without a stack. */
export function ofStack(inputs: Inputs, workload: string, row: FieldPath, other: number): Register {
  const stack = stackOf(inputs.scenario, workload, choicesRead(inputs));
  return stack === undefined ? inputs.context.builder.constant(other) : inputs.number(row, stack);
}
