import type { SumOver } from "../metrics/formula.ts";
import type { MetricLevel } from "../metrics/metric.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { listPairs, listWorkloads, type Pair, type Workload } from "./demand/workloads.ts";
import { listParts, type Part } from "./parts.ts";

/** The entity that a formula is lowered for. */
export type Entity =
  | { readonly level: "part"; readonly part: Part }
  | { readonly level: "fleet"; readonly fleet: string }
  | { readonly level: "site"; readonly site: string }
  | { readonly level: "contract"; readonly contract: string }
  | { readonly level: "tranche"; readonly tranche: string }
  | { readonly level: "loan"; readonly loan: string }
  | { readonly level: "total" }
  | { readonly level: "run" }
  | { readonly level: "workload"; readonly workload: Workload }
  | ({ readonly level: "assignment" } & Pair);

/** What sums go over: a scenario's names and its parts. */
export type EntitySource = {
  readonly names: Scenario["names"];
  readonly parts: readonly Part[];
  readonly workloads: readonly Workload[];
  readonly pairs: readonly Pair[];
};

/** What the sums of a scenario go over. */
export function entitySourceOf(scenario: Scenario): EntitySource {
  const parts = listParts(scenario);
  const workloads = listWorkloads(scenario);
  return { names: scenario.names, parts, workloads, pairs: listPairs(workloads, parts) };
}

/** What a metric of a level adds over to make the total. */
const SUMMED_OVER: Readonly<Partial<Record<MetricLevel, SumOver>>> = {
  contract: "contracts",
  tranche: "tranches",
  loan: "loans",
  workload: "workloads",
};

/** The entities that a total adds up: sites, or else contracts, tranches, loans or workloads. */
export function summedOver(level: MetricLevel): SumOver {
  return SUMMED_OVER[level] ?? "sites";
}

/** Entities that a sum goes over, those inside an entity, in the order in which they are summed. */
export function membersOf(source: EntitySource, over: SumOver, entity: Entity): readonly Entity[] {
  const { names, parts, workloads } = source;
  switch (over) {
    case "sites":
      return names.sites.map((site) => ({ level: "site", site }));
    case "contracts":
      return names.contracts.map((contract) => ({ level: "contract", contract }));
    case "tranches":
      return names.financing.map((tranche) => ({ level: "tranche", tranche }));
    case "loans":
      return names.debt.map((loan) => ({ level: "loan", loan }));
    case "workloads":
      return workloads.map((workload) => ({ level: "workload", workload }));
    case "assignments": {
      // Looked at here alone, because a look at the pairs is recorded as a read of what they come from.
      const pairs = source.pairs.filter((pair) => isOf(pair, entity));
      return pairs.map((pair) => ({ level: "assignment", ...pair }));
    }
    case "parts":
      return parts.filter((part) => isInside(part, entity)).map((part) => ({ level: "part", part }));
  }
}

/** Name of an entity as columns carry it; empty for the total and the run. */
export function entityKey(entity: Entity): string {
  switch (entity.level) {
    case "part":
      return entity.part.key;
    case "fleet":
      return entity.fleet;
    case "site":
      return entity.site;
    case "contract":
      return entity.contract;
    case "tranche":
      return entity.tranche;
    case "loan":
      return entity.loan;
    case "workload":
      return entity.workload.name;
    case "assignment":
      return `${entity.workload.name}/${entity.part.key}`;
    default:
      return "";
  }
}

/** Every entity that has columns, parts first. */
export function listEntities({ names, parts, workloads, pairs }: EntitySource): readonly Entity[] {
  const { sites, contracts, financing, debt } = names;
  return [
    ...parts.map((part) => ({ level: "part" as const, part })),
    ...sites.map((site) => ({ level: "site" as const, site })),
    ...contracts.map((contract) => ({ level: "contract" as const, contract })),
    ...financing.map((tranche) => ({ level: "tranche" as const, tranche })),
    ...debt.map((loan) => ({ level: "loan" as const, loan })),
    { level: "total" },
    { level: "run" },
    ...workloads.map((workload) => ({ level: "workload" as const, workload })),
    ...pairs.map((pair) => ({ level: "assignment" as const, ...pair })),
  ];
}

function isInside(part: Part, entity: Entity): boolean {
  if (entity.level === "site") return part.site === entity.site;
  return entity.level === "fleet" ? part.fleet === entity.fleet : true;
}

/** Whether a pair is a part's or a workload's; of anything larger all are. */
function isOf({ workload, part }: Pair, entity: Entity): boolean {
  if (entity.level === "workload") return workload.name === entity.workload.name;
  return entity.level === "part" ? part.key === entity.part.key : true;
}
