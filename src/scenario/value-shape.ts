import { type MapNode, type TreeNode, valueAt } from "./tree.ts";

/** Keys that may stand beside `value` where a value says where it comes from. */
export const ANNOTATION_KEYS = ["source", "url", "as_of", "quality", "note", "currency_year"] as const;

/** Keys of a reference to a table in a CSV file. */
export const CSV_KEYS = ["csv", "column", "unit"] as const;

/** Keys by which a map is a distribution. */
export const DISTRIBUTION_KEYS = [
  "distribution",
  "p5",
  "p10",
  "p50",
  "p90",
  "p95",
  "mean",
  "sd",
  "min",
  "mode",
  "max",
  "values",
  "at_least",
  "at_most",
] as const;

const valueKeys: ReadonlySet<string> = new Set([
  "value",
  ...ANNOTATION_KEYS,
  ...CSV_KEYS,
  ...DISTRIBUTION_KEYS,
]);

/** True for a map that is one value: annotated, a table by month, a distribution, or a reference to a CSV. */
export function looksLikeValue(map: MapNode): boolean {
  const keys = [...map.entries.keys()];
  return keys.length > 0 && keys.every((key) => valueKeys.has(key) || isDateKey(key));
}

/** True for a key that begins like a year, so that its map is a table by month. */
export function isDateKey(key: string): boolean {
  return /^\d/.test(key);
}

/** What kind of value a map is. */
export function shapeOf(map: MapNode): "annotated" | "table" | "csv" | "distribution" | "unknown" {
  const keys = [...map.entries.keys()];
  if (keys.includes("value") || keys.some((key) => (ANNOTATION_KEYS as readonly string[]).includes(key)))
    return "annotated";
  if (keys.includes("csv")) return "csv";
  if (keys.some(isDateKey)) return "table";
  return keys.some((key) => (DISTRIBUTION_KEYS as readonly string[]).includes(key))
    ? "distribution"
    : "unknown";
}

/** The value without what stands beside it about its source. */
export function withoutNotes(node: TreeNode): TreeNode {
  return node.kind === "map" && shapeOf(node) === "annotated" ? (valueAt(node, "value") ?? node) : node;
}
