import type { Register } from "../engine/index.ts";
import { BINDING_WORDS } from "../metrics/metric.ts";
import { TOLERANCE } from "../metrics/tolerance.ts";
import { type Compilation, type MetricTable, once } from "./compilation.ts";
import { deliveryOf } from "./delivery.ts";
import { bindingOfDemand } from "./demand/demand-binding.ts";
import { membersOf } from "./entities.ts";
import type { Part } from "./parts.ts";
import { sizeOf } from "./sizes.ts";

/** What binds supply; if nothing does, what binds the first workload that is short. */
export const bindingMetrics: MetricTable<"part" | "site" | "total"> = {
  binding: (compilation, entity) => {
    const { builder } = compilation.inputs.context;
    const supply =
      entity.level === "part"
        ? partBinding(compilation, entity.part).code
        : largestCause(compilation, entity);
    const demand = bindingOfDemand(compilation, entity);
    if (demand === undefined) return supply;
    return builder.op("select", builder.op("greater", supply, builder.constant(0)), supply, demand);
  },
};

/** Causes in supply, from the last in the order of the words: an earlier one wins a tie, which rounding does not break. */
const CAUSES = ["chips", "money", "power"] as const;

/** The cause with the largest shortfall of facility power over some parts (docs/model.md section 8). */
function largestCause(compilation: Compilation, entity: Parameters<typeof membersOf>[2]): Register {
  const { builder } = compilation.inputs.context;
  const bindings = membersOf(compilation.entities, "parts", entity).flatMap((member) =>
    member.level === "part" ? [partBinding(compilation, member.part)] : [],
  );
  const zero = builder.constant(0);
  const shortfalls = CAUSES.map((cause) =>
    bindings.reduce((sum, { shortOf }) => builder.op("add", sum, shortOf[cause]), zero),
  );
  const largest = shortfalls.reduce((x, y) => builder.op("max", x, y));
  const enough = builder.op("multiply", largest, builder.constant(1 - TOLERANCE));
  return CAUSES.reduce((code, cause, index) => {
    const isLargest = builder.op("greaterEqual", shortfalls[index], enough);
    const wins = builder.op("and", builder.op("greater", shortfalls[index], zero), isLargest);
    return builder.op("select", wins, builder.constant(BINDING_WORDS.indexOf(cause)), code);
  }, zero);
}

/** What binds a part, and how much facility power it is short of for each cause. */
const partBinding = once((compilation: Compilation, part: Part) => {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const zero = builder.constant(0);
  const metric = (name: string) => compilation.metric(name, { level: "part", part });
  const stranded = metric("chips_stranded");
  const power = builder.op(
    "multiply",
    inputs.number("chips.*.it_power", part.chip),
    inputs.number("sites.*.pue_design", part.site),
  );
  const size = sizeOf(compilation, part);
  const most = builder.op("max", size, builder.op("add", metric("chips_energised"), stranded));
  const threshold = builder.op("multiply", builder.constant(TOLERANCE), most);
  const { planned, due } = deliveryOf(compilation, part);
  const chips: Readonly<Record<(typeof CAUSES)[number], Register>> = {
    power: builder.op("add", builder.op("add", stranded, metric("chips_held")), metric("chips_curtailed")),
    money: metric("chips_unfunded"),
    chips: builder.op("multiply", size, builder.op("subtract", planned, due)),
  };
  const codeOf = (cause: (typeof CAUSES)[number]) => builder.constant(BINDING_WORDS.indexOf(cause));
  const code = CAUSES.reduce(
    (later, cause) =>
      builder.op("select", builder.op("greater", chips[cause], threshold), codeOf(cause), later),
    zero,
  );
  const shortOf = (cause: (typeof CAUSES)[number]) => {
    const binds = builder.op("equal", code, codeOf(cause));
    return builder.op("select", binds, builder.op("multiply", chips[cause], power), zero);
  };
  return {
    code,
    shortOf: { power: shortOf("power"), money: shortOf("money"), chips: shortOf("chips") },
  };
});
