import {
  add,
  ahead,
  behind,
  discount,
  divide,
  finalDiscount,
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
import type { Metric } from "./metric.ts";
import { runMoney, totalBook, totalFlow } from "./money-rows.ts";
import { CAPITAL_COSTS, costNames, RUNNING_COSTS } from "./provider-costs.ts";
import { FLOPS_PER_EXAFLOPS, MONTHS_PER_YEAR } from "./unit-factors.ts";
import { CHIPS, DOLLAR } from "./units.ts";

const partFlow = { ...DOLLAR, level: "part", adds: true, time: "flow", group: "cost" } as const;
const siteFlow = { ...DOLLAR, level: "site", adds: true, time: "flow", group: "cost" } as const;
const partBook = { ...DOLLAR, level: "part", adds: true, time: "stock", group: "book" } as const;
const siteBook = { ...DOLLAR, level: "site", adds: true, time: "stock", group: "book" } as const;
/** Cash of an amount due on landing, with a share paid with the order. */
function paid(landed: string) {
  return add(
    multiply(subtract(1, input("fleet.pay_on_order")), landed),
    multiply(input("fleet.pay_on_order"), ahead(landed, "chip.lead")),
  );
}

/** Cost of all chips that have landed, and of those ordered with them: exactly the same when no more are on order. */
const landedSoFar = running(add("chip_landed_cost_usd", "network_landed_cost_usd"), "window");
const soFarAhead = ahead(landedSoFar, "chip.lead", true);

/** The provider's book: docs/model.md section 9. Cash out is positive. */
export const costMetrics: readonly Metric[] = [
  {
    ...DOLLAR,
    name: "chip_price_usd",
    better: "less",
    level: "part",
    adds: false,
    time: "ratio",
    group: "cost",
    formula: behind(input("chip.price"), "chip.lead", true),
    text: "Price of a chip that lands in the month, as of its order month; 0 for chips that others own.",
  },
  {
    ...DOLLAR,
    name: "network_price_usd",
    better: "less",
    level: "part",
    adds: false,
    time: "ratio",
    group: "cost",
    formula: behind(input("chip.network"), "chip.lead", true),
    text: "Scale-out network and storage for a chip that lands in the month; 0 for chips that others own.",
  },
  {
    ...partFlow,
    name: "chip_landed_cost_usd",
    better: "less",
    formula: multiply("chips_landed", "chip_price_usd"),
    text: "Cost of the chips that land in the month, whenever it is paid.",
  },
  {
    ...partFlow,
    name: "network_landed_cost_usd",
    better: "less",
    formula: multiply("chips_landed", "network_price_usd"),
    text: "Cost of the network of the chips that land in the month, whenever it is paid.",
  },
  {
    ...partFlow,
    name: "chip_cash_usd",
    better: "less",
    formula: paid("chip_landed_cost_usd"),
    text: "Cash paid for chips.",
  },
  {
    ...partFlow,
    name: "network_cash_usd",
    better: "less",
    formula: paid("network_landed_cost_usd"),
    text: "Cash paid for scale-out network and storage.",
  },
  {
    ...partFlow,
    name: "energy_cost_usd",
    better: "less",
    formula: multiply("energy_gwh", "electricity_usd_per_mwh"),
    text: "Electricity bought.",
  },
  {
    ...partFlow,
    name: "spares_cost_usd",
    better: "less",
    formula: multiply("chips_replaced", "chip_price_usd"),
    text: "Chips bought to replace failed ones, a maintenance cost.",
  },
  {
    ...partFlow,
    name: "chip_maintenance_cost_usd",
    better: "less",
    formula: multiply(divide(input("fleet.maintenance"), MONTHS_PER_YEAR), "chip_cost_in_service_usd"),
    text: "Maintenance of chips and network, without spares.",
  },
  {
    ...partBook,
    name: "chip_cost_in_service_usd",
    better: "neither",
    kernel: { name: "book" },
    text: "Original cost of the energised chips and their network, to their owner where they are leased.",
  },
  {
    ...partFlow,
    name: "chip_energised_cost_usd",
    better: "less",
    kernel: {
      name: "pool",
      identity: multiply(
        add(previous("stranded_cost_usd"), "chip_landed_cost_usd", "network_landed_cost_usd"),
        divide("chips_energised_new", add(previous("chips_stranded"), "chips_landed")),
      ),
    },
    text: "Cost of the chips first powered in the month, at the average cost of waiting chips.",
  },
  {
    ...partFlow,
    name: "chip_depreciation_usd",
    better: "less",
    kernel: { name: "book" },
    text: "Straight-line depreciation of chips and network from the productive month.",
  },
  {
    ...partFlow,
    name: "chip_write_off_usd",
    better: "less",
    kernel: { name: "book" },
    text: "Book value written off at retirement and, without spares, at failure.",
  },
  {
    ...partBook,
    name: "chip_book_value_usd",
    better: "neither",
    kernel: {
      name: "book",
      identity: subtract(
        add(previous("chip_book_value_usd"), "chip_energised_cost_usd", "chip_buyout_usd"),
        "chip_depreciation_usd",
        "chip_write_off_usd",
      ),
    },
    text: "Book value of energised chips and network at the end of the month.",
  },
  {
    ...partBook,
    name: "chip_construction_in_progress_usd",
    better: "neither",
    // Not cash less cost energised: sums of all that was ever paid would leave their rounding when nothing is in progress.
    formula: add(
      "stranded_cost_usd",
      multiply(input("fleet.pay_on_order"), subtract(soFarAhead, landedSoFar)),
    ),
    text: "Cash spent on chips and network that are not energised yet: stranded chips and prepayments.",
  },
  {
    ...partBook,
    name: "stranded_cost_usd",
    better: "less",
    kernel: {
      name: "pool",
      identity: subtract(
        add(previous("stranded_cost_usd"), "chip_landed_cost_usd", "network_landed_cost_usd"),
        "chip_energised_cost_usd",
      ),
    },
    text: "Cost of the stranded chips and their network.",
  },
  {
    ...partFlow,
    name: "stranded_idle_capital_usd",
    better: "less",
    group: "book",
    formula: multiply("stranded_cost_usd", input("run.idle_rate")),
    text: "Memo line, in no total: one month of the discount rate on the cost of stranded chips.",
  },
  {
    ...siteFlow,
    name: "facility_cash_usd",
    better: "less",
    kernel: { name: "facility" },
    text: "Cash paid for building and power train, before energisation, and for refitting halls.",
  },
  {
    ...siteFlow,
    name: "retrofit_cash_usd",
    better: "less",
    kernel: { name: "refit" },
    text: "Part of facility_cash_usd: refitting halls for successors with denser racks, as they land.",
  },
  {
    ...siteBook,
    name: "facility_cost_in_service_usd",
    better: "neither",
    kernel: { name: "facility" },
    text: "Cost of the facility steps in service, and of halls refitted.",
  },
  {
    ...siteFlow,
    name: "facility_depreciation_usd",
    better: "less",
    kernel: { name: "facility" },
    text: "Straight-line depreciation of the facility.",
  },
  {
    ...siteBook,
    name: "facility_book_value_usd",
    better: "neither",
    kernel: {
      name: "facility",
      identity: subtract(
        add(
          previous("facility_book_value_usd"),
          subtract("facility_cost_in_service_usd", previous("facility_cost_in_service_usd")),
        ),
        "facility_depreciation_usd",
      ),
    },
    text: "Book value of the facility at the end of the month.",
  },
  {
    ...siteBook,
    name: "facility_construction_in_progress_usd",
    better: "neither",
    kernel: {
      name: "facility",
      identity: subtract(running("facility_cash_usd", "window"), "facility_cost_in_service_usd"),
    },
    text: "Cash spent on facility steps not yet in service.",
  },
  {
    ...siteFlow,
    name: "facility_maintenance_cost_usd",
    better: "less",
    formula: multiply(
      divide(input("site.facility_maintenance"), MONTHS_PER_YEAR),
      "facility_cost_in_service_usd",
    ),
    text: "Maintenance of an owned facility.",
  },
  {
    ...siteFlow,
    name: "staff_cost_usd",
    better: "less",
    formula: multiply(
      divide(input("site.staff"), MONTHS_PER_YEAR),
      divide("power_limit_mw", input("site.pue_design")),
    ),
    text: "Operating staff and services.",
  },
  {
    ...siteFlow,
    name: "lease_cost_usd",
    better: "less",
    formula: multiply(
      input("site.lease"),
      input("site.lease_index"),
      divide("power_limit_mw", input("site.pue_design")),
    ),
    text: "Rent of a leased site, whether used or not.",
  },
  {
    ...siteFlow,
    name: "demand_charge_usd",
    better: "less",
    kernel: { name: "demandCharge" },
    text: "What the utility bills for power, beside energy.",
  },
  {
    ...totalFlow,
    name: "provider_capex_usd",
    better: "less",
    formula: add(...costNames(CAPITAL_COSTS)),
    text: "The provider's capital spending: chips, network, facility.",
  },
  {
    ...totalFlow,
    name: "provider_opex_usd",
    better: "less",
    formula: add(...costNames(RUNNING_COSTS)),
    text: "The provider's running cost.",
  },
  {
    ...totalFlow,
    name: "provider_cash_usd",
    better: "less",
    formula: add("provider_capex_usd", "provider_opex_usd"),
    text: "The provider's cash out in the month, capital and running cost, without revenue.",
  },
  {
    ...totalFlow,
    name: "provider_depreciation_usd",
    better: "less",
    formula: add("chip_depreciation_usd", "facility_depreciation_usd"),
    text: "Depreciation of chips, network and facility.",
  },
  {
    ...totalFlow,
    name: "provider_cost_usd",
    better: "less",
    formula: add("provider_opex_usd", "provider_depreciation_usd", "chip_write_off_usd"),
    text: "The cost side of the provider's P&L: running cost, depreciation and write-offs.",
  },
  {
    ...totalBook,
    name: "provider_book_value_usd",
    better: "neither",
    formula: add("chip_book_value_usd", "facility_book_value_usd"),
    text: "Book value of everything in service.",
  },
  {
    ...totalBook,
    name: "provider_construction_in_progress_usd",
    better: "neither",
    formula: add("chip_construction_in_progress_usd", "facility_construction_in_progress_usd"),
    text: "Cash spent on assets that are not in service yet.",
  },
  {
    ...CHIPS,
    name: "productive_chip_hours",
    better: "neither",
    level: "part",
    unit: "chip-hours",
    adds: true,
    time: "flow",
    group: "compute",
    formula: multiply("chips_productive", hours),
    text: "Hours of productive chips.",
  },
  {
    ...runMoney,
    name: "cost_provider_pv_usd",
    better: "less",
    formula: total(multiply("provider_cash_usd", discount), "costed"),
    text: "Present value at `start` of the provider's cash out, including the opening unless sunk; the residual value is not deducted.",
  },
  {
    ...runMoney,
    name: "provider_opening_cash_usd",
    better: "less",
    formula: total(multiply("provider_cash_usd", discount), "before"),
    text: "Cash before `start`, compounded to `start`.",
  },
  {
    ...runMoney,
    name: "provider_capex_total_usd",
    better: "less",
    formula: total("provider_capex_usd", "horizon"),
    text: "Capital spending over the horizon, not discounted.",
  },
  {
    ...runMoney,
    name: "provider_cash_total_usd",
    better: "less",
    formula: total("provider_cash_usd", "horizon"),
    text: "Cash out over the horizon, not discounted.",
  },
  {
    ...DOLLAR,
    name: "chip_residual_usd",
    better: "more",
    isScalar: true,
    level: "part",
    adds: false,
    time: "ratio",
    group: "result",
    kernel: { name: "residual" },
    text: "Residual value of the part's chips and network at the end of the horizon.",
  },
  {
    ...DOLLAR,
    name: "facility_residual_usd",
    better: "more",
    isScalar: true,
    level: "site",
    adds: false,
    time: "ratio",
    group: "result",
    kernel: { name: "residual" },
    text: "Residual value of the site's facility at the end of the horizon.",
  },
  {
    ...runMoney,
    name: "provider_residual_usd",
    better: "more",
    formula: add(sum("parts", "chip_residual_usd"), sum("sites", "facility_residual_usd")),
    text: "Residual value at the end of the horizon, in money of that month: part of levelised cost, never of cash.",
  },
  {
    ...runMoney,
    name: "provider_residual_pv_usd",
    better: "more",
    formula: multiply("provider_residual_usd", finalDiscount),
    text: "Present value of the residual value.",
  },
  {
    ...runMoney,
    name: "levelised_cost_usd_per_chip_hour",
    better: "less",
    unit: "USD/chip-hour",
    formula: per(
      subtract("cost_provider_pv_usd", "provider_residual_pv_usd"),
      total(multiply("productive_chip_hours", discount), "costed"),
    ),
    text: "Discounted cost less residual value over discounted productive chip-hours.",
  },
  {
    ...runMoney,
    name: "levelised_cost_usd_per_effective_fp4_eflop_hour",
    better: "less",
    unit: "USD/EFLOP-hour",
    formula: per(
      subtract("cost_provider_pv_usd", "provider_residual_pv_usd"),
      total(multiply(divide("effective_fp4_eflops", FLOPS_PER_EXAFLOPS), hours, discount), "costed"),
    ),
    text: "Discounted cost less residual value over discounted effective FP4 EFLOP-hours, in the precision actually run.",
  },
];
