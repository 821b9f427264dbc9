import { assign, CODES, type Register } from "../../engine/index.ts";
import { onceForAll } from "../compilation.ts";
import { atStart, type Inputs } from "../inputs.ts";
import type { Part } from "../parts.ts";
import { hoursOf } from "../window.ts";
import { serviceOf } from "./measured.ts";
import { windowOf } from "./requirements.ts";
import { inOrderOfPriority, type Pair, type Workload } from "./workloads.ts";

/** What the assign kernel makes, by pair, workload and part. */
export type Assigned = {
  readonly pairs: ReadonlyMap<Pair, { readonly held: Register; readonly served: Register }>;
  readonly workloads: ReadonlyMap<
    Workload,
    { readonly unserved: Register; readonly backlog: Register; readonly bound: Register }
  >;
  /** 0, or (rank of the workload + 1) x CODES + code. */
  readonly parts: ReadonlyMap<Part, Register>;
};

/** Who gets which chips (docs/model.md sections 15.6 and 15.7). */
export const assigned = onceForAll((compilation): Assigned => {
  const { inputs, entities, metric } = compilation;
  const { builder } = inputs.context;
  const ordered = inOrderOfPriority(entities.workloads);
  const hours = hoursOf(inputs.context);
  const parts = entities.parts.map((part) => ({
    productive: metric("chips_productive", { level: "part", part }),
  }));
  const workloads = ordered.map((workload, index) => ({
    hours,
    required: metric("demand_required_units", { level: "workload", workload }),
    peak: inputs.number("workloads.*.peak_over_mean", workload.name),
    // Worth at `start` settles who takes which chips, in every month alike.
    value: atStart(inputs.context, inputs.number("workloads.*.value", workload.name)),
    minimum: inputs.number("workloads.*.min_chips", workload.name),
    deferrable: workload.deferrable,
    isLost: lastMonth(inputs, workload) < 0,
    last: lastMonth(inputs, workload),
    code: (index + 1) * CODES,
    pairs: rangeOf(workload, entities.pairs),
    slots: rangeOf(workload, entities.pairs),
  }));
  const pairs = entities.pairs.map((pair, index) => ({
    part: entities.parts.indexOf(pair.part),
    place: index - rangeOf(pair.workload, entities.pairs)[0],
    rate: metric("rate_units_per_chip_hour", { level: "assignment", ...pair }),
    limit: serviceOf(compilation, pair).bound,
  }));
  const slots = pairs.map(({ place }) => ({ rank: place }));
  const made = builder.kernel(assign, { parts, workloads, pairs, slots });
  return {
    pairs: new Map(entities.pairs.map((pair, index) => [pair, made.pairs[index]])),
    workloads: new Map(ordered.map((workload, index) => [workload, made.workloads[index]])),
    parts: new Map(entities.parts.map((part, index) => [part, made.parts[index].bound])),
  };
});

/** Positions of a workload's pairs, which stand together. */
function rangeOf(workload: Workload, pairs: readonly Pair[]): readonly [from: number, end: number] {
  const first = Math.max(
    0,
    pairs.findIndex((pair) => pair.workload === workload),
  );
  return [first, first + pairs.filter((pair) => pair.workload === workload).length];
}

/** Window month in which the rest of a training run is lost; -1 for work that is lost month by month. */
function lastMonth(inputs: Inputs, workload: Workload): number {
  return workload.kind === "training" ? windowOf(inputs, workload).to - inputs.context.firstMonth : -1;
}
