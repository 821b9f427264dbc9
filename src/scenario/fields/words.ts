import { nearest } from "../../diagnostics/nearest.ts";

/** Lists names for a message: `a`, `b` and `c`; with `others`, `a`, `b`, `c` and others, or as many as are told. */
export function listNames(names: readonly string[], others: boolean | number = false): string {
  const quoted = names.map((name) => (name.includes(" ") ? name : `\`${name}\``));
  if (others === false) return listWords(quoted, "and");
  return `${quoted.join(", ")} and ${others === true ? "" : `${others} `}others`;
}

/** Lists the first few of many names for a message, and counts the rest: `a`, `b` and 3 others. */
export function listFirst(names: readonly string[], most: number): string {
  return names.length <= most ? listNames(names) : listNames(names.slice(0, most), names.length - most);
}

/** Lists choices for a message: `a`, `b` or `c`. */
export function listChoices(names: readonly string[]): string {
  return listWords(
    names.map((name) => `\`${name}\``),
    "or",
  );
}

/** Joins words as in a sentence: `a, b and c`. */
export function listWords(words: readonly string[], conjunction: "and" | "or"): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${conjunction} ${last}`;
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
