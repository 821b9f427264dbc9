import { deliveryField } from "../../scenario/compile/delivery-fields.ts";
import type { Entity } from "../../scenario/compile/formula-inputs.ts";
import type { Part } from "../../scenario/compile/parts.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** What a trace says of a kernel of the engine, whose figures no formula takes apart. */
export type KernelWords = {
  /** What it makes its figures of. */
  readonly text: string;
  /** Section of docs/model.md with its equations. */
  readonly section: string;
  /** Metrics of the same entity that it reads. */
  readonly metrics: readonly string[];
  /** Paths of the fields that it reads, for a part or a site. */
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
    `chips.${chip}.failure_rate`,
    `chips.${chip}.it_power`,
    `sites.${site}.pue_design`,
  ];
});

const worth = (scenario: Scenario, entity: Entity): readonly string[] => [
  ...fleetFields("life", "economic_life", "residual_haircut")(scenario, entity),
  ...fieldsOfSite("economic_life", "delay", "residual_haircut")(scenario, entity),
];

/** Every kernel that the metric table names. */
export const KERNELS: Readonly<Record<string, KernelWords>> = {
  deliver: {
    text: "the part's size times the cumulative share of its delivery, after delay and not before the chip is available",
    section: "4",
    metrics: [],
    fields: delivery,
  },
  stock: {
    text: "the site's months one after another: retire, fail, land, energise by priority up to the power limit",
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
    metrics: ["chips_stranded", "chips_held", "chips_planned", "chips_due"],
    fields: () => [],
  },
};
