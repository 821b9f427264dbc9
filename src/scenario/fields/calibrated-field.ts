import type { FieldSpec } from "./field.ts";
import { perTrial } from "./field-kinds.ts";

/** A field whose value is calibrated on measurements: one draw a trial, with a value that holds until it is calibrated. */
export function calibrated<Path extends string, Dimension extends "fraction" | "number" | "seconds">(
  path: Path,
  dimension: Dimension,
  range: readonly [string, string],
  initial: string,
  text: string,
) {
  return {
    path,
    ...perTrial(dimension),
    range,
    default: initial,
    example: initial,
    text,
  } as const satisfies FieldSpec;
}
