import { BASIS_CHIP } from "../../metrics/compute-metrics.ts";
import { type MapNode, PackedEntry, type TreeEntry, type TreeNode, valueAt } from "./tree.ts";

/** Collections of the catalog whose members are optional, and which the build packs one by one; stacks serve workloads, and any of them may be a workload's default. */
export const OFFERED = ["sites", "chips"] as const;
const OFFERED_WITHOUT_WORK = [...OFFERED, "stacks"] as const;

/**
 * Removes the sites and chips of the catalog that the scenario does not mention, and the stacks where it has no workload.
 *
 * A member of the catalog becomes part of the scenario once its own layers write the name anywhere: as a key, a reference
 * or a word of a value. So a catalog of a hundred chips does not slow down a scenario of three.
 *
 * Fails: never.
 */
export function withoutUnusedOffers(merged: MapNode): MapNode {
  // What others are measured by is always part of a scenario.
  const mentioned = new Set([BASIS_CHIP]);
  for (const [key, { value }] of merged.entries) {
    if (key === "defaults") addWords(valueAt(value, "fleets"), mentioned);
    else addWords(value, mentioned);
  }
  const entries = new Map(merged.entries);
  for (const collection of merged.entries.has("workloads") ? OFFERED : OFFERED_WITHOUT_WORK) {
    const entry = entries.get(collection);
    if (entry?.value.kind !== "map") continue;
    const kept = [...entry.value.entries].filter(
      ([name, member]) => mentioned.has(name) || !isFromCatalog(member),
    );
    entries.set(collection, { ...entry, value: { ...entry.value, entries: new Map(kept) } });
  }
  return { ...merged, entries };
}

/** Words that occur in layers other than the catalog. */
function addWords(node: TreeNode | undefined, words: Set<string>): void {
  if (!node) return;
  if (node.kind === "scalar") {
    if (node.layer.kind !== "catalog") for (const word of node.text.match(/\w+/g) ?? []) words.add(word);
  } else if (node.kind === "list") {
    for (const item of node.items) addWords(item, words);
  } else {
    for (const [key, entry] of node.entries) {
      if (node.layer.kind !== "catalog") words.add(key);
      if (!(entry instanceof PackedEntry)) addWords(entry.value, words);
    }
  }
}

function isFromCatalog(entry: TreeEntry): boolean {
  if (entry instanceof PackedEntry) return true;
  const { value } = entry;
  if (value.kind !== "map") return value.layer.kind === "catalog";
  return [...value.entries.values()].every(isFromCatalog);
}
