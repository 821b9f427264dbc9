import { diagnose } from "../../diagnostics/diagnostic.ts";
import { formatApart, formatQuantity } from "../../units/format.ts";
import { plainValue } from "../plain-value.ts";
import { type CheckContext, mixOf, placeOf } from "../read/check-context.ts";
import { orderMonthOf } from "./order-month.ts";

/** Fleets that are larger by less are a matter of rounding. */
export const TOLERANCE = 1e-6;

/**
 * Warns of a fleet that needs more power than its site ever has within the horizon, at medians: the rest of its chips is
 * paid for and never runs.
 *
 * Fails: never; warnings are added to the context.
 */
export function warnOfStrandedFleet(context: CheckContext, fleet: string): void {
  const path = `fleets.${fleet}`;
  const size = context.fields.get(`${path}.size`);
  const site = context.fields.get(`${path}.site`)?.choice;
  const chips = site === undefined ? undefined : chipsOfFleet(context, fleet, site);
  const most = largestPower(context, `sites.${site}.power`);
  if (!size || site === undefined || !chips || most === undefined) return;
  if (!(chips.power > most * (1 + TOLERANCE))) return;
  const [needs, has] = formatApart(chips.power, most, "power");
  const fit = (plainValue(context, size.path) ?? 0) * (most / chips.power);
  const largest = size.dimension && size.dimension !== "number" ? formatQuantity(fit, size.dimension) : has;
  const stranded = formatQuantity(chips.count * (1 - most / chips.power), "chips");
  const help = `raise \`sites.${site}.power\` to ${needs}, or write \`size: ${largest}\``;
  context.diagnostics.push(
    diagnose("stranded-fleet", {
      values: { fleet, site, needs, has, stranded },
      path: size.path,
      span: size.origin.span,
      related: placeOf(context, `sites.${site}.power`, "the site's power"),
      help,
    }),
  );
}

/** The largest power of a site in a month of the horizon; none where it has no date there, which is warned of. */
export function largestPower(context: CheckContext, path: string): number | undefined {
  const expr = context.fields.get(path)?.expr;
  const end = context.startMonth + context.monthCount;
  const points = expr?.kind === "table" ? expr.points.map(({ month }) => month) : [];
  if (points.length > 0 && points.every((month) => month >= end)) return undefined;
  const months = [context.startMonth, ...points.filter((month) => month < end)];
  const powers = months.map((month) => plainValue(context, path, month));
  return powers.every((power) => power !== undefined) ? Math.max(...powers) : undefined;
}

/** Number of chips of a fleet and their facility power [W] as docs/model.md section 3 has them, at medians. */
export function chipsOfFleet(
  context: CheckContext,
  fleet: string,
  site: string,
): { readonly count: number; readonly power: number } | undefined {
  const path = `fleets.${fleet}`;
  const size = plainValue(context, `${path}.size`);
  const kind = context.fields.get(`${path}.size`)?.dimension;
  const design = plainValue(context, `sites.${site}.pue_design`);
  const parts = partsOf(context, fleet);
  if (size === undefined || design === undefined || !parts) return undefined;
  const by = context.fields.get(`${path}.by`)?.choice ?? "power";
  const numbers = parts.map(
    ({ share, watts, cost }) => share / (by === "chips" ? 1 : by === "spend" ? cost : watts),
  );
  const sumOf = (weight: (part: Part) => number) =>
    parts.reduce((sum, part, index) => sum + (numbers[index] ?? 0) * weight(part), 0);
  const isIt = context.fields.get(`${path}.basis`)?.choice === "it";
  const whole =
    kind === "chips"
      ? sumOf(() => 1)
      : kind === "money"
        ? sumOf(({ cost }) => cost)
        : (isIt ? 1 : design) * sumOf(({ watts }) => watts);
  const scale = size / whole;
  const count = scale * sumOf(() => 1);
  const power = scale * design * sumOf(({ watts }) => watts);
  return Number.isFinite(power) && Number.isFinite(count) ? { count, power } : undefined;
}

/** A chip of a fleet: its share, its watts, and its price with its network when it is ordered. */
type Part = { readonly share: number; readonly watts: number; readonly cost: number };

function partsOf(context: CheckContext, fleet: string): readonly Part[] | undefined {
  const path = `fleets.${fleet}`;
  const mix = mixOf(context, fleet);
  const single = context.fields.get(`${path}.chip`)?.choice;
  const names = mix ? [...mix.entries.keys()] : single === undefined ? [] : [single];
  const shares = names.map((chip) => (mix ? plainValue(context, `${path}.mix.${chip}`) : 1));
  const stated = shares.reduce<number>((sum, share) => sum + (share ?? 0), 0);
  const parts = names.map((chip, index) => {
    const month = orderMonthOf(context, path, chip);
    const [watts, price, network] = ["it_power", "price", "network"].map((field) =>
      plainValue(context, `chips.${chip}.${field}`, month),
    );
    const isRest = context.fields.get(`${path}.mix.${chip}`)?.rest === true;
    const share = isRest ? Math.max(0, 1 - stated) : shares[index];
    if (share === undefined || watts === undefined || price === undefined || network === undefined)
      return undefined;
    return { share, watts, cost: price + network };
  });
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts : undefined;
}
