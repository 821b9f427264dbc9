import { type CheckContext, reportInvalid } from "../read/check-context.ts";

/**
 * Checks serving stacks together: each rests on some published point, and no two are the default of one class of models.
 *
 * Fails: never; faults are added to the context.
 */
export function checkStacks(context: CheckContext, stacks: readonly string[]): void {
  const owners = new Map<string, string>();
  for (const stack of stacks) {
    const points = context.fields.get(`stacks.${stack}.points`)?.texts;
    if (points?.length === 0)
      reportInvalid(
        context,
        `stacks.${stack}.points`,
        "a stack rests on at least one published measurement; name what it was calibrated on, such as `points: [our benchmark of 2026-10]`",
      );
    const kind = context.fields.get(`stacks.${stack}.default_for`)?.choice ?? "nothing";
    if (kind === "nothing") continue;
    const other = owners.get(kind);
    if (other === undefined) owners.set(kind, stack);
    else {
      // Told at the stack that the user wrote, not at the catalog's.
      const isShipped = context.fields.get(`stacks.${stack}.default_for`)?.origin.layer === "catalog";
      const [own, first] = isShipped ? [other, stack] : [stack, other];
      const reason = `\`${first}\` is the default of ${kind} models already; give that one \`default_for: nothing\``;
      reportInvalid(context, `stacks.${own}.default_for`, reason, { beside: `stacks.${first}.default_for` });
    }
  }
}
