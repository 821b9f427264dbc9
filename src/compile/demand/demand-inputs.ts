import type { Register } from "../../engine/index.ts";
import type { DemandInputName } from "../../metrics/formula.ts";
import type { Precision } from "../../metrics/precision.ts";
import type { FieldPath } from "../../scenario/fields/index.ts";
import { bytesOf } from "../../scenario/precision.ts";
import { mfuOf, peakOf } from "../chip-peaks.ts";
import type { EntityAt } from "../compilation.ts";
import type { Inputs } from "../inputs.ts";
import { answerOf, historyOf, promptOf } from "./lengths.ts";
import { activeParameters, cachedHeads, localLayers, unreadShare } from "./model-parts.ts";
import { arrivalsOf, runFlopOf } from "./requirements.ts";
import { isSpread, ofStack } from "./stack-inputs.ts";
import type { Pair, Workload } from "./workloads.ts";

type Scope<Name extends string> = Extract<DemandInputName, `${Name}.${string}`>;
type ModelInput = (inputs: Inputs, model: string) => Register;
type WorkloadInput = (inputs: Inputs, workload: Workload) => Register;
type PairInput = (inputs: Inputs, pair: Pair) => Register;

/** Register of an input of a workload, of its model, or of the chip for it; undefined for any other input. */
export function demandInput(
  inputs: Inputs,
  name: string,
  entity: EntityAt<"workload" | "assignment">,
): Register | undefined {
  const { workload } = entity;
  const { record } = inputs.context;
  if (name in MODEL_INPUTS) {
    // Lowered first: the order in which variables are met is that of a sample's columns.
    const first = [ofModel("models.*.parameters"), activeParameters, unreadShare];
    record.apart(() => first.map((read) => read(inputs, workload.model)));
    return MODEL_INPUTS[name as Scope<"model">](inputs, workload.model);
  }
  if (name in WORKLOAD_INPUTS) {
    record.apart(() => cached(inputs, workload));
    return WORKLOAD_INPUTS[name as Scope<"workload">](inputs, workload);
  }
  if (name in PAIR_INPUTS && entity.level === "assignment")
    return PAIR_INPUTS[name as Scope<"chip">](inputs, entity);
  return undefined;
}

/** Inputs that are a model's: docs/model.md section 15.1. */
const MODEL_INPUTS: Readonly<Record<Scope<"model">, ModelInput>> = {
  "model.parameters": ofModel("models.*.parameters"),
  "model.active_parameters": activeParameters,
  "model.expert_parameters": (inputs, model) => {
    const { builder } = inputs.context;
    const parameters = inputs.number("models.*.parameters", model);
    const idle = builder.op("subtract", parameters, activeParameters(inputs, model));
    return builder.op("ratio", idle, unreadShare(inputs, model));
  },
  "model.unread_share": unreadShare,
  "model.routed_parameters": (inputs, model) => {
    const { builder } = inputs.context;
    const idle = builder.op(
      "subtract",
      inputs.number("models.*.parameters", model),
      activeParameters(inputs, model),
    );
    const unread = unreadShare(inputs, model);
    const used = builder.op("subtract", builder.constant(1), unread);
    return builder.op("multiply", builder.op("ratio", idle, unread), used);
  },
  "model.weight_bytes": (inputs, model) => bytes(inputs, "models.*.weight_precision", model),
  "model.kv_bytes": (inputs, model) => {
    const each = bytes(inputs, "models.*.kv_precision", model);
    return inputs.context.builder.op("multiply", each, cachedValues(inputs, model));
  },
  "model.layers": ofModel("models.*.layers"),
  "model.full_layers": (inputs, model) => {
    const layers = inputs.number("models.*.layers", model);
    return inputs.context.builder.op("subtract", layers, localLayers(inputs, model));
  },
  "model.local_layers": localLayers,
  "model.local_window": ofModel("models.*.local_window"),
  "model.heads": ofModel("models.*.heads"),
  "model.head_dim": ofModel("models.*.head_dim"),
  "model.decode_dim": (inputs, model) =>
    inputs.choice("models.*.attention", model) === "mla"
      ? inputs.number("models.*.kv_latent", model)
      : inputs.number("models.*.head_dim", model),
};

function ofModel(row: FieldPath): ModelInput {
  return (inputs, model) => inputs.number(row, model);
}

/** Bytes of a value in the format that a field of the model names. */
function bytes(inputs: Inputs, row: FieldPath, model: string): Register {
  return inputs.context.builder.constant(bytesOf(inputs.field(row, model)) ?? 0);
}

/** Values that a token leaves in the cache, per layer. */
function cachedValues(inputs: Inputs, model: string): Register {
  const { builder } = inputs.context;
  const attention = inputs.choice("models.*.attention", model);
  if (attention === "mla") return inputs.number("models.*.kv_latent", model);
  const pairs = builder.op("multiply", builder.constant(2), cachedHeads(inputs, model));
  return builder.op("multiply", pairs, inputs.number("models.*.head_dim", model));
}

/** Inputs of a workload. A field of another kind of workload is 0 even if it has a default. */
const WORKLOAD_INPUTS: Readonly<Record<Scope<"workload">, WorkloadInput>> = {
  "workload.is_training": (inputs, { kind }) => flag(inputs, kind === "training"),
  "workload.is_serving": (inputs, { kind }) => flag(inputs, kind !== "training"),
  "workload.keeps_state": (inputs, { tier }) => flag(inputs, tier !== "none"),
  "workload.in_hbm": (inputs, { tier }) => flag(inputs, tier === "hbm"),
  "workload.input": input,
  "workload.prefix": (inputs, workload) =>
    workload.tier === "none" ? cached(inputs, workload) : historyOf(inputs, workload),
  "workload.stateless_prefix": cached,
  "workload.prompt": ofRequest(promptOf),
  "workload.answer": ofRequest(answerOf),
  "workload.answer_spread": ofServing("workloads.*.answer_spread"),
  "workload.turns": ofSessions("workloads.*.turns"),
  "workload.state_tokens": (inputs, workload) =>
    inputs.context.builder.op("add", input(inputs, workload), ofRequest(answerOf)(inputs, workload)),
  "workload.arrivals": (inputs, workload) =>
    workload.kind === "stateful" ? arrivalsOf(inputs, workload) : inputs.context.builder.constant(0),
  "workload.active": ofSessions("workloads.*.active"),
  "workload.idle": ofSessions("workloads.*.idle"),
  "workload.tier_price": ofStore("workloads.*.tier_price"),
  "workload.reload_bandwidth": ofStore("workloads.*.reload_bandwidth"),
  "workload.peak_over_mean": ofAll("workloads.*.peak_over_mean"),
  "workload.min_chips": ofAll("workloads.*.min_chips"),
  "workload.value": ofAll("workloads.*.value"),
  "workload.imbalance": (inputs, { name }) =>
    isSpread(inputs, name)
      ? ofStack(inputs, name, "stacks.*.imbalance", 1)
      : inputs.context.builder.constant(1),
  "workload.overhead": where("workloads.*.overhead", ({ kind }) => kind === "training"),
  "workload.run_flop": (inputs, workload) =>
    workload.kind === "training" ? runFlopOf(inputs, workload) : inputs.context.builder.constant(0),
};

/** A field of the workloads to which it applies. */
function where(row: FieldPath, applies: (workload: Workload) => boolean): WorkloadInput {
  return (inputs, workload) =>
    applies(workload) ? inputs.number(row, workload.name) : inputs.context.builder.constant(0);
}

function ofAll(row: FieldPath): WorkloadInput {
  return where(row, () => true);
}

function ofServing(row: FieldPath): WorkloadInput {
  return where(row, ({ kind }) => kind !== "training");
}

/** A length of the workloads that serve requests. */
function ofRequest(length: WorkloadInput): WorkloadInput {
  return (inputs, workload) =>
    workload.kind === "training" ? inputs.context.builder.constant(0) : length(inputs, workload);
}

function ofSessions(row: FieldPath): WorkloadInput {
  return where(row, ({ kind }) => kind === "stateful");
}

/** A field of workloads whose idle sessions keep their state outside the chip. */
function ofStore(row: FieldPath): WorkloadInput {
  return where(row, ({ tier }) => tier === "host" || tier === "storage");
}

/** Tokens that a request reads: the history of its session and its prompt. */
function input(inputs: Inputs, workload: Workload): Register {
  const { builder } = inputs.context;
  const history = workload.kind === "stateful" ? historyOf(inputs, workload) : builder.constant(0);
  return builder.op("add", history, ofRequest(promptOf)(inputs, workload));
}

/** Tokens of the input that a cache of prefixes holds. */
function cached(inputs: Inputs, workload: Workload): Register {
  const tokens = input(inputs, workload);
  return inputs.context.builder.op("multiply", ofServing("workloads.*.cache_hit")(inputs, workload), tokens);
}

function flag({ context }: Inputs, value: boolean): Register {
  return context.builder.constant(value ? 1 : 0);
}

/** Inputs that are a chip's for a workload. */
const PAIR_INPUTS: Readonly<Record<Scope<"chip">, PairInput>> = {
  "chip.serving_peak": (inputs, { workload, part }) => peakOf(inputs, part.chip, servedIn(inputs, workload)),
  "chip.attention_peak": (inputs, { workload, part }) =>
    peakOf(inputs, part.chip, inputs.choice("models.*.kv_precision", workload.model) as Precision),
  "chip.serving_prefill": (inputs, { part }) => inputs.number("chips.*.serving.prefill", part.chip),
  "chip.serving_products": ofProducts("chips.*.serving.prefill"),
  "chip.serving_compute": ofProducts("chips.*.serving.compute"),
  "chip.serving_bandwidth": (inputs, { part }) => inputs.number("chips.*.serving.bandwidth", part.chip),
  "chip.serving_reserve": (inputs, { part }) => inputs.number("chips.*.serving.reserve", part.chip),
  "chip.serving_exchange": (inputs, { part }) => inputs.number("chips.*.serving.exchange", part.chip),
  "chip.training_peak": (inputs, { workload, part }) =>
    workload.kind === "training"
      ? peakOf(inputs, part.chip, trainedIn(inputs, workload))
      : inputs.context.builder.constant(0),
  "chip.training_mfu": (inputs, { workload, part }) =>
    mfuOf(inputs, part.chip, trainedIn(inputs, workload), "training"),
};

/** Share of the peak that products with weights reach: those of a mixture of experts less, those wider than FP4 more. */
function ofProducts(row: FieldPath): PairInput {
  return (inputs, { workload, part: { chip } }) => {
    const { builder } = inputs.context;
    const isSparse = inputs.field("models.*.experts", workload.model) !== undefined;
    const hasFp4 = inputs.field("chips.*.fp4", chip) !== undefined;
    const isWider = hasFp4 && servedIn(inputs, workload) !== "fp4";
    const factors: readonly FieldPath[] = [
      ...(isSparse ? (["chips.*.serving.sparse"] as const) : []),
      ...(isWider ? (["chips.*.serving.wider"] as const) : []),
    ];
    return factors.reduce(
      (share, factor) => builder.op("multiply", share, inputs.number(factor, chip)),
      inputs.number(row, chip),
    );
  };
}

function servedIn(inputs: Inputs, { model }: Workload): Precision {
  return inputs.choice("models.*.compute_precision", model) as Precision;
}

/** The precision of a training run; the widest where the workload names none, as one that serves. */
function trainedIn(inputs: Inputs, { name }: Workload): Precision {
  return (inputs.choice("workloads.*.precision", name) ?? "bf16") as Precision;
}
