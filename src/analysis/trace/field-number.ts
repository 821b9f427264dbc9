import { mixOf } from "../../compile/parts.ts";
import type { Window } from "../../compile/window.ts";
import { pathOf } from "../../scenario/fields/index.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** The scenario whose fields are read, and the absolute month that window months count from. */
type FieldSource = Pick<Window, "firstMonth"> & { readonly scenario: Scenario };

/**
 * A field's plain value in a window month; the share of a mix written as `rest` is what the others leave.
 *
 * @return undefined where the field is absent or is neither a quantity nor a date
 *
 * Fails: never.
 */
export function fieldNumber(source: FieldSource, path: string, month: number): number | undefined {
  const { scenario, firstMonth } = source;
  if (!scenario.fields.get(path)?.rest) return plainValue(scenario, path, firstMonth + month);
  const [, fleet = ""] = path.split(".");
  const shares = mixOf(scenario, fleet).map((chip) =>
    plainValue(scenario, pathOf("fleets.*.mix.*", fleet, chip), firstMonth + month),
  );
  return Math.max(0, 1 - shares.reduce<number>((sum, share) => sum + (share ?? 0), 0));
}
