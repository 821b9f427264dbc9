import { add, divide, type Formula, hours, input, multiply, per, subtract, sum, total } from "../formula.ts";
import { type Metric, SERVING_KINDS } from "../metric.ts";
import {
  DOLLAR,
  DOLLAR_PER_MILLION_TOKENS,
  FRACTION,
  GIGAWATT_HOUR,
  TOKENS_PER_MEGAWATT_HOUR,
} from "../units.ts";
import { assignmentMetrics } from "./assignment-metrics.ts";
import { serving, summed, training, workload, workloadMetrics } from "./workload-metrics.ts";

const ratio = { ...workload, time: "ratio" } as const;
const served = { ...summed, kinds: SERVING_KINDS } as const;
const whole = { level: "total", adds: false, time: "ratio", group: "demand" } as const;
const horizon = { level: "run", adds: false, time: "ratio", group: "demand", isScalar: true } as const;

/** What demand costs and takes of energy, by workload: docs/model.md section 15.8. */
const costRows: readonly Metric[] = [
  {
    ...summed,
    ...DOLLAR,
    name: "tier_cost_usd",
    better: "less",
    formula: multiply(
      "idle_state_tb",
      input("workload.tier_price"),
      hours,
      divide("demand_served_units", "demand_required_units"),
    ),
    kinds: ["stateful"],
    text: "Cost of host memory or storage for the state of the sessions served.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "demand_cost_usd",
    better: "less",
    formula: add(sum("assignments", "assigned_cost_usd"), "tier_cost_usd"),
    text: "The provider's cost of the chips held and of kept state.",
  },
  {
    ...served,
    ...DOLLAR,
    name: "inference_cost_usd",
    better: "less",
    formula: serving("demand_cost_usd"),
    text: "The part of this cost due to inference and sessions.",
  },
  {
    ...served,
    ...DOLLAR,
    name: "inference_input_cost_usd",
    better: "less",
    formula: sum("assignments", "assigned_input_cost_usd"),
    text: "The part of the cost of inference due to input tokens.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "training_cost_usd",
    better: "less",
    formula: training("demand_cost_usd"),
    kinds: ["training"],
    text: "The part of the cost of demand due to training.",
  },
  {
    ...summed,
    ...GIGAWATT_HOUR,
    name: "demand_energy_gwh",
    formula: sum("assignments", "assigned_energy_gwh"),
    text: "Energy of the chips held.",
  },
  {
    ...served,
    ...GIGAWATT_HOUR,
    name: "inference_energy_gwh",
    formula: serving("demand_energy_gwh"),
    text: "The part of this energy due to inference and sessions.",
  },
  {
    ...ratio,
    ...DOLLAR_PER_MILLION_TOKENS,
    name: "usd_per_million_input_tokens",
    better: "less",
    formula: per("inference_input_cost_usd", "input_tokens_served_billion"),
    kinds: SERVING_KINDS,
    text: "Cost of prefill over input tokens served.",
  },
  {
    ...ratio,
    ...DOLLAR_PER_MILLION_TOKENS,
    name: "usd_per_million_output_tokens",
    better: "less",
    formula: per(subtract("inference_cost_usd", "inference_input_cost_usd"), "output_tokens_served_billion"),
    kinds: SERVING_KINDS,
    text: "Cost of decode and kept state over output tokens served.",
  },
  {
    ...ratio,
    ...DOLLAR,
    name: "usd_per_training_run",
    better: "less",
    formula: per("training_cost_usd", "training_runs_served"),
    kinds: ["training"],
    text: "Cost of a whole run at the month's cost and chips.",
  },
  {
    ...ratio,
    ...TOKENS_PER_MEGAWATT_HOUR,
    name: "workload_tokens_per_mwh",
    better: "more",
    kinds: SERVING_KINDS,
    formula: per("output_tokens_served_billion", "inference_energy_gwh"),
    text: "Output tokens over the energy of the chips held.",
  },
];

function ratios(
  level: typeof whole | typeof horizon,
  prefix: string,
  of: (name: string) => Formula | string,
): readonly Metric[] {
  return [
    {
      ...level,
      ...FRACTION,
      name: `${prefix}demand_unserved_share`,
      better: "less",
      formula: divide(of("demand_unserved_value_usd"), of("demand_settled_value_usd")),
      text: "Unserved over what is settled, served or lost, both by value; 0 where nothing is.",
    },
    {
      ...level,
      ...DOLLAR_PER_MILLION_TOKENS,
      name: `${prefix}inference_usd_per_million_input_tokens`,
      better: "less",
      formula: per(of("inference_input_cost_usd"), of("input_tokens_served_billion")),
      text: "Cost of prefill over input tokens served, all workloads.",
    },
    {
      ...level,
      ...DOLLAR_PER_MILLION_TOKENS,
      name: `${prefix}inference_usd_per_million_output_tokens`,
      better: "less",
      formula: per(
        subtract(of("inference_cost_usd"), of("inference_input_cost_usd")),
        of("output_tokens_served_billion"),
      ),
      text: "Cost of decode and kept state over output tokens served, all workloads.",
    },
    {
      ...level,
      ...DOLLAR,
      name: `${prefix}training_usd_per_run`,
      better: "less",
      unit: "USD/run",
      formula: per(of("training_cost_usd"), of("training_runs_served")),
      text: "Cost of training over completed runs.",
    },
    {
      ...level,
      ...TOKENS_PER_MEGAWATT_HOUR,
      name: `${prefix}inference_tokens_per_mwh`,
      better: "more",
      formula: per(of("output_tokens_served_billion"), of("inference_energy_gwh")),
      text: "Output tokens over the energy of the chips held for inference.",
    },
  ];
}

/** Demand by month: docs/model.md sections 15.5 to 15.8. */
export const demandMetrics: readonly Metric[] = [
  ...assignmentMetrics,
  ...workloadMetrics,
  ...costRows,
  ...ratios(whole, "", (name) => name),
  ...ratios(horizon, "horizon_", (name) => total(name, "horizon")),
];
