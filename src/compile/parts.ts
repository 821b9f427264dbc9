import { compareText } from "../diagnostics/diagnostic.ts";
import { type FieldPath, pathOf } from "../scenario/fields/index.ts";
import type { FieldValue, Scenario } from "../scenario/scenario.ts";

/** One chip of one fleet: what the engine simulates, and a row of fleets.csv. */
export type Part = {
  /** `fleet/chip`, unique. */
  readonly key: string;
  readonly fleet: string;
  readonly chip: string;
  readonly site: string;
  readonly priority: number;
  /** Whether the fleet buys it, or only replaces retired chips with it. */
  readonly bought: boolean;
  /** Whether the fleet is a mix. */
  readonly mixed: boolean;
  /** Chip that replaces what retires. */
  readonly successor: string | undefined;
};

/** Parts and mixes by scenario: finding them takes a walk over all fields, and a scenario never changes. */
const knownParts = new WeakMap<Scenario, readonly Part[]>();
const knownMixes = new WeakMap<Scenario, ReadonlyMap<string, readonly string[]>>();

/** The parts of a scenario, sorted by fleet and chip. */
export function listParts(scenario: Scenario): readonly Part[] {
  const known = knownParts.get(scenario);
  if (known) return known;
  const parts = scenario.names.fleets.flatMap((fleet) => partsOfFleet(scenario, fleet));
  parts.sort((a, b) => compareText(a.fleet, b.fleet) || compareText(a.chip, b.chip));
  knownParts.set(scenario, parts);
  return parts;
}

/** Chips of a fleet's mix, in sorted order; empty where the fleet has one chip. */
export function mixOf(scenario: Scenario, fleet: string): readonly string[] {
  let mixes = knownMixes.get(scenario);
  if (!mixes) {
    mixes = listMixes(scenario);
    knownMixes.set(scenario, mixes);
  }
  return mixes.get(fleet) ?? [];
}

function listMixes(scenario: Scenario): ReadonlyMap<string, readonly string[]> {
  const mixes = new Map<string, string[]>();
  for (const path of scenario.fields.keys()) {
    const [, fleet, chip] = /^fleets\.([^.]*)\.mix\.([^.]*)$/.exec(path) ?? [];
    if (fleet === undefined) continue;
    const mix = mixes.get(fleet);
    if (mix) mix.push(chip);
    else mixes.set(fleet, [chip]);
  }
  for (const mix of mixes.values()) mix.sort(compareText);
  return mixes;
}

function partsOfFleet(scenario: Scenario, fleet: string): Part[] {
  const { fields } = scenario;
  const word = (row: FieldPath) => fields.get(pathOf(row, fleet))?.choice;
  const mix = mixOf(scenario, fleet);
  const chips = mix.length > 0 ? mix : [word("fleets.*.chip") ?? ""];
  const successor = word("fleets.*.replacement.with");
  const common = {
    fleet,
    site: word("fleets.*.site") ?? "",
    priority: fields.get(pathOf("fleets.*.priority", fleet))?.integer ?? 0,
    mixed: mix.length > 0,
  };
  const parts = chips.map((chip) => ({ ...common, key: `${fleet}/${chip}`, chip, bought: true, successor }));
  if (successor === undefined || chips.includes(successor)) return parts;
  // A successor that the fleet does not buy is a part of its own, and renews itself with its own chip.
  return [...parts, { ...common, key: `${fleet}/${successor}`, chip: successor, bought: false, successor }];
}

/** Rows of a delivery: those of a fleet and of a member of its mix. */
const DELIVERY = {
  from: ["fleets.*.deliver.from", "fleets.*.mix.*.deliver.from"],
  to: ["fleets.*.deliver.to", "fleets.*.mix.*.deliver.to"],
  at: ["fleets.*.deliver.at", "fleets.*.mix.*.deliver.at"],
  schedule: ["fleets.*.deliver.schedule", "fleets.*.mix.*.deliver.schedule"],
  shape: ["fleets.*.deliver.shape", "fleets.*.mix.*.deliver.shape"],
  interpolate: ["fleets.*.deliver.interpolate", "fleets.*.mix.*.deliver.interpolate"],
  delay: ["fleets.*.deliver.delay", "fleets.*.mix.*.deliver.delay"],
  wait_for_power: ["fleets.*.deliver.wait_for_power", "fleets.*.mix.*.deliver.wait_for_power"],
} as const satisfies Readonly<Record<string, readonly [FieldPath, FieldPath]>>;

/** A field under `deliver`, of a fleet or of a member of its mix. */
export type DeliveryField = keyof typeof DELIVERY;

/** Fields that say when a delivery happens; a mix member that states one has a timing of its own. */
export const TIMING_FIELDS = ["from", "to", "at", "schedule"] as const satisfies readonly DeliveryField[];

/** A field of a part's delivery: the mix member's own, else the fleet's. */
export function deliveryField(
  fields: Scenario["fields"],
  { fleet, chip, mixed }: Part,
  name: DeliveryField,
): FieldValue | undefined {
  const ofFleet = fields.get(pathOf(DELIVERY[name][0], fleet));
  if (!mixed) return ofFleet;
  const stated = (field: DeliveryField) => {
    const value = fields.get(pathOf(DELIVERY[field][1], fleet, chip));
    return value?.origin.layer === "default" ? undefined : value;
  };
  const isTiming = (TIMING_FIELDS as readonly string[]).includes(name);
  if (isTiming && TIMING_FIELDS.some(stated)) return stated(name);
  return stated(name) ?? ofFleet;
}
