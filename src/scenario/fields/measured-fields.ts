import { PRECISIONS } from "../../metrics/precision.ts";
import type { FieldSpec } from "./field.ts";
import { choice, perTrial } from "./field-kinds.ts";

/** How a measurement of one shape of request serves another. */
const SHAPE_RULES = ["refuse", "scale"] as const;

/** Fields of a measured rate of service, by chip: docs/model.md section 15.4. */
export const measuredFields = [
  {
    path: "workloads.*.measured.*.model",
    kind: "reference",
    refers: "models",
    example: "deepseek_v3",
    text: "Model that was measured; must be the workload's. Required with every measurement.",
  },
  {
    path: "workloads.*.measured.*.counts",
    ...choice("output", "total"),
    example: "output",
    text: "Whether the measured tokens are those of answers alone, or of prompts and answers together. Required with every measurement.",
  },
  {
    path: "workloads.*.measured.*.rate",
    ...perTrial("token_rate"),
    range: ["0.001 tokens/s", "1 billion tokens/s"],
    example: "5200 tokens/s",
    text: "Measured tokens per second of a chip, at any speed of the users; alternative to `curve`. It replaces the roofline.",
    seeAlso: ["workloads.*.measured.*.curve"],
  },
  {
    path: "workloads.*.measured.*.curve",
    kind: "curve",
    axes: [
      { key: "user", unit: "tokens/s a user" },
      { key: "chip", unit: "tokens/s a chip" },
    ],
    example: "[[20, 9000], [50, 5200], [100, 2100]]",
    text: "Measured tokens per second of a chip against tokens per second of a user, interpolated at the workload's `speed`; alternative to `rate`. As pairs, or as columns of a CSV file: `{ csv: ./gb300.csv, user: tokens_s_user, chip: tokens_s_chip }`.",
    seeAlso: ["workloads.*.speed"],
  },
  {
    path: "workloads.*.measured.*.prompt",
    ...perTrial("tokens"),
    range: ["1 token", "1 billion tokens"],
    example: "1024 tokens",
    text: "Input of the measured requests. Required with every measurement.",
  },
  {
    path: "workloads.*.measured.*.answer",
    ...perTrial("tokens"),
    range: ["1 token", "1 billion tokens"],
    example: "1024 tokens",
    text: "Output of the measured requests. Required with every measurement.",
  },
  {
    path: "workloads.*.measured.*.cache_hit",
    ...perTrial("fraction"),
    range: ["0 %", "99.9 %"],
    example: "0 %",
    text: "Share of the measured input that a prefix cache held; 0 where not given.",
  },
  {
    path: "workloads.*.measured.*.precision",
    ...choice(...PRECISIONS),
    example: "fp4",
    text: "Format of the measured products; must be the model's `compute_precision`. Required with every measurement.",
    seeAlso: ["models.*.compute_precision"],
  },
  {
    path: "workloads.*.measured.*.replica",
    ...perTrial("chips"),
    range: ["1 chip", "1 million chips"],
    example: "8 chips",
    text: "Chips of the measured copy; where not given, those of the roofline's.",
  },
  {
    path: "workloads.*.measured.*.shape",
    ...choice(...SHAPE_RULES),
    example: "scale",
    text: "What holds where prompt, answer or cache hit differ from the workload's: `refuse` (the rule where not given) or `scale` by the ratio of the roofline's rates.",
  },
] as const satisfies readonly FieldSpec[];
