import { type Register, Shape, writeAssignOperands } from "../../engine/index.ts";
import { onceForAll } from "../compilation.ts";
import { atStart, type Inputs } from "../inputs.ts";
import type { Part } from "../parts.ts";
import { hoursOf } from "../window.ts";
import { windowOf } from "./requirements.ts";
import { servedOf } from "./serving.ts";
import { inOrderOfPriority, type Pair, type Workload } from "./workloads.ts";

/** What the assign kernel makes, by pair, workload and part. */
export type Assigned = {
  readonly pairs: ReadonlyMap<Pair, { readonly held: Register; readonly served: Register }>;
  readonly workloads: ReadonlyMap<Workload, { readonly unserved: Register; readonly bound: Register }>;
  /** 0, or (rank of the workload + 1) x CODES + code. */
  readonly parts: ReadonlyMap<Part, Register>;
};

/** Who gets which chips (docs/model.md sections 15.6 and 15.7). */
export const assigned = onceForAll((compilation): Assigned => {
  const { inputs, entities, metric } = compilation;
  const { builder } = inputs.context;
  const ordered = inOrderOfPriority(entities.workloads);
  const consumed: Register[] = [];
  const use = (register: Register, shape: typeof Shape.trial | typeof Shape.slab) => {
    const spread = builder.spread(register, shape);
    consumed.push(spread);
    return spread;
  };
  const hours = use(hoursOf(inputs.context), Shape.slab);
  const parts = entities.parts.map((part) =>
    use(metric("chips_productive", { level: "part", part }), Shape.slab),
  );
  const workloads = ordered.map((workload) => ({
    required: use(metric("demand_required_units", { level: "workload", workload }), Shape.slab),
    peak: use(inputs.number("workloads.*.peak_over_mean", workload.name), Shape.trial),
    // Worth at `start` settles who takes which chips, in every month alike.
    value: use(atStart(inputs.context, inputs.number("workloads.*.value", workload.name)), Shape.trial),
    minimum: use(inputs.number("workloads.*.min_chips", workload.name), Shape.trial),
    deferrable: workload.deferrable ? 1 : 0,
    last: lastMonth(inputs, workload),
    ...rangeOf(workload, entities.pairs),
  }));
  const pairs = entities.pairs.map((pair) => ({
    part: entities.parts.indexOf(pair.part),
    rate: use(metric("rate_units_per_chip_hour", { level: "assignment", ...pair }), Shape.trial),
    limit: use(servedOf(compilation, { level: "assignment", ...pair }).bound, Shape.trial),
  }));
  const count = 2 * pairs.length + 2 * workloads.length + parts.length;
  const made = builder.handWritten("assign", new Array(count).fill(Shape.slab), consumed, (outputs) => {
    const take = reader(outputs);
    return writeAssignOperands({
      hours,
      pairs: pairs.map((pair) => ({ ...pair, held: take(), served: take() })),
      workloads: workloads.map((workload) => ({ ...workload, unserved: take(), bound: take() })),
      parts: parts.map((productive) => ({ productive, bound: take() })),
    });
  });
  const take = reader(made);
  return {
    pairs: new Map(entities.pairs.map((pair) => [pair, { held: take(), served: take() }])),
    workloads: new Map(ordered.map((workload) => [workload, { unserved: take(), bound: take() }])),
    parts: new Map(entities.parts.map((part) => [part, take()])),
  };
});

/** Positions of a workload's pairs, which stand together. */
function rangeOf(
  workload: Workload,
  pairs: readonly Pair[],
): { readonly first: number; readonly end: number } {
  const first = Math.max(
    0,
    pairs.findIndex((pair) => pair.workload === workload),
  );
  return { first, end: first + pairs.filter((pair) => pair.workload === workload).length };
}

/** Window month in which what is left of a training run is lost; -1 for work that is lost month by month. */
function lastMonth(inputs: Inputs, workload: Workload): number {
  return workload.kind === "training" ? windowOf(inputs, workload).to - inputs.context.firstMonth : -1;
}

/** Gives registers one after another. */
function reader(registers: readonly Register[]): () => Register {
  let at = 0;
  return () => registers[at++];
}
