import { CURRENCIES } from "../../units/currencies.ts";
import { DIMENSIONS } from "../../units/dimension.ts";
import type { FieldSpec } from "../fields/field.ts";
import { FIELD_TREE, type FieldNode, plainKeyOf } from "../fields/field-tree.ts";
import { describeField } from "../fields/field-words.ts";
import { parseYamlValue } from "../files/parse-yaml.ts";
import { curveKeysOf } from "../files/read-curve.ts";
import { NAME_PATTERN, RATES } from "../files/structure.ts";
import type { TreeNode } from "../files/tree.ts";
import { ANNOTATION_KEYS, ANNOTATION_WORDS, CSV_WORDS } from "../files/value-shape.ts";
import { describeKey, FAMILY_KEYS } from "../language/distributions/families.ts";
import { QUALITIES } from "../read/annotation.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [key: string]: unknown };

/**
 * Makes the JSON Schema (draft 2020-12) of a scenario file, with which editors complete and check while typing.
 *
 * It is derived from the table of fields. It describes structure; only the program checks the meaning of texts (units,
 * expressions, references). Nothing is required, since a file may extend another.
 *
 * Fails: never.
 */
export function makeJsonSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Gigafleet scenario",
    ...schemaOfMap(FIELD_TREE),
    $defs: definitions(),
  };
}

function schemaOf(node: FieldNode): JsonSchema {
  if (node.spec) return schemaOfField(node.spec);
  const plain = node.children.get(plainKeyOf(node) ?? "");
  if (!plain?.spec) return { anyOf: [schemaOfMap(node), { type: "null" }] };
  const { description } = schemaOfField(plain.spec);
  return { description, anyOf: [schemaOfField(plain.spec), schemaOfMap(node), { type: "null" }] };
}

function namesOf({ pattern }: FieldNode): JsonSchema {
  return pattern === RATES ? { enum: CURRENCIES } : { pattern: NAME_PATTERN.source };
}

function schemaOfMap(node: FieldNode): JsonSchema {
  const properties = Object.fromEntries([...node.children].map(([key, child]) => [key, schemaOf(child)]));
  return {
    type: "object",
    ...(node.children.size > 0 ? { properties } : {}),
    ...(node.named ? { propertyNames: namesOf(node) } : {}),
    additionalProperties: node.named ? schemaOf(node.named) : false,
  };
}

function schemaOfField(spec: FieldSpec): JsonSchema {
  const example = exampleOf(spec);
  return {
    description: describeField(spec),
    ...(spec.default === undefined ? {} : { default: literalOf(spec.kind, spec.default) }),
    ...(example === undefined ? {} : { examples: [example] }),
    ...(spec.kind === "tree"
      ? bareSchema(spec)
      : { anyOf: [bareSchema(spec), annotated(bareSchema(spec)), { type: "null" }] }),
  };
}

/** The values a field takes, without an annotation. */
function bareSchema(spec: FieldSpec): JsonSchema {
  switch (spec.kind) {
    case "choice":
      return { enum: spec.choices };
    case "boolean":
      return { type: "boolean" };
    case "integer":
      return spec.choices ? { enum: spec.choices.map(Number) } : integerOf(spec);
    case "condition":
    case "text":
      return { type: "string" };
    case "reference":
      return { type: "string", pattern: NAME_PATTERN.source };
    case "references":
    case "texts":
      return { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] };
    case "curve":
      return { anyOf: [pairsSchema(), wordsSchema(curveKeysOf(spec))] };
    case "tree":
      return { type: "object" };
    case "date":
      return { anyOf: [{ type: "string" }, { $ref: "#/$defs/distribution" }] };
    case "share":
      return { anyOf: [{ $ref: "#/$defs/number" }, { $ref: "#/$defs/distribution" }] };
    default:
      return quantityOf(spec);
  }
}

function pairsSchema(): JsonSchema {
  const pair = { type: "array", items: { type: "number", exclusiveMinimum: 0 }, minItems: 2, maxItems: 2 };
  return { type: "array", items: pair, minItems: 2 };
}

/** A map that has all of some keys and no other, each with its help. */
function wordsSchema(words: Readonly<Record<string, string>>): JsonSchema {
  const properties = Object.entries(words).map(([key, description]) => [
    key,
    { description, type: "string" },
  ]);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: Object.keys(words),
    additionalProperties: false,
  };
}

function quantityOf(spec: FieldSpec): JsonSchema {
  // Rejects a bare number where a unit is needed, so that an editor marks it at once.
  const isPlain = spec.kind === "any" || spec.dimensions?.some((name) => DIMENSIONS[name].canonical === "");
  const scalar = isPlain ? { $ref: "#/$defs/number" } : { type: "string" };
  const values: JsonSchema[] = [scalar, { $ref: "#/$defs/distribution" }];
  if (spec.varies === "month") values.push({ $ref: "#/$defs/table" }, { $ref: "#/$defs/csv" });
  return { anyOf: values };
}

function integerOf({ range: [low, high] = [undefined, undefined] }: FieldSpec): JsonSchema {
  return {
    type: "integer",
    ...(low === undefined ? {} : { minimum: Number(low) }),
    ...(high === undefined ? {} : { maximum: Number(high) }),
  };
}

function annotated(value: JsonSchema): JsonSchema {
  const notes = Object.fromEntries(ANNOTATION_KEYS.map((key) => [key, { $ref: `#/$defs/${key}` }]));
  return {
    type: "object",
    properties: { value, ...notes },
    required: ["value"],
    additionalProperties: false,
  };
}

function definitions(): Readonly<Record<string, JsonSchema>> {
  const number = { type: ["string", "number"] };
  const entry = { anyOf: [number, { $ref: "#/$defs/distribution" }] };
  return {
    number,
    distribution: {
      description: "An uncertain value, by its quantiles or its parameters.",
      type: "object",
      properties: Object.fromEntries(FAMILY_KEYS.map((key) => [key, { description: describeKey(key).text }])),
      minProperties: 1,
      additionalProperties: false,
    },
    table: {
      description: "Values by date; each holds from its date on.",
      type: "object",
      propertyNames: { pattern: "^[0-9]{4}-(0[1-9]|1[0-2]|Q[1-4])$" },
      minProperties: 1,
      additionalProperties: { anyOf: [...entry.anyOf, annotated(entry)] },
    },
    csv: {
      description: "A table by month in a CSV file beside this one, whose first column is `month`.",
      type: "object",
      properties: Object.fromEntries(
        Object.entries(CSV_WORDS).map(([key, description]) => [key, { description, type: "string" }]),
      ),
      required: ["csv", "column"],
      additionalProperties: false,
    },
    source: { description: ANNOTATION_WORDS.source, type: "string" },
    url: { description: ANNOTATION_WORDS.url, type: "string", pattern: "^https?://" },
    as_of: {
      description: ANNOTATION_WORDS.as_of,
      type: "string",
      pattern: "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$",
    },
    quality: { description: ANNOTATION_WORDS.quality, enum: QUALITIES },
    note: { description: ANNOTATION_WORDS.note, type: "string" },
    currency_year: { description: ANNOTATION_WORDS.currency_year, type: "integer" },
  };
}

function exampleOf(spec: FieldSpec): unknown {
  const place = { file: spec.path, layer: { kind: "default", from: "" } } as const;
  const { tree } = parseYamlValue(spec.example, place);
  return tree && jsonOf(tree, spec.kind);
}

function jsonOf(node: TreeNode, kind: FieldSpec["kind"]): unknown {
  if (node.kind === "list") return node.items.map((item) => jsonOf(item, kind));
  if (node.kind === "scalar") return literalOf(kind, node.text);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, jsonOf(value, kind)]));
}

function literalOf(kind: FieldSpec["kind"], text: string): unknown {
  if (kind === "integer" || kind === "curve") return Number(text);
  return kind === "boolean" ? text === "true" : text;
}
