import type { SumOver } from "../../metrics/formula.ts";
import type { MetricLevel } from "../../metrics/metric.ts";
import type { Scenario } from "../scenario.ts";
import type { Part } from "./parts.ts";

/** What a formula is being lowered for. */
export type Entity =
  | { readonly level: "part"; readonly part: Part }
  | { readonly level: "fleet"; readonly fleet: string }
  | { readonly level: "site"; readonly site: string }
  | { readonly level: "contract"; readonly contract: string }
  | { readonly level: "tranche"; readonly tranche: string }
  | { readonly level: "total" }
  | { readonly level: "run" };

/** What sums go over: a scenario's names and its parts. */
export type EntitySource = { readonly names: Scenario["names"]; readonly parts: readonly Part[] };

/** What a metric of a level adds over to make the total. */
const SUMMED_OVER: Readonly<Partial<Record<MetricLevel, SumOver>>> = {
  contract: "contracts",
  tranche: "tranches",
};

/** Over what the total of a metric is the sum: sites, unless the metric is of contracts or tranches. */
export function summedOver(level: MetricLevel): SumOver {
  return SUMMED_OVER[level] ?? "sites";
}

/** Entities that a sum goes over, those inside an entity, in the order in which they are summed. */
export function membersOf({ names, parts }: EntitySource, over: SumOver, entity: Entity): readonly Entity[] {
  switch (over) {
    case "sites":
      return names.sites.map((site) => ({ level: "site", site }));
    case "contracts":
      return names.contracts.map((contract) => ({ level: "contract", contract }));
    case "tranches":
      return names.financing.map((tranche) => ({ level: "tranche", tranche }));
    case "parts":
      return parts.filter((part) => isInside(part, entity)).map((part) => ({ level: "part", part }));
  }
}

/** Every entity that has columns, parts first. */
export function listEntities({ names, parts }: EntitySource): readonly Entity[] {
  const { sites, contracts, financing } = names;
  return [
    ...parts.map((part) => ({ level: "part" as const, part })),
    ...sites.map((site) => ({ level: "site" as const, site })),
    ...contracts.map((contract) => ({ level: "contract" as const, contract })),
    ...financing.map((tranche) => ({ level: "tranche" as const, tranche })),
    { level: "total" },
    { level: "run" },
  ];
}

function isInside(part: Part, entity: Entity): boolean {
  if (entity.level === "site") return part.site === entity.site;
  return entity.level === "fleet" ? part.fleet === entity.fleet : true;
}
