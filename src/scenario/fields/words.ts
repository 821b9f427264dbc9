import { nearest } from "../../diagnostics/nearest.ts";

/** Lists names for a message: `a`, `b` and `c`; with `others`, `a`, `b`, `c` and others. */
export function listNames(names: readonly string[], others = false): string {
  const quoted = names.map((name) => (name.includes(" ") ? name : `\`${name}\``));
  if (others) return `${quoted.join(", ")} and others`;
  const last = quoted.at(-1) ?? "";
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(", ")} and ${last}`;
}

/** Lists choices for a message: `a`, `b` or `c`. */
export function listChoices(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.at(-1) ?? "";
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(", ")} or ${last}`;
}

/** Most names searched for near ones, so that a file with very many takes no longer. */
export const mostCompared = 1_000;

/** Suggestions for an unknown name: the near ones, else the first five; undefined if there are none. */
export function offerNames(name: string, known: Iterable<string>): string | undefined {
  const names = [...known].slice(0, mostCompared);
  if (names.length === 0) return undefined;
  const near = nearest(name, names);
  return near.length > 0 ? listChoices(near) : `one of ${listNames(names.slice(0, 5), names.length > 5)}`;
}
