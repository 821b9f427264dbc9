import { type MapNode, type TreeNode, valueAt } from "./tree.ts";

/** What each key beside `value` is where a value says where it comes from, as an editor shows it. */
export const ANNOTATION_WORDS = {
  source: "Where the value was read: document, page, table.",
  url: "Address of the source.",
  as_of: "Date the source is of.",
  quality: "How the value came about, best first: official, reported, estimate, derived, assumed.",
  note: "What a reader should know of it.",
  currency_year: "Year whose money the amount is in.",
} as const;

/** Keys that may stand beside `value` where a value says where it comes from. */
export const ANNOTATION_KEYS = Object.keys(ANNOTATION_WORDS) as readonly (keyof typeof ANNOTATION_WORDS)[];

/** What each key of a reference to a table in a CSV file is. */
export const CSV_WORDS = {
  csv: "File beside the scenario, whose first column is `month`.",
  column: "Column of the file that holds the values.",
  unit: "Unit of the column, in which its numbers are read.",
} as const;

/** Keys of a reference to a table in a CSV file. */
export const CSV_KEYS: readonly string[] = Object.keys(CSV_WORDS);

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
