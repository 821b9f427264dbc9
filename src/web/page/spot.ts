import type { Spot } from "../messages.ts";

/**
 * Finds where in a scenario a position stands, by indentation: the keys above it, and whether a value is wanted there.
 *
 * @param before the text up to the position
 * @return the spot with the length of the word that is being typed; undefined inside comments and flow maps
 */
export function spotAt(before: string): (Spot & { readonly typed: number }) | undefined {
  const lines = before.split("\n");
  const last = lines[lines.length - 1] ?? "";
  if (/^\s*#|\s#/.test(last) || /[{[]/.test(last)) return undefined;
  const value = /^(\s*)([\w.-]+):\s+(\S*)$/.exec(last);
  if (value) {
    const [, indent = "", key = "", typed = ""] = value;
    return { keys: [...keysAbove(lines, indent.length), key], isValue: true, typed: typed.length };
  }
  const key = /^(\s*)([\w.-]*)$/.exec(last);
  if (!key) return undefined;
  const [, indent = "", typed = ""] = key;
  return { keys: keysAbove(lines, indent.length), isValue: false, typed: typed.length };
}

/**
 * The other keys of the map that a line is in.
 *
 * @param lines of the whole text
 * @param at    position of the line among them
 */
export function keysBeside(lines: readonly string[], at: number): ReadonlySet<string> {
  const indentOf = (line: string) => /^\s*(?=[^\s#])/.exec(line)?.[0].length;
  const own = /^\s*/.exec(lines[at] ?? "")?.[0].length ?? 0;
  const keys = new Set<string>();
  for (const step of [-1, 1])
    for (let index = at + step; index >= 0 && index < lines.length; index += step) {
      const indent = indentOf(lines[index] ?? "");
      if (indent === undefined || indent > own) continue;
      if (indent < own) break;
      const [, key] = /^\s*([\w.-]+):/.exec(lines[index] ?? "") ?? [];
      if (key !== undefined) keys.add(key);
    }
  return keys;
}

/** The keys of the word at a position, itself included; undefined where there is no key. */
export function keysAt(before: string, line: string): readonly string[] | undefined {
  const [, indent, key] = /^(\s*)([\w.-]+):/.exec(line) ?? [];
  if (indent === undefined || key === undefined) return undefined;
  const lines = before.split("\n");
  const column = lines[lines.length - 1]?.length ?? 0;
  if (column < indent.length || column > indent.length + key.length) return undefined;
  return [...keysAbove(lines, indent.length), key];
}

/** The keys of the maps that a line with this indentation is in. */
function keysAbove(lines: readonly string[], indent: number): readonly string[] {
  const keys: string[] = [];
  let least = indent;
  for (let index = lines.length - 2; index >= 0 && least > 0; index--) {
    const [, own, key] = /^(\s*)([\w.-]+):/.exec(lines[index] ?? "") ?? [];
    if (own === undefined || key === undefined || own.length >= least) continue;
    keys.unshift(key);
    least = own.length;
  }
  return keys;
}
