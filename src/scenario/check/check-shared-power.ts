import { diagnose, hasErrors } from "../../diagnostics/diagnostic.ts";
import { formatApart, formatQuantity } from "../../units/format.ts";
import { listFirst } from "../fields/words.ts";
import { formatMonth } from "../language/format-expr.ts";
import { plainValue } from "../plain-value.ts";
import { type CheckContext, chipsOf, isGiven, mixOf, placeOf } from "../read/check-context.ts";
import { chipsOfFleet, largestPower, TOLERANCE } from "./check-capacity.ts";
import { waysOf } from "./order-month.ts";

/** A fleet that stands whole from its last landing until its first chips may retire, at medians. */
type Standing = {
  readonly fleet: string;
  /** Facility power [W]. */
  readonly power: number;
  readonly from: number;
  readonly until: number;
};

/**
 * Warns of fleets that fit a site each for itself, but together need more power than it ever has within the horizon: the rest
 * of their chips is paid for and waits.
 *
 * Only fleets count that stand whole in the same month, at medians: all landed, none retired or lost. Those that wait for
 * power are left out, because they land when they can run.
 *
 * Fails: never; warnings are added to the context.
 */
export function warnOfSharedPower(context: CheckContext, site: string, fleets: readonly string[]): void {
  // Of a faulty fleet nobody knows how large it will be.
  if (hasErrors(context.diagnostics)) return;
  const path = `sites.${site}.power`;
  const most = largestPower(context, path);
  const own = fleets.filter((fleet) => context.fields.get(`fleets.${fleet}.site`)?.choice === site);
  if (most === undefined || own.length < 2) return;
  const standing = own.flatMap((fleet) => standingOf(context, fleet, site));
  // A fleet that is too large by itself has its own warning.
  const limit = most * (1 + TOLERANCE);
  if (standing.some(({ power }) => power > limit)) return;
  const crowd = largestCrowd(standing, context.startMonth, context.startMonth + context.monthCount);
  if (!crowd || !(crowd.power > limit)) return;
  const [needs, has] = formatApart(crowd.power, most, "power");
  const members = crowd.members.length > MOST_NAMED ? largestOf(crowd.members) : crowd.members;
  const names = members.map(({ fleet }) => fleet);
  context.diagnostics.push(
    diagnose("stranded-site", {
      values: {
        site,
        fleets: listFirst(names, MOST_NAMED),
        needs,
        has,
        excess: formatQuantity(crowd.power - most, "power"),
        month: formatMonth(crowd.month),
      },
      path,
      span: context.fields.get(path)?.origin.span,
      related: names
        .slice(0, MOST_NAMED)
        .flatMap((fleet) => placeOf(context, `fleets.${fleet}.size`, `\`${fleet}\``)),
      help: `raise \`${path}\` to ${needs}, make the fleets smaller, or give the later ones \`deliver.wait_for_power\``,
    }),
  );
}

/** Fleets that are named where many share a site: the largest. */
const MOST_NAMED = 5;

function largestOf(members: readonly Standing[]): readonly Standing[] {
  return [...members].sort((a, b) => b.power - a.power);
}

/** The fleets that need most power in one month of the horizon; only the months in which one becomes whole can be it. */
function largestCrowd(standing: readonly Standing[], start: number, end: number) {
  const months = [...new Set(standing.map(({ from }) => Math.max(start, from)))].filter(
    (month) => month < end,
  );
  const crowds = months.map((month) => {
    const members = standing.filter(({ from, until }) => from <= month && month < until);
    return { month, members, power: members.reduce((sum, { power }) => sum + power, 0) };
  });
  return crowds.sort((a, b) => b.power - a.power || a.month - b.month)[0];
}

/** A fleet's power and the months in which all of it stands; none if chips are lost, wait for power, or a date is missing. */
function standingOf(context: CheckContext, fleet: string, site: string): readonly Standing[] {
  const path = `fleets.${fleet}`;
  const chips = chipsOfFleet(context, fleet, site);
  const life = plainValue(context, `${path}.life`);
  const mix = mixOf(context, fleet);
  const own = mix ? [...mix.entries.keys()] : chipsOf(context, fleet).slice(0, 1);
  const isLost =
    context.fields.get(`${path}.spares`)?.choice === "none" &&
    own.some((chip) => (plainValue(context, `chips.${chip}.failure_rate`) ?? 0) > 0);
  const landings = own.map((chip) => landingOf(context, path, chip));
  if (!chips || life === undefined || isLost || !landings.every((one) => one !== undefined)) return [];
  const from = Math.max(...landings.map(({ last }) => last));
  const until = Math.min(...landings.map(({ first }) => first)) + life;
  return [{ fleet, power: chips.power, from, until }];
}

/** First and last month in which a chip of a fleet lands. */
function landingOf(
  context: CheckContext,
  path: string,
  chip: string,
): { readonly first: number; readonly last: number } | undefined {
  const member = `${path}.mix.${chip}`;
  const prefix = `${waysOf(context, member).length > 0 ? member : path}.deliver`;
  if ([member, path].some((owner) => isGiven(context, `${owner}.deliver.wait_for_power`))) return undefined;
  const value = (field: string) => plainValue(context, field);
  const dates = ["at", "from", "to"].flatMap((field) => value(`${prefix}.${field}`) ?? []);
  const schedule = context.fields.get(`${prefix}.schedule`)?.expr;
  const points = schedule?.kind === "table" ? schedule.points.map(({ month }) => month) : [];
  const end = points.at(-1);
  // A schedule that stops short of its size leaves room.
  const isWhole = end === undefined || (plainValue(context, `${prefix}.schedule`, end) ?? 0) >= 1;
  const all = [...dates, ...points];
  const available = value(`chips.${chip}.available_from`);
  if (all.length === 0 || available === undefined || !isWhole) return undefined;
  const delay = [member, path]
    .map((owner) => value(`${owner}.deliver.delay`))
    .find((one) => one !== undefined);
  const volume = available + (value(`chips.${chip}.slip`) ?? 0);
  return {
    first: Math.max(Math.min(...all), available),
    last: Math.ceil(Math.max(Math.max(...all) + (delay ?? 0), volume)),
  };
}
