import { entityKey } from "../../compile/entities.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Place } from "./trace-leaf.ts";
import type { TraceNode } from "./trace-node.ts";
import type { TraceRun } from "./trace-run.ts";

/** Nodes kept for a run: of the reference, those of all metrics and entities in some five months. */
const MOST_NODES = 5000;

const nodesOf = new WeakMap<TraceRun, Map<string, TraceNode>>();

/**
 * A metric's node, made once for a run: the same metric stands at many places of a tree, and in the trees of most figures that
 * are asked for in turn.
 */
export function knownNode(
  run: TraceRun,
  { name }: Metric,
  { entity, month, opened }: Place,
  make: () => TraceNode,
): TraceNode {
  const nodes = nodesOf.get(run) ?? new Map<string, TraceNode>();
  nodesOf.set(run, nodes);
  const key = `${name} ${entity.level} ${entityKey(entity)} ${month} ${opened.join()}`;
  const known = nodes.get(key);
  if (known) return known;
  const made = make();
  // All at once: what is asked for next is rarely of the same month.
  if (nodes.size >= MOST_NODES) nodes.clear();
  nodes.set(key, made);
  return made;
}
