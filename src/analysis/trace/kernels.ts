import { deliveryField } from "../../compile/delivery-fields.ts";
import type { Entity } from "../../compile/entities.ts";
import type { Part } from "../../compile/parts.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** What a trace says of a kernel of the engine, whose figures no formula takes apart. */
export type KernelWords = {
  /** What it makes its figures of. */
  readonly text: string;
  /** Section of docs/model.md with its equations. */
  readonly section: string;
  /** Metrics of the same entity that it reads. */
  readonly metrics: readonly string[];
  /** Paths of the fields that it reads for an entity. */
  readonly fields: (scenario: Scenario, entity: Entity) => readonly string[];
};

const fleetFields = (...names: readonly string[]) =>
  fieldsOfPart((_, { fleet }) => names.map((name) => `fleets.${fleet}.${name}`));

function fieldsOfPart(pathsOf: (scenario: Scenario, part: Part) => readonly string[]): KernelWords["fields"] {
  return (scenario, entity) => (entity.level === "part" ? pathsOf(scenario, entity.part) : []);
}

function fieldsOfSite(...names: readonly string[]): KernelWords["fields"] {
  return (_, entity) => (entity.level === "site" ? names.map((name) => `sites.${entity.site}.${name}`) : []);
}

function fieldsOfContract(...names: readonly string[]): KernelWords["fields"] {
  return (_, entity) =>
    entity.level === "contract" ? names.map((name) => `contracts.${entity.contract}.${name}`) : [];
}

function fieldsOfTranche(...names: readonly string[]): KernelWords["fields"] {
  return (_, entity) =>
    entity.level === "tranche" ? names.map((name) => `financing.${entity.tranche}.${name}`) : [];
}

const terms = fieldsOfContract(
  "commitment",
  "start",
  "term",
  "terms",
  "fulfillment_interval",
  "schedule",
  "upfront",
  "escalation",
  "contracted_availability",
  "shortfall_relief",
  "consumed_to_date",
);

/** Rate cards, which are by chip. */
const rates = (scenario: Scenario, entity: Entity): readonly string[] => {
  const contract = entity.level === "contract" ? `contracts.${entity.contract}` : "";
  return [...scenario.fields.keys()].filter(
    (path) => path.startsWith(`${contract}.rates.`) || path.startsWith(`${contract}.overage_rates.`),
  );
};

const delivery = fieldsOfPart((scenario, part) => {
  const names = ["from", "to", "at", "schedule", "shape", "delay"] as const;
  const own = names.flatMap((name) => deliveryField(scenario, part, name)?.path ?? []);
  return [
    `fleets.${part.fleet}.size`,
    ...own,
    `chips.${part.chip}.available_from`,
    `chips.${part.chip}.slip`,
  ];
});

const stock = fieldsOfPart((scenario, part) => {
  const { fleet, chip, site } = part;
  const wait = deliveryField(scenario, part, "wait_for_power")?.path;
  const isReplaced = part.successor !== undefined;
  const names = [
    "life",
    "priority",
    "spares",
    ...(isReplaced ? ["replacement.with", "replacement.lead"] : []),
  ];
  return [
    ...names.map((name) => `fleets.${fleet}.${name}`),
    ...(wait ? [wait] : []),
    `fleets.${fleet}.funded_by`,
    `chips.${chip}.failure_rate`,
    `chips.${chip}.it_power`,
    `sites.${site}.pue_design`,
  ];
});

const worth = (scenario: Scenario, entity: Entity): readonly string[] => [
  ...fleetFields("life", "economic_life", "residual_haircut")(scenario, entity),
  ...fieldsOfSite("economic_life", "delay", "residual_haircut")(scenario, entity),
];

function fieldsOfWorkload(...names: readonly string[]): KernelWords["fields"] {
  return (scenario, entity) => {
    if (entity.level !== "workload" && entity.level !== "assignment") return [];
    const paths = names.map((name) => `workloads.${entity.workload.name}.${name}`);
    return paths.filter((path) => scenario.fields.has(path));
  };
}

const copy = (scenario: Scenario, entity: Entity): readonly string[] => {
  const own = fieldsOfWorkload("speed", "replica")(scenario, entity);
  if (entity.level !== "assignment") return own;
  const chip = `chips.${entity.part.chip}`;
  const names = ["hbm", "hbm_bandwidth", "scale_up_domain"].map((name) => `${chip}.${name}`);
  const calibrated = ["compute", "sparse", "bandwidth", "reserve", "exchange"];
  return [...own, ...names, ...calibrated.map((name) => `${chip}.serving.${name}`)];
};

/** Every kernel that the metric table names. */
export const KERNELS: Readonly<Record<string, KernelWords>> = {
  deliver: {
    text: "the part's size times the cumulative share of its delivery, after delay and not before the chip is available",
    section: "4",
    metrics: [],
    fields: delivery,
  },
  serve: {
    text: "the size of a copy of the model with the most tokens per chip, and the largest batch within memory and the user's speed",
    section: "15.3",
    metrics: [],
    fields: copy,
  },
  job: {
    text: "a copy of the model, or the chips that a training run needs at once",
    section: "15.4",
    metrics: [],
    fields: fieldsOfWorkload("min_chips"),
  },
  require: {
    text: "traffic of the month times tokens, or a training run's share of the month by hours",
    section: "15.5",
    metrics: [],
    fields: fieldsOfWorkload(
      "requests",
      "tokens",
      "sessions",
      "growth",
      "turns",
      "prompt",
      "answer",
      "flop",
      "training_tokens",
      "from",
      "to",
    ),
  },
  assign: {
    text: "chips of the month to workloads in order of priority, each taking parts by the ratio of its rate there to what later ones are worth there",
    section: "15.6 and 15.7",
    metrics: ["demand_required_units", "demand_binding"],
    fields: fieldsOfWorkload("priority", "value", "peak_over_mean", "deferrable", "min_chips", "fleets"),
  },
  yield: {
    text: "chips held times hours and rate, over the peak they are held for; deferrable work also uses the trough of others",
    section: "15.6",
    metrics: ["assigned_chips", "rate_units_per_chip_hour"],
    fields: fieldsOfWorkload("deferrable", "peak_over_mean"),
  },
  stock: {
    text: "month after month retire, fail, land what is due and paid for, energise by priority up to the power limit",
    section: "5 and 6",
    metrics: ["chips_due", "power_limit_mw"],
    fields: stock,
  },
  enter_service: {
    text: "chips energised at least `commissioning` months and less than `life`, without the failed and the curtailed",
    section: "6",
    metrics: ["chips_energised", "chips_curtailed"],
    fields: fleetFields("commissioning", "life"),
  },
  pool: {
    text: "the average cost of the chips that wait, for those that get power",
    section: "9.1",
    metrics: [],
    fields: () => [],
  },
  book: {
    text: "the cost energised in each month, written down in equal parts from its productive month",
    section: "9.1",
    metrics: [],
    fields: fleetFields("commissioning", "book_life", "life"),
  },
  facility: {
    text: "the steps of the site's `power` at their cost per W of design IT, paid over the build time before each",
    section: "9.2",
    metrics: ["power_limit_mw"],
    fields: fieldsOfSite("tenure", "facility", "pue_design", "build_time", "delay", "book_life"),
  },
  residual: {
    text: "cost in service at the horizon's end less a straight line over economic life by age, and what is under construction",
    section: "9.3",
    metrics: [],
    fields: worth,
  },
  bind: {
    text: "the cause with the largest shortfall of facility power",
    section: "8",
    metrics: ["chips_stranded", "chips_held", "chips_unfunded", "chips_planned", "chips_due"],
    fields: () => [],
  },
  settle: {
    text: "each month's billable chip-hours through the lists of the fleets, intervals closed and relief counted",
    section: "10.1 and 10.2",
    metrics: ["contract_billable_chip_hours"],
    fields: (scenario, entity) => [...terms(scenario, entity), ...rates(scenario, entity)],
  },
  revenue: {
    text: "payments with the upfront payment spread evenly over the term",
    section: "10.4",
    metrics: ["contract_payment_usd"],
    fields: fieldsOfContract("upfront", "start", "term"),
  },
  status: {
    text: "the month against start and term, and whether anything of the commitment remains",
    section: "10.2",
    metrics: ["contract_remaining_usd"],
    fields: fieldsOfContract("start", "term"),
  },
  commitment: {
    text: "the commitment; one of usage at the mean rate of its first month",
    section: "10.2",
    metrics: [],
    fields: fieldsOfContract("category", "commitment", "start"),
  },
  term: {
    text: "the sum over the months of the term and over the parts whose list names the contract",
    section: "10.3",
    metrics: [],
    fields: (scenario, entity) => [
      ...fieldsOfContract("start", "term", "contracted_availability", "escalation")(scenario, entity),
      ...rates(scenario, entity),
    ],
  },
  burn: {
    text: "one less what remains over the commitment, in money or chip-hours",
    section: "10.2",
    metrics: ["contract_remaining_usd"],
    fields: fieldsOfContract("commitment"),
  },
  unsettled: {
    text: "payments in the months simulated after the horizon",
    section: "10.2",
    metrics: [],
    fields: fieldsOfContract("commitment", "start", "term"),
  },
  exhaustion: {
    text: "the first month in which nothing of the commitment remains",
    section: "10.2",
    metrics: [],
    fields: fieldsOfContract("commitment", "start", "term"),
  },
  tranche: {
    text: "the first month whose end meets the condition in time, and the amount so much later",
    section: "10.5",
    metrics: [],
    fields: fieldsOfTranche("amount", "when", "before", "lag"),
  },
  returns: {
    text: "the running sum of net cash, opening included, over the horizon",
    section: "10.4",
    metrics: [],
    fields: () => [],
  },
};
