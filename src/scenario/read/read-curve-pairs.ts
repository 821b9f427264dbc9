import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import type { FieldSpec } from "../fields/field.ts";
import { kindInWords } from "../fields/field-words.ts";
import { describeNode } from "../files/structure.ts";
import type { ScalarNode, TreeNode } from "../files/tree.ts";
import type { CurvePoint } from "../scenario.ts";

/** A plain decimal number, as spreadsheets and benchmarks write it. */
const NUMBER = /^\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads the pairs of a curve, in any order: the second number falls as the first rises.
 *
 * A chip gives fewer tokens the faster each user is served, and is worth less the older it is. A point that another one
 * beats in both is no part of such a curve, and one that rises has its columns exchanged, so both are refused.
 *
 * @return the points by rising x, or the first fault
 *
 * Fails: never.
 */
export function readCurvePairs(
  node: TreeNode,
  path: string,
  spec: FieldSpec,
): readonly CurvePoint[] | Diagnostic {
  const needs = kindInWords(spec);
  const misshapen = (wrong: TreeNode) =>
    diagnose("invalid-type", { values: { needs, got: describeNode(wrong) }, path, span: wrong.span });
  if (node.kind !== "list") return misshapen(node);
  const points: (CurvePoint & { readonly node: TreeNode })[] = [];
  for (const item of node.items) {
    const cells = item.kind === "list" ? item.items : [];
    const scalars = cells.filter((cell): cell is ScalarNode => cell.kind === "scalar" && !cell.isNull);
    if (cells.length !== 2 || scalars.length !== 2) return misshapen(item);
    const wrong = scalars.find(({ text }) => !isPositive(text));
    if (wrong) return refuse(wrong, path, "it is not a positive number without unit");
    const [x, y] = scalars.map(({ text }) => Number(text));
    const most = Number(spec.range?.[1] ?? Number.POSITIVE_INFINITY);
    if (y > most) return refuse(scalars[1], path, `it is above ${most}`);
    points.push({ x, y, node: item });
  }
  if (points.length < 2) return refuse(node, path, "a curve has at least two points");
  points.sort((one, other) => one.x - other.x);
  const words = ({ x, y }: CurvePoint) => `[${x}, ${y}]`;
  for (const [at, point] of points.entries()) {
    const before = points[at - 1];
    if (!before || (before.x < point.x && before.y > point.y)) continue;
    const reason = `${words(point)} does not fall below ${words(before)}`;
    const help = "leave out points that another beats in both, or exchange the columns";
    return refuse(point.node, path, reason, help);
  }
  return points.map(({ x, y }) => ({ x, y }));
}

function isPositive(text: string): boolean {
  return NUMBER.test(text) && Number.isFinite(Number(text)) && Number(text) > 0;
}

function refuse(node: TreeNode, path: string, reason: string, help?: string): Diagnostic {
  const text = node.kind === "scalar" ? node.text : "the curve";
  return diagnose("invalid-value", {
    values: { text, reason },
    path,
    span: node.span,
    ...(help ? { help } : {}),
  });
}
