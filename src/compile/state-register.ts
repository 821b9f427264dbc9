import type { Register } from "../engine/index.ts";
import { STATE_METRICS } from "../metrics/states.ts";
import { splitState, stateDimension } from "../scenario/language/state-names.ts";
import { DIMENSIONS } from "../units/dimension.ts";
import type { Compilation } from "./compilation.ts";
import type { Entity } from "./entities.ts";

/** A metric of the simulated state as a condition names it, in SI units. */
export function stateRegister(name: string, { inputs, entities, metric }: Compilation): Register {
  const [owner, state] = splitState(name);
  const [collection, entity = ""] = owner.split(".");
  const column = STATE_METRICS.get(state)?.name ?? state;
  const register = metric(column, entityOf(collection, entity, entities));
  const { multiply, divide } = DIMENSIONS[stateDimension(state)];
  const { builder } = inputs.context;
  const scaled = divide === 1 ? register : builder.op("multiply", register, builder.constant(divide));
  return multiply === 1 ? scaled : builder.op("divide", scaled, builder.constant(multiply));
}

function entityOf(collection: string, name: string, { workloads }: Compilation["entities"]): Entity {
  const workload = workloads.find((each) => each.name === name);
  if (collection === "workloads" && workload) return { level: "workload", workload };
  if (collection === "fleets") return { level: "fleet", fleet: name };
  return collection === "sites" ? { level: "site", site: name } : { level: "total" };
}
