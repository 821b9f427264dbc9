import { areTruths, reached } from "./build-call.ts";
import { readValue } from "./parse-value.ts";
import { type ParsedValue, type ValueContext, ValueReader } from "./value-reader.ts";

/**
 * Reads a condition: comparisons of quantities, dates and simulated states, joined by `and`, `or` and `not`.
 *
 * A date means "this month has been reached"; an amount alone is rejected. Dotted names are those of `context.states`.
 *
 * @return a tree whose value is 1 or 0
 *
 * Fails: never, whatever the text.
 */
export function parseCondition(
  text: string,
  context: Required<Pick<ValueContext, "states">> & ValueContext,
): ParsedValue {
  const reader = new ValueReader(text, context);
  const expr = readValue(text, reader);
  const condition = expr && (expr.isDate ? reached(expr, reader) : expr);
  return reader.finish(condition && areTruths(undefined, [condition], reader) ? condition : undefined);
}
