import { diagnose } from "../../diagnostics/diagnostic.ts";
import { formatQuantity } from "../../units/format.ts";
import { usualRangeOf } from "../fields/field-range.ts";
import { pathOf } from "../fields/index.ts";
import { isLater, type Layer, valueAtPath } from "../files/tree.ts";
import { variesByTrial } from "../language/binding.ts";
import { formatMonth } from "../language/format-expr.ts";
import { plainValue } from "../plain-value.ts";
import { type CheckContext, chipsOf, isZero, placeOf } from "../read/check-context.ts";
import { percentHelp } from "../read/check-value.ts";
import type { FieldValue, Scenario } from "../scenario.ts";
import { lifeRowOf } from "../tenure.ts";
import { firstDueOf } from "./order-month.ts";

/** Units that are probably typos of a larger unit with the same letters. */
const DOUBTFUL_UNITS: ReadonlyMap<string, readonly [meaning: string, help: string]> = new Map([
  ["mW", ["milliwatt", "write `MW` for megawatts"]],
  ["mWh", ["milliwatt-hour", "write `MWh` for megawatt-hours"]],
  ["kb", ["kilobit", "write `kB` for kilobytes, or `kilobits`"]],
  ["Mb", ["megabit", "write `MB` for megabytes, or `megabits`"]],
  ["Gb", ["gigabit", "write `GB` for gigabytes, or `gigabits`"]],
  ["Tb", ["terabit", "write `TB` for terabytes, or `terabits`"]],
  ["Pb", ["petabit", "write `PB` for petabytes, or `petabits`"]],
]);

/**
 * Warns of values that are valid but probably unintended: units one letter off, power of a few watts, and values that
 * another field makes pointless.
 *
 * Checks only values that the scenario itself writes. Fails: never; warnings are added to the context.
 */
export function warnOfDoubts(
  context: CheckContext,
  names: Scenario["names"],
  lets: readonly FieldValue[],
): void {
  for (const value of [...lets, ...context.fields.values()])
    if (isWritten(value)) warnOfUnits(context, value);
  for (const value of context.fields.values()) {
    warnOfUnusual(context, value);
    if (isWritten(value)) warnOfOtherPrice(context, value);
  }
  for (const site of names.sites) {
    warnOfDesign(context, `sites.${site}`);
    warnOfTenure(context, `sites.${site}`);
  }
  for (const fleet of names.fleets) {
    warnOfCommissioning(context, fleet);
    warnOfCutEnergy(context, fleet);
    warnOfEarlyDelivery(context, fleet);
  }
}

/** True for a value that the scenario or the command line gives for this very field. */
function isWritten({ path, origin }: FieldValue): boolean {
  return origin.layer !== "default" && origin.layer !== "catalog" && origin.declaredAt === path;
}

function warnOfUnits(context: CheckContext, { path, spec, text, origin }: FieldValue): void {
  if (spec.kind !== "quantity" && spec.kind !== "any" && spec.kind !== "condition") return;
  const units = new Set(text.match(/(?<![A-Za-z_])(?:mWh?|[kMGTP]b)(?![A-Za-z0-9_])/g));
  for (const unit of units) {
    const [meaning, help] = DOUBTFUL_UNITS.get(unit) ?? [];
    if (!meaning) continue;
    context.diagnostics.push(
      diagnose("doubtful-unit", { values: { unit, meaning }, path, span: origin.span, help }),
    );
  }
}

function warn(
  context: CheckContext,
  { path, text, origin }: FieldValue,
  reason: string,
  { other, help }: { readonly other?: string; readonly help?: string | undefined } = {},
): void {
  const related = other ? placeOf(context, other, `\`${other.slice(other.lastIndexOf(".") + 1)}\``) : [];
  context.diagnostics.push(
    diagnose("doubtful-value", { values: { text, reason }, path, span: origin.span, related, help }),
  );
}

/** Energy per month is a power, so a price of one passes for a price of the other, 730 times as much. */
const OTHER_PRICES: Readonly<Record<string, readonly [unit: RegExp, is: string, asked: string]>> = {
  price_per_energy: [/\b[kMGTP]?W\b.*\b(?:months?|years?)\b/, "power over time", "energy"],
  price_per_power_month: [/\b[kMGTP]?Wh\b/, "energy", "power by the month"],
  price_per_power_year: [/\b[kMGTP]?Wh\b/, "energy", "power by the year"],
};

function warnOfOtherPrice(context: CheckContext, value: FieldValue): void {
  const { dimension, text, path } = value;
  const [unit, is, asked] = OTHER_PRICES[dimension ?? ""] ?? [];
  if (!dimension || !unit?.test(text)) return;
  const price = plainValue(context, path) ?? 0;
  warn(context, value, `this is a price of ${is}, but the field takes a price of ${asked}`, {
    help: `write \`${formatQuantity(price, dimension)}\` if that is meant`,
  });
}

/** Looks at the size of the plain values, without their signs: one of 0 is meant, such as a site that is not built. */
function warnOfUnusual(context: CheckContext, value: FieldValue): void {
  const { path, spec, expr, dimension } = value;
  const usual = expr && dimension && usualRangeOf(spec, dimension);
  if (!usual || !isWritten(value)) return;
  const months = expr.kind === "table" ? expr.points.map(({ month }) => month) : [context.startMonth];
  const largest = Math.max(...months.map((month) => Math.abs(plainValue(context, path, month) ?? 0)));
  const [low, high] = usual;
  if (largest > 0 && largest < low) warn(context, value, `it is less than ${spec.usual?.[0]}`);
  if (largest > high)
    warn(context, value, `it is more than ${spec.usual?.[1]}`, {
      help: dimension === "fraction" ? percentHelp(value.text) : undefined,
    });
}

/** The design PUE includes a reserve, so it must not be below the mean PUE of every month. */
function warnOfDesign(context: CheckContext, site: string): void {
  const design = context.fields.get(`${site}.pue_design`);
  const designed = plainValue(context, `${site}.pue_design`);
  if (!design || designed === undefined || !isWritten(design)) return;
  let lowest = Number.POSITIVE_INFINITY;
  for (let month = context.startMonth; month < context.startMonth + context.monthCount; month++) {
    lowest = Math.min(lowest, plainValue(context, `${site}.pue`, month) ?? Number.POSITIVE_INFINITY);
  }
  if (Number.isFinite(lowest) && designed < lowest) {
    warn(context, design, `it is below \`pue\`, ${Number(lowest.toPrecision(4))}`, { other: `${site}.pue` });
  }
}

/** Fields of a site that only one tenure reads. */
const FIELDS_OF_TENURE = {
  owned: [
    "facility",
    "build_time",
    "retrofit",
    "book_life",
    "economic_life",
    "residual_haircut",
    "maintenance",
  ],
  leased: ["lease", "lease_growth"],
} as const;

/** Warns of fields of the other tenure, unless a later layer changed the tenure: what it does away with is not a slip. */
function warnOfTenure(context: CheckContext, site: string): void {
  const tenure = context.fields.get(`${site}.tenure`)?.choice;
  if (tenure !== "owned" && tenure !== "leased") return;
  const changed = layerAt(context, `${site}.tenure`);
  const [reason, other] =
    tenure === "owned"
      ? ["the site is owned, so no rent is paid", "leased" as const]
      : ["the site is leased, so the provider builds no facility", "owned" as const];
  for (const field of FIELDS_OF_TENURE[other]) {
    const value = context.fields.get(`${site}.${field}`);
    const own = layerAt(context, `${site}.${field}`);
    if (!value || !isWritten(value) || (changed && own && isLater(changed, own))) continue;
    const { path, origin } = value;
    // That nothing is built or maintained holds where the site is leased.
    if (other === "owned" && isZero(context, path)) continue;
    const help = `write \`tenure: ${other}\`, or delete the field`;
    context.diagnostics.push(
      diagnose("unused-field", { values: { field, reason }, path, span: origin.span, help }),
    );
  }
}

/**
 * Warns of what is due before its chip is available, which lands when it is (docs/model.md section 4), unless a later layer
 * moved the chip: that is the question then. So is a slip, or a date that is a range.
 */
function warnOfEarlyDelivery(context: CheckContext, fleet: string): void {
  for (const chip of chipsOf(context, fleet)) {
    const first = firstDueOf(context, `fleets.${fleet}`, chip);
    const path = `chips.${chip}.available_from`;
    const available = plainValue(context, path);
    if (variesByTrial(context.fields.get(path)?.expr?.binding ?? "constant")) continue;
    if (!first || available === undefined || !isWritten(first.value) || first.month >= available) continue;
    const [moved, own] = [path, first.value.path].map((each) => layerAt(context, each));
    if (moved && own && isLater(moved, own)) continue;
    const reason = `\`${chip}\` is available from ${formatMonth(Math.ceil(available))}, and what is due earlier lands then`;
    warn(context, first.value, reason, { other: path });
  }
}

/** The layer that wrote the value of a field last. */
function layerAt({ merged }: CheckContext, path: string): Layer | undefined {
  return valueAtPath(merged, path.split("."))?.layer;
}

function warnOfCommissioning(context: CheckContext, fleet: string): void {
  const path = pathOf("fleets.*.commissioning", fleet);
  const lifePath = pathOf(lifeRowOf(context.fields, fleet), fleet);
  const [value, life] = [context.fields.get(path), context.fields.get(lifePath)];
  const [taken, whole] = [path, lifePath].map((each) => plainValue(context, each));
  if (!value || taken === undefined || whole === undefined || taken === 0 || taken < whole) return;
  if (!isWritten(value) && !isWritten(life ?? value)) return;
  warn(context, value, "the chips retire before they are productive", { other: lifePath });
}

/** Energy is cut to the facility power that design PUE gives the chips (docs/model.md section 6), in trials as at the medians. */
function warnOfCutEnergy(context: CheckContext, fleet: string): void {
  const site = context.fields.get(pathOf("fleets.*.site", fleet))?.choice;
  if (site === undefined) return;
  const [pue, design] = [pathOf("sites.*.pue", site), pathOf("sites.*.pue_design", site)];
  const load = pathOf("fleets.*.load_factor", fleet);
  const value = [pue, load, design]
    .map((path) => context.fields.get(path))
    .find((one) => one && isWritten(one));
  const most = plainValue(context, design);
  if (!value || most === undefined) return;
  let worst = { month: context.startMonth, drawn: 0 };
  for (let month = context.startMonth; month < context.startMonth + context.monthCount; month++) {
    const drawn = (plainValue(context, load, month) ?? 0) * (plainValue(context, pue, month) ?? 0);
    if (drawn > worst.drawn) worst = { month, drawn };
  }
  if (worst.drawn <= most * (1 + 1e-9)) return;
  const drawn = Number(worst.drawn.toPrecision(4));
  const reason = `fleet \`${fleet}\` would draw ${drawn} times its IT power in ${formatMonth(worst.month)}: energy is cut to \`pue_design\`, ${Number(most.toPrecision(4))}`;
  const help = `a \`pue_design\` of ${drawn} or more avoids this`;
  warn(context, value, reason, { ...(value.path === design ? {} : { other: design }), help });
}
