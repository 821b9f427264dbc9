import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { parseQuantity } from "../../units/quantity.ts";
import { listNames } from "../fields/words.ts";
import { findEncodingFault } from "./find-encoding-fault.ts";
import { readCsvTable } from "./read-csv.ts";
import { resolvePath } from "./resolve-path.ts";
import { type MapNode, type ScalarNode, type TreeNode, valueAt } from "./tree.ts";
import { CSV_KEYS, shapeOf } from "./value-shape.ts";

/** The context in which referenced files are read. */
export type CsvContext = {
  /** The file that relative paths start from. */
  readonly file: string;
  readonly read: (path: string) => string | undefined;
  readonly sources: Map<string, string>;
  readonly diagnostics: Diagnostic[];
};

/**
 * Replaces a reference such as `{ csv: ./power.csv, column: power_gw, unit: GW }` by its table, also in an annotated value;
 * any other value is returned as it is.
 *
 * @param path the field, for diagnostics
 * @return `undefined` if the table could not be read; faults are added to the context
 *
 * Fails: never.
 */
export function readCsvReference(node: TreeNode, path: string, context: CsvContext): TreeNode | undefined {
  if (node.kind !== "map") return node;
  const shape = shapeOf(node);
  if (shape === "csv") return readTable(node, path, context);
  const inner = node.entries.get("value");
  if (shape !== "annotated" || inner?.value.kind !== "map" || shapeOf(inner.value) !== "csv") return node;
  const value = readTable(inner.value, path, context);
  return value && { ...node, entries: new Map([...node.entries, ["value", { ...inner, value }]]) };
}

function readTable(node: MapNode, path: string, context: CsvContext): TreeNode | undefined {
  const count = context.diagnostics.length;
  for (const [key, { keySpan }] of node.entries) {
    if (CSV_KEYS.includes(key)) continue;
    const expected = listNames(CSV_KEYS);
    context.diagnostics.push(
      diagnose("unknown-key", { values: { key }, path: `${path}.${key}`, span: keySpan, expected }),
    );
  }
  const csv = textAt(node, "csv", path, context);
  const column = textAt(node, "column", path, context);
  const unit = unitOf(node, path, context);
  if (!csv || !column || context.diagnostics.length > count) return undefined;
  const file = resolvePath(context.file, csv.text);
  const text = context.read(file);
  if (text === undefined) {
    context.diagnostics.push(diagnose("missing-file", { values: { file }, path, span: csv.span }));
    return undefined;
  }
  context.sources.set(file, text);
  const fault = findEncodingFault(text, file);
  if (fault) {
    addOnce({ ...fault, path }, context);
    return undefined;
  }
  const { tree, diagnostics } = readCsvTable(text, { file, column, unit, layer: node.layer, like: node });
  for (const one of diagnostics) addOnce({ ...one, path }, context);
  return tree;
}

/** Reports a fault at one place of a file once, though several fields may read columns of the file. */
function addOnce(fault: Diagnostic, { diagnostics }: CsvContext): void {
  const placeOf = ({ code, values, span }: Diagnostic) => JSON.stringify([code, values, span]);
  const place = placeOf(fault);
  if (!diagnostics.some((one) => one.code === fault.code && placeOf(one) === place)) diagnostics.push(fault);
}

function textAt(
  node: MapNode,
  key: "csv" | "column",
  path: string,
  context: CsvContext,
): ScalarNode | undefined {
  const value = valueAt(node, key);
  if (value?.kind === "scalar" && value.text !== "") return value;
  const field = `${path}.${key}`;
  const example = key === "csv" ? "./power.csv" : "power_gw";
  const fault = value
    ? diagnose("invalid-type", {
        values: { needs: "one text", got: `a ${value.kind}` },
        path: field,
        span: value.span,
      })
    : diagnose("missing-field", {
        values: { field: key },
        path: field,
        span: node.span,
        help: `add \`${key}: ${example}\``,
      });
  context.diagnostics.push(fault);
  return undefined;
}

/** The unit, checked once here instead of in every row. */
function unitOf(node: MapNode, path: string, context: CsvContext): string {
  const unit = valueAt(node, "unit");
  if (unit === undefined) return "";
  if (unit.kind !== "scalar") {
    const values = { needs: "a unit", got: `a ${unit.kind}` };
    context.diagnostics.push(diagnose("invalid-type", { values, path: `${path}.unit`, span: unit.span }));
    return "";
  }
  context.diagnostics.push(
    ...parseQuantity(`1 ${unit.text}`, { path: `${path}.unit`, span: unit.span }).diagnostics,
  );
  return unit.text;
}
