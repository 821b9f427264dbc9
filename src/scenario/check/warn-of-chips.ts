import { diagnose } from "../../diagnostics/diagnostic.ts";
import { PRECISIONS, type Precision } from "../../metrics/precision.ts";
import { plainValue } from "../plain-value.ts";
import { type CheckContext, placeOf } from "../read/check-context.ts";

/**
 * Ten times the dense FLOP/s per provisioned watt of the catalog's best chip, rounded: a scenario reads only the chips that it
 * names, so the best one is not at hand. A test compares it with the catalog.
 */
export const MOST_PER_WATT: Readonly<Record<Precision, number>> = { fp4: 150e12, fp8: 75e12, bf16: 20e12 };

/**
 * Warns of a chip that does ten times the work per watt of the best one sold, where the scenario writes its rate or power.
 *
 * Fails: never; warnings are added to the context.
 */
export function warnOfChip(context: CheckContext, chip: string): void {
  const power = plainValue(context, `chips.${chip}.it_power`);
  for (const precision of PRECISIONS) {
    const path = `chips.${chip}.${precision}`;
    const [field, rate] = [context.fields.get(path), plainValue(context, path)];
    if (!field || !power || rate === undefined || rate <= MOST_PER_WATT[precision] * power) continue;
    const isShipped = [path, `chips.${chip}.it_power`].every(
      (each) => context.fields.get(each)?.origin.layer === "catalog",
    );
    if (isShipped) continue;
    const [got, most] = [rate / power, MOST_PER_WATT[precision]].map((each) => Math.round(each / 1e12));
    const reason = `${got} TFLOPS/W is more than ten times the best chip of the catalog, ${most / 10} TFLOPS/W`;
    const values = { text: field.text, reason };
    const related = placeOf(context, `chips.${chip}.it_power`, "`it_power`");
    const help =
      "enter the dense rate of one chip, and the power of one chip with its share of host and network";
    context.diagnostics.push(
      diagnose("doubtful-value", { values, path, span: field.origin.span, related, help }),
    );
  }
}
