import { add, ahead, input, previous, subtract } from "./formula.ts";
import type { Metric } from "./metric.ts";
import { CHIPS } from "./units.ts";

const flow = {
  ...CHIPS,
  level: "part",
  adds: true,
  time: "flow",
  group: "chips",
  better: "neither",
} as const;
const stock = { ...flow, time: "stock" } as const;

/** Counts of chips: docs/model.md sections 3 to 6. */
export const chipMetrics: readonly Metric[] = [
  {
    ...stock,
    name: "chips_planned",
    kernel: { name: "deliver" },
    text: "Chips planned to have landed by now, without delay, slip or lack of power; without successors of retired chips.",
  },
  {
    ...stock,
    name: "chips_due",
    kernel: { name: "deliver" },
    text: "Chips due by now after delay and deferral to availability, without replacements.",
  },
  {
    ...stock,
    name: "chips_deferred",
    better: "less",
    kernel: { name: "deliver" },
    text: "Chips that would have landed by now if the chip had been available.",
  },
  {
    ...flow,
    name: "chips_ordered",
    formula: ahead("chips_landed", "chip.lead"),
    text: "Chips ordered in the month; they land after the chip's lead time.",
  },
  {
    ...flow,
    name: "chips_landed",
    kernel: {
      name: "stock",
      identity: add(
        subtract("chips_installed", previous("chips_installed")),
        "chips_retired",
        subtract("chips_failed", "chips_replaced"),
      ),
    },
    text: "Chips delivered in the month, including replacements of retired chips, without spares.",
  },
  {
    ...flow,
    name: "chips_successors_landed",
    kernel: { name: "stock" },
    text: "Successors of retired chips due to land; if money is missing they wait with the others.",
  },
  {
    ...flow,
    name: "chips_energised_new",
    kernel: {
      name: "stock",
      identity: add(
        subtract("chips_energised", previous("chips_energised")),
        "chips_retired",
        subtract("chips_failed", "chips_replaced"),
      ),
    },
    text: "Chips first powered in the month.",
  },
  {
    ...flow,
    name: "chips_productive_new",
    kernel: { name: "enter_service" },
    text: "Chips that finished commissioning in the month.",
  },
  {
    ...flow,
    name: "chips_retired",
    kernel: { name: "stock" },
    text: "Chips whose service life ended at the start of the month.",
  },
  {
    ...flow,
    name: "chips_failed",
    better: "less",
    kernel: { name: "stock" },
    text: "Energised chips that failed permanently in the month.",
  },
  {
    ...flow,
    name: "chips_replaced",
    kernel: { name: "stock" },
    text: "Failed chips that spares replaced at once.",
  },
  {
    ...stock,
    name: "chips_installed",
    formula: add("chips_energised", "chips_stranded"),
    text: "Chips landed and not retired or lost: energised and stranded.",
  },
  {
    ...stock,
    name: "chips_energised",
    kernel: {
      name: "stock",
      identity: subtract(
        add(previous("chips_energised"), "chips_energised_new", "chips_replaced"),
        "chips_retired",
        "chips_failed",
      ),
    },
    text: "Chips with power, including those switched off by a lower limit: see chips_curtailed.",
  },
  {
    ...stock,
    name: "chips_stranded",
    better: "less",
    kernel: {
      name: "stock",
      identity: subtract(add(previous("chips_stranded"), "chips_landed"), "chips_energised_new"),
    },
    text: "Chips that have landed but have no power: counted, paid for, idle.",
  },
  {
    ...stock,
    name: "chips_curtailed",
    better: "less",
    kernel: { name: "stock" },
    text: "Energised chips switched off because the site's limit fell below their power.",
  },
  {
    ...stock,
    name: "chips_productive",
    kernel: { name: "enter_service" },
    text: "Energised chips past commissioning and not curtailed.",
  },
  {
    ...stock,
    name: "chips_held",
    better: "less",
    kernel: {
      name: "stock",
      identity: add(
        previous("chips_held"),
        subtract("chips_due", previous("chips_due")),
        subtract("chips_successors_landed", "chips_landed"),
        subtract(previous("chips_unfunded"), "chips_unfunded"),
      ),
    },
    text: "Chips due that wait for power before they land (`wait_for_power`).",
  },
  {
    ...stock,
    name: "chips_unfunded",
    better: "less",
    kernel: { name: "stock" },
    text: "Chips due that wait for a tranche or the buyer's cash.",
  },
  {
    ...stock,
    name: "chips_undelivered",
    better: "less",
    formula: add(subtract(input("fleet.size_chips"), "chips_due"), "chips_held", "chips_unfunded"),
    text: "Chips of the size that have not landed yet; in the last month, those due after the horizon.",
  },
];
