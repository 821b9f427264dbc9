import { PRECISIONS } from "../../metrics/precision.ts";
import type { FieldSpec } from "./field.ts";
import { byMonth, choice, fixed, perTrial, schedule } from "./field-kinds.ts";
import { measuredFields } from "./measured-fields.ts";
import { ATTENTION_PLACES, SERVING_MODES } from "./stack-fields.ts";

/** Lengths and speed of requests. */
const requestFields = [
  {
    path: "workloads.*.prompt",
    ...perTrial("tokens"),
    range: ["1 token", "1 billion tokens"],
    example: "1500 tokens",
    text: "Mean input of a request; for a session, the new input at each turn.",
  },
  {
    path: "workloads.*.answer",
    ...perTrial("tokens"),
    range: ["1 token", "1 billion tokens"],
    example: "500 tokens",
    text: "Mean output of a request or turn, including thinking.",
  },
  {
    path: "workloads.*.answer_spread",
    ...perTrial("fraction"),
    default: "0 %",
    range: ["0 %", "1000 %"],
    example: "100 %",
    text: "Standard deviation of the lengths of answers over their mean: 0 % where all are equally long, as in most benchmarks, 100 % where they are spread like an exponential. Long answers hold memory and are read longer.",
    seeAlso: ["workloads.*.answer"],
  },
  {
    path: "workloads.*.cache_hit",
    ...perTrial("fraction"),
    default: "0 %",
    range: ["0 %", "99.9 %"],
    example: "50 %",
    text: "Share of the input found in a prefix cache, which needs no prefill. For a stateful workload: of its stateless comparator.",
  },
  {
    path: "workloads.*.speed",
    ...perTrial("token_rate"),
    range: ["0.01 tokens/s", "1 million tokens/s"],
    example: "40 tokens/s",
    text: "Least tokens per second for each user; limits the batch.",
  },
  {
    path: "workloads.*.replica",
    ...perTrial("chips"),
    range: ["1 chip", "1 million chips"],
    example: "8 chips",
    text: "Chips of one copy of the model; where not given, as many of the scale-up domain as give the most tokens per chip. More than a domain where the chip states `network_bandwidth`.",
  },
] as const satisfies readonly FieldSpec[];

/** How the stack serves this workload. */
const servedFields = [
  {
    path: "workloads.*.serving.stack",
    kind: "reference",
    refers: "stacks",
    example: "wide_expert_parallel",
    text: "Program that serves it; by default the stack whose `default_for` is the class of its model.",
    seeAlso: ["stacks.*.default_for"],
  },
  {
    path: "workloads.*.serving.mode",
    ...choice(...SERVING_MODES),
    example: "aggregated",
    text: "Whether prompts are computed within decode steps or on separate chips; overrides the stack.",
  },
  {
    path: "workloads.*.serving.attention",
    ...choice(...ATTENTION_PLACES),
    example: "tensor",
    text: "Whether the chips of a replica share every sequence or each has sequences of its own; overrides the stack.",
  },
  {
    path: "workloads.*.serving.max_batch",
    ...perTrial("number"),
    range: ["1", "1e9"],
    example: "256",
    text: "Most sequences that a replica answers at once; where not given, as many as memory and speed allow.",
  },
  {
    path: "workloads.*.serving.occupancy",
    ...perTrial("fraction"),
    range: ["1 %", "100 %"],
    example: "80 %",
    text: "Share of these slots that is filled in the mean; where not given, the stack's.",
    seeAlso: ["stacks.*.occupancy"],
  },
  {
    path: "workloads.*.serving.prefill_ratio",
    ...perTrial("number"),
    range: ["0.001", "1000"],
    example: "0.5",
    text: "Chips that compute prompts for each chip that decodes, with `mode: disaggregated`: the faster pool waits for the slower. Where not given, as many as keep both at work.",
    seeAlso: ["workloads.*.serving.prompt_use"],
  },
  {
    path: "workloads.*.serving.prompt_use",
    ...perTrial("fraction"),
    range: ["1 %", "100 %"],
    example: "60 %",
    text: "Share of time for which chips for prompts are busy, with `mode: disaggregated`; where not given, the stack's.",
    seeAlso: ["stacks.*.prompt_use"],
  },
  {
    path: "workloads.*.serving.speculation",
    ...perTrial("number"),
    default: "1",
    range: ["1", "64"],
    example: "1.8",
    text: "Tokens of a sequence that a decode step gives with speculative decoding; 1 is without.",
    seeAlso: ["workloads.*.serving.drafted"],
  },
  {
    path: "workloads.*.serving.drafted",
    ...perTrial("number"),
    default: "0",
    range: ["0", "64"],
    example: "3",
    text: "Tokens of a sequence that are drafted and checked in a decode step beside the next one. At least `speculation` less 1.",
    seeAlso: ["workloads.*.serving.speculation"],
  },
] as const satisfies readonly FieldSpec[];

const sessionFields = [
  {
    path: "workloads.*.turns",
    ...perTrial("number"),
    default: "1",
    range: ["1", "1 million"],
    example: "12",
    text: "Turns of a session; each has a prompt and an answer.",
  },
  {
    path: "workloads.*.history",
    ...perTrial("tokens"),
    range: ["0 tokens", "1 billion tokens"],
    example: "20 thousand tokens",
    text: "Earlier context of a session at its mean turn.",
  },
  {
    path: "workloads.*.active",
    ...perTrial("seconds"),
    default: "0 s",
    range: ["0 s", "1 billion s"],
    example: "180 s",
    text: "Time in which a session works, over all turns.",
  },
  {
    path: "workloads.*.idle",
    ...perTrial("seconds"),
    default: "0 s",
    range: ["0 s", "1 billion s"],
    example: "30 minutes",
    text: "Time for which an idle session's state is kept, over all pauses.",
    seeAlso: ["workloads.*.tier"],
  },
  {
    path: "workloads.*.tier",
    ...choice("none", "hbm", "host", "storage"),
    default: "none",
    example: "host",
    text: "Where idle state is kept. `none` keeps nothing: the stateless comparator at the same traffic.",
  },
  {
    path: "workloads.*.tier_price",
    ...byMonth("price_per_memory_hour"),
    range: ["0 USD/(GB hour)", "1000 USD/(GB hour)"],
    example: "0.002 USD/(GB hour)",
    text: "Cost of the memory that keeps state; not for `hbm`, whose cost is its chips.",
  },
  {
    path: "workloads.*.reload_bandwidth",
    ...perTrial("bandwidth_per_chip"),
    range: ["1 MB/s", "100 TB/s"],
    example: "50 GB/s",
    text: "Rate at which state returns to a chip, which does nothing else meanwhile.",
  },
] as const satisfies readonly FieldSpec[];

const date = { kind: "date", varies: "nothing" } as const;

const trainingFields = [
  {
    path: "workloads.*.flop",
    ...perTrial("flop"),
    range: ["0 FLOP", "1e40 FLOP"],
    example: "500 YFLOP",
    text: "Model FLOP of a training run; alternative to `training_tokens`.",
  },
  {
    path: "workloads.*.training_tokens",
    ...perTrial("tokens"),
    range: ["0 tokens", "1e24 tokens"],
    example: "15 trillion tokens",
    text: "Tokens trained on: 6 FLOP per active parameter and token.",
  },
  {
    path: "workloads.*.overhead",
    ...perTrial("fraction"),
    default: "0 %",
    range: ["0 %", "90 %"],
    example: "12 %",
    text: "Share of a training run's chip-hours that no step of it uses: starts and restarts, evaluation, checkpoints, steps thrown away.",
    seeAlso: ["chips.*.mfu.training.bf16"],
  },
  {
    path: "workloads.*.precision",
    ...choice(...PRECISIONS),
    default: "bf16",
    example: "fp8",
    text: "Compute format of a training run; utilisation is the chip's `mfu.training` of the format it runs in.",
  },
  { path: "workloads.*.from", ...date, example: "2027-01", text: "First month of a training run." },
  {
    path: "workloads.*.to",
    ...date,
    example: "2027-06",
    text: "Last month of a training run; work left then is unserved.",
  },
  {
    path: "workloads.*.min_duration",
    ...fixed("duration"),
    default: "1 month",
    range: ["1 month", "120 months"],
    example: "3 months",
    text: "Shortest time a training run needs, however many chips it has.",
  },
  {
    path: "workloads.*.min_chips",
    ...perTrial("chips"),
    range: ["1 chip", "100 million chips"],
    example: "16384 chips",
    text: "Fewest chips of one fleet that it can run on at once; also the number stopped by one interruption.",
  },
] as const satisfies readonly FieldSpec[];

/** Fields of a workload: docs/model.md sections 15.2 to 15.6. */
export const workloadFields = [
  { path: "workloads.*.title", kind: "text", example: "ChatGPT", text: "Display name." },
  {
    path: "workloads.*.kind",
    ...choice("inference", "training", "stateful"),
    required: true,
    example: "inference",
    text: "Independent requests, a training run, or sessions that keep their state between turns.",
  },
  {
    path: "workloads.*.model",
    kind: "reference",
    refers: "models",
    required: true,
    example: "deepseek_v3",
    text: "Shape of the model.",
  },
  {
    path: "workloads.*.fleets",
    kind: "texts",
    example: "[gb300, trainium]",
    text: "Fleets that the workload may run on, by default all.",
  },
  {
    path: "workloads.*.priority",
    kind: "integer",
    range: ["1", "1000"],
    default: "10",
    example: "1",
    text: "Order in which workloads take chips; 1 goes first, equal numbers go in alphabetical order.",
  },
  {
    path: "workloads.*.value",
    ...byMonth("price_per_token", "price_per_flop"),
    required: true,
    range: ["0", "1"],
    example: "8 USD/(million tokens)",
    text: "Value of a unit: an output token, or a FLOP of training. Weighs unserved demand, and the value at `start` decides which workload takes which chips.",
  },
  {
    path: "workloads.*.deferrable",
    kind: "boolean",
    default: "false",
    example: "true",
    text: "Whether it can wait for the trough of the day; it then needs no reserve and may use the reserve of others.",
  },
  {
    path: "workloads.*.peak_over_mean",
    ...perTrial("number"),
    default: "1",
    range: ["1", "100"],
    example: "1.5",
    text: "Capacity over mean traffic: the reserve for peaks of the day and week.",
  },
  {
    path: "workloads.*.growth",
    ...perTrial("fraction"),
    default: "0 %",
    range: ["-99 %", "10000 %"],
    usual: [undefined, "500 %"],
    example: "40 %",
    text: "Yearly growth of the traffic from `start`. It multiplies every month, those of a table of dates too.",
  },
  {
    path: "workloads.*.requests",
    ...schedule("request_rate"),
    range: ["0 requests/s", "1e18 requests/s"],
    example: "{ 2026-01: 2 billion requests/day, 2027-01: 3 billion requests/day }",
    text: "Mean traffic of inference in requests; alternative to `tokens`.",
    mistaken: {
      token_rate: "write tokens (prompts plus answers) under `tokens` instead of `requests`",
      tokens: "write tokens per time under `tokens`, such as `tokens: 5 trillion tokens/day`",
      session_rate: "write sessions under `sessions`, with `kind: stateful`",
    },
    seeAlso: ["workloads.*.tokens", "workloads.*.interpolate"],
  },
  {
    path: "workloads.*.tokens",
    ...schedule("token_rate"),
    range: ["0 tokens/s", "1e21 tokens/s"],
    example: "5 trillion tokens/day",
    text: "Mean traffic of inference in tokens, prompts plus answers; alternative to `requests`.",
    mistaken: {
      request_rate: "write requests under `requests` instead of `tokens`",
    },
    seeAlso: ["workloads.*.requests"],
  },
  {
    path: "workloads.*.sessions",
    ...schedule("session_rate"),
    range: ["0 sessions/s", "1e18 sessions/s"],
    example: "20 million sessions/day",
    text: "Rate at which sessions of a stateful workload begin.",
    mistaken: {
      request_rate:
        "a session has `turns` requests: write the rate of new sessions, such as `20 million sessions/day`",
    },
  },
  {
    path: "workloads.*.interpolate",
    ...choice("step", "linear"),
    default: "step",
    example: "linear",
    text: "Whether a table of traffic moves in steps or linearly from date to date.",
  },
  ...requestFields,
  ...servedFields,
  ...measuredFields,
  ...sessionFields,
  ...trainingFields,
] as const satisfies readonly FieldSpec[];
