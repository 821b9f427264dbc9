import { add, ahead, input, previous, subtract } from "./formula.ts";
import type { Metric } from "./metric.ts";
import { CHIPS } from "./units.ts";

const chips = { ...CHIPS, level: "part", adds: true, group: "chips" } as const;

/** Counts of chips: docs/model.md sections 3 to 6. */
export const chipMetrics: readonly Metric[] = [
  {
    ...chips,
    name: "chips_planned",
    time: "stock",
    kernel: { name: "deliver" },
    text: "Chips that would have landed by now without delay, slip or lack of power; successors of retired chips apart.",
  },
  {
    ...chips,
    name: "chips_due",
    time: "stock",
    kernel: { name: "deliver" },
    text: "Chips due by now after delay and deferral to availability, without replacements.",
  },
  {
    ...chips,
    name: "chips_deferred",
    time: "stock",
    kernel: { name: "deliver" },
    text: "Chips that would have landed by now had the chip been available.",
  },
  {
    ...chips,
    name: "chips_ordered",
    time: "flow",
    formula: ahead("chips_landed", "chip.lead"),
    text: "Chips ordered in the month: they land the chip's lead later.",
  },
  {
    ...chips,
    name: "chips_landed",
    time: "flow",
    kernel: {
      name: "stock",
      identity: add(
        subtract("chips_installed", previous("chips_installed")),
        "chips_retired",
        subtract("chips_failed", "chips_replaced"),
      ),
    },
    text: "Chips delivered in the month, replacements of retired chips included, spares not.",
  },
  {
    ...chips,
    name: "chips_successors_landed",
    time: "flow",
    kernel: { name: "stock" },
    text: "Successors of retired chips due to land; where money is missing they wait with the others.",
  },
  {
    ...chips,
    name: "chips_energised_new",
    time: "flow",
    kernel: {
      name: "stock",
      identity: add(
        subtract("chips_energised", previous("chips_energised")),
        "chips_retired",
        subtract("chips_failed", "chips_replaced"),
      ),
    },
    text: "Chips that got power in the month.",
  },
  {
    ...chips,
    name: "chips_productive_new",
    time: "flow",
    kernel: { name: "enter_service" },
    text: "Chips that finished commissioning in the month.",
  },
  {
    ...chips,
    name: "chips_retired",
    time: "flow",
    kernel: { name: "stock" },
    text: "Chips whose service life ended at the start of the month.",
  },
  {
    ...chips,
    name: "chips_failed",
    time: "flow",
    kernel: { name: "stock" },
    text: "Energised chips that failed for good in the month.",
  },
  {
    ...chips,
    name: "chips_replaced",
    time: "flow",
    kernel: { name: "stock" },
    text: "Failed chips that spares replaced at once.",
  },
  {
    ...chips,
    name: "chips_installed",
    time: "stock",
    formula: add("chips_energised", "chips_stranded"),
    text: "Chips landed and not retired or lost: energised and stranded.",
  },
  {
    ...chips,
    name: "chips_energised",
    time: "stock",
    kernel: {
      name: "stock",
      identity: subtract(
        add(previous("chips_energised"), "chips_energised_new", "chips_replaced"),
        "chips_retired",
        "chips_failed",
      ),
    },
    text: "Chips that have power. Those that a fallen limit switches off are among them: see chips_curtailed.",
  },
  {
    ...chips,
    name: "chips_stranded",
    time: "stock",
    kernel: {
      name: "stock",
      identity: subtract(add(previous("chips_stranded"), "chips_landed"), "chips_energised_new"),
    },
    text: "Chips that landed and have no power: counted, paid for, idle.",
  },
  {
    ...chips,
    name: "chips_curtailed",
    time: "stock",
    kernel: { name: "stock" },
    text: "Energised chips switched off because the site's limit fell below their power.",
  },
  {
    ...chips,
    name: "chips_productive",
    time: "stock",
    kernel: { name: "enter_service" },
    text: "Energised chips past commissioning and not curtailed.",
  },
  {
    ...chips,
    name: "chips_held",
    time: "stock",
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
    ...chips,
    name: "chips_unfunded",
    time: "stock",
    kernel: { name: "stock" },
    text: "Chips due that wait for a tranche or for the buyer's cash.",
  },
  {
    ...chips,
    name: "chips_undelivered",
    time: "stock",
    formula: add(subtract(input("fleet.size_chips"), "chips_due"), "chips_held", "chips_unfunded"),
    text: "Chips of the size not yet landed; in the last month, what falls past the horizon.",
  },
];
