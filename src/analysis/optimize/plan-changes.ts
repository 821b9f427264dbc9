import { type TreeNode, valueAtPath } from "../../scenario/files/tree.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** What a plan's file says beside its fleets, key by key. */
export type NestedChanges = Map<string, NestedChanges | TreeNode | null>;

/** What the plan's file says itself, and what is about the search, not about the plan. */
const OWN_KEYS: ReadonlySet<string> = new Set(["extends", "schema_version", "name", "allow", "optimize"]);

/**
 * What options of the command changed in a scenario (`--set`, `--override`, `--scenario`), so that a plan that builds on the file
 * says it again; null for what they removed. What they changed in the fleets planned anew is in the new fleets.
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
      // A mix replaces the one before it as a whole, so all of it is said again.
      const at = keys[0] === "fleets" && keys[2] === "mix" ? keys.slice(0, 3) : keys;
      put(root, at, valueAtPath(scenario.tree, at) ?? node);
    } else if (node.kind === "map") {
      for (const [key, { value }] of node.entries) visit(value, [...keys, key]);
    }
  };
  visit(scenario.tree, []);
  for (const { path, from, new: text } of scenario.changes) {
    // What a file removes is removed by extending the file.
    if (text !== "null" || scenario.files.has(from)) continue;
    const keys = path.split(".");
    const depth = keys.findIndex((_, index) => !valueAtPath(scenario.tree, keys.slice(0, index + 1)));
    // All of what is gone, or the rest of it would be there again.
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
