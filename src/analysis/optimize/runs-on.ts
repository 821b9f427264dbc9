import { listParts } from "../../compile/parts.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** The inputs that decide which workloads a new fleet runs. */
export type NewFleet = { readonly chip: string; readonly template: string };

/** Whether a workload may run on a fleet. */
function mayRun({ fields }: Scenario, workload: string, fleet: string): boolean {
  return fields.get(`workloads.${workload}.fleets`)?.texts?.includes(fleet) ?? true;
}

/**
 * Workloads of a new fleet: those of a replaced fleet with its chip or, if none has the chip, those of the fleet that
 * supplies its other fields.
 *
 * Fails: never.
 */
export function workloadsOn(
  scenario: Scenario,
  replaced: readonly string[],
  { chip, template }: NewFleet,
): readonly string[] {
  const before = listParts(scenario).filter((part) => replaced.includes(part.fleet) && part.chip === chip);
  const fleets = before.length > 0 ? before.map(({ fleet }) => fleet) : [template];
  return scenario.names.workloads.filter((workload) =>
    fleets.some((fleet) => mayRun(scenario, workload, fleet)),
  );
}
