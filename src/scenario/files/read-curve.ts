import { type Diagnostic, diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import type { FieldSpec } from "../fields/field.ts";
import { listNames } from "../fields/words.ts";
import type { CsvContext } from "./csv-reference.ts";
import { findEncodingFault } from "./find-encoding-fault.ts";
import { type Cell, parseCsv } from "./read-csv.ts";
import { resolvePath } from "./resolve-path.ts";
import { type ListNode, type MapNode, mapOf, type ScalarNode, type TreeNode, valueAt } from "./tree.ts";
import { shapeOf } from "./value-shape.ts";

/** The keys of a field's curve in a CSV file, with the help that an editor shows. */
export function curveKeysOf(spec: FieldSpec): Readonly<Record<string, string>> {
  const columns = (spec.axes ?? []).map(({ key, unit }) => [key, `Column of ${unit}.`]);
  return { csv: "File beside the scenario, with headings in its first row.", ...Object.fromEntries(columns) };
}

/** Longest text [characters] and most points of a curve. */
const LONGEST = 5_000_000;
const MOST_POINTS = 1_000;

/**
 * Replaces a reference such as `{ csv: ./gb300.csv, user: tokens_s_user, chip: tokens_s_chip }` by its pairs, also in an
 * annotated value; any other value is returned as it is.
 *
 * @return `undefined` if the pairs could not be read; faults are added to the context
 *
 * Fails: never. Cost: length of the file, which is bounded.
 */
export function readCurveReference(
  node: TreeNode,
  path: string,
  spec: FieldSpec,
  context: CsvContext,
): TreeNode | undefined {
  if (node.kind !== "map") return node;
  const keys = Object.keys(curveKeysOf(spec));
  if (node.entries.has("csv")) return readPairs(node, path, keys, context);
  const inner = node.entries.get("value");
  if (shapeOf(node) !== "annotated" || inner?.value.kind !== "map" || !inner.value.entries.has("csv"))
    return node;
  const value = readPairs(inner.value, path, keys, context);
  return value && mapOf([...node.entries, ["value", { ...inner, value }]], node);
}

function readPairs(
  node: MapNode,
  path: string,
  keys: readonly string[],
  context: CsvContext,
): ListNode | undefined {
  const report = (fault: Diagnostic) => context.diagnostics.push({ ...fault, path });
  for (const [key, { keySpan }] of node.entries) {
    if (keys.includes(key)) continue;
    report(diagnose("unknown-key", { values: { key }, span: keySpan, expected: listNames(keys) }));
    return undefined;
  }
  const texts = keys.map((key) => {
    const value = valueAt(node, key);
    if (value?.kind === "scalar" && value.text !== "") return value;
    const help = `write \`${key}: ${key === "csv" ? "./curve.csv" : "HEADING"}\``;
    report(diagnose("missing-field", { values: { field: key }, span: value?.span ?? node.span, help }));
    return undefined;
  });
  const [csv, first, second] = texts;
  if (!csv || !first || !second) return undefined;
  const file = resolvePath(context.file, csv.text);
  const text = context.read(file);
  if (text === undefined) {
    report(diagnose("missing-file", { values: { file }, span: csv.span }));
    return undefined;
  }
  context.sources.set(file, text);
  const unreadable = findEncodingFault(text, file);
  if (unreadable) {
    report(unreadable);
    return undefined;
  }
  const read = pairsOf(text, file, { columns: [first, second], node });
  if (read.kind === "list") return read;
  report(read.fault);
  return undefined;
}

type Asked = { readonly columns: readonly ScalarNode[]; readonly node: MapNode };
type Refused = { readonly kind: "refused"; readonly fault: Diagnostic };

function pairsOf(text: string, file: string, { columns, node }: Asked): ListNode | Refused {
  const refuse = (reason: string, span: Span, expected?: string): Refused => ({
    kind: "refused",
    fault: diagnose("invalid-csv", { values: { file, reason }, span, ...(expected ? { expected } : {}) }),
  });
  if (text.length > LONGEST) return refuse(`it is longer than ${LONGEST} characters`, node.span);
  const parsed = parseCsv(text.replace(/^\ufeff/, ""), file);
  if ("reason" in parsed) return refuse(parsed.reason, parsed.span);
  const [heading = [], ...rows] = parsed.rows;
  const names = heading.map((cell) => cell.text.trim());
  const places: number[] = [];
  for (const column of columns) {
    const place = names.indexOf(column.text);
    const near = nearest(column.text, names);
    const offered = listNames(near.length > 0 ? near : names.slice(0, 5));
    if (place < 0) return refuse(`there is no column \`${column.text}\``, column.span, offered);
    if (names.lastIndexOf(column.text) !== place)
      return refuse(`two columns are headed \`${column.text}\``, heading[place].span);
    places.push(place);
  }
  if (rows.length > MOST_POINTS) return refuse(`more than ${MOST_POINTS} rows`, node.span);
  const items: ListNode[] = [];
  for (const row of rows) {
    if (row.length !== heading.length)
      return refuse(`the row has ${row.length} cells, the heading ${heading.length}`, row[0].span);
    const pair = places.map((place) => scalarOf(row[place], node));
    items.push({ kind: "list", items: pair, span: pair[0].span, layer: node.layer });
  }
  return { kind: "list", items, span: node.span, layer: node.layer };
}

function scalarOf({ text, span }: Cell, { layer }: MapNode): ScalarNode {
  return { kind: "scalar", text: text.trim(), quoted: false, isNull: false, span, layer };
}
