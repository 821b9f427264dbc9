import { type FieldPath, pathOf } from "./fields/index.ts";
import type { Scenario } from "./scenario.ts";

/** How a workload is served where neither it nor a stack says. */
const PLAIN = { mode: "aggregated", attention: "tensor" } as const;

const OWN = {
  mode: "workloads.*.serving.mode",
  attention: "workloads.*.serving.attention",
} as const satisfies Record<string, FieldPath>;

const OF_STACK = { mode: "stacks.*.mode", attention: "stacks.*.attention" } as const satisfies Record<
  string,
  FieldPath
>;

/** The parts of a scenario that say how its models are served. */
type ServedScenario = Pick<Scenario, "fields"> & { readonly names: { readonly stacks: readonly string[] } };

/** Reads a choice of a scenario, and may record that it did. */
export type ReadChoice = (row: FieldPath, ...names: readonly string[]) => string | undefined;

/** The stack that serves a workload: the one it names, else the default of its model's class, else none. */
export function stackOf(scenario: ServedScenario, workload: string, read: ReadChoice): string | undefined {
  const named = read("workloads.*.serving.stack", workload);
  if (named !== undefined) return named;
  const kind = isMixture(scenario, workload) ? "mixture" : "dense";
  return scenario.names.stacks.find((stack) => read("stacks.*.default_for", stack) === kind);
}

/** What the workload itself says of how it is served, else its stack, else the plain way. */
export function servingWord(
  scenario: ServedScenario,
  workload: string,
  field: "mode" | "attention",
  read: ReadChoice,
): string {
  const own = read(OWN[field], workload);
  if (own !== undefined) return own;
  const stack = stackOf(scenario, workload, read);
  return (stack === undefined ? undefined : read(OF_STACK[field], stack)) ?? PLAIN[field];
}

/** True where the workload's model is a mixture of experts. */
export function isMixture({ fields }: Pick<Scenario, "fields">, workload: string): boolean {
  const model = fields.get(pathOf("workloads.*.model", workload))?.choice ?? "";
  return fields.has(pathOf("models.*.experts", model));
}
