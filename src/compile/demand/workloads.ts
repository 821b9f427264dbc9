import { type FieldPath, pathOf } from "../../scenario/fields/index.ts";
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
  /** Fleets that it may run on; all where absent. */
  readonly fleets: readonly string[] | undefined;
};

/** A workload on a part that it may run on. */
export type Pair = { readonly workload: Workload; readonly part: Part };

/** The workloads of a scenario in order of priority, equal ones by name. */
export function listWorkloads(scenario: Scenario): readonly Workload[] {
  const workloads = scenario.names.workloads.map((name) => {
    const field = (row: FieldPath) => scenario.fields.get(pathOf(row, name));
    const kind = (field("workloads.*.kind")?.choice ?? "inference") as Workload["kind"];
    const tier = (field("workloads.*.tier")?.choice ?? "none") as Workload["tier"];
    return {
      name,
      kind,
      model: field("workloads.*.model")?.choice ?? "",
      priority: field("workloads.*.priority")?.integer ?? 0,
      deferrable: field("workloads.*.deferrable")?.boolean === true,
      tier: kind === "stateful" ? tier : "none",
      fleets: field("workloads.*.fleets")?.texts,
    };
  });
  return inOrderOfPriority(workloads);
}

/** Workloads as they take chips: by priority, equal ones by name. */
export function inOrderOfPriority(workloads: readonly Workload[]): readonly Workload[] {
  return [...workloads].sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
}

/** Every workload on every part that it may run on, in order of priority and of the parts' names. */
export function listPairs(workloads: readonly Workload[], parts: readonly Part[]): readonly Pair[] {
  return workloads.flatMap((workload) =>
    parts.filter((part) => workload.fleets?.includes(part.fleet) ?? true).map((part) => ({ workload, part })),
  );
}
