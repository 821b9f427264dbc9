import { PRECISIONS } from "../../metrics/precision.ts";
import type { FieldSpec } from "./field.ts";
import { byMonth, fixed, perTrial, portion } from "./field-kinds.ts";

const USES = ["training", "inference"] as const;

const peakFields = PRECISIONS.map((precision) => ({
  path: `chips.*.${precision}` as const,
  ...perTrial("flop_rate_per_chip" as const),
  range: ["1 GFLOPS", "10 EFLOPS"] as const,
  ...(precision === "bf16" ? { required: true } : {}),
  example: "2.5 PFLOPS",
  text: `Peak dense ${precision.toUpperCase()} rate, without structured sparsity.${
    precision === "bf16"
      ? ""
      : " Leave it out if the chip lacks the format: the next wider one is used, and the results say so."
  }`,
}));

const mfuFields = USES.flatMap((use) =>
  PRECISIONS.map((precision) => ({
    path: `chips.*.mfu.${use}.${precision}` as const,
    ...perTrial("fraction" as const),
    range: ["0 %", "100 %"] as const,
    example: "40 %",
    text: `Model FLOP/s achieved per healthy step in ${use}, over the dense ${precision.toUpperCase()} peak.`,
  })),
);

/** What others pay to rent a chip differs by how long they bind themselves. */
const rentFields = (
  [
    ["on_demand", "List price to rent the chip on demand, by month; a rate in place of the map is this one."],
    ["one_year", "Rent under a contract of about one year, by month of signing."],
    ["three_years", "Rent under a contract of three years and more, by month of signing."],
  ] as const
).map(([term, text]) => ({
  path: `chips.*.rental_rate.${term}` as const,
  ...byMonth("price_per_chip_hour" as const),
  range: ["0 USD/hour", "1000 USD/hour"] as const,
  usual: ["0.02 USD/hour", "100 USD/hour"] as const,
  example: "{ 2025-10: 2.3 USD/hour to 3.5 USD/hour, 2026-09: 4.5 USD/hour }",
  text: `${text} For comparison only: no calculation reads it.`,
  seeAlso: ["chips.*.price"],
}));

/** Fields of a chip, in the catalog or in a scenario. */
export const chipFields = [
  { path: "chips.*.title", kind: "text", example: "NVIDIA GB300", text: "Name as the vendor writes it." },
  {
    path: "chips.*.vendor",
    kind: "text",
    example: "NVIDIA",
    text: "Company that makes or designs the chip.",
  },
  { path: "chips.*.system", kind: "text", example: "NVL72 rack", text: "System that the figures refer to." },
  ...peakFields,
  {
    path: "chips.*.hbm",
    ...perTrial("memory_per_chip"),
    required: true,
    range: ["1 GB", "100 TB"],
    example: "288 GB",
    text: "High-bandwidth memory per chip. GB is 10^9 bytes; write GiB where 2^30 is meant.",
  },
  {
    path: "chips.*.hbm_bandwidth",
    ...perTrial("bandwidth_per_chip"),
    required: true,
    range: ["1 GB/s", "10 PB/s"],
    example: "8 TB/s",
    text: "Peak bandwidth of this memory.",
  },
  {
    path: "chips.*.chip_power",
    ...perTrial("power_per_chip"),
    range: ["1 W", "100 kW"],
    example: "1.4 kW",
    text: "Design power of the package alone. For information only: limits and bills use `it_power`.",
    seeAlso: ["chips.*.it_power"],
  },
  {
    path: "chips.*.it_power",
    ...perTrial("power_per_chip"),
    required: true,
    range: ["1 W", "100 kW"],
    usual: ["50 W", "20 kW"],
    example: "2 kW",
    text: "Provisioned critical-IT power per installed chip, including host, scale-up switches, fabric, storage and management, without cooling and PUE.",
    seeAlso: ["sites.*.pue_design"],
  },
  {
    path: "chips.*.resale",
    kind: "curve",
    axes: [
      { key: "age", unit: "years of age" },
      { key: "share", unit: "share of the cost" },
    ],
    range: [undefined, "1"],
    example: "[[2, 0.69], [4, 0.48], [6, 0.33]]",
    text: "Share of their cost that chips are worth by age, in place of a straight line over `economic_life`: all of it when new, straight from age to age, and on as at last until nothing is left. `residual_haircut` is deducted from it.",
    seeAlso: ["fleets.*.economic_life", "fleets.*.residual_haircut"],
  },
  {
    path: "chips.*.rack_power",
    ...perTrial("power"),
    range: ["100 W", "10 MW"],
    usual: ["1 kW", "2 MW"],
    example: "136 kW",
    text: "Power of a full rack of the chip, which its hall must bring in and cool. Compared where one chip replaces another: see `retrofit`.",
    seeAlso: ["sites.*.retrofit"],
  },
  {
    path: "chips.*.scale_up_domain",
    ...fixed("chips"),
    range: ["1 chip", "1 million chips"],
    example: "72 chips",
    text: "Chips that share one scale-up network.",
  },
  {
    path: "chips.*.scale_up_bandwidth",
    ...perTrial("bandwidth_per_chip"),
    range: ["1 GB/s", "1 PB/s"],
    example: "900 GB/s",
    text: "Bandwidth of a chip into its scale-up network, one way. Without it the exchange of a served model has no volume.",
    seeAlso: ["chips.*.scale_up_domain"],
  },
  {
    path: "chips.*.network_bandwidth",
    ...perTrial("bandwidth_per_chip"),
    range: ["1 MB/s", "1 PB/s"],
    example: "50 GB/s",
    text: "Bandwidth of a chip into the scale-out network, one way. With it a stated `replica` may reach beyond one scale-up domain.",
    seeAlso: ["workloads.*.replica"],
  },
  {
    path: "chips.*.price",
    ...byMonth("price_per_chip"),
    required: true,
    range: ["0 USD", "10 million USD"],
    usual: ["100 USD", "1 million USD"],
    example: "45 thousand USD",
    text: "Provider's price per chip, including host and scale-up network, by order month. Not an all-in cost per GW.",
    seeAlso: ["chips.*.network", "sites.*.facility"],
  },
  {
    path: "chips.*.network",
    short: "cost of the network",
    ...byMonth("price_per_chip"),
    required: true,
    range: ["0 USD", "10 million USD"],
    example: "8 thousand USD",
    text: "Scale-out network and storage per chip, by order month.",
  },
  ...rentFields,
  {
    path: "chips.*.lead",
    short: "lead time",
    ...perTrial("duration"),
    default: "6 months",
    range: ["0 months", "60 months"],
    example: "6 months",
    text: "Time from order to landing. The price is that of the order month.",
  },
  {
    path: "chips.*.available_from",
    kind: "date",
    varies: "trial",
    required: true,
    example: "2027-10",
    text: "First month in which volume can land. An earlier delivery is deferred to it as a whole.",
    seeAlso: ["chips.*.slip"],
  },
  {
    path: "chips.*.slip",
    ...perTrial("duration"),
    default: "0 months",
    range: ["0 months", "120 months"],
    example: "0 months",
    text: "Delay of `available_from`, the same for every fleet with this chip.",
  },
  {
    path: "chips.*.failure_rate",
    ...perTrial("fraction"),
    range: ["0 %", "99 %"],
    default: "0 %",
    example: "1 %",
    text: "Share of energised chips that fail permanently in a year.",
    seeAlso: ["fleets.*.spares"],
  },
  {
    path: "chips.*.interruption_rate",
    ...perTrial("rate_per_year"),
    range: ["0 / year", "1000 / year"],
    default: "0 / year",
    example: "0.12 / year",
    text: "Job interruptions per chip and year. Affects runtime goodput only.",
    seeAlso: ["fleets.*.recovery", "fleets.*.job_chips"],
  },
  {
    path: "chips.*.availability",
    ...portion,
    default: "100 %",
    example: "97 %",
    text: "Share of time that an installed, powered chip is in service and healthy.",
  },
  ...mfuFields,
] as const satisfies readonly FieldSpec[];
