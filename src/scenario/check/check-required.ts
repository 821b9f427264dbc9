import { diagnose } from "../../diagnostics/diagnostic.ts";
import type { Collection, FieldSpec } from "../fields/field.ts";
import { FIELDS } from "../fields/index.ts";
import { mostCompared, offerNames } from "../fields/words.ts";
import { type TreeNode, valueAtPath } from "../files/tree.ts";
import { type CheckContext, isGiven, keySpanAt } from "../read/check-context.ts";
import type { Scenario } from "../scenario.ts";

/**
 * Checks that the scenario has all fields that are required and have no default.
 *
 * @param file where a missing field is reported
 *
 * Fails: never; faults are added to the context.
 */
export function checkRequired(context: CheckContext, file: string): void {
  for (const spec of FIELDS) {
    if (!spec.required || spec.path.includes("*") || isGiven(context, spec.path)) continue;
    const help = `write \`${spec.path}: ${spec.example}\``;
    const span = { file, line: 1, column: 1, length: 1 };
    context.diagnostics.push(
      diagnose("missing-field", { values: { field: spec.path }, path: spec.path, span, help }),
    );
  }
}

/**
 * Checks that every member of a collection has all fields that are required and have no default.
 *
 * Fails: never; faults are added to the context.
 */
export function checkRequiredOf(
  context: CheckContext,
  collection: Collection,
  names: Scenario["names"],
): void {
  const prefix = `${collection}.*.`;
  for (const spec of FIELDS) {
    if (!spec.required || !spec.path.startsWith(prefix)) continue;
    const field = spec.path.slice(prefix.length);
    for (const name of names[collection]) {
      if (!isGiven(context, `${collection}.${name}.${field}`))
        reportAbsent(context, [collection, name], field, spec, names[collection]);
    }
  }
}

function reportAbsent(
  context: CheckContext,
  keys: readonly [string, string],
  field: string,
  spec: FieldSpec,
  known: readonly string[],
): void {
  const [, name] = keys;
  const isNew = isNewInOverride(valueAtPath(context.merged, keys));
  const near = isNew
    ? offerNames(
        name,
        known.slice(0, mostCompared).filter((one) => one !== name),
      )
    : undefined;
  const help = near
    ? `\`${name}\` is new in an override; if it is a typo, write ${near}`
    : `such as \`${field}: ${spec.example}\``;
  const span = keySpanAt(context.merged, keys);
  const path = [...keys, field].join(".");
  context.diagnostics.push(diagnose("missing-field", { values: { field }, path, span, help }));
}

/** True for a member that only overrides or `--set` define. */
function isNewInOverride(node: TreeNode | undefined): boolean {
  return node?.layer.kind === "override" || node?.layer.kind === "set";
}
