import { diagnose } from "../diagnostics/diagnostic.ts";
import { STATE_METRICS } from "../metrics/states.ts";
import type { CheckContext } from "./check-context.ts";
import { partsOf } from "./expression/evaluate.ts";
import type { Expr } from "./expression/expr.ts";
import type { Scenario } from "./scenario.ts";
import { splitState } from "./state-names.ts";

/**
 * Checks that no condition that deliveries wait for reads demand: what workloads get follows from the chips of all months,
 * so that it cannot be known while these are still being delivered.
 *
 * Fails: never; faults are added to the context.
 */
export function checkDemandConditions(context: CheckContext, names: Scenario["names"]): void {
  for (const tranche of names.financing.filter((name) => isWaitedFor(context, names, name))) {
    const value = context.fields.get(`financing.${tranche}.when`);
    const read = value?.expr && demandRead(value.expr);
    if (!value || read === undefined) continue;
    const { path, text, origin } = value;
    const reason = `\`${read}\` follows from the chips of all months, and deliveries wait for this tranche`;
    const help =
      "read chips, power or money, such as `total.chips_productive`; demand stands in `events`, or in tranches that no delivery waits for";
    context.diagnostics.push(
      diagnose("invalid-value", { values: { text, reason }, path, span: origin.span, help }),
    );
  }
}

/** Deliveries wait for the tranches that fund fleets, and for all where the buyer's cash has a floor. */
function isWaitedFor({ fields }: CheckContext, { fleets }: Scenario["names"], tranche: string): boolean {
  const isFunding = fleets.some((fleet) => fields.get(`fleets.${fleet}.funded_by`)?.choice === tranche);
  return isFunding || fields.has("buyer.cash.floor");
}

/** The first name of demand that a condition reads. */
function demandRead(expr: Expr): string | undefined {
  if (expr.kind !== "state")
    return partsOf(expr)
      .map(demandRead)
      .find((name) => name !== undefined);
  const metric = STATE_METRICS.get(splitState(expr.name)[1]);
  return metric?.group === "demand" ? expr.name : undefined;
}
