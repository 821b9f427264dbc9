import { CODES, type Register } from "../../engine/index.ts";
import type { InputName } from "../../metrics/formula.ts";
import type { Entity } from "../entities.ts";
import { inputRegister } from "../formula-inputs.ts";
import type { World } from "../world.ts";
import type { LookUp } from "./demand-world.ts";

/** The register of a metric of a workload or an assignment that a kernel makes. */
export function demandRegister(world: World, name: string, entity: Entity): Register | undefined {
  const { demand } = world;
  const lookUp = lookUpIn(world);
  if (entity.level === "workload") {
    const { workload } = entity;
    if (name === "demand_required_units") return demand.required(workload);
    const { unserved, bound } = demand.assigned(lookUp).workloads.get(workload) ?? {};
    if (name === "demand_unserved_units") return unserved;
    if (name === "demand_binding") return bound;
  }
  if (entity.level === "assignment") {
    const pair = demand.pair(entity.workload, entity.part);
    const assigned = () => demand.assigned(lookUp).pairs.get(pair);
    switch (name) {
      case "replica_chips":
        return demand.served(pair, lookUp).chips;
      case "replica_doublings":
        return demand.served(pair, lookUp).doublings;
      case "batch_sequences":
        return demand.served(pair, lookUp).batch;
      case "replica_works":
        return demand.served(pair, lookUp).works;
      case "replica_bound_by":
        return demand.served(pair, lookUp).bound;
      case "job_size_chips":
        return jobSize(world, entity, lookUp);
      case "assigned_chips":
        return assigned()?.held;
      case "assigned_units":
        return assigned()?.served;
    }
  }
  throw new Error(`no kernel makes ${name}`);
}

/** Metrics by their names, and inputs of formulas by theirs behind `input`. */
function lookUpIn(world: World): LookUp {
  return (name, entity) =>
    name.startsWith("input ")
      ? inputRegister(world, name.slice("input ".length) as InputName, entity)
      : world.metric(name, entity);
}

/** Chips that one interruption stops. */
function jobSize(world: World, entity: Extract<Entity, { level: "assignment" }>, lookUp: LookUp): Register {
  const { workload, part } = entity;
  if (workload.kind !== "training")
    return world.demand.served(world.demand.pair(workload, part), lookUp).chips;
  return (
    world.inputs.optional(`workloads.${workload.name}.min_chips`) ??
    world.inputs.number(`fleets.${part.fleet}.job_chips`)
  );
}

/** `binding` with demand: where nothing of supply binds, what binds the highest-priority short workload. */
export function withDemand(world: World, entity: Entity, supply: Register): Register {
  const { demand } = world;
  const lookUp = lookUpIn(world);
  if (demand.pairs.length === 0) return supply;
  const { builder } = world.inputs.context;
  const zero = builder.constant(0);
  const code = entity.level === "total" ? bindingOfAll(world, lookUp) : bindingOfParts(world, entity, lookUp);
  return builder.op("select", builder.op("greater", supply, zero), supply, code);
}

/** Of several parts the one whose short workload goes first. */
function bindingOfParts(world: World, entity: Entity, lookUp: LookUp): Register {
  const { builder } = world.inputs.context;
  const bounds = world.demand.assigned(lookUp).parts;
  const parts =
    entity.level === "part" ? [entity.part] : entity.level === "site" ? world.partsAt(entity.site) : [];
  const zero = builder.constant(0);
  const one = builder.constant(1);
  const codes = builder.constant(CODES);
  const split = parts.map((part) => {
    const bound = bounds.get(part) ?? zero;
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
function bindingOfAll(world: World, lookUp: LookUp): Register {
  const { builder } = world.inputs.context;
  const { workloads } = world.demand.assigned(lookUp);
  const zero = builder.constant(0);
  return world.demand.workloads.reduceRight((later, workload) => {
    const bound = workloads.get(workload)?.bound ?? zero;
    return builder.op("select", builder.op("greater", bound, zero), bound, later);
  }, zero);
}
