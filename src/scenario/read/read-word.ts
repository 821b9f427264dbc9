import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import type { FieldSpec } from "../fields/field.ts";
import { expectedInWords, kindInWords, rangeInWords } from "../fields/field-words.ts";
import { offerNames } from "../fields/words.ts";
import { describeNode } from "../files/structure.ts";
import type { ScalarNode, TreeNode } from "../files/tree.ts";
import type { FieldValue } from "../scenario.ts";
import { type Annotation, readAnnotation } from "./annotation.ts";
import { readCurvePairs } from "./read-curve-pairs.ts";
import { findTooLong } from "./text-length.ts";

/** The part of a `FieldValue` that words, integers, texts and curves fill. */
export type WordValue = Pick<FieldValue, "choice" | "integer" | "boolean" | "texts" | "curve">;

/** A value, or its faults. */
export type ReadWord = {
  readonly value?: WordValue;
  readonly annotation: Annotation;
  readonly diagnostics: readonly Diagnostic[];
};

/** The names of a collection that a reference may use. */
export type KnownNames = { readonly has: (name: string) => boolean; readonly list: readonly string[] };

/** Gives the names of a collection. */
export type NamesOf = (collection: NonNullable<FieldSpec["refers"]>) => KnownNames;

/** The place of a word, and the names it may refer to. */
export type WordPlace = {
  readonly path: string;
  readonly spec: FieldSpec;
  readonly namesOf: NamesOf;
};

/**
 * Reads a field that is not a quantity: a choice, reference, boolean, integer, text, list of texts or curve.
 *
 * Fails: never.
 */
export function readWord(node: TreeNode, place: WordPlace): ReadWord {
  const { value, annotation, diagnostics } = readAnnotation(node, place.path);
  if (!value || diagnostics.length > 0) return { annotation, diagnostics };
  const { kind } = place.spec;
  if (kind === "curve") {
    const points = readCurvePairs(value, place.path, place.spec);
    return "code" in points
      ? { annotation, diagnostics: [points] }
      : { value: { curve: points }, annotation, diagnostics: [] };
  }
  const isList = kind === "texts" || kind === "references";
  const read = isList ? readTexts(value, place) : readScalar(value, place);
  return "code" in read ? { annotation, diagnostics: [read] } : { value: read, annotation, diagnostics: [] };
}

function readTexts(node: TreeNode, place: WordPlace): WordValue | Diagnostic {
  const items = node.kind === "list" ? node.items : [node];
  const wrong = items.find((item) => item.kind !== "scalar" || item.isNull);
  if (wrong) return misshapen(wrong, place);
  if (place.spec.kind === "references") {
    const named = new Set<string>();
    for (const item of items as readonly ScalarNode[]) {
      const reference = readReference(item, place);
      if ("code" in reference) return reference;
      // What is named twice would be counted twice.
      if (named.has(item.text)) return refuse(item, place, "it occurs twice", "name it once");
      named.add(item.text);
    }
  }
  return { texts: items.map((item) => (item as ScalarNode).text) };
}

function readScalar(node: TreeNode, place: WordPlace): WordValue | Diagnostic {
  const { spec } = place;
  if (node.kind !== "scalar" || node.isNull) return misshapen(node, place);
  const { text } = node;
  switch (spec.kind) {
    case "choice":
      return spec.choices?.includes(text) ? { choice: text } : notAChoice(node, place);
    case "reference":
      return readReference(node, place);
    case "boolean":
      if (text === "true" || text === "false") return { boolean: text === "true" };
      return refuse(node, place, "it is neither `true` nor `false`");
    case "integer":
      return readInteger(node, place);
    default:
      return findTooLong(node, place.path) ?? { choice: text };
  }
}

function misshapen(node: TreeNode, { path, spec }: WordPlace): Diagnostic {
  const values = { needs: kindInWords(spec), got: describeNode(node) };
  return diagnose("invalid-type", { values, path, span: node.span, expected: expectedInWords(spec) });
}

function refuse(node: ScalarNode, { path, spec }: WordPlace, reason: string, help?: string): Diagnostic {
  const expected = expectedInWords(spec);
  return diagnose("invalid-value", {
    values: { text: node.text, reason },
    path,
    span: node.span,
    expected,
    help,
  });
}

function notAChoice(node: ScalarNode, place: WordPlace): Diagnostic {
  const [near] = nearest(node.text, place.spec.choices ?? []);
  return refuse(node, place, "it is not one of the choices", near ? `write \`${near}\`` : undefined);
}

function readInteger(node: ScalarNode, place: WordPlace): WordValue | Diagnostic {
  const { choices, range: [low, high] = [undefined, undefined] } = place.spec;
  if (!/^[+-]?\d{1,15}$/.test(node.text)) return refuse(node, place, "it is not a whole number");
  const integer = Number(node.text);
  if (choices && !choices.includes(String(integer))) return notAChoice(node, place);
  if ((low === undefined || Number(low) <= integer) && (high === undefined || integer <= Number(high)))
    return { integer };
  const values = { needs: `a whole number ${rangeInWords(place.spec)}`, got: node.text };
  return diagnose("out-of-range", {
    values,
    path: place.path,
    span: node.span,
    expected: expectedInWords(place.spec),
  });
}

function readReference(node: ScalarNode, { path, spec, namesOf }: WordPlace): WordValue | Diagnostic {
  const collection = spec.refers ?? "chips";
  const names = namesOf(collection);
  if (names.has(node.text)) return { choice: node.text };
  return unknownReference(node.text, collection, names, path, node.span);
}

/** Reports a name that refers to nothing, and suggests near ones. */
export function unknownReference(
  name: string,
  collection: NonNullable<FieldSpec["refers"]>,
  names: KnownNames,
  path: string,
  span: Diagnostic["span"],
): Diagnostic {
  const expected = offerNames(name, names.list);
  if (collection === "chips") {
    const help = "`gigafleet catalog` lists the chips; others are defined under `chips`";
    return diagnose("unknown-chip", { values: { name }, path, span, expected, help });
  }
  return diagnose("unknown-reference", {
    values: {
      kind:
        collection === "financing"
          ? "tranche"
          : collection === "debt"
            ? "loan"
            : collection.replace(/s$/, ""),
      name,
    },
    path,
    span,
    expected,
  });
}
