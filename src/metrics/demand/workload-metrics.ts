import {
  add,
  divide,
  type Formula,
  type FormulaLike,
  input,
  multiply,
  previous,
  subtract,
  sum,
} from "../formula.ts";
import { BINDING_WORDS, type Metric, SERVING_KINDS } from "../metric.ts";
import { BILLION_TOKENS, CHIPS, DOLLAR, FRACTION, TERABYTE, UNITS, YOTTAFLOP } from "../units.ts";

/** What rows of a workload have in common, and those that add up over workloads. */
export const workload = {
  level: "workload",
  adds: false,
  time: "flow",
  group: "demand",
  better: "neither",
} as const;
export const summed = { ...workload, adds: true } as const;
const tokens = { ...summed, ...BILLION_TOKENS, kinds: SERVING_KINDS } as const;
const flop = { ...summed, ...YOTTAFLOP, kinds: ["training"] } as const;

/** An amount of inference and sessions, or of training; 0 for the other kind. */
export const serving = (of: FormulaLike): Formula => multiply(input("workload.is_serving"), of);
export const training = (of: FormulaLike): Formula => multiply(input("workload.is_training"), of);

/** Required, served, unserved, by workload: docs/model.md sections 15.5 to 15.7. */
export const workloadMetrics: readonly Metric[] = [
  {
    ...workload,
    ...UNITS,
    name: "demand_required_units",
    kernel: { name: "require" },
    text: "Output tokens or training FLOP due in the month.",
  },
  {
    ...workload,
    ...UNITS,
    name: "demand_served_units",
    better: "more",
    formula: sum("assignments", "assigned_units"),
    text: "Units served of these and of the backlog.",
  },
  {
    ...workload,
    ...UNITS,
    name: "demand_unserved_units",
    better: "less",
    kernel: {
      name: "assign",
      identity: subtract(
        add("demand_required_units", previous("demand_backlog_units")),
        "demand_served_units",
        "demand_backlog_units",
      ),
    },
    text: "Units lost; for a training run, those left in its last month.",
  },
  {
    ...workload,
    ...UNITS,
    name: "demand_backlog_units",
    better: "less",
    time: "stock",
    kernel: {
      name: "assign",
      identity: subtract(
        add(previous("demand_backlog_units"), "demand_required_units"),
        "demand_served_units",
        "demand_unserved_units",
      ),
    },
    kinds: ["training"],
    text: "Units that a training run still has to make up; 0 for other work.",
  },
  {
    ...workload,
    ...UNITS,
    name: "demand_settled_units",
    formula: add(
      serving("demand_required_units"),
      training(add("demand_served_units", "demand_unserved_units")),
    ),
    text: "Units served or lost in the month: all that is required, except for training, which may make up a backlog later.",
  },
  {
    ...workload,
    ...FRACTION,
    name: "workload_unserved_share",
    better: "less",
    time: "ratio",
    formula: divide("demand_unserved_units", "demand_settled_units"),
    text: "Unserved over what is settled, served or lost; 0 where nothing is.",
  },
  {
    ...workload,
    ...FRACTION,
    name: "demand_binding",
    time: "code",
    kernel: { name: "assign" },
    words: BINDING_WORDS,
    text: "Why the workload is not fully served: no chips, no fit, too slow, too few in one place, or the limit of its replicas.",
  },
  {
    ...workload,
    ...CHIPS,
    name: "demand_chips",
    time: "stock",
    formula: sum("assignments", "assigned_chips"),
    text: "Chips that the workload holds, including for its peak.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "demand_required_value_usd",
    formula: multiply("demand_required_units", input("workload.value")),
    text: "Value of the required units.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "demand_settled_value_usd",
    formula: multiply("demand_settled_units", input("workload.value")),
    text: "Value of the settled units.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "demand_unserved_value_usd",
    better: "less",
    formula: multiply("demand_unserved_units", input("workload.value")),
    text: "Value of the unserved units.",
  },
  {
    ...tokens,
    name: "output_tokens_required_billion",
    formula: serving("demand_required_units"),
    text: "Output tokens due in the month.",
  },
  {
    ...tokens,
    name: "output_tokens_served_billion",
    better: "more",
    formula: serving("demand_served_units"),
    text: "Output tokens served.",
  },
  {
    ...tokens,
    name: "output_tokens_unserved_billion",
    better: "less",
    formula: serving("demand_unserved_units"),
    text: "Output tokens not served.",
  },
  {
    ...tokens,
    name: "input_tokens_served_billion",
    better: "more",
    formula: divide(
      multiply("output_tokens_served_billion", input("workload.prompt")),
      input("workload.answer"),
    ),
    text: "Input tokens of the requests served; for sessions, the new input of each turn.",
  },
  {
    ...flop,
    name: "training_required_yflop",
    formula: training("demand_required_units"),
    text: "Model FLOP of training due in the month.",
  },
  {
    ...flop,
    name: "training_served_yflop",
    better: "more",
    formula: training("demand_served_units"),
    text: "Model FLOP of training delivered.",
  },
  {
    ...flop,
    name: "training_unserved_yflop",
    better: "less",
    formula: training("demand_unserved_units"),
    text: "Model FLOP of training not delivered by the end of its window.",
  },
  {
    ...summed,
    name: "training_runs_served",
    better: "more",
    unit: "runs",
    scale: 1,
    formula: divide("training_served_yflop", input("workload.run_flop")),
    kinds: ["training"],
    text: "Training runs completed, in fractions of a run.",
  },
  {
    ...summed,
    name: "resident_sessions",
    unit: "sessions",
    scale: 1,
    time: "stock",
    formula: multiply(
      input("workload.arrivals"),
      add(input("workload.active"), multiply(input("workload.keeps_state"), input("workload.idle"))),
    ),
    kinds: ["stateful"],
    text: "Sessions at work or with their state kept.",
  },
  {
    ...summed,
    ...TERABYTE,
    name: "idle_state_tb",
    time: "stock",
    formula: multiply("state_gb_per_session", input("workload.arrivals"), input("workload.idle")),
    kinds: ["stateful"],
    text: "State of idle sessions kept in its tier.",
  },
];
