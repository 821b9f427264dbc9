import { calibrated } from "./calibrated-field.ts";
import type { FieldSpec } from "./field.ts";
import { choice } from "./field-kinds.ts";

/** How the program that serves a model computes prompts, and what a chip's memory holds. */
export const SERVING_MODES = ["aggregated", "disaggregated"] as const;
export const ATTENTION_PLACES = ["tensor", "data"] as const;

/** Fields of a serving stack: the program and its settings, calibrated on measurements (docs/model.md section 15.3). */
export const stackFields = [
  { path: "stacks.*.title", kind: "text", example: "TensorRT-LLM", text: "Name as people write it." },
  {
    path: "stacks.*.points",
    kind: "texts",
    required: true,
    example: "[M02, M05]",
    text: "Published measurements that its figures rest on, by their names in files of cases or in the source. At least one.",
  },
  {
    path: "stacks.*.default_for",
    ...choice("dense", "mixture", "nothing"),
    default: "nothing",
    example: "mixture",
    text: "Class of models that it serves where a workload names no stack: a `mixture` states `experts`. One stack a class.",
    seeAlso: ["workloads.*.serving.stack"],
  },
  {
    path: "stacks.*.mode",
    ...choice(...SERVING_MODES),
    required: true,
    example: "disaggregated",
    text: "Whether prompts are computed in chunks within decode steps, or on chips of their own.",
  },
  {
    path: "stacks.*.attention",
    ...choice(...ATTENTION_PLACES),
    required: true,
    example: "data",
    text: "Whether chips of a replica share every sequence, or each has its own sequences and all weights but the experts.",
  },
  calibrated(
    "stacks.*.overlap",
    "fraction",
    ["0 %", "100 %"],
    "0 %",
    "Share of the smaller of arithmetic and reading memory that hides behind the larger in a decode step.",
  ),
  calibrated(
    "stacks.*.exchange_overlap",
    "fraction",
    ["0 %", "100 %"],
    "0 %",
    "Share of the exchange between chips that hides behind the rest of the step.",
  ),
  calibrated(
    "stacks.*.imbalance",
    "number",
    ["1", "100"],
    "1",
    "Work of the busiest chip's experts over the mean, with `attention: data`.",
  ),
  calibrated(
    "stacks.*.launch",
    "seconds",
    ["0 s", "1 s"],
    "0 s",
    "Time of a decode step per layer that arithmetic, memory and exchange do not explain: kernels started one after another.",
  ),
  calibrated(
    "stacks.*.occupancy",
    "fraction",
    ["1 %", "100 %"],
    "100 %",
    "Share of the slots of a copy that is filled in the mean, where the workload states none.",
  ),
  calibrated(
    "stacks.*.prompt_use",
    "fraction",
    ["1 %", "100 %"],
    "100 %",
    "Share of time for which chips for prompts are busy, where the workload states none.",
  ),
] as const satisfies readonly FieldSpec[];
