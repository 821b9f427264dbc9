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
