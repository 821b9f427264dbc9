import { calibrated } from "./calibrated-field.ts";
import type { FieldSpec } from "./field.ts";

/** Shares of its peaks that a chip reaches in serving, calibrated per chip family: docs/model.md section 15.3. */
export const servingFields = [
  calibrated(
    "chips.*.serving.prefill",
    "fraction",
    ["0.1 %", "100 %"],
    "50 %",
    "Share of the peak rate that prompts reach, and attention in prompts and answers.",
  ),
  calibrated(
    "chips.*.serving.compute",
    "fraction",
    ["0.1 %", "100 %"],
    "40 %",
    "Share of the peak rate that the products of a decode step reach.",
  ),
  calibrated(
    "chips.*.serving.sparse",
    "fraction",
    ["1 %", "100 %"],
    "40 %",
    "Share of `prefill` and `compute` that the products of a mixture of experts reach, since they are small.",
  ),
  calibrated(
    "chips.*.serving.wider",
    "number",
    ["0.1", "10"],
    "1",
    "On a chip with FP4: share of the peak that products in FP8 or BF16 reach, over the share in FP4, which `prefill` and `compute` then state.",
  ),
  calibrated(
    "chips.*.serving.bandwidth",
    "fraction",
    ["0.1 %", "100 %"],
    "60 %",
    "Share of the memory bandwidth that decode reaches if reading weights and cache binds.",
  ),
  calibrated(
    "chips.*.serving.reserve",
    "fraction",
    ["0 %", "90 %"],
    "10 %",
    "Share of HBM unavailable to weights and cached keys and values.",
  ),
  calibrated(
    "chips.*.serving.link",
    "fraction",
    ["1 %", "100 %"],
    "70 %",
    "Share of `scale_up_bandwidth` and `network_bandwidth` that the exchange between chips of a replica reaches.",
  ),
  calibrated(
    "chips.*.serving.exchange",
    "seconds",
    ["0 s", "1 s"],
    "10 microseconds",
    "Latency of the exchange between chips of a replica, per layer of a decode step and doubling of the replica.",
  ),
] as const satisfies readonly FieldSpec[];
