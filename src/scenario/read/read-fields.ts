import { compareText } from "../../diagnostics/diagnostic.ts";
import { COLLECTIONS, type Collection } from "../fields/field.ts";
import { collectLeaves, type Leaf } from "../files/collect-leaves.ts";
import type { ReadContext } from "../files/layers.ts";
import type { MergeLog } from "../files/merge.ts";
import { type MapNode, valueAt, valueAtPath } from "../files/tree.ts";
import { evaluatePlain } from "../language/evaluate.ts";
import { stateNamesOf } from "../language/state-names.ts";
import type { FieldValue, Scenario } from "../scenario.ts";
import { applyLikeness } from "./apply-likeness.ts";
import { applyPurchases } from "./apply-purchases.ts";
import type { CheckContext } from "./check-context.ts";
import { placeElsewhere, withElsewhere } from "./elsewhere.ts";
import { type FieldReaderContext, readField } from "./field-reader.ts";
import { type FieldTable, fillDefaults } from "./fill-defaults.ts";
import { knownFigures } from "./known-figures.ts";
import { isDefinition, readLets } from "./read-lets.ts";
import type { KnownNames } from "./read-word.ts";

/** The fields of merged layers. */
export type ReadFields = {
  /** Fields with their values, defaults included, and what checks over several of them need. */
  readonly context: CheckContext;
  readonly names: Scenario["names"];
  readonly lets: readonly FieldValue[];
  /** Fields under `defaults`, by their path. */
  readonly defaults: ReadonlyMap<string, FieldValue>;
};

/** Used if `start` and `years` are absent or faulty; any value will do, since nothing is simulated. */
const FALLBACK_START = 2026 * 12;
const FALLBACK_YEARS = 8;

/**
 * Reads every field of merged layers by itself and fills in defaults.
 *
 * @param offered names of each collection, including names that the scenario does not mention
 *
 * Fails: never; faults are added to the context of the files.
 */
export function readFields(
  merged: MapNode,
  offered: Scenario["names"],
  log: MergeLog,
  files: ReadContext,
): ReadFields {
  const diagnostics = files.diagnostics;
  const leaves = collectLeaves(merged);
  const names = withElsewhere(namesOf(merged), merged);
  const { lets, definitions, resolver, faultyLets } = readLets(leaves, merged, log, files);
  const known = Object.fromEntries(
    COLLECTIONS.map((collection) => [
      collection,
      knownNames(collection, withElsewhere(offered, merged), files.faulty),
    ]),
  ) as Record<Collection, KnownNames>;
  // A date does not depend on inflation, which is read after `start`.
  const run = { lets: definitions, startMonth: FALLBACK_START, inflation: 0 };
  const early: FieldReaderContext = {
    names: resolver,
    run,
    startMonth: FALLBACK_START,
    monthCount: FALLBACK_YEARS * 12,
    inflationBinding: inflationBindingOf(merged),
    namesOf: (collection) => known[collection],
    states: stateNamesOf(names),
    overrode: log.overrode,
    knownFigure: knownFigures(files.figures, resolver),
    diagnostics,
  };
  const stated: FieldTable = { fields: new Map(), faulty: new Set([...files.faulty, ...faultyLets]) };
  const defaults: FieldTable = { fields: new Map(), faulty: new Set(files.faulty) };
  const isTime = ({ path }: Leaf): boolean => path === "start" || path === "years";
  readInto(stated, leaves.filter(isTime), early);
  const start = stated.fields.get("start")?.expr;
  const startMonth = start ? evaluatePlain(start, { ...run, month: FALLBACK_START }) : FALLBACK_START;
  const monthCount = (stated.fields.get("years")?.integer ?? FALLBACK_YEARS) * 12;
  const inflation = plainInflation(leaves, { ...early, startMonth, diagnostics: [] });
  const late = { ...early, startMonth, monthCount, run: { ...run, startMonth, inflation } };
  readInto(
    defaults,
    leaves.filter(({ path }) => path.startsWith("defaults.")),
    late,
  );
  readInto(
    stated,
    leaves.filter((leaf) => !isTime(leaf) && !leaf.path.startsWith("defaults.") && !isDefinition(leaf.path)),
    late,
  );
  placeElsewhere(stated, names, merged, late);
  applyLikeness(stated, names, merged, late);
  fillDefaults(stated, defaults, names, merged, late);
  setInterpolation(stated.fields);
  applyPurchases(stated, names, merged, late);
  return { context: { ...late, ...stated, merged, lets }, names, lets, defaults: defaults.fields };
}

function readInto(
  { fields, faulty }: FieldTable,
  leaves: readonly Leaf[],
  context: FieldReaderContext,
): void {
  for (const leaf of leaves) {
    const value = readField(leaf, context);
    if (value) fields.set(leaf.path, value);
    else faulty.add(leaf.path);
  }
}

/** Names that a reference may use; members left out for a fault of their own count. */
function knownNames(
  collection: Collection,
  names: Scenario["names"],
  faulty: ReadonlySet<string>,
): KnownNames {
  const list = names[collection];
  const set = new Set(list);
  return {
    list,
    has: (name) => set.has(name) || faulty.has(collection) || faulty.has(`${collection}.${name}`),
  };
}

/** Names in each collection, sorted by code unit, so that the order of a file changes nothing. */
export function namesOf(merged: MapNode): Scenario["names"] {
  const keys = (collection: string): string[] => {
    const value = valueAt(merged, collection);
    return value?.kind === "map" ? [...value.entries.keys()].sort(compareText) : [];
  };
  const names = [...COLLECTIONS, "let"].map((collection) => [collection, keys(collection)]);
  return Object.fromEntries(names) as Scenario["names"];
}

/** Inflation is read after the definitions that may use it, so it counts as uncertain unless it is absent. */
function inflationBindingOf(merged: MapNode): "constant" | "trial" {
  return valueAtPath(merged, ["money", "inflation"]) ? "trial" : "constant";
}

function plainInflation(leaves: readonly Leaf[], context: FieldReaderContext): number {
  const leaf = leaves.find(({ path }) => path === "money.inflation");
  const expr = leaf && readField(leaf, context)?.expr;
  return expr ? evaluatePlain(expr, { ...context.run, month: context.startMonth }) : 0;
}

/** A table goes in steps or linearly as the field `interpolate` beside it says. */
function setInterpolation(fields: Map<string, FieldValue>): void {
  for (const [path, value] of fields) {
    if (value.expr?.kind !== "table" || value.spec.before !== "zero") continue;
    const beside = path.replace(/[^.]*$/, "interpolate");
    const word = fields.get(beside) ?? fields.get(beside.replace(/\.mix\.[^.]*\./, "."));
    if (word?.choice === "linear")
      fields.set(path, { ...value, expr: { ...value.expr, interpolate: "linear" } });
  }
}
