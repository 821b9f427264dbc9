import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { findMetric } from "../../metrics/index.ts";
import { keySpanAt } from "../../scenario/read/check-context.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { findColumn, type Results } from "./results.ts";

/** Why a workload gets nothing, by the cause that binds it. */
const REASONS: Readonly<Record<string, string>> = {
  chips: "no part it may run on has productive chips",
  fit: "the model, or a replica of the stated size, fits into no scale-up domain",
  latency: "no chip gives a user the required speed",
  contiguous: "no part has as many free chips as it needs at once",
  compute: "other work takes every chip",
  bandwidth: "other work takes every chip",
  memory: "other work takes every chip",
};

/**
 * Warns of workloads that require something and get nothing in the plain run: a typo in a speed or a number of chips looks
 * like a shortage.
 *
 * @param told existing diagnostics: a model without room is not reported twice
 * @return warnings that the scenario does not allow
 *
 * Fails: never.
 */
export function warnOfNeverServed(
  scenario: Scenario,
  results: Results,
  told: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (scenario.fields.get("allow")?.texts?.includes("never-served")) return [];
  return results.workloads.flatMap(({ name }) => {
    const column = (metric: string) => findColumn(results, "workload", metric, name) ?? new Float64Array();
    const isSome = (metric: string) => column(metric).some((value) => value > 0);
    if (!isSome("demand_required_units") || isSome("demand_served_units")) return [];
    const last =
      Array.from(column("demand_binding"))
        .filter((value) => value > 0)
        .at(-1) ?? 0;
    const cause = findMetric("demand_binding")?.words?.[last] ?? "none";
    const path = `workloads.${name}`;
    if (told.some((one) => one.code === "model-without-room" && one.path === path)) return [];
    const span = keySpanAt(scenario.tree, path.split("."));
    return diagnose("never-served", { values: { cause, reason: REASONS[cause] ?? "" }, path, span });
  });
}
