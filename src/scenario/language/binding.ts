import type { Binding } from "./expr.ts";

/** True for what may differ from month to month. */
export function variesByMonth(binding: Binding): boolean {
  return binding === "month" || binding === "month-trial";
}

/** True for what may differ from trial to trial. */
export function variesByTrial(binding: Binding): boolean {
  return binding === "trial" || binding === "month-trial";
}

/**
 * The binding of a value that reads values of these bindings: the least that is as fine as each of them.
 *
 * Fails: never; of nothing it is `constant`.
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
