import { diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import type { ReadContext } from "./layers.ts";
import { type MapNode, valueAt } from "./tree.ts";

/** Collections of the catalog whose members are entries, each written in one place. */
const COLLECTIONS = ["chips", "sites", "let"] as const;

/**
 * Rejects duplicate entries in the catalog's files: the same name twice, or one chip under two names.
 *
 * Merging would silently keep the second. A scenario may change an entry, but a catalog has it once.
 *
 * Fails: never; faults are added to the context.
 */
export function checkDuplicateEntries(layers: readonly MapNode[], { diagnostics }: ReadContext): void {
  for (const collection of COLLECTIONS) {
    const names = new Map<string, Span>();
    const titles = new Map<string, Span>();
    for (const layer of layers) {
      const members = valueAt(layer, collection);
      for (const [name, { keySpan, value }] of members?.kind === "map" ? members.entries : []) {
        const title =
          collection === "chips" ? textAt(value.kind === "map" ? valueAt(value, "title") : undefined) : "";
        const first = names.get(name) ?? (title === "" ? undefined : titles.get(title));
        if (first) {
          const path = `${collection}.${name}`;
          const related = [{ span: first, note: "first entry" }];
          diagnostics.push(diagnose("duplicate-entry", { values: { name }, path, span: keySpan, related }));
        }
        names.set(name, names.get(name) ?? keySpan);
        if (title !== "") titles.set(title, titles.get(title) ?? keySpan);
      }
    }
  }
}

/** A title without differences of spelling. */
function textAt(node: ReturnType<typeof valueAt>): string {
  return node?.kind === "scalar" && !node.isNull
    ? node.text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, " ")
        .trim()
    : "";
}
