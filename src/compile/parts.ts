import type { Scenario } from "../scenario/scenario.ts";

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

/** What is asked for often, and costs a walk over all fields: once for a scenario, which never changes. */
const knownParts = new WeakMap<Scenario, readonly Part[]>();
const knownMixes = new WeakMap<Scenario, ReadonlyMap<string, readonly string[]>>();

/** The parts of a scenario, sorted by fleet and chip. */
export function listParts(scenario: Scenario): readonly Part[] {
  const known = knownParts.get(scenario);
  if (known) return known;
  const parts = scenario.names.fleets.flatMap((fleet) => partsOfFleet(scenario, fleet));
  parts.sort((a, b) => compare(a.fleet, b.fleet) || compare(a.chip, b.chip));
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
  for (const mix of mixes.values()) mix.sort(compare);
  return mixes;
}

function partsOfFleet(scenario: Scenario, fleet: string): Part[] {
  const word = (field: string) => scenario.fields.get(`fleets.${fleet}.${field}`)?.choice;
  const mix = mixOf(scenario, fleet);
  const chips = mix.length > 0 ? mix : [word("chip") ?? ""];
  const successor = word("replacement.with");
  const common = {
    fleet,
    site: word("site") ?? "",
    priority: scenario.fields.get(`fleets.${fleet}.priority`)?.integer ?? 0,
    mixed: mix.length > 0,
  };
  const parts = chips.map((chip) => ({ ...common, key: `${fleet}/${chip}`, chip, bought: true, successor }));
  if (successor === undefined || chips.includes(successor)) return parts;
  // A successor that the fleet does not buy is a part of its own, and renews itself with its own chip.
  return [...parts, { ...common, key: `${fleet}/${successor}`, chip: successor, bought: false, successor }];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
