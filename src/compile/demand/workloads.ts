import type { Scenario } from "../../scenario/scenario.ts";
import type { Part } from "../parts.ts";

/** One line of work, as the engine assigns it. */
export type Workload = {
  readonly name: string;
  readonly kind: "inference" | "training" | "stateful";
  readonly model: string;
  readonly priority: number;
  readonly deferrable: boolean;
  /** Where idle sessions keep their state. */
  readonly tier: "none" | "hbm" | "host" | "storage";
};

/** A workload on a part that it may run on. */
export type Pair = { readonly workload: Workload; readonly part: Part };

/** The workloads of a scenario in order of priority, equal ones by name. */
export function listWorkloads(scenario: Scenario): readonly Workload[] {
  const workloads = scenario.names.workloads.map((name) => {
    const field = (key: string) => scenario.fields.get(`workloads.${name}.${key}`);
    const kind = (field("kind")?.choice ?? "inference") as Workload["kind"];
    const tier = (field("tier")?.choice ?? "none") as Workload["tier"];
    return {
      name,
      kind,
      model: field("model")?.choice ?? "",
      priority: field("priority")?.integer ?? 0,
      deferrable: field("deferrable")?.boolean === true,
      tier: kind === "stateful" ? tier : "none",
    };
  });
  return workloads.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
}

/** Every workload on every part that it may run on, in order of priority and of the parts' names. */
export function listPairs(
  scenario: Scenario,
  workloads: readonly Workload[],
  parts: readonly Part[],
): readonly Pair[] {
  return workloads.flatMap((workload) => {
    const fleets = scenario.fields.get(`workloads.${workload.name}.fleets`)?.texts;
    return parts
      .filter((part) => fleets === undefined || fleets.includes(part.fleet))
      .map((part) => ({ workload, part }));
  });
}
