import { diagnose } from "../../../diagnostics/diagnostic.ts";
import { variesByMonth } from "../../language/binding.ts";
import type { Expr } from "../../language/expr.ts";
import { formatMonth, formatSi } from "../../language/format-expr.ts";
import { rateLine } from "../../language/line-name.ts";
import { evaluateAt } from "../../plain-value.ts";
import type { CheckContext } from "../../read/check-context.ts";
import type { FieldValue } from "../../scenario.ts";

/** Uniforms at either end, beyond which lies one draw in a thousand million. */
const ENDS = [1e-9, 1 - 1e-9] as const;

/**
 * Checks that every currency's rate is above 0 in all months and draws: at 0 or below amounts in it would be worth nothing, or
 * be owed instead of paid. The reader of the rate has already checked a constant.
 *
 * Fails: never; faults are added to the context. Cost: months of the horizon for a rate that varies by month.
 */
export function checkRates(context: CheckContext, lets: readonly FieldValue[]): void {
  for (const { path, expr, text, origin } of lets) {
    if (!path.startsWith(rateLine("")) || !expr || expr.binding === "constant") continue;
    const lowest = lowestOf(context, expr);
    if (!(lowest.value <= 0)) continue;
    const when = variesByMonth(expr.binding) ? ` in ${formatMonth(lowest.month)}` : "";
    const reason = `a rate is above 0, and this one reaches ${formatSi(lowest.value, expr.vector)}${when}`;
    const help = "write a range with both ends above 0";
    context.diagnostics.push(
      diagnose("invalid-value", { values: { text, reason }, path, span: origin.span, help }),
    );
  }
}

/** A rate outside is most likely inverted, or off by a power of ten [USD]. */
const USUAL = [1e-4, 5] as const;

/**
 * Warns of a rate that, at medians, is far from that of any known currency.
 *
 * Fails: never; warnings are added to the context.
 */
export function warnOfRates(context: CheckContext, lets: readonly FieldValue[]): void {
  for (const { path, expr, text, origin } of lets) {
    if (!path.startsWith(rateLine("")) || !expr) continue;
    const values = monthsOf(context, expr).map((month) => evaluateAt(context, expr, month));
    const [low, high] = USUAL;
    const odd = values.find((value) => value > 0 && (value < low || value > high));
    if (odd === undefined) continue;
    const currency = path.slice(rateLine("").length);
    const reason = odd > high ? `it is more than ${high} USD` : `it is less than ${low} USD`;
    const inverse = Number((1 / odd).toPrecision(6));
    const help = `a rate is dollars for one ${currency}; write \`${inverse} USD/${currency}\` if it is ${currency} for one dollar`;
    context.diagnostics.push(
      diagnose("doubtful-value", { values: { text, reason }, path, span: origin.span, help }),
    );
  }
}

/** The lowest that a rate gets to, and the month in which it does. */
function lowestOf(context: CheckContext, expr: Expr): { readonly month: number; readonly value: number } {
  const values = monthsOf(context, expr).flatMap((month) =>
    ENDS.map((end) => ({ month, value: evaluateAt(context, expr, month, () => end) })),
  );
  return values.reduce((lowest, each) => (each.value < lowest.value ? each : lowest));
}

/** Months that show every value of a rate: dates of a table, or the horizon's months. */
function monthsOf({ startMonth, monthCount }: CheckContext, expr: Expr): readonly number[] {
  if (expr.kind === "table" && expr.points.every(({ value }) => !variesByMonth(value.binding)))
    return expr.points.map(({ month }) => month);
  const count = variesByMonth(expr.binding) ? monthCount : 1;
  return Array.from({ length: count }, (_, month) => startMonth + month);
}
