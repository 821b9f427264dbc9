import { listParts } from "../../compile/parts.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { pathOf } from "../../scenario/fields/index.ts";
import { statesRead } from "../../scenario/language/evaluate.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { purchaserOf } from "../../scenario/tenure.ts";
import type { Book } from "../results/book.ts";

/** The objective. */
export type Goal = "minimize_cost" | "maximize_effective_fp4";

/** Kinds of limits that may be left out. */
export const LIMIT_KINDS = [
  "power",
  "chip_supply",
  "budget",
  "shares",
  "commitments",
  "vendor_spend",
] as const;
/** The quantity that a limit bounds. */
export type LimitKind = (typeof LIMIT_KINDS)[number];

/** The section `optimize` of a scenario, with defaults filled in. */
export type Task = {
  readonly goal: Goal;
  readonly book: Book;
  /** Fleets planned anew; at least one. */
  readonly replaced: readonly string[];
  readonly chips: readonly string[];
  readonly sites: readonly string[];
  readonly byQuarter: boolean;
  readonly supplyPerYear: boolean;
  readonly countsResidual: boolean;
  /** Whether the plan must use up the commitments; otherwise shortfalls are paid, in the buyer's book. */
  readonly usesCommitments: boolean;
  /** Budget in the book as a present value, for most compute [USD]; by default the cost of the scenario's own plan. */
  readonly budgetPv?: number;
  readonly without: ReadonlySet<LimitKind>;
};

/** The task as given on the command line. */
export type TaskOptions = {
  readonly goal: Goal;
  readonly book?: Book;
  readonly budgetPv?: number;
  readonly without?: readonly LimitKind[];
};

/**
 * Reads the section `optimize`, whose names were checked with the scenario, and takes defaults from its fleets.
 *
 * Fails: never; faults are returned.
 */
export function readTask(
  scenario: Scenario,
  { goal, book = "provider", budgetPv, without = [] }: TaskOptions,
): { readonly task?: Task; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const { fields, names } = scenario;
  const replaced = fields.get("optimize.replace")?.texts ?? names.fleets;
  const parts = listParts(scenario).filter((part) => replaced.includes(part.fleet));
  const unique = (all: readonly string[]) => [...new Set(all)].sort();
  const chips = fields.get("optimize.chips")?.texts ?? unique(parts.map((part) => part.chip));
  const sites = fields.get("optimize.sites")?.texts ?? unique(parts.map((part) => part.site));
  const isEmpty = replaced.length === 0;
  if (isEmpty || chips.length === 0 || sites.length === 0) {
    const reason = isEmpty
      ? "there are no fleets to plan anew"
      : chips.length === 0
        ? "there are no chips to choose from"
        : "there are no sites to place them in";
    diagnostics.push(diagnose("unfit-program", { values: { reason }, path: "optimize" }));
  }
  diagnostics.push(...refuseBuyersChips(scenario, replaced), ...refuseConditions(scenario, replaced));
  if (diagnostics.length > 0) return { diagnostics };
  const task: Task = {
    goal,
    book,
    replaced,
    chips: unique(chips),
    sites: unique(sites),
    byQuarter: fields.get("optimize.landing")?.choice === "quarter",
    supplyPerYear: fields.get("optimize.supply_per")?.choice === "year",
    countsResidual: fields.get("optimize.residual")?.choice === "counted",
    usesCommitments: fields.get("optimize.commitments")?.choice === "used",
    without: new Set(without),
    ...(budgetPv === undefined ? {} : { budgetPv }),
  };
  return { task, diagnostics };
}

/** Refuses to plan a fleet of the buyer's chips anew: the search buys chips for the provider. */
function refuseBuyersChips({ fields }: Scenario, replaced: readonly string[]): readonly Diagnostic[] {
  const fleet = replaced.find((name) => purchaserOf(fields, name) === "buyer");
  if (fleet === undefined) return [];
  const path = pathOf("fleets.*.owner", fleet);
  const reason = `the chips of \`${fleet}\` are the buyer's, and a plan buys chips for the provider`;
  const help = "keep the fleet: name the others in `optimize.replace`";
  return [diagnose("unfit-program", { values: { reason }, path, span: fields.get(path)?.origin.span, help })];
}

/** Conditions and events that read a fleet planned anew: what they are about is gone from the plan. */
function refuseConditions({ fields }: Scenario, replaced: readonly string[]): readonly Diagnostic[] {
  return [...fields.values()].flatMap(({ path, expr, origin }) => {
    const names = expr ? statesRead(expr) : [];
    const fleet = replaced.find((name) => names.some((state) => state.startsWith(`fleets.${name}.`)));
    if (fleet === undefined) return [];
    const reason = `\`${path}\` reads the fleet \`${fleet}\`, which is planned anew and has no successor of that name`;
    const help = `keep the fleet (leave it out of \`optimize.replace\`), or let the condition read a figure of the whole, such as \`total.facility_power\``;
    return [diagnose("unfit-program", { values: { reason }, path, span: origin.span, help })];
  });
}
