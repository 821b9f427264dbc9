import { diagnose } from "../../diagnostics/diagnostic.ts";
import { STATE_METRICS } from "../../metrics/states.ts";
import { statesRead } from "../language/evaluate.ts";
import type { Expr } from "../language/expr.ts";
import { splitState } from "../language/state-names.ts";
import { type CheckContext, chipsOf, isZero } from "../read/check-context.ts";
import type { FieldValue, Scenario } from "../scenario.ts";

/**
 * Checks the conditions of financing: no tranche waits for itself, and a tranche that deliveries wait for reads
 * nothing that is known only after all deliveries.
 *
 * Fails: never; faults are added to the context.
 */
export function checkConditions(context: CheckContext, names: Scenario["names"]): void {
  checkCircles(context, names);
  for (const tranche of names.financing) {
    const when = context.fields.get(`financing.${tranche}.when`);
    if (when?.expr && isWaitedFor(context, names, tranche)) checkForesight(context, names, when);
  }
}

/** A tranche's condition may not read a fleet that waits for this tranche, directly or through others. */
function checkCircles(context: CheckContext, names: Scenario["names"]): void {
  const fundedBy = new Map(
    names.fleets.map((fleet) => [fleet, context.fields.get(`fleets.${fleet}.funded_by`)?.choice]),
  );
  const reads = (tranche: string) => {
    const expr = context.fields.get(`financing.${tranche}.when`)?.expr;
    return expr ? fleetsRead(expr) : [];
  };
  for (const tranche of names.financing) {
    const chain = findLoop(tranche, tranche, reads, fundedBy, new Set());
    const value = context.fields.get(`financing.${tranche}.when`);
    if (!chain || !value) continue;
    const values = { name: tranche, chain: chain.join(" -> ") };
    context.diagnostics.push(
      diagnose("circular-condition", { values, path: value.path, span: value.origin.span }),
    );
  }
}

function findLoop(
  start: string,
  tranche: string,
  reads: (tranche: string) => readonly string[],
  fundedBy: ReadonlyMap<string, string | undefined>,
  seen: Set<string>,
): readonly string[] | undefined {
  if (seen.has(tranche)) return undefined;
  seen.add(tranche);
  for (const fleet of reads(tranche)) {
    const next = fundedBy.get(fleet);
    if (next === undefined) continue;
    if (next === start) return [`financing.${tranche}`, `fleets.${fleet}`, `financing.${start}`];
    const rest = findLoop(start, next, reads, fundedBy, seen);
    if (rest) return [`financing.${tranche}`, `fleets.${fleet}`, ...rest];
  }
  return undefined;
}

/** Whether deliveries wait for a tranche: those it funds, or all under contract if the buyer's cash has a floor. */
function isWaitedFor(context: CheckContext, names: Scenario["names"], tranche: string): boolean {
  if (context.fields.has("buyer.cash.floor")) return true;
  const reads = new Set(names.fleets.map((fleet) => context.fields.get(`fleets.${fleet}.funded_by`)?.choice));
  return reads.has(tranche);
}

/** States that depend on later months: orders, cash, and chips that land a lead time later. */
const AHEAD: ReadonlyMap<string, "order" | "payment"> = new Map([
  ["chips_ordered", "order"],
  ["chip_cash", "payment"],
  ["network_cash", "payment"],
  ["chip_construction_in_progress", "payment"],
  ["buyer_chip_cash", "payment"],
  ["buyer_chip_construction_in_progress", "payment"],
]);

/**
 * A condition that deliveries wait for may read neither demand, which follows from the chips of all months, nor
 * states that look ahead: chips ordered now land later and may wait for this very tranche.
 */
function checkForesight(context: CheckContext, names: Scenario["names"], when: FieldValue): void {
  const read = when.expr ? statesRead(when.expr) : [];
  const refuse = (reason: string, help: string) => {
    const { path, text, origin } = when;
    context.diagnostics.push(
      diagnose("invalid-value", { values: { text, reason }, path, span: origin.span, help }),
    );
  };
  const demand = read.find((name) => STATE_METRICS.get(splitState(name)[1])?.group === "demand");
  if (demand !== undefined) {
    refuse(
      `\`${demand}\` follows from the chips of all months, but deliveries wait for this tranche`,
      "read chips, power or money, such as `total.chips_productive`; use demand in `events`, or in tranches that no delivery waits for",
    );
    return;
  }
  const ahead = read.find((name) => looksAhead(context, names, name));
  if (ahead === undefined) return;
  const [owner] = splitState(ahead);
  refuse(
    `\`${ahead}\` depends on later deliveries, which may wait for this tranche`,
    `read the past, such as \`${owner}.chips_landed\` or \`${owner}.chip_landed_cost\``,
  );
}

/** Whether a state counts orders or payments, which run ahead of deliveries. */
function looksAhead(context: CheckContext, names: Scenario["names"], state: string): boolean {
  const [owner, metric] = splitState(state);
  const kind = AHEAD.get(metric);
  if (!kind) return false;
  const fleets = owner.startsWith("fleets.") ? [owner.slice("fleets.".length)] : names.fleets;
  return fleets.some(
    (fleet) =>
      chipsOf(context, fleet).some((chip) => !isZero(context, `chips.${chip}.lead`)) &&
      (kind === "order" || !isZero(context, `fleets.${fleet}.pay_on_order`)),
  );
}

function fleetsRead(expr: Expr): readonly string[] {
  return statesRead(expr).flatMap((name) => {
    const [owner] = splitState(name);
    return owner.startsWith("fleets.") ? [owner.slice("fleets.".length)] : [];
  });
}
