import type { Results } from "../../analysis/results/results.ts";
import type { TraceNode } from "../../analysis/trace/trace-node.ts";
import { sampleWords, writeCommand } from "../../report/origin.ts";
import { fileNameOf } from "../../scenario/files/resolve-path.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Plan } from "../messages.ts";
import type { FigureTracer } from "./figure-trace.ts";

/** A question that cannot be answered, in words for the reader. */
export class Refusal extends Error {}

/** A question that a change of the plan called off. */
export class CalledOff extends Refusal {}

/** A run whose answer is on the page. */
export type Shown = {
  readonly plan: Plan;
  readonly scenario: Scenario;
  results: Results;
  isFinal: boolean;
  readonly tracer: FigureTracer;
  /** The last figure taken apart. */
  tree?: TraceNode;
  /** The run with the statistics of all tables, once files were asked for. */
  toFile?: { readonly scenario: Scenario; readonly results: Results };
};

/** The command that computes the same. */
export function commandOf({ plan, results }: Pick<Shown, "plan" | "results">): string {
  const sets = plan.sets.flatMap((set) => ["--set", set]);
  return writeCommand("run", [fileNameOf(plan.file), ...sets, ...sampleWords(results.spread)]);
}
