import type { Span } from "../../diagnostics/diagnostic.ts";
import type { FieldSpec } from "../fields/field.ts";
import { childOf, FIELD_TREE, type FieldNode, fieldPathOf } from "../fields/field-tree.ts";
import type { MapNode, TreeNode } from "./tree.ts";

/** The value of a field in the merged layers. */
export type Leaf = {
  /** Path as in `Scenario.fields`, or under `defaults`. */
  readonly path: string;
  readonly spec: FieldSpec;
  readonly node: TreeNode;
  readonly keySpan: Span;
};

/**
 * Lists the values of a merged tree with their fields, in the order of the tree.
 *
 * Fails: never, for a tree whose structure was checked.
 */
export function collectLeaves(tree: MapNode): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (map: MapNode, fields: FieldNode, keys: readonly string[]): void => {
    for (const [key, { keySpan, value }] of map.entries) {
      const child = childOf(fields, key);
      const path = [...keys, key];
      if (child?.spec)
        leaves.push({ path: fieldPathOf(child.spec, path), spec: child.spec, node: value, keySpan });
      else if (child && value.kind === "map") visit(value, child, path);
    }
  };
  visit(tree, FIELD_TREE, []);
  return leaves;
}
