import type { Binding } from "./expr.ts";

/** True if a value may differ from month to month. */
export function variesByMonth(binding: Binding): boolean {
  return binding === "month" || binding === "month-trial";
}

/** True if a value may differ from trial to trial. */
export function variesByTrial(binding: Binding): boolean {
  return binding === "trial" || binding === "month-trial";
}

/**
 * The coarsest binding that is as fine as each of these bindings.
 *
 * Fails: never; without bindings it is `constant`.
 */
export function joinBindings(bindings: Iterable<Binding>): Binding {
  let byMonth = false;
  let byTrial = false;
  for (const binding of bindings) {
    byMonth ||= variesByMonth(binding);
    byTrial ||= variesByTrial(binding);
  }
  if (byMonth) return byTrial ? "month-trial" : "month";
  return byTrial ? "trial" : "constant";
}
