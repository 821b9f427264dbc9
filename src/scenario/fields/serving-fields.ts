import type { FieldSpec } from "./field.ts";

function serving<Path extends string>(
  path: Path,
  dimension: "fraction" | "seconds",
  range: readonly [string, string],
  initial: string,
  text: string,
) {
  return {
    path,
    kind: "quantity",
    dimensions: [dimension],
    varies: "trial",
    range,
    default: initial,
    example: initial,
    text,
  } as const satisfies FieldSpec;
}

/** Shares of its peaks that a chip reaches in serving, calibrated per chip family: docs/model.md section 15.3. */
export const servingFields = [
  serving(
    "chips.*.serving.compute",
    "fraction",
    ["0.1 %", "100 %"],
    "40 %",
    "Share of the peak rate that prefill and decode reach if compute binds.",
  ),
  serving(
    "chips.*.serving.sparse",
    "fraction",
    ["1 %", "100 %"],
    "40 %",
    "Share of `compute` that a mixture of experts reaches, because of small products, uneven experts and exchange between chips.",
  ),
  serving(
    "chips.*.serving.bandwidth",
    "fraction",
    ["0.1 %", "100 %"],
    "60 %",
    "Share of the memory bandwidth that decode reaches if reading weights and cache binds.",
  ),
  serving(
    "chips.*.serving.reserve",
    "fraction",
    ["0 %", "90 %"],
    "10 %",
    "Share of HBM unavailable to weights and cached keys and values.",
  ),
  serving(
    "chips.*.serving.exchange",
    "seconds",
    ["0 s", "1 s"],
    "10 microseconds",
    "Time that the chips of a replica spend on exchange, per layer of a decode step and doubling of the replica.",
  ),
] as const satisfies readonly FieldSpec[];
