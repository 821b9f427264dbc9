import type { Register } from "../engine/index.ts";
import type { Precision } from "../metrics/precision.ts";
import type { FieldPath } from "../scenario/fields/index.ts";
import { PEAK_FIELDS, precisionRun } from "../scenario/precision.ts";
import type { Inputs } from "./inputs.ts";

/** Kinds of work; a chip's utilisation differs between them. */
export type Use = "training" | "inference";

const MFU_FIELDS: Readonly<Record<Use, Readonly<Record<Precision, FieldPath>>>> = {
  training: {
    fp4: "chips.*.mfu.training.fp4",
    fp8: "chips.*.mfu.training.fp8",
    bf16: "chips.*.mfu.training.bf16",
  },
  inference: {
    fp4: "chips.*.mfu.inference.fp4",
    fp8: "chips.*.mfu.inference.fp8",
    bf16: "chips.*.mfu.inference.bf16",
  },
};

/** Peak rate of work of a precision, in the precision that the chip really runs. */
export function peakOf(inputs: Inputs, chip: string, precision: Precision): Register {
  return inputs.number(PEAK_FIELDS[precisionRun(inputs.scenario, chip, precision)], chip);
}

/** Share of that peak which the work achieves. */
export function mfuOf(inputs: Inputs, chip: string, precision: Precision, use: Use): Register {
  return inputs.number(MFU_FIELDS[use][precisionRun(inputs.scenario, chip, precision)], chip);
}
