import { diagnose } from "../../diagnostics/diagnostic.ts";
import { COLLECTIONS, type Collection, type FieldSpec } from "../fields/field.ts";
import { defaultPathOf } from "../fields/field-tree.ts";
import { FIELDS } from "../fields/index.ts";
import type { Leaf } from "../files/collect-leaves.ts";
import { type MapNode, type ScalarNode, valueAtPath } from "../files/tree.ts";
import { variesByMonth } from "../language/binding.ts";
import type { FieldValue } from "../scenario.ts";
import { isFaulty } from "./check-context.ts";
import { type FieldReaderContext, readField } from "./field-reader.ts";

/** The fields read so far, and the paths of faulty values. */
export type FieldTable = { readonly fields: Map<string, FieldValue>; readonly faulty: Set<string> };

/** Fields that exclude each other: an entity that gives one of them takes no default of another. */
export const ALTERNATIVES: readonly (readonly (readonly string[])[])[] = [
  [["chip"], ["mix"]],
  [["deliver.at"], ["deliver.from", "deliver.to"], ["deliver.schedule"], ["deliver.chips"]],
  [["size"], ["deliver.chips"]],
];

/** The context in which defaults are filled in. */
type Filling = {
  readonly stated: FieldTable;
  readonly defaults: FieldTable;
  readonly merged: MapNode;
  readonly literal: (spec: FieldSpec) => FieldValue | undefined;
};

/**
 * Gives every member of a collection, and the scenario itself, the fields it does not state: from `defaults`, else
 * the literal of the table of fields. A default keeps its own path as `declaredAt`, so that all its users share one
 * draw.
 *
 * @param stated   fields that are stated, added to
 * @param defaults fields under `defaults`, by their path
 * @param names    names of each collection
 * @param merged   all layers as one tree
 *
 * Fails: never.
 */
export function fillDefaults(
  stated: FieldTable,
  defaults: FieldTable,
  names: Readonly<Record<Collection, readonly string[]>>,
  merged: MapNode,
  context: FieldReaderContext,
): void {
  const filling: Filling = { stated, defaults, merged, literal: literalReader(context) };
  for (const spec of FIELDS) {
    const [collection = "", star, first] = spec.path.split(".");
    if (star !== "*") fill(filling, spec, spec.path);
    // At compile time a mix member takes the fields it does not state from its fleet.
    else if (isCollection(collection) && first !== "mix") {
      const member = placeOfMember(spec);
      for (const name of names[collection]) fillMember(filling, member, `${collection}.${name}`);
    }
  }
  for (const site of names.sites) defaultDesignPue(stated, `sites.${site}`, context);
}

function isCollection(name: string): name is Collection {
  return (COLLECTIONS as readonly string[]).includes(name);
}

function fill({ stated, literal }: Filling, spec: FieldSpec, path: string): void {
  if (stated.fields.has(path) || isFaulty(stated, path)) return;
  const value = literal(spec);
  if (value) stated.fields.set(path, { ...value, path });
}

/** A field of a member of a collection: its path below the member, its default's path, and the fields that exclude it. */
type MemberField = {
  readonly spec: FieldSpec;
  readonly field: string;
  readonly defaultPath: string;
  readonly others: readonly string[];
};

function placeOfMember(spec: FieldSpec): MemberField {
  const field = spec.path.split(".").slice(2).join(".");
  const group = ALTERNATIVES.find((ways) => ways.some((way) => way.includes(field)));
  const others = group?.filter((way) => !way.includes(field)).flat() ?? [];
  return { spec, field, defaultPath: defaultPathOf(spec.path) ?? "", others };
}

function fillMember(filling: Filling, member: MemberField, entity: string): void {
  const { stated, defaults, merged, literal } = filling;
  const { spec, field, defaultPath, others } = member;
  const path = `${entity}.${field}`;
  if (stated.fields.has(path) || isFaulty(stated, path) || isSupplanted(merged, entity, others)) return;
  const value =
    defaults.fields.get(defaultPath) ?? (isFaulty(defaults, defaultPath) ? undefined : literal(spec));
  if (value) stated.fields.set(path, { ...value, path, spec });
  else if (isFaulty(defaults, defaultPath)) stated.faulty.add(path);
}

/** True if the entity itself states one of the fields that exclude another. */
export function isSupplanted(merged: MapNode, entity: string, others: readonly string[]): boolean {
  return others.some((other) => valueAtPath(merged, `${entity}.${other}`.split(".")) !== undefined);
}

/** Reads the literal default of a field once. */
function literalReader(context: FieldReaderContext): Filling["literal"] {
  const known = new Map<FieldSpec, FieldValue | undefined>();
  return (spec) => {
    if (spec.default === undefined) return undefined;
    if (!known.has(spec)) known.set(spec, readField(literalLeaf(spec, spec.default), context));
    return known.get(spec);
  };
}

function literalLeaf(spec: FieldSpec, text: string): Leaf {
  const span = { file: "", line: 1, column: 1, length: 1 };
  const node: ScalarNode = {
    kind: "scalar",
    text,
    quoted: false,
    isNull: false,
    span,
    layer: { kind: "default", from: "the table of fields" },
  };
  return { path: defaultPathOf(spec.path) ?? spec.path, spec, node, keySpan: span };
}

/** Without a `pue_design` the yearly mean PUE takes its place, with a warning. */
function defaultDesignPue({ fields, faulty }: FieldTable, site: string, context: FieldReaderContext): void {
  const [path, meanPath] = [`${site}.pue_design`, `${site}.pue`];
  if (fields.has(path) || isFaulty({ faulty }, path)) return;
  const mean = fields.get(meanPath);
  const spec = FIELDS.find((one) => one.path === "sites.*.pue_design");
  if (!mean?.expr || !spec || variesByMonth(mean.expr.binding)) return;
  fields.set(path, { ...mean, path, spec, origin: { ...mean.origin, overrode: [] } });
  const values = { value: `\`pue\`, ${mean.text},` };
  context.diagnostics.push(diagnose("defaulted-pue-design", { values, path, span: mean.origin.span }));
}
