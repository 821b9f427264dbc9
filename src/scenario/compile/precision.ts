import type { Scenario } from "../scenario.ts";

const WIDER = { fp4: ["fp4", "fp8", "bf16"], fp8: ["fp8", "bf16"], bf16: ["bf16"] } as const;

/** A number format that chips have peaks of. */
export type Precision = keyof typeof WIDER;

/** The precision that work of a precision really runs in on a chip: the next wider one it has. */
export function precisionRun(scenario: Scenario, chip: string, precision: Precision): Precision {
  return WIDER[precision].find((wider) => scenario.fields.has(`chips.${chip}.${wider}`)) ?? "bf16";
}
