import { type FieldPath, pathOf } from "../fields/index.ts";
import { evaluateAt, plainValue } from "../plain-value.ts";
import { type CheckContext, reportInvalid } from "../read/check-context.ts";
import { tenureOf } from "../tenure.ts";

/**
 * Checks a fleet that retires as a whole: its chips are the provider's, nothing replaces them, and some are there by then.
 *
 * Fails: never; faults are added to the context.
 */
export function checkRetirement(context: CheckContext, fleet: string): void {
  const path = pathOf("fleets.*.retire", fleet);
  const month = plainValue(context, path);
  if (month === undefined) return;
  const tenure = tenureOf(context.fields, fleet);
  if (tenure !== "owned") {
    const term: FieldPath = tenure === "leased" ? "fleets.*.lease_term" : "fleets.*.rent_term";
    const help = `leave \`retire\` out: the chips leave at the end of \`${term.slice("fleets.*.".length)}\``;
    const beside = pathOf("fleets.*.tenure", fleet);
    reportInvalid(context, path, `${tenure} chips leave at the end of their term`, { beside, help });
  }
  const successor = pathOf("fleets.*.replacement.with", fleet);
  if (context.fields.has(successor)) {
    const help = "leave one of them out, or give the successors a fleet of their own";
    const reason = "chips of the same fleet replace those that retire, so they would retire too";
    reportInvalid(context, path, reason, { beside: successor, help });
  }
  const first = firstDelivery(context, `fleets.${fleet}.deliver`);
  if (first === undefined || first.month < month) return;
  const help = "write a month after the first delivery, or leave the fleet out";
  reportInvalid(context, path, "it retires before its first chips land", { beside: first.path, help });
}

/** Month in which the first chips are due, and the field that says so. Purchases have become a schedule. */
function firstDelivery(context: CheckContext, deliver: string): { month: number; path: string } | undefined {
  for (const path of [`${deliver}.from`, `${deliver}.at`]) {
    const month = plainValue(context, path);
    if (month !== undefined) return { month, path };
  }
  const schedule = context.fields.get(`${deliver}.schedule`)?.expr;
  if (schedule?.kind !== "table") return undefined;
  // Chips come from the first share on, or on the way to it.
  const first =
    schedule.interpolate === "linear"
      ? schedule.points[0]
      : schedule.points.find(({ month, value }) => evaluateAt(context, value, month) > 0);
  const path = [`${deliver}.chips`, `${deliver}.schedule`].find((each) => context.fields.has(each));
  return first && path ? { month: first.month, path } : undefined;
}
