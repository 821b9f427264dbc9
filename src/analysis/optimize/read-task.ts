import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { listParts } from "../../scenario/compile/parts.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** What to look for. */
export type Goal = "minimize_cost" | "maximize_effective_fp4";

/** Kinds of limits that may be left out. */
export const LIMIT_KINDS = ["power", "chip_supply", "budget", "shares"] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

/** The section `optimize` of a scenario, with what it leaves unsaid filled in. */
export type Task = {
  readonly goal: Goal;
  /** Fleets planned anew, at least one. */
  readonly replaced: readonly string[];
  readonly chips: readonly string[];
  readonly sites: readonly string[];
  readonly byQuarter: boolean;
  readonly supplyPerYear: boolean;
  readonly countsResidual: boolean;
  /** Present value that may be spent, for the goal of most compute [USD]; that of the scenario's own plan if absent. */
  readonly budgetPv?: number;
  readonly without: ReadonlySet<LimitKind>;
};

/** What the command line says of a task. */
export type TaskOptions = {
  readonly goal: Goal;
  readonly budgetPv?: number;
  readonly without?: readonly LimitKind[];
};

/**
 * Reads the section `optimize`: names are checked, and what is not said is taken from the fleets of the scenario.
 *
 * Fails: never; faults are given back.
 */
export function readTask(
  scenario: Scenario,
  { goal, budgetPv, without = [] }: TaskOptions,
): { readonly task?: Task; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const { fields, names } = scenario;
  const listOf = (field: string, known: readonly string[], kind: string): readonly string[] | undefined => {
    const value = fields.get(`optimize.${field}`);
    for (const name of value?.texts ?? []) {
      if (known.includes(name)) continue;
      const expected =
        nearest(name, known)
          .map((near) => `\`${near}\``)
          .join(", ") || undefined;
      const place = { path: `optimize.${field}`, span: value?.origin.span, expected };
      diagnostics.push(
        kind === "chip"
          ? diagnose("unknown-chip", { values: { name }, ...place })
          : diagnose("unknown-reference", { values: { kind, name }, ...place }),
      );
    }
    return value?.texts;
  };
  const replaced = listOf("replace", names.fleets, "fleet") ?? names.fleets;
  const parts = listParts(scenario).filter((part) => replaced.includes(part.fleet));
  const unique = (all: readonly string[]) => [...new Set(all)].sort();
  const chips = listOf("chips", names.chips, "chip") ?? unique(parts.map((part) => part.chip));
  const sites = listOf("sites", names.sites, "site") ?? unique(parts.map((part) => part.site));
  for (const [path, value] of fields) {
    const [, chip] = /^optimize\.(?:chip_supply|min_share|max_share)\.(.*)$/.exec(path) ?? [];
    if (chip === undefined || names.chips.includes(chip)) continue;
    const expected =
      nearest(chip, names.chips)
        .map((near) => `\`${near}\``)
        .join(", ") || undefined;
    diagnostics.push(
      diagnose("unknown-chip", { values: { name: chip }, path, span: value.origin.span, expected }),
    );
  }
  const isEmpty = replaced.length === 0;
  if (isEmpty || chips.length === 0 || sites.length === 0) {
    const reason = isEmpty
      ? "there are no fleets to plan anew"
      : chips.length === 0
        ? "there are no chips to choose from"
        : "there are no sites to place them in";
    diagnostics.push(diagnose("unfit-program", { values: { reason }, path: "optimize" }));
  }
  if (diagnostics.length > 0) return { diagnostics };
  const task: Task = {
    goal,
    replaced,
    chips: unique(chips),
    sites: unique(sites),
    byQuarter: fields.get("optimize.landing")?.choice === "quarter",
    supplyPerYear: fields.get("optimize.supply_per")?.choice === "year",
    countsResidual: fields.get("optimize.residual")?.choice === "counted",
    without: new Set(without),
    ...(budgetPv === undefined ? {} : { budgetPv }),
  };
  return { task, diagnostics };
}

/** Rules of the model that a program leaves out, in the words of the scenario. */
export function rulesLeftOut(scenario: Scenario, { replaced }: Task): readonly string[] {
  const has = (field: string) =>
    replaced.some((fleet) =>
      [...scenario.fields.keys()].some((path) => path.startsWith(`fleets.${fleet}.${field}`)),
    );
  return [
    ...(has("replacement.with")
      ? ["`replacement`: what retires is not replaced of itself; the program buys anew instead"]
      : []),
    ...(has("deliver.wait_for_power")
      ? ["`wait_for_power`: the program never lands a chip without power"]
      : []),
    ...(has("procurement")
      ? ["`procurement`: new fleets have no contract, so the buyer's book and the commitments are left out"]
      : []),
    ...(has("funded_by") ? ["`funded_by`: new fleets do not wait for a financing tranche"] : []),
    ...(replaced.length > 1
      ? ["life, goodput and the like: a new fleet has those of the first fleet replaced at its site"]
      : []),
  ];
}
