import { PRECISIONS } from "../../metrics/precision.ts";
import type { FieldSpec } from "./field.ts";
import { choice, perTrial } from "./field-kinds.ts";

function number<Path extends string>(
  path: Path,
  range: readonly [string, string],
  example: string,
  text: string,
) {
  return {
    path,
    ...perTrial("number"),
    range,
    example,
    text,
  } as const satisfies FieldSpec;
}

function precision<Path extends string>(path: Path, text: string) {
  return {
    path,
    ...choice(...PRECISIONS),
    required: true,
    example: "fp8",
    text,
  } as const satisfies FieldSpec;
}

/** Fields of a model shape, in the catalog or in a scenario: docs/model.md section 15.1. */
export const modelFields = [
  { path: "models.*.title", kind: "text", example: "DeepSeek-V3", text: "Name as its makers write it." },
  {
    ...number("models.*.parameters", ["1000", "1e16"], "671 billion", "All weights, embeddings included."),
    required: true,
  },
  number(
    "models.*.active_parameters",
    ["1000", "1e16"],
    "37 billion",
    "Weights used by one token; by default all. A trial that draws less than the share `experts_active` / `experts` of `parameters` takes that share.",
  ),
  { ...number("models.*.layers", ["1", "10000"], "61", "Transformer layers."), required: true },
  number(
    "models.*.local_layers",
    ["0", "10000"],
    "18",
    "Layers that attend to the last `local_window` tokens only.",
  ),
  {
    path: "models.*.local_window",
    ...perTrial("tokens"),
    range: ["1 token", "1 billion tokens"],
    example: "128 tokens",
    text: "How far back local layers look.",
    seeAlso: ["models.*.local_layers"],
  },
  {
    ...number(
      "models.*.hidden",
      ["1", "1e9"],
      "7168",
      "Width of the residual stream, which chips of a replica exchange; where not given, `heads` times `head_dim`.",
    ),
  },
  { ...number("models.*.heads", ["1", "1e6"], "128", "Query heads of a layer."), required: true },
  {
    ...number("models.*.head_dim", ["1", "1e6"], "128", "Size of a head, the mean of keys and values."),
    required: true,
  },
  {
    path: "models.*.attention",
    ...choice("mha", "gqa", "mla"),
    required: true,
    example: "gqa",
    text: "Cache entry of a token: keys and values of every head (mha), of `kv_heads` (gqa), or a latent vector of `kv_latent` (mla).",
    seeAlso: ["models.*.kv_heads", "models.*.kv_latent"],
  },
  number("models.*.kv_heads", ["1", "1e6"], "8", "Heads of keys and values of a layer, for gqa."),
  number(
    "models.*.kv_latent",
    ["1", "1e6"],
    "576",
    "Values a token leaves per layer, position included, for mla.",
  ),
  number("models.*.experts", ["1", "1e6"], "256", "Routed experts of a layer; 1 for a dense model."),
  number("models.*.experts_active", ["1", "1e6"], "8", "Routed experts that a token uses."),
  {
    path: "models.*.context",
    ...perTrial("tokens"),
    required: true,
    range: ["1 token", "1 billion tokens"],
    example: "128 thousand tokens",
    text: "Longest sequence, prompt and answer together.",
  },
  precision("models.*.weight_precision", "Format in which weights lie in memory."),
  precision(
    "models.*.compute_precision",
    "Format of matrix products; a chip without it uses the next wider one and leaves the weights as they are.",
  ),
  precision("models.*.kv_precision", "Format of cached keys and values."),
] as const satisfies readonly FieldSpec[];
