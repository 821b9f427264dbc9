import { CODES, type Register } from "../../engine/index.ts";
import type { Compilation } from "../compilation.ts";
import type { Entity } from "../entities.ts";
import { assigned } from "./assignment.ts";
import { inOrderOfPriority } from "./workloads.ts";

/** The limit of the first short workload among those that may use an entity's chips; undefined without workloads. */
export function bindingOfDemand(compilation: Compilation, entity: Entity): Register | undefined {
  if (compilation.entities.pairs.length === 0) return undefined;
  return entity.level === "total" ? bindingOfAll(compilation) : bindingOfParts(compilation, entity);
}

/** Of several parts the one whose short workload goes first. */
function bindingOfParts(compilation: Compilation, entity: Entity): Register {
  const { builder } = compilation.inputs.context;
  const zero = builder.constant(0);
  const one = builder.constant(1);
  const codes = builder.constant(CODES);
  const parts =
    entity.level === "part"
      ? [entity.part]
      : compilation.entities.parts.filter((part) => entity.level === "site" && part.site === entity.site);
  const split = parts.map((part) => {
    const bound = assigned(compilation).parts.get(part) ?? zero;
    const rank = builder.op("floor", builder.op("divide", bound, codes));
    return { rank, code: builder.op("subtract", bound, builder.op("multiply", rank, codes)) };
  });
  const first = split.reduce(
    (best, next) => {
      const isUsed = builder.op("greaterEqual", next.rank, one);
      const isFirst = builder.op("less", next.rank, best.rank);
      const isNew = builder.op("less", best.rank, one);
      const takes = builder.op("and", isUsed, builder.op("or", isFirst, isNew));
      return {
        rank: builder.op("select", takes, next.rank, best.rank),
        code: builder.op("select", takes, next.code, best.code),
      };
    },
    { rank: zero, code: zero },
  );
  return first.code;
}

/** The reason of the first workload in order of priority that is short. */
function bindingOfAll(compilation: Compilation): Register {
  const { builder } = compilation.inputs.context;
  const { workloads } = assigned(compilation);
  const zero = builder.constant(0);
  return inOrderOfPriority(compilation.entities.workloads).reduceRight((later, workload) => {
    const bound = workloads.get(workload)?.bound ?? zero;
    return builder.op("select", builder.op("greater", bound, zero), bound, later);
  }, zero);
}
