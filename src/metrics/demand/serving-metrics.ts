import {
  add,
  divide,
  type Formula,
  type FormulaLike,
  input,
  max,
  min,
  multiply,
  per,
  subtract,
} from "../formula.ts";
import { BINDING_WORDS, type Metric, SERVING_KINDS } from "../metric.ts";
import { HOURS_PER_YEAR, SECONDS_PER_HOUR } from "../unit-factors.ts";
import { CHIPS, FRACTION, GIGABYTE, GIGAFLOP, MILLISECOND, SECOND, TERAFLOP, TOKEN } from "../units.ts";

const workload = {
  level: "workload",
  adds: false,
  time: "ratio",
  group: "serving",
  isScalar: true,
  better: "neither",
} as const;
const assignment = { ...workload, level: "assignment" } as const;
/** Metrics of served models only, and of sessions only. */
const serving = { ...workload, kinds: SERVING_KINDS } as const;
const copy = { ...assignment, kinds: SERVING_KINDS } as const;
/** What the kernel finds for a copy of the model, and its times. */
const found = { ...copy, kernel: { name: "serve" } } as const;
const session = { ...workload, kinds: ["stateful"] } as const;
const kept = { ...assignment, kinds: ["stateful"] } as const;

/** 1 where a figure is not 0, else 0. */
const isThere = (of: Formula): Formula => divide(of, of);

/** Cached bytes of a sequence, K(L). */
function cachedBytes(length: FormulaLike): Formula {
  return multiply(
    input("model.kv_bytes"),
    add(
      multiply(input("model.full_layers"), length),
      multiply(input("model.local_layers"), min(length, input("model.local_window"))),
    ),
  );
}

/** FLOP of the prompt's tokens from `prefix` on: weights and attention. */
function prefillFlop(prefix: Formula): Formula {
  const own = subtract(input("workload.input"), prefix);
  return add(multiply(2, input("model.active_parameters"), own), promptAttention(prefix));
}

/** Attention FLOP of the prompt's tokens from `prefix` on. */
function promptAttention(prefix: Formula): Formula {
  const all = input("workload.input");
  const squares = subtract(multiply(all, all), multiply(prefix, prefix));
  return add(
    multiply(
      4,
      input("model.heads"),
      input("model.head_dim"),
      add(
        multiply(input("model.full_layers"), divide(squares, 2)),
        multiply(input("model.local_layers"), subtract(all, prefix), min(all, input("model.local_window"))),
      ),
    ),
  );
}

/** FLOP of a number of tokens in products with weights; routed experts count as on the busiest chip. */
function productsOf(tokens: FormulaLike): Formula {
  const extra = multiply(subtract(input("workload.imbalance"), 1), input("model.routed_parameters"));
  return multiply(2, add(input("model.active_parameters"), extra), tokens);
}

/** What one token, one request and one session take of any chip: docs/model.md sections 15.1 and 15.2. */
const workloadMetrics: readonly Metric[] = [
  {
    ...workload,
    ...GIGABYTE,
    name: "weights_gb",
    formula: multiply(input("model.parameters"), input("model.weight_bytes")),
    text: "Memory of the model's weights.",
  },
  {
    ...workload,
    ...GIGABYTE,
    name: "expert_weights_gb",
    formula: multiply(input("model.expert_parameters"), input("model.weight_bytes")),
    text: "The weights of routed experts: a decode step reads the share that its batch hits.",
  },
  {
    ...serving,
    ...TOKEN,
    name: "decode_length_tokens",
    formula: add(
      input("workload.input"),
      multiply(
        divide(input("workload.answer"), 2),
        add(1, multiply(input("workload.answer_spread"), input("workload.answer_spread"))),
      ),
    ),
    text: "Mean length of a sequence while it is answered; more where answers differ in length, since long ones are answered longer.",
  },
  {
    ...serving,
    ...GIGABYTE,
    name: "kv_gb_per_sequence",
    formula: cachedBytes("decode_length_tokens"),
    text: "Cached keys and values of a sequence of this length.",
  },
  {
    ...serving,
    ...GIGAFLOP,
    name: "decode_gflop_per_token",
    formula: add(multiply(2, input("model.active_parameters")), "attention_gflop_per_token"),
    text: "Model FLOP of an output token: active weights and attention.",
  },
  {
    ...serving,
    ...GIGAFLOP,
    name: "attention_gflop_per_token",
    formula: multiply(
      4,
      input("model.heads"),
      input("model.decode_dim"),
      add(
        multiply(input("model.full_layers"), "decode_length_tokens"),
        multiply(input("model.local_layers"), min("decode_length_tokens", input("model.local_window"))),
      ),
    ),
    text: "Of these, the FLOP of attention.",
  },
  {
    ...serving,
    ...GIGABYTE,
    name: "kv_gb_of_input",
    formula: cachedBytes(input("workload.input")),
    text: "Cached keys and values of a request's input, which a prefill pool sends to the chips that decode.",
  },
  {
    ...serving,
    ...TERAFLOP,
    name: "prefill_tflop_per_request",
    formula: prefillFlop(input("workload.prefix")),
    text: "Model FLOP of the input of a request or turn, except the part in a cache or kept state.",
  },
  {
    ...session,
    ...TERAFLOP,
    name: "stateless_prefill_tflop_per_request",
    formula: prefillFlop(input("workload.stateless_prefix")),
    text: "The same without kept state, with only the prefix cache.",
  },
  {
    ...session,
    ...GIGABYTE,
    name: "state_gb_per_session",
    formula: multiply(input("workload.keeps_state"), cachedBytes(input("workload.state_tokens"))),
    text: "Keys and values that an idle session keeps in its tier.",
  },
];

/** The performance of a workload on a part: docs/model.md sections 15.3 and 15.4. */
const assignmentMetrics: readonly Metric[] = [
  {
    ...found,
    ...CHIPS,
    name: "replica_chips",
    text: "Chips of one copy of the model.",
  },
  {
    ...found,
    ...FRACTION,
    name: "replica_doublings",
    text: "Base-2 logarithm of the number of chips of a copy: the steps of an exchange between them.",
  },
  {
    ...found,
    ...GIGABYTE,
    name: "replica_weights_gb",
    text: "Weights on all chips of a copy: with attention in data parallel each holds all but the routed experts.",
  },
  {
    ...found,
    ...FRACTION,
    name: "cache_copies",
    better: "less",
    text: "How often each cached token stands in a copy of the model: more than once where chips exceed the heads of keys and values.",
  },
  {
    ...found,
    name: "batch_sequences",
    unit: "sequences",
    scale: 1,
    text: "Sequences a copy answers at once in the mean: as many as slots, memory and the speed each user is due allow, 0 where it is too slow for one.",
  },
  {
    ...found,
    ...FRACTION,
    name: "replica_bound_by",
    time: "code",
    words: BINDING_WORDS,
    text: "Limit of the copy: fit, latency, memory, bandwidth or compute.",
  },
  {
    ...copy,
    ...MILLISECOND,
    name: "decode_compute_ms_per_token",
    better: "less",
    formula: add(
      divide(productsOf(1), multiply(input("chip.serving_compute"), input("chip.serving_peak"))),
      divide(
        "attention_gflop_per_token",
        multiply(input("chip.serving_prefill"), input("chip.attention_peak")),
      ),
    ),
    text: "Chip time of the arithmetic of a token in decode: products at the share that decode reaches, attention at that of prefill.",
  },
  {
    ...copy,
    ...MILLISECOND,
    name: "prefill_compute_ms_per_token",
    better: "less",
    formula: divide(
      add(
        divide(
          productsOf(subtract(input("workload.input"), input("workload.prefix"))),
          multiply(input("chip.serving_products"), input("chip.serving_peak")),
        ),
        divide(
          promptAttention(input("workload.prefix")),
          multiply(input("chip.serving_prefill"), input("chip.attention_peak")),
        ),
      ),
      input("workload.answer"),
    ),
    text: "Chip time of the arithmetic of the input, per output token.",
  },
  {
    ...found,
    ...MILLISECOND,
    name: "decode_compute_ms",
    text: "Time of a step by arithmetic; with `mode: aggregated` that of the prompts in it too.",
  },
  {
    ...found,
    ...MILLISECOND,
    name: "decode_memory_ms",
    text: "Time of a step by reading memory: weights shared and of the experts hit, and every copy of the sequences' cache.",
  },
  {
    ...found,
    ...MILLISECOND,
    name: "decode_exchange_ms",
    text: "Time of exchange between the chips of a copy in a step: volume over bandwidth, and latency.",
  },
  {
    ...found,
    ...MILLISECOND,
    name: "decode_step_ms",
    text: "Time of a step: every user gets one token, or `speculation` of them. What overlaps counts once.",
  },
  {
    ...copy,
    name: "decode_tokens_per_second_per_chip",
    better: "more",
    unit: "tokens/s/chip",
    scale: 1,
    formula: divide(1, "decode_chip_ms_per_token"),
    text: "Output tokens of a chip that does nothing but decode, without loss by availability and interruptions.",
  },
  {
    ...found,
    ...MILLISECOND,
    name: "prefill_chip_ms_per_token",
    better: "less",
    text: "Chip time of the input, per output token: what it adds to the steps, or that of the prefill pool with sending the cache.",
  },
  {
    ...found,
    ...MILLISECOND,
    name: "decode_chip_ms_per_token",
    better: "less",
    text: "Chip time of decoding, per output token.",
  },
  {
    ...copy,
    ...GIGABYTE,
    name: "state_gb_per_chip",
    isSigned: true,
    formula: subtract(
      multiply(input("chip.hbm"), subtract(1, input("chip.serving_reserve"))),
      divide("replica_weights_gb", "replica_chips"),
    ),
    text: "Memory of a chip after reserve and weights.",
  },
  {
    ...kept,
    ...MILLISECOND,
    name: "held_chip_ms_per_token",
    better: "less",
    formula: divide(
      multiply(input("workload.in_hbm"), "cache_copies", "state_gb_per_session", input("workload.idle")),
      multiply("state_gb_per_chip", input("workload.turns"), input("workload.answer")),
    ),
    text: "Chip time occupied by idle state in HBM, per output token.",
  },
  {
    ...kept,
    ...MILLISECOND,
    name: "reload_chip_ms_per_token",
    better: "less",
    formula: divide(
      "state_gb_per_session",
      multiply(input("workload.reload_bandwidth"), input("workload.answer")),
    ),
    text: "Chip time for state to return from host memory or storage, per output token.",
  },
  {
    ...copy,
    ...MILLISECOND,
    name: "chip_ms_per_token",
    better: "less",
    formula: add(
      "prefill_chip_ms_per_token",
      "decode_chip_ms_per_token",
      "held_chip_ms_per_token",
      "reload_chip_ms_per_token",
    ),
    text: "Chip time of an output token, including its share of the input.",
  },
  {
    ...assignment,
    ...FRACTION,
    name: "service_goodput",
    better: "more",
    formula: divide(
      multiply("availability", "scheduling_goodput"),
      add(
        1,
        multiply(
          "job_size_chips",
          divide(input("chip.interruption_rate"), HOURS_PER_YEAR),
          input("fleet.recovery"),
        ),
      ),
    ),
    text: "Share of productive chip time available to work: chips in service, occupied, and not lost to interruptions of a job of this size.",
  },
  {
    ...assignment,
    ...CHIPS,
    name: "job_size_chips",
    kernel: { name: "job" },
    text: "Chips stopped by one interruption: a copy of the model, or the training run's `min_chips`, else the fleet's `job_chips`.",
  },
  {
    ...assignment,
    name: "rate_units_per_chip_hour",
    better: "more",
    unit: "tokens or FLOP/chip-hour",
    scale: 1,
    formula: multiply(
      SECONDS_PER_HOUR,
      "service_goodput",
      add(
        multiply(
          input("chip.training_peak"),
          input("chip.training_mfu"),
          subtract(1, input("workload.overhead")),
        ),
        multiply(input("workload.is_serving"), "replica_works", divide(1, "chip_ms_per_token")),
      ),
    ),
    text: "Units of the workload per productive chip-hour: output tokens, or FLOP of training. 0 if it does not fit or is too slow.",
  },
  {
    ...found,
    ...FRACTION,
    name: "replica_works",
    better: "more",
    text: "Is 1 if the model fits and at least one user gets the required speed, else 0.",
  },
  {
    ...kept,
    ...SECOND,
    isScalar: false,
    name: "break_even_idle_s",
    // Without kept state, a copy that works and prices, no pause is long enough or too long.
    formula: per(
      add(
        divide(
          multiply(input("workload.in_hbm"), max(0, "state_chip_s_saved"), "state_gb_per_chip"),
          "state_gb_per_session",
        ),
        divide(
          multiply(max(0, "state_chip_s_saved"), divide("part_cost_usd", "productive_chip_hours")),
          multiply("state_gb_per_session", input("workload.tier_price")),
        ),
      ),
      multiply(
        input("workload.keeps_state"),
        "replica_works",
        max(
          input("workload.in_hbm"),
          isThere(multiply("productive_chip_hours", input("workload.tier_price"))),
        ),
      ),
    ),
    text: "Longest pause between two turns for which keeping the state costs less than prefilling it again: 0 if that saves nothing; empty if no copy works, no chip is productive or the tier is free.",
  },
  {
    ...kept,
    ...SECOND,
    name: "state_chip_s_saved",
    better: "more",
    isSigned: true,
    formula: divide(
      subtract(
        divide(
          subtract("stateless_prefill_tflop_per_request", "prefill_tflop_per_request"),
          multiply(input("chip.serving_products"), input("chip.serving_peak")),
        ),
        divide("state_gb_per_session", input("workload.reload_bandwidth")),
      ),
      "service_goodput",
    ),
    text: "Chip time that kept state saves per turn: prefill less the return to HBM.",
  },
];

/** The needs of workloads and the performance of chips, the same in every month: docs/model.md sections 15.1 to 15.4. */
export const servingMetrics: readonly Metric[] = [...workloadMetrics, ...assignmentMetrics];
