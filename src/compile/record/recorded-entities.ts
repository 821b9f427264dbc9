import type { Workload } from "../demand/workloads.ts";
import { type EntitySource, entitySourceOf } from "../entities.ts";
import type { Inputs } from "../inputs.ts";
import type { Part } from "../parts.ts";

/** Entities of a scenario, with every look at one of their fields recorded as a read. */
export function recordedEntities(inputs: Inputs, pairs: () => EntitySource["pairs"]): EntitySource {
  const { names, parts, workloads } = entitySourceOf(inputs.scenario);
  return {
    names,
    parts: parts.map((part) => recordPart(part, inputs)),
    workloads: workloads.map((workload) => recordWorkload(workload, inputs)),
    get pairs() {
      return pairs();
    },
  };
}

function recordPart({ key, fleet, bought, mixed, ...part }: Part, inputs: Inputs): Part {
  return {
    key,
    fleet,
    mixed,
    get bought() {
      // A successor is a part of its own where the fleet does not buy its chip.
      if (!bought) {
        inputs.field("fleets.*.replacement.with", fleet);
        if (!mixed) inputs.field("fleets.*.chip", fleet);
      }
      return bought;
    },
    get chip() {
      if (!mixed) inputs.field(bought ? "fleets.*.chip" : "fleets.*.replacement.with", fleet);
      return part.chip;
    },
    get site() {
      inputs.field("fleets.*.site", fleet);
      return part.site;
    },
    get priority() {
      inputs.field("fleets.*.priority", fleet);
      return part.priority;
    },
    get successor() {
      inputs.field("fleets.*.replacement.with", fleet);
      return part.successor;
    },
  };
}

function recordWorkload({ name, ...workload }: Workload, inputs: Inputs): Workload {
  return {
    name,
    get kind() {
      inputs.field("workloads.*.kind", name);
      return workload.kind;
    },
    get model() {
      inputs.field("workloads.*.model", name);
      return workload.model;
    },
    get priority() {
      inputs.field("workloads.*.priority", name);
      return workload.priority;
    },
    get deferrable() {
      inputs.field("workloads.*.deferrable", name);
      return workload.deferrable;
    },
    get tier() {
      inputs.field("workloads.*.kind", name);
      if (workload.kind === "stateful") inputs.field("workloads.*.tier", name);
      return workload.tier;
    },
    get fleets() {
      inputs.field("workloads.*.fleets", name);
      return workload.fleets;
    },
  };
}
