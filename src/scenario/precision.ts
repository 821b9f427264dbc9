import { PRECISIONS, type Precision } from "../metrics/precision.ts";
import { type FieldPath, pathOf } from "./fields/index.ts";
import type { FieldValue, Scenario } from "./scenario.ts";

/** Bytes of a value in each format, without the scales of blocks. */
const BYTES: Readonly<Record<Precision, number>> = { fp4: 0.5, fp8: 1, bf16: 2 };

/** Peak rate of a chip in each format. */
export const PEAK_FIELDS: Readonly<Record<Precision, FieldPath>> = {
  fp4: "chips.*.fp4",
  fp8: "chips.*.fp8",
  bf16: "chips.*.bf16",
};

/** Bytes of a value in the format that a field names; undefined if the field is absent. */
export function bytesOf(field: FieldValue | undefined): number | undefined {
  const precision = field?.choice as Precision | undefined;
  return precision && BYTES[precision];
}

/** The format in which a chip runs work of a precision: the same, or else the next wider one it has. */
export function precisionRun(scenario: Scenario, chip: string, precision: Precision): Precision {
  const wider = PRECISIONS.slice(PRECISIONS.indexOf(precision));
  return wider.find((each) => scenario.fields.has(pathOf(PEAK_FIELDS[each], chip))) ?? "bf16";
}
