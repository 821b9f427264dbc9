import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { listChoices, listNames } from "../fields/words.ts";
import { type MapNode, type TreeNode, valueAt } from "../files/tree.ts";
import { ANNOTATION_KEYS, shapeOf } from "../files/value-shape.ts";
import type { Quality } from "../scenario.ts";
import { findTooLong } from "./text-length.ts";

/** The annotation of a value: where it comes from and how sure it is. */
export type Annotation = {
  readonly source?: string;
  readonly url?: string;
  readonly asOf?: string;
  readonly quality?: Quality;
  readonly note?: string;
  readonly currencyYear?: number;
};

/** A value apart from its annotation, which may be empty. */
export type Annotated = {
  readonly value?: TreeNode;
  readonly annotation: Annotation;
  readonly diagnostics: readonly Diagnostic[];
};

/** How a figure came about, best first. */
export const QUALITIES: readonly Quality[] = ["official", "reported", "estimate", "derived", "assumed"];

/** Admissible currency years. */
const [firstYear, lastYear] = [1990, 2100];

/**
 * Splits a map `{ value, source, url, as_of, quality, note, currency_year }` into value and annotation; any other
 * value is returned as it is.
 *
 * @param path the field, for diagnostics
 * @return without a `value` if the map has none
 *
 * Fails: never.
 */
export function readAnnotation(node: TreeNode, path: string): Annotated {
  if (node.kind !== "map" || shapeOf(node) !== "annotated")
    return { value: node, annotation: {}, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  for (const [key, { keySpan }] of node.entries) {
    if (key === "value" || (ANNOTATION_KEYS as readonly string[]).includes(key)) continue;
    const expected = listNames(["value", ...ANNOTATION_KEYS]);
    diagnostics.push(
      diagnose("unknown-key", { values: { key }, path: `${path}.${key}`, span: keySpan, expected }),
    );
  }
  const value = valueAt(node, "value");
  if (!value) {
    const help = "write the value itself under `value`";
    diagnostics.push(
      diagnose("missing-field", { values: { field: "value" }, path: `${path}.value`, span: node.span, help }),
    );
  }
  checkTexts(node, path, diagnostics);
  return { ...(value ? { value } : {}), annotation: notesOf(node), diagnostics };
}

/** The annotation of a value, without checks: for a value that `readAnnotation` checked, now or when the catalog was packed. */
export function notesOf(node: TreeNode): Annotation {
  if (node.kind !== "map" || shapeOf(node) !== "annotated") return {};
  const quality = textAt(node, "quality");
  const [source, url, asOf, note] = [
    textAt(node, "source"),
    textAt(node, "url"),
    textAt(node, "as_of"),
    textAt(node, "note"),
  ];
  const currencyYear = textAt(node, "currency_year");
  return {
    ...(source === undefined ? {} : { source }),
    ...(url === undefined ? {} : { url }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(isQuality(quality) ? { quality } : {}),
    ...(note === undefined ? {} : { note }),
    ...(currencyYear === undefined ? {} : { currencyYear: Number(currencyYear) }),
  };
}

function textAt(node: MapNode, key: (typeof ANNOTATION_KEYS)[number]): string | undefined {
  const value = valueAt(node, key);
  return value?.kind === "scalar" && !value.isNull ? value.text : undefined;
}

function checkTexts(node: MapNode, path: string, diagnostics: Diagnostic[]): void {
  for (const key of ANNOTATION_KEYS) {
    const value = valueAt(node, key);
    if (value === undefined) continue;
    if (value.kind === "scalar") {
      const tooLong = findTooLong(value, `${path}.${key}`);
      if (tooLong) diagnostics.push(tooLong);
      continue;
    }
    const values = { needs: "one text", got: `a ${value.kind}` };
    diagnostics.push(diagnose("invalid-type", { values, path: `${path}.${key}`, span: value.span }));
  }
  const refuse = (key: string, text: string, reason: string, expected: string): void => {
    const values = { text, reason };
    diagnostics.push(
      diagnose("invalid-value", { values, path: `${path}.${key}`, span: valueAt(node, key)?.span, expected }),
    );
  };
  const [url, asOf, quality] = [textAt(node, "url"), textAt(node, "as_of"), textAt(node, "quality")];
  const currencyYear = textAt(node, "currency_year");
  if (url !== undefined && !/^https?:\/\/\S+$/.test(url))
    refuse("url", url, "it is not a web address", "`https://…`");
  if (asOf !== undefined && !/^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/.test(asOf)) {
    refuse("as_of", asOf, "it is not a date", "`2026-03` or `2026-03-01`");
  }
  if (quality !== undefined && !isQuality(quality)) {
    const near = nearest(quality, QUALITIES);
    refuse("quality", quality, "it is not a quality", listChoices(near.length > 0 ? near : QUALITIES));
  }
  const year = Number(currencyYear);
  if (
    currencyYear !== undefined &&
    !(/^\d{4}$/.test(currencyYear) && firstYear <= year && year <= lastYear)
  ) {
    refuse(
      "currency_year",
      currencyYear,
      "it is not a year",
      `a year between ${firstYear} and ${lastYear}, such as \`2025\``,
    );
  }
}

function isQuality(text: string | undefined): text is Quality {
  return (QUALITIES as readonly (string | undefined)[]).includes(text);
}

/**
 * Checks a figure of the catalog for its source, date and quality, and a URL unless it is derived or assumed, which
 * need a note with the reasoning instead. A table may carry them once or in every row.
 *
 * @return a fault, or nothing
 *
 * Fails: never.
 */
export function checkSource(node: TreeNode, path: string): Diagnostic | undefined {
  if (node.kind === "map" && shapeOf(node) === "table") {
    const rows = [...node.entries.values()];
    // One fault per table, because its rows lack the same.
    for (const { value } of rows) {
      const fault = checkSource(value, path);
      if (fault) return fault;
    }
    return undefined;
  }
  const missing = missingNotes(node);
  if (missing.length === 0) return undefined;
  const help =
    node.kind === "map" && shapeOf(node) === "annotated"
      ? `add ${listNames(missing)}`
      : `write \`{ value: …, ${missing.map((key) => `${key}: …`).join(", ")} }\``;
  return diagnose("missing-source", { values: { field: path }, path, span: node.span, help });
}

function missingNotes(node: TreeNode): string[] {
  const { source, url, asOf, quality, note } = notesOf(node);
  const isOwn = quality === "derived" || quality === "assumed";
  const missing: string[] = [];
  if (source === undefined) missing.push("source");
  if (asOf === undefined) missing.push("as_of");
  if (quality === undefined) missing.push("quality");
  if (!isOwn && url === undefined) missing.push("url");
  if (isOwn && note === undefined) missing.push("note");
  return missing;
}
