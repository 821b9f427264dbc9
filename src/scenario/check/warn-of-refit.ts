import { diagnose } from "../../diagnostics/diagnostic.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { formatQuantity } from "../../units/format.ts";
import { DENSER } from "../denser-racks.ts";
import { plainValue } from "../plain-value.ts";
import { type CheckContext, chipsOf, placeOf } from "../read/check-context.ts";

/**
 * Warns where a successor's racks are so much denser than those it replaces that its hall must be refitted, and that costs
 * nothing, at medians.
 *
 * Fails: never; warnings are added to the context.
 */
export function warnOfRefit(context: CheckContext, fleet: string): void {
  const successor = context.fields.get(`fleets.${fleet}.replacement.with`)?.choice;
  const site = context.fields.get(`fleets.${fleet}.site`)?.choice;
  if (successor === undefined || site === undefined) return;
  const isLeased = context.fields.get(`sites.${site}.tenure`)?.choice === "leased";
  if (isLeased || plainValue(context, `sites.${site}.retrofit`) !== 0) return;
  const racks = chipsOf(context, fleet).filter((chip) => chip !== successor);
  // Chips that land in place of their own kind alone need nothing new.
  if (racks.length === 0) return;
  const power = (chip: string) => plainValue(context, `chips.${chip}.rack_power`);
  const [own, others] = [power(successor), racks.map(power)];
  const densest = Math.max(...others.map((each) => each ?? Number.NaN));
  if (own === undefined || !(own > DENSER * (1 + TOLERANCE) * densest)) return;
  const show = (watts: number) => formatQuantity(watts, "power");
  const path = `fleets.${fleet}.replacement.with`;
  const values = { chip: successor, needs: show(own), had: show(densest), fleet, site };
  const span = context.fields.get(path)?.origin.span;
  const related = placeOf(context, `sites.${site}.retrofit`, "the site's share");
  const help = `write \`sites.${site}.retrofit: retrofit_liquid_cooling\` (14 to 22 % of a new hall) or what refitting costs you`;
  context.diagnostics.push(diagnose("free-refit", { values, path, span, related, help }));
}
