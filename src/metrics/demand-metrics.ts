import {
  add,
  divide,
  type Formula,
  hours,
  input,
  multiply,
  per,
  previous,
  running,
  subtract,
  sum,
  total,
} from "./formula.ts";
import { BINDING_WORDS, type Metric, SERVING_KINDS } from "./metric.ts";
import {
  BILLION_TOKENS,
  CHIPS,
  DOLLAR,
  DOLLAR_PER_MILLION_TOKENS,
  FRACTION,
  GIGAWATT_HOUR,
  MEGAWATT,
  TERABYTE,
  TOKENS_PER_MEGAWATT_HOUR,
  YOTTAFLOP,
} from "./units.ts";

const assignment = { level: "assignment", adds: false, time: "flow", group: "demand" } as const;
const workload = { level: "workload", adds: false, time: "flow", group: "demand" } as const;
const summed = { level: "workload", adds: true, time: "flow", group: "demand" } as const;
const part = { level: "part", adds: true, time: "flow", group: "demand" } as const;
const whole = { level: "total", adds: false, time: "ratio", group: "demand" } as const;
const horizon = { level: "run", adds: false, time: "ratio", group: "demand", isScalar: true } as const;

/** Units of service, FLOP or tokens, of which a column can be neither without the workload's kind. */
const UNITS = { unit: "tokens or FLOP", scale: 1 } as const;

const serving = (of: string): Formula => multiply(input("workload.is_serving"), of);
const training = (of: string): Formula => multiply(input("workload.is_training"), of);

/** Cost of a chip-hour, and the chips that nothing needs: docs/model.md section 15.8. */
const partMetrics: readonly Metric[] = [
  {
    ...MEGAWATT,
    name: "site_facility_power_mw",
    level: "site",
    adds: false,
    time: "stock",
    group: "demand",
    formula: sum("parts", "facility_power_mw"),
    text: "Facility power taken at the site, by which its cost is shared.",
  },
  {
    ...DOLLAR,
    name: "site_cost_usd",
    level: "site",
    adds: true,
    time: "flow",
    group: "demand",
    formula: add(
      "facility_depreciation_usd",
      "facility_maintenance_cost_usd",
      "staff_cost_usd",
      "lease_cost_usd",
    ),
    text: "Cost of the building: depreciation, maintenance, staff, lease.",
  },
  {
    ...part,
    ...DOLLAR,
    name: "part_cost_usd",
    formula: add(
      "chip_depreciation_usd",
      "chip_write_off_usd",
      "energy_cost_usd",
      "chip_maintenance_cost_usd",
      "spares_cost_usd",
      multiply("site_cost_usd", divide("facility_power_mw", "site_facility_power_mw")),
    ),
    text: "The provider's cost of the chips, with their share of the site by facility power.",
  },
  {
    ...DOLLAR,
    name: "chip_hour_cost_usd",
    unit: "USD/chip-hour",
    level: "part",
    adds: false,
    time: "ratio",
    group: "demand",
    formula: divide("part_cost_usd", "productive_chip_hours"),
    text: "That cost over productive chip-hours, used or not.",
  },
  {
    ...part,
    ...CHIPS,
    name: "chips_assigned",
    time: "stock",
    formula: sum("assignments", "assigned_chips"),
    text: "Productive chips held by workloads, for their peak.",
  },
  {
    ...part,
    ...CHIPS,
    name: "chips_idle",
    time: "stock",
    formula: subtract("chips_productive", "chips_assigned"),
    text: "Productive chips that no workload holds.",
  },
  {
    ...part,
    ...DOLLAR,
    name: "idle_cost_usd",
    formula: multiply("chips_idle", hours, "chip_hour_cost_usd"),
    text: "Cost of the idle chips, in no price of a token.",
  },
];

/** What each workload takes of each part. */
const assignmentMetrics: readonly Metric[] = [
  {
    ...assignment,
    ...CHIPS,
    name: "assigned_chips",
    time: "stock",
    kernel: { name: "assign" },
    text: "Chips of the part that the workload holds, for its peak. Deferrable work holds less than it uses: the trough is others'.",
  },
  {
    ...assignment,
    ...UNITS,
    name: "assigned_units",
    kernel: {
      name: "yield",
      identity: divide(
        multiply("assigned_chips", hours, "rate_units_per_chip_hour"),
        input("workload.peak_over_mean"),
      ),
    },
    text: "Units of the workload that the part serves.",
  },
  {
    ...assignment,
    ...DOLLAR,
    name: "assigned_cost_usd",
    formula: multiply("assigned_chips", hours, "chip_hour_cost_usd"),
    text: "Cost of the chips held.",
  },
  {
    ...assignment,
    ...DOLLAR,
    name: "assigned_input_cost_usd",
    formula: multiply("assigned_cost_usd", divide("prefill_chip_ms_per_token", "chip_ms_per_token")),
    kinds: SERVING_KINDS,
    text: "Of that cost, the share of prefill.",
  },
  {
    ...assignment,
    ...GIGAWATT_HOUR,
    name: "assigned_energy_gwh",
    formula: multiply("energy_gwh", divide("assigned_chips", "chips_productive")),
    text: "Energy of the chips held, at the part's mean load.",
  },
];

/** Required, served, unserved, by workload: docs/model.md sections 15.5 to 15.7. */
const workloadMetrics: readonly Metric[] = [
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
    formula: sum("assignments", "assigned_units"),
    text: "Of these and of the backlog, what the chips give.",
  },
  {
    ...workload,
    ...UNITS,
    name: "demand_unserved_units",
    kernel: {
      name: "assign",
      identity: subtract(
        add("demand_required_units", previous("demand_backlog_units")),
        "demand_served_units",
        "demand_backlog_units",
      ),
    },
    text: "What is lost; of a training run, what is left in its last month.",
  },
  {
    ...workload,
    ...UNITS,
    name: "demand_backlog_units",
    time: "stock",
    // What inference lacks is lost, so that what rounding leaves of it is no backlog.
    formula: running(
      multiply(
        input("workload.is_training"),
        subtract("demand_required_units", "demand_served_units", "demand_unserved_units"),
      ),
      "horizon",
    ),
    kinds: ["training"],
    text: "What a training run still has to make up; 0 for other work.",
  },
  {
    ...workload,
    ...FRACTION,
    name: "workload_unserved_share",
    time: "ratio",
    formula: divide("demand_unserved_units", "demand_required_units"),
    text: "Unserved over required.",
  },
  {
    ...workload,
    ...FRACTION,
    name: "demand_binding",
    time: "code",
    kernel: { name: "assign" },
    words: BINDING_WORDS,
    text: "What keeps the workload from being served: no chips, no fit, too slow, too few in one place, or what its replicas are bound by.",
  },
  {
    ...workload,
    ...CHIPS,
    name: "demand_chips",
    time: "stock",
    formula: sum("assignments", "assigned_chips"),
    text: "Chips the workload holds, for its peak.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "demand_required_value_usd",
    formula: multiply("demand_required_units", input("workload.value")),
    text: "Worth of what is required.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "demand_unserved_value_usd",
    formula: multiply("demand_unserved_units", input("workload.value")),
    text: "Worth of what is not served.",
  },
  {
    ...summed,
    ...BILLION_TOKENS,
    name: "output_tokens_required_billion",
    formula: serving("demand_required_units"),
    kinds: SERVING_KINDS,
    text: "Output tokens due in the month.",
  },
  {
    ...summed,
    ...BILLION_TOKENS,
    name: "output_tokens_served_billion",
    formula: serving("demand_served_units"),
    kinds: SERVING_KINDS,
    text: "Output tokens served.",
  },
  {
    ...summed,
    ...BILLION_TOKENS,
    name: "output_tokens_unserved_billion",
    formula: serving("demand_unserved_units"),
    kinds: SERVING_KINDS,
    text: "Output tokens not served.",
  },
  {
    ...summed,
    ...BILLION_TOKENS,
    name: "input_tokens_served_billion",
    formula: divide(
      multiply("output_tokens_served_billion", input("workload.prompt")),
      input("workload.answer"),
    ),
    kinds: SERVING_KINDS,
    text: "Input tokens of the requests served; of sessions, what is new at each turn.",
  },
  {
    ...summed,
    ...YOTTAFLOP,
    name: "training_required_yflop",
    formula: training("demand_required_units"),
    kinds: ["training"],
    text: "Model FLOP of training due in the month.",
  },
  {
    ...summed,
    ...YOTTAFLOP,
    name: "training_served_yflop",
    formula: training("demand_served_units"),
    kinds: ["training"],
    text: "Model FLOP of training delivered.",
  },
  {
    ...summed,
    ...YOTTAFLOP,
    name: "training_unserved_yflop",
    formula: training("demand_unserved_units"),
    kinds: ["training"],
    text: "Model FLOP of training not delivered by the end of its window.",
  },
  {
    ...summed,
    name: "training_runs_served",
    unit: "runs",
    scale: 1,
    formula: divide("training_served_yflop", input("workload.run_flop")),
    kinds: ["training"],
    text: "Training runs done, in shares of a run.",
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
  {
    ...summed,
    ...DOLLAR,
    name: "tier_cost_usd",
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
    formula: add(sum("assignments", "assigned_cost_usd"), "tier_cost_usd"),
    text: "The provider's cost of the chips held and of state kept.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "inference_cost_usd",
    formula: serving("demand_cost_usd"),
    kinds: SERVING_KINDS,
    text: "Of that cost, the part of inference and sessions.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "inference_input_cost_usd",
    formula: sum("assignments", "assigned_input_cost_usd"),
    kinds: SERVING_KINDS,
    text: "Of the cost of inference, the part of input tokens.",
  },
  {
    ...summed,
    ...DOLLAR,
    name: "training_cost_usd",
    formula: training("demand_cost_usd"),
    kinds: ["training"],
    text: "Of the cost of demand, the part of training.",
  },
  {
    ...summed,
    ...GIGAWATT_HOUR,
    name: "demand_energy_gwh",
    formula: sum("assignments", "assigned_energy_gwh"),
    text: "Energy of the chips held.",
  },
  {
    ...summed,
    ...GIGAWATT_HOUR,
    name: "inference_energy_gwh",
    formula: serving("demand_energy_gwh"),
    kinds: SERVING_KINDS,
    text: "Of that energy, the part of inference and sessions.",
  },
  {
    ...workload,
    ...DOLLAR_PER_MILLION_TOKENS,
    name: "usd_per_million_input_tokens",
    time: "ratio",
    formula: per("inference_input_cost_usd", "input_tokens_served_billion"),
    kinds: SERVING_KINDS,
    text: "Cost of prefill over input tokens served.",
  },
  {
    ...workload,
    ...DOLLAR_PER_MILLION_TOKENS,
    name: "usd_per_million_output_tokens",
    time: "ratio",
    formula: per(subtract("inference_cost_usd", "inference_input_cost_usd"), "output_tokens_served_billion"),
    kinds: SERVING_KINDS,
    text: "Cost of decode and of state kept over output tokens served.",
  },
  {
    ...workload,
    ...DOLLAR,
    name: "usd_per_training_run",
    time: "ratio",
    formula: per("training_cost_usd", "training_runs_served"),
    kinds: ["training"],
    text: "Cost of the whole run at the month's cost and chips.",
  },
  {
    ...workload,
    ...TOKENS_PER_MEGAWATT_HOUR,
    name: "workload_tokens_per_mwh",
    time: "ratio",
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
      formula: divide(of("demand_unserved_value_usd"), of("demand_required_value_usd")),
      text: "Unserved over required, both by value.",
    },
    {
      ...level,
      ...DOLLAR_PER_MILLION_TOKENS,
      name: `${prefix}inference_usd_per_million_input_tokens`,
      formula: per(of("inference_input_cost_usd"), of("input_tokens_served_billion")),
      text: "Cost of prefill over input tokens served, all workloads.",
    },
    {
      ...level,
      ...DOLLAR_PER_MILLION_TOKENS,
      name: `${prefix}inference_usd_per_million_output_tokens`,
      formula: per(
        subtract(of("inference_cost_usd"), of("inference_input_cost_usd")),
        of("output_tokens_served_billion"),
      ),
      text: "Cost of decode and of state kept over output tokens served, all workloads.",
    },
    {
      ...level,
      ...DOLLAR,
      name: `${prefix}training_usd_per_run`,
      unit: "USD/run",
      formula: per(of("training_cost_usd"), of("training_runs_served")),
      text: "Cost of training over the runs done.",
    },
    {
      ...level,
      ...TOKENS_PER_MEGAWATT_HOUR,
      name: `${prefix}inference_tokens_per_mwh`,
      formula: per(of("output_tokens_served_billion"), of("inference_energy_gwh")),
      text: "Output tokens over the energy of the chips held for inference.",
    },
  ];
}

/** Demand by month: docs/model.md sections 15.5 to 15.8. */
export const demandMetrics: readonly Metric[] = [
  ...partMetrics,
  ...assignmentMetrics,
  ...workloadMetrics,
  ...ratios(whole, "", (name) => name),
  ...ratios(horizon, "horizon_", (name) => total(name, "horizon")),
];
