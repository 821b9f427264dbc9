import { plainValue } from "../plain-value.ts";
import { type CheckContext, isGiven } from "../read/check-context.ts";
import type { FieldValue } from "../scenario.ts";

/** Month in which the first chips are ordered, at medians; its price decides. */
export function orderMonthOf(context: CheckContext, path: string, chip: string): number {
  const prefix = deliveryOf(context, path, chip);
  const schedule = context.fields.get(`${prefix}.deliver.schedule`)?.expr;
  const first = ["at", "from"]
    .map((field) => plainValue(context, `${prefix}.deliver.${field}`))
    .find((month) => month !== undefined);
  const months = plainValue(context, `chips.${chip}.lead`) ?? 0;
  const scheduled = schedule?.kind === "table" ? schedule.points[0]?.month : undefined;
  return (first ?? scheduled ?? context.startMonth) - Math.floor(months + 0.5);
}

/** Where the first chips of a kind are due, and the month, at medians; before the chip's own date and slip. */
export function firstDueOf(
  context: CheckContext,
  path: string,
  chip: string,
): { readonly value: FieldValue; readonly month: number } | undefined {
  const prefix = deliveryOf(context, path, chip);
  const value = ["at", "from", "schedule"]
    .map((field) => context.fields.get(`${prefix}.deliver.${field}`))
    .find((field) => field !== undefined);
  const expr = value?.expr;
  const month = expr?.kind === "table" ? expr.points[0]?.month : value && plainValue(context, value.path);
  if (!value || month === undefined || !(expr?.isDate || expr?.kind === "table")) return undefined;
  const delay = [`${path}.mix.${chip}`, path]
    .map((each) => plainValue(context, `${each}.deliver.delay`))
    .find((each) => each !== undefined);
  return { value, month: month + (delay ?? 0) };
}

/** Whose delivery a chip of a fleet has: its own in the mix, or the fleet's. */
function deliveryOf(context: CheckContext, path: string, chip: string): string {
  const own = `${path}.mix.${chip}`;
  return waysOf(context, own).length > 0 ? own : path;
}

/** The forms of delivery that are given; only one is allowed. */
const WAYS = [["at"], ["from", "to"], ["schedule"]] as const;

export function waysOf(context: CheckContext, prefix: string): (readonly string[])[] {
  return WAYS.filter((way) => way.some((field) => isGiven(context, `${prefix}.deliver.${field}`)));
}
