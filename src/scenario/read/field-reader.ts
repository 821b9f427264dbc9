import { type Diagnostic, diagnose, hasErrors } from "../../diagnostics/diagnostic.ts";
import type { FieldSpec } from "../fields/field.ts";
import { expectedInWords } from "../fields/field-words.ts";
import type { Leaf } from "../files/collect-leaves.ts";
import type { MergeLog } from "../files/merge.ts";
import { describeNode } from "../files/structure.ts";
import { type TreeNode, textOf } from "../files/tree.ts";
import { withoutNotes } from "../files/value-shape.ts";
import type { PlainRun } from "../language/evaluate.ts";
import type { Binding } from "../language/expr.ts";
import { parseCondition } from "../language/parse-condition.ts";
import type { StateNames } from "../language/state-names.ts";
import type { NameResolver } from "../language/value-reader.ts";
import type { FieldValue, Origin } from "../scenario.ts";
import { type Annotation, checkSource, notesOf, readAnnotation } from "./annotation.ts";
import { checkValue } from "./check-value.ts";
import { type KnownFigure, keepFigure } from "./known-figures.ts";
import { readValue } from "./read-value.ts";
import { type NamesOf, readWord } from "./read-word.ts";

/** The context in which fields are read. */
export type FieldReaderContext = {
  readonly names: NameResolver;
  readonly run: Omit<PlainRun, "month">;
  readonly startMonth: number;
  readonly monthCount: number;
  readonly inflationBinding: Binding;
  readonly namesOf: NamesOf;
  readonly states: StateNames;
  readonly overrode: MergeLog["overrode"];
  readonly knownFigure: KnownFigure;
  readonly diagnostics: Diagnostic[];
};

/** Kinds whose values are quantities or dates, for which the catalog must state a source. */
const FIGURES: ReadonlySet<FieldSpec["kind"]> = new Set(["quantity", "date", "any"]);

/**
 * Reads one value of a field: its text or tree, its origin, and for a quantity its checked expression.
 *
 * @return `undefined` for a faulty value, or one that reads a faulty `let` name; faults are added to the context
 *
 * Fails: never.
 */
export function readField({ path, spec, node }: Leaf, context: FieldReaderContext): FieldValue | undefined {
  const known = context.knownFigure(path, node);
  if (!known && node.layer.kind === "catalog" && (FIGURES.has(spec.kind) || spec.kind === "curve")) {
    const fault = checkSource(node, path);
    if (fault) context.diagnostics.push(fault);
  }
  const written = withoutNotes(node);
  // Texts for people are shown whole, others are cut to what a message or a cell can hold.
  const text = spec.kind === "text" && written.kind === "scalar" ? written.text : textOf(written);
  const base = { path, spec, text };
  if (known) return { ...base, ...known, origin: originOf(path, node, notesOf(node), context) };
  if (spec.kind === "tree") return { ...base, origin: originOf(path, node, {}, context) };
  if (spec.kind === "share" && isRest(node))
    return { ...base, origin: originOf(path, node, {}, context), rest: true };
  if (FIGURES.has(spec.kind) || spec.kind === "share") return readFigure(base, node, context);
  if (spec.kind === "condition") return readCondition(base, node, context);
  const { value, annotation, diagnostics } = readWord(node, { path, spec, namesOf: context.namesOf });
  context.diagnostics.push(...diagnostics);
  return value && { ...base, ...value, origin: originOf(path, node, annotation, context) };
}

function readCondition(
  base: Pick<FieldValue, "path" | "spec" | "text">,
  node: TreeNode,
  context: FieldReaderContext,
): FieldValue | undefined {
  const { value, annotation, diagnostics } = readAnnotation(node, base.path);
  context.diagnostics.push(...diagnostics);
  if (value?.kind !== "scalar" || value.isNull) {
    const values = { needs: "a condition", got: describeNode(value ?? node) };
    const place = { path: base.path, span: node.span, expected: expectedInWords(base.spec) };
    context.diagnostics.push(diagnose("invalid-type", { values, ...place }));
    return undefined;
  }
  const { names, states } = context;
  const place = { span: value.span, variable: base.path, names, allowMonth: true, states };
  const parsed = parseCondition(value.text, place);
  context.diagnostics.push(...parsed.diagnostics);
  return (
    parsed.expr && { ...base, expr: parsed.expr, origin: originOf(base.path, node, annotation, context) }
  );
}

function readFigure(
  base: Pick<FieldValue, "path" | "spec" | "text">,
  node: TreeNode,
  context: FieldReaderContext,
): FieldValue | undefined {
  const { path, spec, text } = base;
  const { names, inflationBinding } = context;
  const read = readValue(node, { path, variable: path, spec, names, inflationBinding });
  context.diagnostics.push(...read.diagnostics);
  if (!read.expr || hasErrors(read.diagnostics)) return undefined;
  const checked = checkValue(read.expr, { ...context, path, spec, text });
  context.diagnostics.push(...checked.diagnostics);
  if (!checked.expr) return undefined;
  const { expr, dimension } = checked;
  const found = [...read.diagnostics, ...checked.diagnostics];
  if (found.length === 0) keepFigure(node, path, text, { expr, ...(dimension ? { dimension } : {}) });
  return {
    ...base,
    expr,
    ...(dimension ? { dimension } : {}),
    origin: originOf(path, node, read.annotation, context),
  };
}

function isRest(node: TreeNode): boolean {
  const value = withoutNotes(node);
  return value.kind === "scalar" && value.text === "rest";
}

function originOf(path: string, node: TreeNode, annotation: Annotation, context: FieldReaderContext): Origin {
  const { currencyYear: _currencyYear, ...notes } = annotation;
  const { layer } = node;
  return {
    layer: layer.kind,
    from: layer.from,
    declaredAt: path,
    ...(layer.kind === "default" ? {} : { span: withoutNotes(node).span }),
    ...notes,
    overrode: context.overrode.get(path) ?? [],
  };
}
