import { type TreeNode, valueAtPath } from "../../scenario/files/tree.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** The contents of a plan's file besides its fleets, key by key. */
export type NestedChanges = Map<string, NestedChanges | TreeNode | null>;

/** Keys that the plan's file writes itself, and keys about the search rather than the plan. */
const OWN_KEYS: ReadonlySet<string> = new Set(["extends", "schema_version", "name", "allow", "optimize"]);

/**
 * The changes that command options made to a scenario (`--set`, `--override`, `--scenario`), which a plan that extends the
 * file repeats; null for removed values. Changes in the replaced fleets are part of the new fleets.
 *
 * Fails: never.
 */
export function listOptionChanges(scenario: Scenario, replaced: readonly string[]): NestedChanges {
  const root: NestedChanges = new Map();
  const isLeftOut = ([first, second = ""]: readonly string[]) =>
    OWN_KEYS.has(first) || (first === "fleets" && replaced.includes(second));
  const visit = (node: TreeNode, keys: readonly string[]) => {
    if (keys.length > 0 && isLeftOut(keys)) return;
    const isOption = node.layer.kind === "set" || node.layer.kind === "override";
    if (isOption && !(node.kind === "map" && (node.implied || keys.length === 0))) {
      // A mix replaces the previous one as a whole, so all of it is repeated.
      const at = keys[0] === "fleets" && keys[2] === "mix" ? keys.slice(0, 3) : keys;
      put(root, at, valueAtPath(scenario.tree, at) ?? node);
    } else if (node.kind === "map") {
      for (const [key, { value }] of node.entries) visit(value, [...keys, key]);
    }
  };
  visit(scenario.tree, []);
  for (const { path, from, new: text } of scenario.changes) {
    // Values that a file removes are removed by extending it.
    if (text !== "null" || scenario.files.has(from)) continue;
    const keys = path.split(".");
    const depth = keys.findIndex((_, index) => !valueAtPath(scenario.tree, keys.slice(0, index + 1)));
    // Removes the whole section, because otherwise the rest of it would return.
    const gone = keys.slice(0, depth + 1);
    if (depth >= 0 && !isLeftOut(gone)) put(root, gone, null);
  }
  return root;
}

function put(root: NestedChanges, keys: readonly string[], value: TreeNode | null): void {
  let at = root;
  for (const key of keys.slice(0, -1)) {
    const below = at.get(key);
    if (below instanceof Map) at = below;
    else {
      const made: NestedChanges = new Map();
      at.set(key, made);
      at = made;
    }
  }
  at.set(keys[keys.length - 1], value);
}
