import { type MapNode, type TreeNode, valueAt } from "./tree.ts";

/** Keys that may stand beside `value` where a value says where it comes from. */
export const ANNOTATION_KEYS = ["source", "url", "as_of", "quality", "note", "currency_year"] as const;

/** Keys of a reference to a table in a CSV file. */
export const CSV_KEYS = ["csv", "column", "unit"] as const;

/** What each key of a distribution is, as an editor shows it. */
export const DISTRIBUTION_WORDS = {
  distribution: "Family: normal, lognormal, triangular, pert, uniform or discrete.",
  p5: "5th percentile.",
  p10: "10th percentile.",
  p50: "Median.",
  p90: "90th percentile.",
  p95: "95th percentile.",
  mean: "Mean; of the logarithm for lognormal.",
  sd: "Standard deviation; of the logarithm for lognormal.",
  min: "Smallest value, of triangular, pert and uniform.",
  mode: "Most likely value, of triangular and pert.",
  max: "Largest value, of triangular, pert and uniform.",
  values: "Values with their chances, of discrete.",
  at_least: "Nothing below it is drawn; beside quantiles, normal and lognormal.",
  at_most: "Nothing above it is drawn; beside quantiles, normal and lognormal.",
} as const;

/** Keys by which a map is a distribution. */
export const DISTRIBUTION_KEYS: readonly string[] = Object.keys(DISTRIBUTION_WORDS);

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
  return keys.some((key) => DISTRIBUTION_KEYS.includes(key)) ? "distribution" : "unknown";
}

/** The value without what stands beside it about its source. */
export function withoutNotes(node: TreeNode): TreeNode {
  return node.kind === "map" && shapeOf(node) === "annotated" ? (valueAt(node, "value") ?? node) : node;
}
