import { Bound, type GivenLists, type MadeLists, type Register, serve } from "../../engine/index.ts";
import type { FieldPath } from "../../scenario/fields/index.ts";
import { servingWord } from "../../scenario/serving-stack.ts";
import { type Compilation, once } from "../compilation.ts";
import type { Inputs } from "../inputs.ts";
import { answerOf } from "./lengths.ts";
import { activeExperts, cachedHeads } from "./model-parts.ts";
import { choicesRead, isSpread, ofStack } from "./stack-inputs.ts";
import type { Pair } from "./workloads.ts";

/** What the serve kernel makes of a pair. */
export type Served = MadeLists<typeof serve.schema>["replicas"][number];

/** Bytes per value that two all-reduces of 2-byte values send through a chip, over (chips - 1) / chips. */
const REDUCE_BYTES = 8;
/** Bytes per value to a chip with an expert and back: 1 out, 2 in. */
const SPREAD_BYTES = 3;
/** Slots where none are stated: more than any memory holds. */
const NO_LIMIT = 1e30;

/** The pair of a workload and a part. */
export function pairOf({ entities }: Compilation, { workload, part }: Pair): Pair {
  return entities.pairs.find((pair) => pair.workload === workload && pair.part === part) as Pair;
}

/** How large a copy of the model is on a part, and how many sequences it answers at once (docs/model.md section 15.3). */
export const servedByPair = once((compilation: Compilation, pair: Pair): Served => {
  const { builder } = compilation.inputs.context;
  if (pair.workload.kind === "training") {
    const results = Object.entries(serve.schema.replicas).filter(([, kind]) => kind === "result");
    const zeros = results.map(([name]) => [name, builder.constant(0)]);
    return { ...(Object.fromEntries(zeros) as Served), bound: builder.constant(Bound.compute) };
  }
  return builder.kernel(serve, { replicas: [replicaOf(compilation, pair)] }).replicas[0];
});

/** What the serve kernel reads of a pair. */
function replicaOf(
  { inputs, metric, input }: Compilation,
  { workload, part }: Pair,
): GivenLists<typeof serve.schema>["replicas"][number] {
  const { builder } = inputs.context;
  const { name, model } = workload;
  const { chip } = part;
  const ofWorkload = { level: "workload", workload } as const;
  const ofPair = { level: "assignment", workload, part } as const;
  const constant = (value: number) => builder.constant(value);
  const times = (...factors: Register[]) => factors.reduce((x, y) => builder.op("multiply", x, y));
  const or = (row: FieldPath, owner: string, other: Register) => inputs.optional(row, owner) ?? other;
  const one = constant(1);
  const width = times(input("model.layers", ofPair), hiddenOf(inputs, model));
  const link = inputs.number("chips.*.serving.link", chip);
  const answer = answerOf(inputs, workload);
  const prompt = builder.op("subtract", input("workload.input", ofPair), input("workload.prefix", ofPair));
  const checked = builder.op("add", one, inputs.number("workloads.*.serving.drafted", name));
  const weights = metric("weights_gb", ofWorkload);
  const experts = metric("expert_weights_gb", ofWorkload);
  const mode = servingWord(inputs.scenario, name, "mode", choicesRead(inputs));
  return {
    sharedWeights: builder.op("subtract", weights, experts),
    expertWeights: experts,
    unread: input("model.unread_share", ofPair),
    experts: activeExperts(inputs, model),
    cache: metric("kv_gb_per_sequence", ofWorkload),
    cacheSplit: cacheSplitOf(inputs, model),
    decodeCompute: metric("decode_compute_ms_per_token", ofPair),
    promptCompute: metric("prefill_compute_ms_per_token", ofPair),
    promptTokens: builder.op("divide", prompt, answer),
    checked,
    // A trial may draw more tokens kept than checked: docs/model.md section 15.3.
    kept: builder.op("min", inputs.number("workloads.*.serving.speculation", name), checked),
    byteRate: times(input("chip.serving_bandwidth", ofPair), inputs.number("chips.*.hbm_bandwidth", chip)),
    usable: times(
      inputs.number("chips.*.hbm", chip),
      builder.op("subtract", one, input("chip.serving_reserve", ofPair)),
    ),
    latency: times(input("model.layers", ofPair), input("chip.serving_exchange", ofPair)),
    launch: times(input("model.layers", ofPair), ofStack(inputs, name, "stacks.*.launch", 0)),
    reduceBytes: times(constant(REDUCE_BYTES), width),
    spreadBytes: times(constant(SPREAD_BYTES), width, input("workload.imbalance", ofPair)),
    linkRate: times(link, or("chips.*.scale_up_bandwidth", chip, constant(0))),
    networkRate: times(link, or("chips.*.network_bandwidth", chip, constant(0))),
    transfer: builder.op("divide", metric("kv_gb_of_input", ofWorkload), answer),
    overlap: ofStack(inputs, name, "stacks.*.overlap", 0),
    exchangeOverlap: ofStack(inputs, name, "stacks.*.exchange_overlap", 0),
    speed: inputs.number("workloads.*.speed", name),
    mostSlots: or("workloads.*.serving.max_batch", name, constant(NO_LIMIT)),
    occupancy: or("workloads.*.serving.occupancy", name, ofStack(inputs, name, "stacks.*.occupancy", 1)),
    domain: or("chips.*.scale_up_domain", chip, one),
    // A measured copy is the one whose batch and step are shown beside its rate.
    replica:
      inputs.optional("workloads.*.replica", name) ??
      inputs.number("workloads.*.measured.*.replica", name, chip),
    promptUse: or("workloads.*.serving.prompt_use", name, ofStack(inputs, name, "stacks.*.prompt_use", 1)),
    promptRatio: or("workloads.*.serving.prefill_ratio", name, constant(0)),
    isSpread: isSpread(inputs, name),
    isPooled: mode === "disaggregated",
  };
}

/** Values that a token carries from layer to layer. */
function hiddenOf(inputs: Inputs, model: string): Register {
  const stated = inputs.optional("models.*.hidden", model);
  if (stated !== undefined) return stated;
  const heads = inputs.number("models.*.heads", model);
  return inputs.context.builder.op("multiply", heads, inputs.number("models.*.head_dim", model));
}

/** Chips over which the cache of one sequence can be split. */
function cacheSplitOf(inputs: Inputs, model: string): Register {
  const attention = inputs.choice("models.*.attention", model);
  if (attention === "mla") return inputs.context.builder.constant(1);
  return cachedHeads(inputs, model);
}
