import { diagnose } from "../diagnostics/diagnostic.ts";
import type { Leaf } from "./collect-leaves.ts";
import { variesByMonth } from "./expression/binding.ts";
import type { FieldSpec } from "./field.ts";
import { type FieldReaderContext, readField } from "./field-reader.ts";
import { defaultPathOf } from "./field-tree.ts";
import { FIELDS } from "./fields/index.ts";
import type { FieldValue } from "./scenario.ts";
import type { ScalarNode } from "./tree.ts";

/** The fields so far, and the paths whose values are at fault. */
export type FieldTable = { readonly fields: Map<string, FieldValue>; readonly faulty: Set<string> };

/** Fields that exclude each other: where an entity gives one way, a default of another way is not wanted. */
const alternatives: readonly (readonly (readonly string[])[])[] = [
  [["chip"], ["mix"]],
  [["deliver.at"], ["deliver.from", "deliver.to"], ["deliver.schedule"]],
];

const collections = ["sites", "fleets", "chips"] as const;

/**
 * Gives every member of a collection, and the scenario itself, the fields it does not state: from `defaults`, else the
 * literal of the table of fields. A default keeps its own path as `declaredAt`, so that all who use it share its draw.
 *
 * @param stated   fields that are stated, added to
 * @param defaults fields under `defaults`, by their path
 * @param members  names of each collection
 *
 * Fails: never.
 */
export function fillDefaults(
  stated: FieldTable,
  defaults: FieldTable,
  members: Readonly<Record<(typeof collections)[number], readonly string[]>>,
  context: FieldReaderContext,
): void {
  const literal = literalReader(context);
  for (const spec of FIELDS) {
    const [collection = "", star, ...rest] = spec.path.split(".");
    const field = rest.join(".");
    if (star !== "*") fill(stated, spec.path, literal(spec));
    // A mix member takes what it does not state from its fleet, when the scenario is compiled.
    else if (isCollection(collection) && rest[0] !== "mix") {
      const path = defaultPathOf(spec.path) ?? "";
      for (const name of members[collection])
        fillMember(stated, defaults, { entity: `${collection}.${name}`, field, path }, spec, literal);
    }
  }
  for (const site of members.sites) defaultDesignPue(stated, `sites.${site}`, context);
}

function isCollection(name: string): name is (typeof collections)[number] {
  return (collections as readonly string[]).includes(name);
}

function fill({ fields, faulty }: FieldTable, path: string, value: FieldValue | undefined): void {
  if (value && !fields.has(path) && !faulty.has(path)) fields.set(path, { ...value, path });
}

type Literal = (spec: FieldSpec) => FieldValue | undefined;

function fillMember(
  stated: FieldTable,
  defaults: FieldTable,
  { entity, field, path }: { readonly entity: string; readonly field: string; readonly path: string },
  spec: FieldSpec,
  literal: Literal,
): void {
  const own = `${entity}.${field}`;
  if (stated.fields.has(own) || stated.faulty.has(own) || isSupplanted(stated, entity, field)) return;
  if (defaults.faulty.has(path)) stated.faulty.add(own);
  const value = defaults.fields.get(path) ?? literal(spec);
  if (value && !stated.faulty.has(own)) stated.fields.set(own, { ...value, path: own, spec });
}

/** True where the entity itself states another of the fields that exclude this one. */
function isSupplanted({ fields, faulty }: FieldTable, entity: string, field: string): boolean {
  const group = alternatives.find((ways) => ways.some((way) => way.includes(field)));
  const others = group?.filter((way) => !way.includes(field)).flat() ?? [];
  const isOwn = (path: string): boolean => faulty.has(path) || fields.get(path)?.origin.declaredAt === path;
  return others.some(
    (other) => isOwn(`${entity}.${other}`) || (other === "mix" && faulty.has(`${entity}.mix`)),
  );
}

/** Reads the literal default of a field, each once. */
function literalReader(context: FieldReaderContext): Literal {
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

/** The PUE of the design stands for itself where it is given; else the yearly mean takes its place, with a warning. */
function defaultDesignPue({ fields, faulty }: FieldTable, site: string, context: FieldReaderContext): void {
  const [path, meanPath] = [`${site}.pue_design`, `${site}.pue`];
  if (fields.has(path) || faulty.has(path)) return;
  const mean = fields.get(meanPath);
  const spec = FIELDS.find((one) => one.path === "sites.*.pue_design");
  if (!mean?.expr || !spec || variesByMonth(mean.expr.binding)) return;
  fields.set(path, { ...mean, path, spec, origin: { ...mean.origin, overrode: [] } });
  const values = { value: `\`pue\`, ${mean.text},` };
  context.diagnostics.push(diagnose("defaulted-pue-design", { values, path, span: mean.origin.span }));
}
