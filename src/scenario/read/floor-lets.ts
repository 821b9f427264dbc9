import { rangeOf } from "../fields/field-range.ts";
import { isFromZero } from "../language/admit-range.ts";
import { namesNeeded } from "../language/evaluate.ts";
import type { Expr } from "../language/expr.ts";
import { nameOfLine } from "../language/line-name.ts";
import type { NameResolver } from "../language/value-reader.ts";
import { definitionsOf } from "../plain-value.ts";
import type { FieldValue } from "../scenario.ts";

/**
 * Makes `0 to B` under `let` as it is in a field that cannot be negative: max(0, normal with P5 = 0 and P95 = B), where
 * every field that reads the name, directly or through others, is such a field.
 *
 * Fails: never. Cost: uncertain names that begin at 0, times fields.
 */
export function floorLets(
  lets: readonly FieldValue[],
  fields: ReadonlyMap<string, FieldValue>,
  names: NameResolver,
): readonly FieldValue[] {
  const candidates = lets.filter(({ expr }) => expr && hasFromZero(expr, names));
  if (candidates.length === 0) return lets;
  const definitions = definitionsOf({ lets });
  const readers = [...fields.values()].flatMap((field) =>
    field.expr ? [{ field, needed: namesNeeded(field.expr, definitions) }] : [],
  );
  return lets.map((one) => {
    if (!one.expr || !candidates.includes(one)) return one;
    const uses = readers.filter(({ needed }) => needed.has(nameOfLine(one.path)));
    const isFloored = uses.length > 0 && uses.every(({ field }) => cannotBeNegative(field));
    return isFloored ? { ...one, expr: floor(one.expr, names) } : one;
  });
}

function hasFromZero(expr: Expr, names: NameResolver): boolean {
  const values = expr.kind === "table" ? expr.points.map(({ value }) => value) : [expr];
  return values.some((value) => isFromZero(value, names));
}

function floor(expr: Expr, names: NameResolver): Expr {
  if (expr.kind === "table")
    return {
      ...expr,
      points: expr.points.map(({ month, value }) => ({ month, value: floor(value, names) })),
    };
  return isFromZero(expr, names) ? { ...expr, floorsAtZero: true } : expr;
}

function cannotBeNegative({ spec, dimension }: FieldValue): boolean {
  return dimension !== undefined && rangeOf(spec, dimension)[0] >= 0;
}
