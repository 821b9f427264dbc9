import type { Register } from "../engine/index.ts";
import { type FieldPath, pathOf } from "../scenario/fields/index.ts";
import { namesNeeded } from "../scenario/language/evaluate.ts";
import { lineOfName } from "../scenario/language/line-name.ts";
import type { Inputs } from "./inputs.ts";

/**
 * Months between paying for something and having it. A draw counts as at most as long as the window has room for, so that no
 * spending lies before the window (docs/model.md section 1).
 */

/** Months from the order of a chip to its landing. */
export function leadOf(
  inputs: Inputs,
  chip: string,
  read = (row: FieldPath, ...names: readonly string[]) => inputs.number(row, ...names),
): Register {
  const drawn = inputs.context.builder.op("round", read("chips.*.lead", chip));
  return atMost(inputs, drawn, inputs.window.longestLead, pathOf("chips.*.lead", chip));
}

/** Months over which a step of a facility is paid for before it enters service. */
export function buildTimeOf(inputs: Inputs, site: string): Register {
  const drawn = inputs.months("sites.*.build_time", site);
  return atMost(inputs, drawn, inputs.window.longestBuildTime, pathOf("sites.*.build_time", site));
}

function atMost(inputs: Inputs, drawn: Register, longest: number, path: string): Register {
  // A value that `solve` moves has no limit: the window was laid out for the value as written.
  return isMoved(inputs, path)
    ? drawn
    : inputs.context.builder.op("min", drawn, inputs.context.builder.constant(longest));
}

/** Whether a value is an input of the Plan, or reads one. */
function isMoved({ scenario, context: { valuePaths, lets } }: Inputs, path: string): boolean {
  const value = scenario.fields.get(path);
  if (!value?.expr || valuePaths.size === 0) return false;
  if (valuePaths.has(value.origin.declaredAt)) return true;
  return [...namesNeeded(value.expr, lets)].some((name) => valuePaths.has(lineOfName(name)));
}
