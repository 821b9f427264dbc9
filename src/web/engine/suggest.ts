import type { FieldSpec } from "../../scenario/fields/field.ts";
import { childOf, FIELD_TREE, type FieldNode } from "../../scenario/fields/field-tree.ts";
import { describeField } from "../../scenario/fields/field-words.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Replies, Spot, Suggestion } from "../messages.ts";

/** Keys or values that may stand at a place of a scenario; names are those of the last sound plan. */
export function suggestAt({ keys, isValue }: Spot, scenario: Scenario | undefined): readonly Suggestion[] {
  const node = nodeAt(keys);
  if (!node) return [];
  if (isValue) return node.spec ? valuesOf(node.spec, scenario) : [];
  return [...node.children].map(([key, child]) => ({
    label: key,
    apply: child.spec ? `${key}: ` : `${key}:`,
    isKey: true,
    detail: child.spec ? (child.spec.dimensions?.[0]?.replaceAll("_", " ") ?? child.spec.kind) : "section",
    text: child.spec ? describeField(child.spec) : "",
  }));
}

/** What a key means; undefined for a name that the user chose. */
export function describeAt(keys: readonly string[]): Replies["describe"] {
  const spec = nodeAt(keys)?.spec;
  if (!spec) return undefined;
  return { title: keys.join("."), text: `${describeField(spec)} For example: ${spec.example}` };
}

/** The level of the table of fields; what overrides and mixes change is written as in the scenario itself. */
function nodeAt(keys: readonly string[]): FieldNode | undefined {
  const isChange = (keys[0] === "overrides" || keys[0] === "mixes") && keys.length > 1;
  const own = (isChange ? keys.slice(2) : keys).flatMap((key) => key.split("."));
  let node: FieldNode | undefined = FIELD_TREE;
  for (const key of own) node = node && childOf(node, key);
  return node;
}

function valuesOf(spec: FieldSpec, scenario: Scenario | undefined): readonly Suggestion[] {
  const words =
    spec.kind === "boolean"
      ? ["true", "false"]
      : spec.kind === "reference" || spec.kind === "references"
        ? (scenario?.names[spec.refers ?? "chips"] ?? [])
        : (spec.choices ?? []);
  const isQuantity = spec.kind === "quantity" || spec.kind === "date" || spec.kind === "share";
  const examples = isQuantity && !/[{\n]/.test(spec.example) ? [spec.example] : [];
  const lets = isQuantity ? (scenario?.names.let ?? []) : [];
  const asValue = (detail: string) => (label: string) => ({
    label,
    apply: label,
    isKey: false,
    detail,
    text: "",
  });
  return [
    ...words.map(asValue("")),
    ...examples.map(asValue("example")),
    ...lets.map(asValue("name under let")),
  ];
}
