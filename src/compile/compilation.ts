import type { Register } from "../engine/index.ts";
import type { InputName } from "../metrics/formula.ts";
import type { MetricLevel } from "../metrics/metric.ts";
import type { Entity, EntitySource } from "./entities.ts";
import type { Inputs } from "./inputs.ts";
import type { Reading } from "./record/reads.ts";

/** What the domains of a scenario compile with: its fields, its entities, and each other's metrics. */
export type Compilation = {
  readonly inputs: Inputs;
  readonly entities: EntitySource;
  /** The register of a metric as an entity reads it: its own, or that of a coarser entity that holds it. */
  readonly metric: (name: string, entity: Entity) => Register;
  /** The register of an input of formulas as an entity reads it. */
  readonly input: (name: InputName, entity: Entity) => Register;
  /** The same scenario with every uncertain value at its median: what is sized once, on the plain run, and held in every trial. */
  readonly plain: () => Compilation;
  /** Gates of deliveries that are to be bound once all they read is compiled. */
  readonly gates: Map<string, Gate>;
};

/** Reasons to hold back deliveries: a locked tranche, the buyer's cash below its floor, or either. */
export type Gate = {
  readonly tranche: string | undefined;
  readonly hasFloor: boolean;
  /** Stands for whether deliveries may land, until that is compiled. */
  readonly placeholder: Register;
  readonly reading: Reading;
};

/** An entity of a level. */
export type EntityAt<Level extends MetricLevel> = Extract<Entity, { readonly level: Level }>;

/** How a domain makes its metrics, which have the level: the register of each by name. */
export type MetricTable<Level extends MetricLevel> = Readonly<
  Record<string, (compilation: Compilation, entity: EntityAt<Level>) => Register | undefined>
>;

/**
 * Makes something once for each key of a compilation, and records what it reads.
 *
 * Fails: as `make` does. Memory: what was made lives as long as its compilation.
 */
export function once<Key, Made>(
  make: (compilation: Compilation, key: Key) => Made,
): (compilation: Compilation, key: Key) => Made {
  const known = new WeakMap<Compilation, Map<Key, { readonly made: Made; readonly reading: Reading }>>();
  return (compilation, key) => {
    const { record } = compilation.inputs.context;
    const ofCompilation = known.get(compilation) ?? new Map();
    known.set(compilation, ofCompilation);
    const found = ofCompilation.get(key);
    if (found) {
      record.note(found.reading);
      return found.made;
    }
    const reading = record.start({ kind: "step" });
    const made = record.during(reading, () => make(compilation, key));
    ofCompilation.set(key, { made, reading });
    return made;
  };
}

/** Makes something once for a compilation, and records what it reads. */
export function onceForAll<Made>(
  make: (compilation: Compilation) => Made,
): (compilation: Compilation) => Made {
  const made = once<"all", Made>(make);
  return (compilation) => made(compilation, "all");
}
