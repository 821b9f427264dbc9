import { hours, input, max, min, multiply, subtract } from "./formula.ts";
import { BINDING_WORDS, type Metric } from "./metric.ts";
import { CHIPS, DOLLAR_PER_MEGAWATT_HOUR, FRACTION, GIGAWATT_HOUR, MEGAWATT } from "./units.ts";

const part = { level: "part", adds: true, time: "stock", group: "power", better: "neither" } as const;
const site = { ...part, level: "site" } as const;

/** Power and energy: docs/model.md section 6. */
export const powerMetrics: readonly Metric[] = [
  {
    ...CHIPS,
    name: "chips_powered",
    better: "neither",
    level: "part",
    adds: true,
    time: "stock",
    group: "chips",
    formula: subtract("chips_energised", "chips_curtailed"),
    text: "Energised chips that draw power, without curtailed ones.",
  },
  {
    ...part,
    ...MEGAWATT,
    name: "it_power_mw",
    formula: multiply("chips_powered", input("chip.it_power")),
    text: "Provisioned critical-IT power of the chips that draw it.",
  },
  {
    ...part,
    ...MEGAWATT,
    name: "facility_power_mw",
    formula: multiply("it_power_mw", input("site.pue_design")),
    text: "Facility power taken from the site's limit, at design PUE. Not the mean draw: see energy_gwh.",
  },
  {
    ...part,
    ...MEGAWATT,
    name: "stranded_facility_power_mw",
    better: "less",
    formula: multiply("chips_stranded", input("chip.it_power"), input("site.pue_design")),
    text: "Facility power that stranded chips are waiting for.",
  },
  {
    ...part,
    time: "flow",
    ...GIGAWATT_HOUR,
    name: "energy_gwh",
    formula: multiply(
      min(multiply("it_power_mw", input("fleet.load_factor"), input("site.pue")), "facility_power_mw"),
      hours,
    ),
    text: "Energy drawn by the facility for these chips, at mean load and mean PUE: at most their facility power in every hour.",
  },
  {
    ...site,
    ...MEGAWATT,
    name: "power_limit_mw",
    kernel: { name: "power_limit" },
    text: "Energised facility power of the site.",
  },
  {
    ...site,
    ...MEGAWATT,
    name: "power_unused_mw",
    formula: max(0, subtract("power_limit_mw", "facility_power_mw")),
    text: "Part of the limit that no energised chip uses.",
  },
  {
    ...DOLLAR_PER_MEGAWATT_HOUR,
    name: "electricity_usd_per_mwh",
    better: "less",
    level: "site",
    adds: false,
    time: "ratio",
    group: "power",
    formula: multiply(input("site.electricity"), input("site.electricity_index")),
    text: "Price of electricity in the month.",
  },
  {
    ...FRACTION,
    name: "binding",
    better: "neither",
    level: "part",
    adds: false,
    time: "code",
    group: "binding",
    kernel: { name: "bind" },
    words: BINDING_WORDS,
    text: "Why the fleet, the site or the whole is short of its plan in the month.",
  },
];
