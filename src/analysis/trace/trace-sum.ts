import { type TraceNode, withShares } from "./trace-node.ts";

/** What a sum is called, whose and when it is, how it comes about, and its remarks. */
type About = Pick<TraceNode, "name" | "how" | "unit"> &
  Partial<Pick<TraceNode, "entity" | "month" | "notes" | "shownAs">>;

/**
 * A sum of figures of one unit that are taken apart already; a part with the sign `-` is subtracted, and parts that are 0 are only
 * named.
 *
 * Fails: never; a sum without parts is 0.
 */
export function sumNode(about: About, parts: readonly TraceNode[]): TraceNode {
  const totalOf = (of: (part: TraceNode) => number) =>
    parts.reduce((total, part) => (part.sign === "-" ? total - of(part) : total + of(part)), 0);
  const isZero = ({ canonical }: TraceNode) => canonical === 0;
  const canonical = totalOf((part) => part.canonical);
  const zeros = parts.filter(isZero).map(labelIn(parts));
  const kept = parts.filter((part) => !isZero(part)).map((part) => ({ ...part, sign: part.sign ?? "+" }));
  return {
    entity: "",
    ...about,
    value: totalOf(({ value }) => value),
    canonical,
    operator: "+",
    children: withShares(kept, canonical),
    ...(zeros.length > 0 ? { zeros } : {}),
  };
}

/** What tells a part from the others. */
function labelIn(parts: readonly TraceNode[]): (part: TraceNode) => string {
  const differs = (key: "entity" | "month") => new Set(parts.map((part) => part[key])).size > 1;
  if (differs("entity")) return ({ entity, name }) => entity || name;
  return differs("month") ? ({ month, name }) => month ?? name : ({ name }) => name;
}
