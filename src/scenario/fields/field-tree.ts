import { nearest } from "../../diagnostics/nearest.ts";
import { COLLECTIONS, type FieldSpec } from "./field.ts";
import { FIELDS } from "./index.ts";

/** A level of the table of fields: the keys that are allowed under a path. */
export type FieldNode = {
  /** The path with `*` for names; empty at the top. */
  readonly pattern: string;
  /** Set for a field, which has no keys below it. */
  readonly spec?: FieldSpec;
  readonly children: ReadonlyMap<string, FieldNode>;
  /** The level under a name the user chooses. */
  readonly named?: FieldNode;
  /** A map that a later layer replaces whole, because its members belong together. */
  readonly replaces: boolean;
};

/** The key of a mix member's share when the member is written as a map. */
export const SHARE = "share";

/** Keys that a value stands for where it is written in place of its map: `rental_rate: 2 USD/hour` is the rent on demand. */
const PLAIN_KEYS: readonly string[] = [SHARE, "on_demand"];

/** The key of a level that a value in place of its map stands for; undefined where only a map will do. */
export function plainKeyOf({ children }: FieldNode): string | undefined {
  return PLAIN_KEYS.find((key) => children.has(key));
}

/**
 * Fields of `defaults`: those of every collection except the mix and `like`, which belong to one member, and measurements, which
 * are of one workload. Derived, so that none is forgotten.
 */
const DEFAULT_FIELDS: readonly FieldSpec[] = FIELDS.flatMap((spec) => {
  const path = defaultPathOf(spec.path);
  // A default that is like another would be like itself.
  if (path === undefined || path.endsWith(".like")) return [];
  if (/^defaults\.(fleets\.mix|workloads\.measured)\b/.test(path)) return [];
  const { required: _required, default: _default, ...rest } = spec;
  return [{ ...rest, path }];
});

/** The table of fields as a tree, `defaults` included. */
export const FIELD_TREE: FieldNode = buildFieldTree([...FIELDS, ...DEFAULT_FIELDS]);

/**
 * The path under `defaults` that supplies a field of a collection: `defaults.sites.pue` for `sites.*.pue`; a mix member's
 * delivery uses that of fleets.
 *
 * @return `undefined` for a field outside collections
 *
 * Fails: never.
 */
export function defaultPathOf(pattern: string): string | undefined {
  const [collection = "", star, ...rest] = pattern
    .replace("fleets.*.mix.*.deliver.", "fleets.*.deliver.")
    .split(".");
  if (star !== "*" || !(COLLECTIONS as readonly string[]).includes(collection)) return undefined;
  return ["defaults", collection, ...rest].join(".");
}

/**
 * Finds the level of the table at a path of keys.
 *
 * Fails: never; `undefined` if the table has no such level.
 */
export function fieldNodeAt(keys: readonly string[]): FieldNode | undefined {
  let node: FieldNode | undefined = FIELD_TREE;
  for (const key of keys) node = node && childOf(node, key);
  return node;
}

/** The level under a key: that of its name, or else of user-chosen names. */
export function childOf(node: FieldNode, key: string): FieldNode | undefined {
  return node.children.get(key) ?? node.named;
}

/** The path of a field as it stands in `Scenario.fields`: a mix member's share is the member's own path. */
export function fieldPathOf(spec: FieldSpec, keys: readonly string[]): string {
  return (spec.kind === "share" ? keys.slice(0, -1) : keys).join(".");
}

/** Other places in the table where an unknown key is allowed, such as `sites.NAME.pue` for `pue`; at most three. */
export function placesOf(key: string): string[] {
  return FIELDS.filter((spec) => spec.path.split(".").includes(key))
    .map((spec) => spec.path.slice(0, spec.path.indexOf(key) + key.length).replaceAll("*", "NAME"))
    .filter((path, index, all) => all.indexOf(path) === index)
    .slice(0, 3);
}

/** Known keys near an unknown one at this level, nearest first. */
export function nearestKeys(node: FieldNode, key: string): string[] {
  return nearest(key, node.children.keys());
}

type Draft = {
  pattern: string;
  spec?: FieldSpec;
  children: Map<string, Draft>;
  named?: Draft;
  replaces: boolean;
};

function buildFieldTree(specs: readonly FieldSpec[]): FieldNode {
  const top = makeDraft("");
  for (const spec of specs) {
    // A share is the member's only value or a key beside its delivery, so it becomes a child like the others.
    const keys = [...spec.path.split("."), ...(spec.kind === "share" ? [SHARE] : [])];
    let node = top;
    for (const [index, key] of keys.entries()) {
      if (spec.merge === "replace" && index === keys.lastIndexOf("*")) node.replaces = true;
      const pattern = keys.slice(0, index + 1).join(".");
      const child: Draft = (key === "*" ? node.named : node.children.get(key)) ?? makeDraft(pattern);
      if (key === "*") node.named = child;
      else node.children.set(key, child);
      node = child;
    }
    node.spec = spec;
  }
  return top;
}

function makeDraft(pattern: string): Draft {
  return { pattern, children: new Map(), replaces: false };
}
