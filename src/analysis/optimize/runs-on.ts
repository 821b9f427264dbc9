import { listParts } from "../../compile/parts.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** What decides which workloads a new fleet runs. */
export type NewFleet = { readonly chip: string; readonly template: string };

/** Whether a workload may run on a fleet. */
function mayRun({ fields }: Scenario, workload: string, fleet: string): boolean {
  return fields.get(`workloads.${workload}.fleets`)?.texts?.includes(fleet) ?? true;
}

/**
 * Workloads that a new fleet runs: those that a replaced fleet with its chip may run on, or, where none has the chip, those of the
 * fleet whose other fields it takes over.
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
