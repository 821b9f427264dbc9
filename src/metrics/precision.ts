/** Number formats with peak rates, narrowest first: a chip without one runs the next. */
export const PRECISIONS = ["fp4", "fp8", "bf16"] as const;

/** A number format of weights, cache or arithmetic. */
export type Precision = (typeof PRECISIONS)[number];
