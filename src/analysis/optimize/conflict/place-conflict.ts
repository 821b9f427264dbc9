import type { RelatedPlace, Span } from "../../../diagnostics/diagnostic.ts";
import { listWords } from "../../../scenario/fields/words.ts";
import { formatMonth } from "../../../scenario/language/format-expr.ts";
import { keySpanAt } from "../../../scenario/read/check-context.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import { formatQuantity } from "../../../units/format.ts";
import { groupLimits, type Limit, subjectOf } from "../limits.ts";
import type { Situation } from "../situation.ts";

/** Where limits in conflict are written, and what would let a plan meet them. */
export type PlacedConflict = {
  readonly span?: Span;
  readonly related: readonly RelatedPlace[];
  readonly help: string;
};

/**
 * Finds the lines that state the limits of a minimal conflicting set, and says how to relax them: a plan exists as soon as any one of
 * them is dropped. For the power of a site it also says from which month there is more, because most plans fail in the months before.
 *
 * @param conflict limits in conflict, at least one
 *
 * Fails: never.
 */
export function placeConflict(situation: Situation, conflict: readonly Limit[]): PlacedConflict {
  const { scenario } = situation;
  const groups = groupLimits(conflict);
  const places = groups.map((group) => ({
    span: placeOf(scenario, group[0]),
    note: group[0].kind === "power" ? powerText(situation, group[0]) : subjectOf(group[0]),
  }));
  // What is asked for stands behind the power that it needs.
  const main = places.filter(({ span }) => span !== undefined).at(-1);
  const related = places.filter((place) => place !== main && place.span !== undefined);
  const ways = groups.flatMap(([limit]) => waysOut(limit));
  const help = listWords([...new Set(ways)], "or");
  return { ...(main?.span ? { span: main.span } : {}), related, help };
}

/** The line that states a limit; none for one of the command line, or of the scenario's own plan. */
function placeOf({ fields, tree }: Scenario, { kind, name }: Limit): Span | undefined {
  const path = PATHS[kind](name);
  return fields.get(path)?.origin.span ?? keySpanAt(tree, path.split("."));
}

const PATHS: Readonly<Record<Limit["kind"], (name: string) => string>> = {
  power: (site) => `sites.${site}.power`,
  supply: () => "optimize.supply",
  chip_supply: (chip) => `optimize.chip_supply.${chip}`,
  budget: () => "optimize.budget",
  cost: () => "",
  min_share: (chip) => `optimize.min_share.${chip}`,
  max_share: (chip) => `optimize.max_share.${chip}`,
  vendor_spend: (vendor) => `optimize.vendor_spend.${vendor}`,
  commitment: (contract) => `contracts.${contract}.commitment`,
  serve: (workload) => `workloads.${workload}`,
};

/** Power that the fleets to plan may use in the month of a limit, and the month from which it is more. */
function powerText({ freePower, firstMonth }: Situation, { name, period }: Limit): string {
  const free = freePower.get(name) ?? new Float64Array();
  const at = free.findIndex((_, month) => formatMonth(firstMonth + month) === period);
  const now = free[at] ?? 0;
  const later = free.findIndex((power, month) => month > at && power > now);
  const more =
    later < 0
      ? "and no more later"
      : `${formatQuantity(free[later], "power")} from ${formatMonth(firstMonth + later)}`;
  return `\`sites.${name}\` has ${formatQuantity(now, "power")} free in ${period}, ${more}, after its delay`;
}

function waysOut({ kind, name, period }: Limit): readonly string[] {
  switch (kind) {
    case "power":
      return [`give \`sites.${name}\` more power by ${period}`];
    case "serve":
      return [`ask for \`workloads.${name}\` later`, "for less of it under `optimize.serve`"];
    case "supply":
      return ["ask for less or later in `optimize.supply`"];
    case "commitment":
      return [`begin \`contracts.${name}\` later`];
    case "min_share":
    case "vendor_spend":
      return [`lower \`${PATHS[kind](name)}\``];
    default:
      return [`raise \`${PATHS[kind](name)}\``];
  }
}
