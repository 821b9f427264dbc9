import { hasErrors } from "../../diagnostics/diagnostic.ts";
import type { Leaf } from "../files/collect-leaves.ts";
import type { ReadContext } from "../files/layers.ts";
import type { MergeLog } from "../files/merge.ts";
import { type MapNode, type TreeNode, textOf, valueAtPath } from "../files/tree.ts";
import { withoutNotes } from "../files/value-shape.ts";
import type { Expr } from "../language/expr.ts";
import { nameOfLine, rateLine } from "../language/line-name.ts";
import { resolveLets } from "../language/resolve-lets.ts";
import type { NameResolver } from "../language/value-reader.ts";
import type { FieldValue } from "../scenario.ts";
import { checkSource, readAnnotation } from "./annotation.ts";
import { type KnownFigure, knownFigures } from "./known-figures.ts";
import { type ReadValue, readValue } from "./read-value.ts";

/** Whether a line defines a name that expressions read: under `let`, or a currency's rate. */
export function isDefinition(path: string): boolean {
  return path.startsWith("let.") || path.startsWith(rateLine(""));
}

/** The definitions under `let`, in reading order, and the resolver for further names. */
export type ReadLets = {
  readonly lets: readonly FieldValue[];
  readonly definitions: ReadonlyMap<string, Expr>;
  readonly resolver: NameResolver;
  /** Paths of faulty definitions. */
  readonly faultyLets: readonly string[];
};

/**
 * Reads the definitions under `let`, in any form, each after those it reads.
 *
 * Fails: never; faults are added to `diagnostics`.
 */
export function readLets(
  leaves: readonly Leaf[],
  merged: MapNode,
  log: MergeLog,
  { diagnostics, figures }: Pick<ReadContext, "diagnostics" | "figures">,
): ReadLets {
  const own = leaves.filter(({ path }) => isDefinition(path));
  const inflationBinding = valueAtPath(merged, ["money", "inflation"]) ? "trial" : "constant";
  const read = new Map<string, ReadValue>();
  let known: KnownFigure | undefined;
  const readOne = ({ path, spec, node }: Leaf, names: NameResolver): ReadValue => {
    known ??= knownFigures(figures, names);
    const figure = known(path, node);
    return figure
      ? { expr: figure.expr, annotation: readAnnotation(node, path).annotation, diagnostics: [] }
      : readValue(node, { path, variable: path, spec, names, inflationBinding });
  };
  const resolved = resolveLets(
    own.map((leaf) => ({
      name: nameOfLine(leaf.path),
      span: leaf.keySpan,
      texts: textsOf(leaf.node),
      parse: (names) => {
        const value = readOne(leaf, names);
        read.set(leaf.path, value);
        return value.expr && !hasErrors(value.diagnostics) ? value : { diagnostics: value.diagnostics };
      },
    })),
  );
  diagnostics.push(...resolved.diagnostics);
  for (const { path, node } of own) {
    const isOfCatalog = node.layer.kind === "catalog" && !known?.(path, node);
    const fault = isOfCatalog ? checkSource(node, path) : undefined;
    if (fault) diagnostics.push(fault);
  }
  const byName = new Map(own.map((leaf) => [nameOfLine(leaf.path), leaf]));
  const lets = [...resolved.lets].flatMap(([name, expr]) => {
    const leaf = byName.get(name);
    return leaf ? [fieldOf(leaf, expr, read.get(leaf.path), log)] : [];
  });
  const faultyLets = own.map(({ path }) => path).filter((path) => !resolved.lets.has(nameOfLine(path)));
  return { lets, definitions: resolved.lets, resolver: resolved.names, faultyLets };
}

function fieldOf(
  { path, spec, node }: Leaf,
  expr: Expr,
  read: ReadValue | undefined,
  log: MergeLog,
): FieldValue {
  const { currencyYear: _currencyYear, ...notes } = read?.annotation ?? {};
  const value = withoutNotes(node);
  const { layer } = node;
  const overrode = log.overrode.get(path) ?? [];
  const origin = {
    layer: layer.kind,
    from: layer.from,
    declaredAt: path,
    span: value.span,
    ...notes,
    overrode,
  };
  return { path, spec, text: textOf(value), expr, origin };
}

/** All texts of a value in which names may occur, without its annotation. */
function textsOf(node: TreeNode): string[] {
  const value = withoutNotes(node);
  if (value.kind === "scalar") return [value.text];
  if (value.kind === "list") return value.items.flatMap(textsOf);
  return [...value.entries].flatMap(([key, entry]) => [key, ...textsOf(entry.value)]);
}
