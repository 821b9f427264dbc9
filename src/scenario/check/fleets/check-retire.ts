import { type FieldPath, pathOf } from "../../fields/index.ts";
import { evaluateAt, plainValue } from "../../plain-value.ts";
import { type CheckContext, mixOf, reportInvalid } from "../../read/check-context.ts";
import { tenureOf } from "../../tenure.ts";

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
  const late = deliveriesOf(context, fleet).find((first) => first.month >= month);
  if (!late) return;
  const help = `write a month after the first delivery, or leave the ${late.chip === undefined ? "fleet" : "chip"} out`;
  const reason = `it retires before ${late.chip === undefined ? "its first chips land" : `the first of its \`${late.chip}\` land`}`;
  reportInvalid(context, path, reason, { beside: late.path, help });
}

/** Month in which the first chips of a kind are due, and the field that says so; the chip where it has a delivery of its own. */
type First = { readonly month: number; readonly path: string; readonly chip?: string };

/** First deliveries of a fleet: its own, which chips of a mix share that state none, and those that they state. */
function deliveriesOf(context: CheckContext, fleet: string): readonly First[] {
  const chips = [...(mixOf(context, fleet)?.entries.keys() ?? [])];
  const own = chips.flatMap((chip) => {
    const first = firstDelivery(context, `fleets.${fleet}.mix.${chip}.deliver`);
    return first ? [{ ...first, chip }] : [];
  });
  const isCovered = chips.length > 0 && own.length === chips.length;
  const shared = isCovered ? undefined : firstDelivery(context, `fleets.${fleet}.deliver`);
  return shared ? [shared, ...own] : own;
}

/** Month in which the first chips are due, and the field that says so. Purchases have become a schedule. */
function firstDelivery(context: CheckContext, deliver: string): First | undefined {
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
