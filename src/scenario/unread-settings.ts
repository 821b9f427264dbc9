import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/**
 * The settings of `--set` without those that were refused because the scenario has no such name: where the settings were made for
 * another plan, those names wait for what reads them.
 *
 * @return `undefined` where none was refused
 *
 * Fails: never.
 */
export function withoutUnread(
  sets: readonly string[],
  diagnostics: readonly Diagnostic[],
): readonly string[] | undefined {
  const refused = diagnostics.flatMap(({ code, path }) => (code === "unused-setting" ? [`${path}=`] : []));
  if (refused.length === 0) return undefined;
  return sets.filter((set) => !refused.some((start) => set.startsWith(start)));
}
