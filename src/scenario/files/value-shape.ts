import { FAMILY_KEYS } from "../language/distributions/families.ts";
import { type MapNode, type TreeNode, valueAt } from "./tree.ts";

/** The keys of an annotation, with the help that an editor shows. */
export const ANNOTATION_WORDS = {
  source: "Where the value is published: document, page, table.",
  url: "Address of the source.",
  as_of: "Date of the source.",
  quality: "How good the value is, best first: official, reported, estimate, derived, assumed.",
  note: "What a reader should know about it.",
  currency_year: "Year in whose prices the amount is stated.",
} as const;

/** Keys of an annotation, beside `value`. */
export const ANNOTATION_KEYS = Object.keys(ANNOTATION_WORDS) as readonly (keyof typeof ANNOTATION_WORDS)[];

/** The keys of a reference to a CSV file. */
export const CSV_WORDS = {
  csv: "File beside the scenario, whose first column is `month`.",
  column: "Column of the file that holds the values.",
  unit: "Unit of the column's numbers.",
} as const;

/** Keys of a reference to a CSV file. */
export const CSV_KEYS: readonly string[] = Object.keys(CSV_WORDS);

const VALUE_KEYS: ReadonlySet<string> = new Set<string>([
  "value",
  ...ANNOTATION_KEYS,
  ...CSV_KEYS,
  ...FAMILY_KEYS,
]);

/** True for a map that is one value: annotated, a table by month, a distribution, or a reference to a CSV file. */
export function looksLikeValue(map: MapNode): boolean {
  const keys = [...map.entries.keys()];
  return keys.length > 0 && keys.every((key) => VALUE_KEYS.has(key) || isDateKey(key));
}

/** True for a key that begins like a year, which makes its map a table by month. */
export function isDateKey(key: string): boolean {
  return /^\d/.test(key);
}

/** The kind of value that a map is. */
export function shapeOf({ entries }: MapNode): "annotated" | "table" | "csv" | "distribution" | "unknown" {
  if (entries.has("value") || ANNOTATION_KEYS.some((key) => entries.has(key))) return "annotated";
  if (entries.has("csv")) return "csv";
  for (const key of entries.keys()) if (isDateKey(key)) return "table";
  return (FAMILY_KEYS as readonly string[]).some((key) => entries.has(key)) ? "distribution" : "unknown";
}

/** The value without its annotation. */
export function withoutNotes(node: TreeNode): TreeNode {
  return node.kind === "map" && shapeOf(node) === "annotated" ? (valueAt(node, "value") ?? node) : node;
}
