import { compile } from "../../compile/compile.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { withNumber, withoutFleets } from "./derive-scenario.ts";
import type { Purchase } from "./purchases.ts";
import { runWindow } from "./read-coefficients.ts";
import type { Situation } from "./situation.ts";

/** A site whose power the plan pays for and does not use. */
export type EmptySite = {
  readonly site: string;
  /** Largest power limit of the horizon [W]. */
  readonly power: number;
  /** Present value of what the provider pays for it [USD]. */
  readonly costPv: number;
};

/**
 * Lists sites where a plan has no chips at all. The power of sites is the scenario's and no decision of the program, so that
 * the plan pays for them all the same.
 *
 * Fails: never. Cost: a plain run a site, and one.
 */
export function listEmptySites(
  { scenario, task }: Situation,
  purchases: readonly Purchase[],
): readonly EmptySite[] {
  const kept = withoutFleets(scenario, task.replaced);
  const used = new Set([
    ...kept.names.fleets.map((fleet) => kept.fields.get(`fleets.${fleet}.site`)?.choice),
    ...purchases.map(({ site }) => site),
  ]);
  const empty = scenario.names.sites.filter((site) => !used.has(site));
  if (empty.length === 0) return [];
  const whole = costOf(kept);
  return empty
    .map((site) => ({
      site,
      power: mostPower(scenario, site),
      costPv: whole - costOf(withoutPower(kept, site)),
    }))
    .filter(({ costPv }) => costPv > 0);
}

function mostPower(scenario: Scenario, site: string): number {
  const months = Array.from({ length: scenario.monthCount }, (_, month) => scenario.startMonth + month);
  return Math.max(...months.map((month) => plainValue(scenario, `sites.${site}.power`, month) ?? 0));
}

function withoutPower(scenario: Scenario, site: string): Scenario {
  const path = `sites.${site}.power`;
  const power = scenario.fields.get(path);
  return power
    ? { ...scenario, fields: new Map([...scenario.fields, [path, withNumber(power, 0)]]) }
    : scenario;
}

function costOf(scenario: Scenario): number {
  const plan = compile(scenario, { metrics: ["cost_provider_pv_usd"], levels: ["run"] });
  const { columns } = runWindow(plan, [scenario.startMonth]);
  return columns[0]?.[0] ?? 0;
}
