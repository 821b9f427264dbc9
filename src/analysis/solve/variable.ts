import { offerNearest } from "../../diagnostics/nearest.ts";
import { rangeOf } from "../../scenario/fields/field-range.ts";
import { evaluateAt } from "../../scenario/plain-value.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import { DIMENSIONS, type DimensionName, toCanonical } from "../../units/dimension.ts";
import { formatQuantity } from "../../units/format.ts";

/** The input whose value is searched. */
export type Variable = {
  readonly path: string;
  /** The scenario with a plain number in place of the value as it was written. */
  readonly scenario: Scenario;
  /** The value of the scenario at medians, and the admissible range [canonical unit]. */
  readonly now: number;
  readonly range: readonly [low: number, high: number];
  /** How the value was written, where a plain number says less: a range, a table, an expression. */
  readonly replaced: string | undefined;
  /** The canonical unit, empty for a plain number. */
  readonly unit: string;
  /** A canonical value as the expression of the field has it, and as a user writes it. */
  readonly toSi: (value: number) => number;
  readonly show: (value: number) => string;
};

/**
 * The input at a path, as what may be searched: one number with its unit.
 *
 * @return a sentence instead, where the scenario has no such input or it is not a number
 *
 * Fails: never.
 */
export function findVariable(scenario: Scenario, path: string): Variable | string {
  const value = scenario.fields.get(path) ?? scenario.lets.find((one) => one.path === path);
  if (!value) {
    const known = [...scenario.fields.keys(), ...scenario.lets.map((one) => one.path)];
    const near = offerNearest(path, known);
    return `the scenario has no input \`${path}\`${near ? `; write ${near}` : "; `gigafleet show` lists its inputs"}`;
  }
  const { expr, spec } = value;
  if (!expr)
    return `\`${path}\` is \`${value.text}\`, which is not an amount: there is nothing between its values to search`;
  if (expr.isDate) return `\`${path}\` is a date, ${value.text}; search by a duration, such as a \`delay\``;
  if (spec.kind !== "quantity" && spec.kind !== "any")
    return `\`${path}\` is not an amount with a unit of its own`;
  const dimension = dimensionOf(value);
  if (!dimension) return `\`${path}\` has a unit that no field takes`;
  const { multiply, divide, canonical: unit } = DIMENSIONS[dimension];
  const si = evaluateAt(scenario, expr);
  const now = toCanonical(si, expr.vector, dimension) ?? si;
  const isPlain = expr.kind === "number";
  const { vector, span } = expr;
  const plain = { kind: "number", value: si, vector, isDate: false, binding: "constant", span } as const;
  const origin = { ...value.origin, declaredAt: path };
  return {
    path,
    scenario: withValue(scenario, { ...value, expr: plain, origin }),
    now,
    range: rangeOfValue(value),
    replaced: isPlain ? undefined : value.text,
    unit,
    toSi: (canonical) => (canonical * divide) / multiply,
    show: (canonical) => formatQuantity(canonical, dimension),
  };
}

/** What the field takes [canonical unit]; a `let` value has no range of its own. */
function rangeOfValue({ spec, dimension = spec.dimensions?.[0] }: FieldValue): readonly [number, number] {
  if (spec.kind === "any" || !dimension) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return rangeOf(spec, dimension);
}

function dimensionOf({ dimension, expr, spec }: FieldValue): DimensionName | undefined {
  if (dimension) return dimension;
  if (spec.kind !== "any") return spec.dimensions?.[0];
  const names = Object.keys(DIMENSIONS) as DimensionName[];
  return names.find((name) => expr && toCanonical(1, expr.vector, name) !== undefined);
}

function withValue(scenario: Scenario, value: FieldValue): Scenario {
  const { path } = value;
  if (!scenario.fields.has(path))
    return { ...scenario, lets: scenario.lets.map((one) => (one.path === path ? value : one)) };
  return { ...scenario, fields: new Map([...scenario.fields, [path, value]]) };
}
