import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import type { Pair } from "./workloads.ts";

/** What the requests of a measurement have in place of the workload's. */
const OF_SHAPE = ["prompt", "answer", "cache_hit", "replica"] as const;

/** A workload with the requests of its measurement on a chip: `@` is in no name that a user can write. */
export function measuredShape({ workload, part }: Pair): Pair {
  // Not a copy, which would look at every field of the workload here, and record none later.
  const name = { value: `${workload.name}@${part.chip}`, enumerable: true };
  return { workload: Object.create(workload, { name }), part };
}

/**
 * The scenario with fields of a further workload for each measurement that is to be scaled: those of the workload, with the
 * lengths and the copy that were measured. The roofline of both gives the ratio by which the measurement is scaled.
 *
 * Fails: never. Without such a measurement the scenario itself is returned.
 */
export function withMeasuredShapes(scenario: Scenario): Scenario {
  const added: [string, FieldValue][] = [];
  for (const [path, { choice }] of scenario.fields) {
    const match = /^workloads\.([^.]+)\.measured\.([^.]+)\.shape$/.exec(path);
    if (match && choice === "scale") added.push(...fieldsOf(scenario, match[1], match[2]));
  }
  return added.length === 0 ? scenario : { ...scenario, fields: new Map([...scenario.fields, ...added]) };
}

function fieldsOf({ fields }: Scenario, workload: string, chip: string): [string, FieldValue][] {
  const [own, measured] = [`workloads.${workload}.`, `workloads.${workload}.measured.`];
  const shape = new Set(OF_SHAPE.map((field) => `${own}${field}`));
  const at = `workloads.${workload}@${chip}.`;
  const kept = [...fields].filter(
    ([path]) => path.startsWith(own) && !path.startsWith(measured) && !shape.has(path),
  );
  return [
    ...kept.map(([path, value]): [string, FieldValue] => [at + path.slice(own.length), value]),
    ...OF_SHAPE.flatMap((field): [string, FieldValue][] => {
      const value = fields.get(`${measured}${chip}.${field}`);
      // A copy whose size only the workload states was measured at that size.
      const stated = field === "replica" ? (value ?? fields.get(own + field)) : value;
      return stated ? [[at + field, stated]] : [];
    }),
  ];
}
