import { type MapNode, type TreeNode, valueAt, valueAtPath } from "./tree.ts";

/**
 * Leaves out the sites of the catalog in which no fleet stands.
 *
 * A site of the catalog is an offer: it is part of the scenario once a fleet stands in it or the scenario changes it.
 *
 * Fails: never.
 */
export function withoutUnusedCatalogSites(merged: MapNode): MapNode {
  const sites = valueAt(merged, "sites");
  if (sites?.kind !== "map") return merged;
  const fleets = valueAt(merged, "fleets");
  const used = new Set(
    [...(fleets?.kind === "map" ? fleets.entries.values() : [])].map(({ value }) =>
      textAt(valueAt(value, "site")),
    ),
  );
  used.add(textAt(valueAtPath(merged, ["defaults", "fleets", "site"])));
  const kept = [...sites.entries].filter(([name, { value }]) => used.has(name) || !isFromCatalog(value));
  if (kept.length === sites.entries.size) return merged;
  const entry = merged.entries.get("sites");
  if (!entry) return merged;
  return {
    ...merged,
    entries: new Map([
      ...merged.entries,
      ["sites", { ...entry, value: { ...sites, entries: new Map(kept) } }],
    ]),
  };
}

function textAt(node: TreeNode | undefined): string {
  return node?.kind === "scalar" ? node.text : "";
}

function isFromCatalog(node: TreeNode): boolean {
  if (node.kind !== "map") return node.layer.kind === "catalog";
  return [...node.entries.values()].every(({ value }) => isFromCatalog(value));
}
