import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import type { Fault } from "../../engine/index.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import { formatQuantity } from "../../units/format.ts";

/**
 * Turns draws outside their range into diagnostics, each with its field, its place and the value of the first trial
 * affected.
 *
 * @param trials trials run, 1 for a plain run
 *
 * Fails: never.
 */
export function describeFaults(scenario: Scenario, faults: readonly Fault[], trials: number): Diagnostic[] {
  return faults.map((fault) => {
    const field = scenario.fields.get(fault.field);
    const show = (value: number) => formatValue(field, value);
    const hits =
      trials === 1 ? "" : ` (${fault.trialsHit} of ${trials} trials, first in trial ${fault.firstTrial})`;
    return diagnose("out-of-range", {
      values: isLead(fault)
        ? leadValues(fault, hits)
        : {
            needs: `${isCurve(field) ? "a `speed` of " : ""}${rangeText(fault, show)}`,
            got: show(fault.value) + hits,
          },
      path: fault.field,
      span: field?.origin.span,
      help: field ? `the value is written as \`${field.text}\`` : undefined,
    });
  });
}

/** The check of a replacement's lead, or of a lease that is bought out or extended, is on the life that remains after it. */
function isLead({ field }: Fault): boolean {
  return field.endsWith(".replacement.lead") || field.endsWith(".lease_term");
}

function leadValues({ value }: Fault, hits: string) {
  const got = value > 0 ? "less than a month less" : `${formatQuantity(-value, "duration")} more than it`;
  return { needs: "at least 1 month less than the fleet's `life`", got: got + hits };
}

function rangeText({ low, high }: Fault, show: (value: number) => string): string {
  if (high === Number.POSITIVE_INFINITY) return `at least ${show(low)}`;
  if (low === Number.NEGATIVE_INFINITY) return `at most ${show(high)}`;
  return `${show(low)} to ${show(high)}`;
}

/** The check of a measured curve is on the speed at which it is read. */
function isCurve(field: FieldValue | undefined): boolean {
  return field?.spec.kind === "curve";
}

/** A canonical number in a unit for users; in words where it is none, since nobody types `Infinity` or `NaN`. */
function formatValue(field: FieldValue | undefined, value: number): string {
  if (Number.isNaN(value)) return "no number, as of 0 / 0";
  if (!Number.isFinite(value)) return "a number too large to hold";
  if (field?.spec.kind === "date") return formatMonth(value);
  if (field?.spec.kind === "share") return formatQuantity(value, "fraction");
  if (isCurve(field)) return formatQuantity(value, "token_rate");
  return formatQuantity(value, field?.dimension ?? field?.spec.dimensions?.[0] ?? "number");
}
