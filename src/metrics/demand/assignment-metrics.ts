import { add, divide, hours, input, multiply, per, subtract, sum } from "../formula.ts";
import { type Metric, SERVING_KINDS } from "../metric.ts";
import { costNames, RUNNING_COSTS } from "../provider-costs.ts";
import { CHIPS, DOLLAR, GIGAWATT_HOUR, MEGAWATT, UNITS } from "../units.ts";

const assignment = { level: "assignment", adds: false, time: "flow", group: "demand" } as const;
const part = { level: "part", adds: true, time: "flow", group: "demand" } as const;

/** Cost of a chip-hour; 0 where no chip is productive, because then none is held or idle. */
const chipHourCost = divide("part_cost_usd", "productive_chip_hours");

/** Cost of a chip-hour, and idle chips: docs/model.md section 15.8. */
const partMetrics: readonly Metric[] = [
  {
    ...MEGAWATT,
    name: "site_facility_power_mw",
    better: "neither",
    level: "site",
    adds: false,
    time: "stock",
    group: "demand",
    formula: sum("parts", "facility_power_mw"),
    text: "Facility power of a chip at the site, the key to sharing its cost.",
  },
  {
    ...DOLLAR,
    name: "site_cost_usd",
    better: "less",
    level: "site",
    adds: true,
    time: "flow",
    group: "demand",
    formula: add("facility_depreciation_usd", ...costNames(RUNNING_COSTS, "site")),
    text: "Cost of the building: depreciation, maintenance, staff, lease, demand charge.",
  },
  {
    ...part,
    ...DOLLAR,
    name: "part_cost_usd",
    better: "less",
    formula: add(
      "chip_depreciation_usd",
      "chip_write_off_usd",
      ...costNames(RUNNING_COSTS, "part"),
      multiply("site_cost_usd", divide("facility_power_mw", "site_facility_power_mw")),
    ),
    text: "The provider's cost of the chips, including their share of the site by facility power.",
  },
  {
    ...DOLLAR,
    name: "chip_hour_cost_usd",
    better: "less",
    unit: "USD/chip-hour",
    level: "part",
    adds: false,
    time: "ratio",
    group: "demand",
    formula: per("part_cost_usd", "productive_chip_hours"),
    text: "This cost over productive chip-hours, used or not; empty if no chip is productive.",
  },
  {
    ...part,
    ...CHIPS,
    name: "chips_assigned",
    better: "neither",
    time: "stock",
    formula: sum("assignments", "assigned_chips"),
    text: "Productive chips held by workloads, including for their peaks.",
  },
  {
    ...part,
    ...CHIPS,
    name: "chips_idle",
    better: "less",
    time: "stock",
    formula: subtract("chips_productive", "chips_assigned"),
    text: "Productive chips that no workload holds.",
  },
  {
    ...part,
    ...DOLLAR,
    name: "idle_cost_usd",
    better: "less",
    formula: multiply("chips_idle", hours, chipHourCost),
    text: "Cost of the idle chips, in no price of tokens.",
  },
];

/** Each workload's use of each part. */
const rowsOfAssignments: readonly Metric[] = [
  {
    ...assignment,
    ...CHIPS,
    name: "assigned_chips",
    better: "neither",
    time: "stock",
    kernel: { name: "assign" },
    text: "Chips of the part that the workload holds for its peak. Deferrable work holds fewer chips than it uses, because it uses the troughs of others.",
  },
  {
    ...assignment,
    ...UNITS,
    name: "assigned_units",
    better: "more",
    kernel: {
      name: "yield",
      identity: divide(
        multiply("assigned_chips", hours, "rate_units_per_chip_hour"),
        input("workload.peak_over_mean"),
      ),
    },
    text: "Units of the workload served by the part.",
  },
  {
    ...assignment,
    ...DOLLAR,
    name: "assigned_cost_usd",
    better: "less",
    formula: multiply("assigned_chips", hours, chipHourCost),
    text: "Cost of the chips held.",
  },
  {
    ...assignment,
    ...DOLLAR,
    name: "assigned_input_cost_usd",
    better: "less",
    formula: multiply("assigned_cost_usd", divide("prefill_chip_ms_per_token", "chip_ms_per_token")),
    kinds: SERVING_KINDS,
    text: "The share of this cost due to prefill.",
  },
  {
    ...assignment,
    ...GIGAWATT_HOUR,
    name: "assigned_energy_gwh",
    better: "neither",
    formula: multiply("energy_gwh", divide("assigned_chips", "chips_productive")),
    text: "Energy of the chips held, at the part's mean load.",
  },
];

/** What workloads hold of parts and what that costs: docs/model.md sections 15.6 to 15.8. */
export const assignmentMetrics: readonly Metric[] = [...partMetrics, ...rowsOfAssignments];
