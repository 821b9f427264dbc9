import type { FieldSpec } from "../../scenario/fields/field.ts";
import { childOf, FIELD_TREE, type FieldNode } from "../../scenario/fields/field-tree.ts";
import { describeField } from "../../scenario/fields/field-words.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Replies, Spot, Suggestion } from "../messages.ts";

/**
 * Keys or values that may stand at a place of a scenario; names are those of the last sound plan.
 *
 * @param chips names of the catalog's chips
 */
export function suggestAt(
  { keys, isValue }: Spot,
  scenario: Scenario | undefined,
  chips: () => readonly string[],
): readonly Suggestion[] {
  const node = nodeAt(keys);
  if (!node) return [];
  if (isValue) return node.spec ? valuesOf(node.spec, scenario, chips) : [];
  return [...node.children].map(([key, child]) => ({
    label: key,
    apply: child.spec ? `${key}: ` : `${key}:`,
    isKey: true,
    detail: child.spec ? (child.spec.dimensions?.[0]?.replaceAll("_", " ") ?? child.spec.kind) : "section",
    text: child.spec ? describeField(child.spec) : "",
  }));
}

/** What a key means, and what the last sound plan's value is from; undefined for a name that the user chose. */
export function describeAt(keys: readonly string[], scenario: Scenario | undefined): Replies["describe"] {
  const spec = nodeAt(keys)?.spec;
  if (!spec) return undefined;
  const title = keys.join(".");
  const { quality, asOf, source } = scenario?.fields.get(title)?.origin ?? {};
  const sure = [quality, asOf].filter(Boolean).join(" ");
  const from = [sure, source].filter(Boolean).join(": ");
  const told = from === "" ? "" : ` The plan\u2019s value is ${from}`;
  return { title, text: `${describeField(spec)} For example: ${spec.example}.${told}` };
}

/** The level of the table of fields; what overrides and mixes change is written as in the scenario itself. */
function nodeAt(keys: readonly string[]): FieldNode | undefined {
  const isChange = (keys[0] === "overrides" || keys[0] === "mixes") && keys.length > 1;
  const own = (isChange ? keys.slice(2) : keys).flatMap((key) => key.split("."));
  let node: FieldNode | undefined = FIELD_TREE;
  for (const key of own) node = node && childOf(node, key);
  return node;
}

function valuesOf(
  spec: FieldSpec,
  scenario: Scenario | undefined,
  chips: () => readonly string[],
): readonly Suggestion[] {
  const refers = spec.refers ?? "chips";
  const named = scenario?.names[refers] ?? [];
  const known = refers === "chips" ? [...new Set([...named, ...chips()])] : named;
  const words =
    spec.kind === "boolean"
      ? ["true", "false"]
      : spec.kind === "reference" || spec.kind === "references"
        ? known
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
