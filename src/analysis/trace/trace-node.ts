import { InternalError } from "../../diagnostics/diagnostic.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { power } from "../../numbers/plain.ts";
import type { Quality } from "../../scenario/scenario.ts";

/** How a node comes about: from its children by an operator, or from something that ends the tree. */
export type TraceOperator =
  | "+"
  | "x"
  | "min"
  | "max"
  | "^"
  /** The one child as it is. */
  | "same"
  /** A rule of docs/model.md; the children are what it reads. */
  | "rule"
  /** A field of the scenario; the children are names that its expression reads. */
  | "input"
  | "constant"
  | "kernel"
  /** A value that the tree does not take apart here: from another month, or already met above. */
  | "carried";

/** How a child enters its parent: added, subtracted, multiplied or divided by. */
export type TraceSign = "+" | "-" | "x" | "/";

/** One figure and what it is made of. Children recombine to it: see `recombine`. */
export type TraceNode = {
  /** Name of the metric, input, field or `let`, a formula in words, or the entity of a member of a sum. */
  readonly name: string;
  /** Part, site, or empty for the whole. */
  readonly entity: string;
  /** Month of the value, `YYYY-MM`, a year, or `2027-01 to 2027-03`; absent for a figure of the whole run and the like. */
  readonly month?: string;
  /** In the shown unit. */
  readonly value: number;
  readonly unit: string;
  /** In the canonical unit, in which children recombine. */
  readonly canonical: number;
  /** Word for a value that is a code. */
  readonly word?: string;
  /** Whether the value is a share, which people read in per cent, or a difference of two, in points. */
  readonly shownAs?: "share" | "points";
  readonly sign?: TraceSign;
  /** Share of the parent, where all addends have one sign. */
  readonly share?: number;
  readonly operator: TraceOperator;
  /** The operator in words: `sum over parts`, `running sum since 2026-01`. */
  readonly how: string;
  readonly children: readonly TraceNode[];
  /** Members of a sum that are 0 and not among the children. */
  readonly zeros?: readonly string[];
  readonly field?: TracedField;
  /** What is read beside the children, each with its value. */
  readonly reads?: readonly TracedRead[];
  /** Remarks, a sentence each. */
  readonly notes?: readonly string[];
  /** How the command line takes it further apart; the page opens it instead. */
  readonly hint?: string;
  /** Makes the parts of a node without children, where the trees of all such nodes at once would be too many. */
  readonly later?: () => readonly TraceNode[];
  /** Nodes below that were cut off by the depth asked for. */
  readonly hidden?: number;
};

/** A field or `let` as it stands in the scenario. */
export type TracedField = {
  readonly path: string;
  /** Path of the line that declares it, `defaults.…` where a default was used. */
  readonly declaredAt: string;
  /** As written. */
  readonly text: string;
  /** The rows of a table that hold in the month. */
  readonly rows?: string;
  readonly quality?: Quality;
  readonly asOf?: string;
  readonly source?: string;
  readonly url?: string;
  readonly note?: string;
  /** `file:line`, or what else the value is from. */
  readonly place: string;
  readonly overrode: readonly { readonly from: string; readonly text: string }[];
};

/** Something that a rule or kernel reads, with its value in words; for a field also its quality and place. */
export type TracedRead = {
  readonly name: string;
  readonly value: string;
  readonly quality?: Quality;
  readonly place?: string;
};

/**
 * Recombines the children of a node, in canonical units; undefined for a leaf or a rule.
 *
 * Fails: never. A quotient by 0 is 0, as in formulas.
 */
export function recombine({
  operator,
  children,
}: Pick<TraceNode, "operator" | "children">): number | undefined {
  const values = children.map(({ canonical }) => canonical);
  switch (operator) {
    case "+":
      return children.reduce(
        (sum, { sign, canonical }) => (sign === "-" ? sum - canonical : sum + canonical),
        0,
      );
    case "x":
      return children.reduce((product, { sign, canonical }) => {
        if (sign !== "/") return product * canonical;
        return canonical === 0 ? 0 : product / canonical;
      }, 1);
    case "min":
      return Math.min(...values);
    case "max":
      return Math.max(...values);
    case "^":
      return power(values[0], values[1]);
    case "same":
      return values[0];
    default:
      return undefined;
  }
}

/**
 * Asserts that the children of a node recombine to its value.
 *
 * @param scale the largest gross term of the column, where it is larger than what is added here
 *
 * Fails: throws `InternalError` for a node that does not: the engine and the metric table disagree.
 */
export function assertRecombines(node: TraceNode, scale = 0): void {
  const combined = recombine(node);
  // A rate without anything to divide by does not exist.
  const isNone = Number.isNaN(node.canonical) && node.children.some(({ canonical }) => canonical === 0);
  if (
    isNone ||
    combined === undefined ||
    (node.operator === "+" && node.children.length === 0 && node.canonical === 0)
  )
    return;
  const gross =
    node.operator === "+" ? node.children.reduce((sum, { canonical }) => sum + Math.abs(canonical), 0) : 0;
  assertClose(node.name, node.canonical, combined, Math.max(gross, scale));
}

/** Asserts that two ways to one figure agree; `scale` is the largest gross term. */
export function assertClose(name: string, value: number, other: number, scale = 0): void {
  // NaN stands for a figure that does not exist, such as a rate by a capacity that is not stated.
  if (Number.isNaN(value) && Number.isNaN(other)) return;
  const allowed = TOLERANCE * Math.max(Math.abs(value), scale);
  if (Math.abs(value - other) <= allowed) return;
  throw new InternalError(`${name} is ${value}, but what it is made of comes to ${other}`);
}

/** Gives each addend its share where all have the same sign. */
export function withShares(children: readonly TraceNode[], total: number): readonly TraceNode[] {
  const isMixed = children.some(
    ({ canonical, sign, operator }) => sign === "-" || canonical * total < 0 || operator === "constant",
  );
  if (isMixed || total === 0 || children.length < 2) return children;
  return children.map((child) => ({ ...child, share: child.canonical / total }));
}

/** A tree down to a depth; what is cut off is counted. */
export function cutAt(node: TraceNode, depth: number): TraceNode {
  if (depth > 0) return { ...node, children: node.children.map((child) => cutAt(child, depth - 1)) };
  const hidden = countBelow(node);
  return hidden === 0 ? node : { ...node, children: [], hidden };
}

function countBelow({ children }: TraceNode): number {
  return children.reduce((sum, child) => sum + 1 + countBelow(child), 0);
}
