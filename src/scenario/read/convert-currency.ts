import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { CURRENCIES } from "../../units/currencies.ts";
import { describeVector } from "../../units/dimension.ts";
import { baseSymbols, type DimensionVector, dimensionless, equalVectors } from "../../units/vector.ts";
import { joinBindings } from "../language/binding.ts";
import { constantOf } from "../language/evaluate.ts";
import type { Binding, Expr } from "../language/expr.ts";
import { rateLine } from "../language/line-name.ts";
import type { NameResolver, ParsedValue } from "../language/value-reader.ts";

/** Where a value stands, and the names that it may read. */
type Place = {
  readonly path: string;
  readonly spec: { readonly path: string; readonly varies?: string };
  readonly names: NameResolver;
};

const RATES = rateLine("*");
const DOLLAR = baseSymbols.indexOf("USD");

/**
 * Makes an amount in another currency one in dollars, at the rate of the month it is read in (docs/model.md section 1).
 *
 * Fails: never; a currency without a rate is reported.
 */
export function inDollars(parsed: ParsedValue, place: Place): ParsedValue {
  const { expr, diagnostics } = parsed;
  if (!expr) return parsed;
  if (place.spec.path === RATES) return readRate(expr, diagnostics, place);
  const currency = currencyOf(expr.vector);
  if (currency === undefined) return parsed;
  const name = rateLine(currency);
  const rate = place.names.lookup(name);
  // The rate's own fault has been reported.
  if (rate === "faulty") return { diagnostics };
  if (!rate) return { diagnostics: [...diagnostics, withoutRate(currency, expr, place)] };
  const vector = expr.vector.map((power, index) =>
    index === DOLLAR ? 1 : index === baseSymbols.indexOf(currency) ? 0 : power,
  );
  const { span } = expr;
  // A value that does not vary by month is converted at `start`.
  const binding = place.spec.varies === "month" ? rate.binding : atOneMonth(rate.binding);
  const factor: Expr = { kind: "name", name, vector: rate.vector, isDate: false, binding, span };
  return {
    diagnostics,
    expr: {
      kind: "call",
      fn: "multiply",
      args: [expr, factor],
      vector: Object.freeze(vector),
      isDate: false,
      binding: joinBindings([expr.binding, binding]),
      span,
    },
  };
}

/** The one currency of an amount or a price; undefined for anything else, which no field accepts as it is. */
function currencyOf(vector: DimensionVector): string | undefined {
  const powers = CURRENCIES.filter((currency) => vector[baseSymbols.indexOf(currency)] !== 0);
  const [currency] = powers;
  const isAmount = powers.length === 1 && vector[baseSymbols.indexOf(currency)] === 1 && vector[DOLLAR] === 0;
  return isAmount ? currency : undefined;
}

function atOneMonth(binding: Binding): Binding {
  return binding === "month" ? "constant" : binding === "month-trial" ? "trial" : binding;
}

function withoutRate(currency: string, { span }: Expr, { path }: Place): Diagnostic {
  const help = `write the rate you mean, such as \`money: { rates: { ${currency}: 1.08 USD/${currency} } }\``;
  return diagnose("missing-rate", { values: { currency }, path, span, help });
}

/** A rate is in dollars for one of the currency that its line names, and above 0. */
function readRate(expr: Expr, diagnostics: readonly Diagnostic[], { path, names }: Place): ParsedValue {
  const currency = path.slice(rateLine("").length);
  const { span } = expr;
  const refuse = (fault: Diagnostic): ParsedValue => ({ diagnostics: [...diagnostics, fault] });
  const unit = `USD/${currency}`;
  const powers = dimensionless.map((_, index) =>
    index === DOLLAR ? 1 : baseSymbols[index] === currency ? -1 : 0,
  );
  const value = constantOf(expr, names);
  if (expr.isDate || !equalVectors(expr.vector, powers)) {
    const isInverse = equalVectors(
      expr.vector,
      powers.map((power) => -power),
    );
    const meant =
      value !== undefined && value > 0 ? Number((isInverse ? 1 / value : value).toPrecision(6)) : 1.08;
    const got = expr.isDate ? "a month" : describeVector(expr.vector);
    const values = { needs: `a rate in ${unit}`, got };
    return refuse(diagnose("unit-mismatch", { values, path, span, help: `write \`${meant} ${unit}\`` }));
  }
  if (value !== undefined && !(value > 0)) {
    const values = { text: `${value} ${unit}`, reason: "a rate is above 0" };
    return refuse(diagnose("invalid-value", { values, path, span }));
  }
  return { diagnostics, expr };
}
