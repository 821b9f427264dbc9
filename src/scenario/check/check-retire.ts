import { type FieldPath, pathOf } from "../fields/index.ts";
import { plainValue } from "../plain-value.ts";
import { type CheckContext, isGiven, reportInvalid } from "../read/check-context.ts";
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
  if (isGiven(context, successor)) {
    const help = "leave one of them out, or give the successors a fleet of their own";
    const reason = "chips of the same fleet replace those that retire, so they would retire too";
    reportInvalid(context, path, reason, { beside: successor, help });
  }
  const [from, at] = (["from", "at"] as const).map((way) =>
    plainValue(context, `fleets.${fleet}.deliver.${way}`),
  );
  const first = from ?? at;
  if (first === undefined || first < month) return;
  const delivery = `fleets.${fleet}.deliver.${from === undefined ? "at" : "from"}`;
  const help = "write a month after the first delivery, or leave the fleet out";
  reportInvalid(context, path, "it retires before its first chips land", { beside: delivery, help });
}
