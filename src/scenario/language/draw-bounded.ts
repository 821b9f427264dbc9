import { InternalError } from "../../diagnostics/diagnostic.ts";
import type { Words } from "./algebra.ts";
import type { Distribution } from "./expr.ts";

/**
 * The value of a uniform, triangular or PERT distribution at a uniform; without spread, its one value.
 *
 * Fails: `InternalError` for a PERT with unknown parameters.
 */
export function drawBounded<Value>(
  words: Words<Value>,
  family: Distribution["family"],
  parameters: readonly Value[],
  uniform: Value,
): Value {
  const { op, num, choose, algebra } = words;
  const [min] = parameters;
  const max = parameters[parameters.length - 1];
  const range = op("subtract", max, min);
  if (family === "uniform") return op("add", min, op("multiply", uniform, range));
  const mode = parameters[1];
  const isCertain = op("equal", min, max);
  const modeFraction = (): Value => op("divide", op("subtract", mode, min), range);
  const pert = (): Value => {
    const known = algebra.known(modeFraction());
    if (known === undefined)
      throw new InternalError("the parameters of a PERT distribution are not constant");
    const score = op("normal_quantile", uniform);
    return op("add", min, op("multiply", range, algebra.pert(known, score)));
  };
  const triangular = (): Value => {
    const rising = (): Value =>
      op("add", min, op("sqrt", op("multiply", op("multiply", uniform, range), op("subtract", mode, min))));
    const falling = (): Value => {
      const rest = op("multiply", op("subtract", num(1), uniform), range);
      return op("subtract", max, op("sqrt", op("multiply", rest, op("subtract", max, mode))));
    };
    return choose(op("less", uniform, modeFraction()), rising, falling);
  };
  return choose(isCertain, () => min, family === "pert" ? pert : triangular);
}

/** The first value whose cumulative chance reaches the uniform. */
export function drawDiscrete<Value>(
  { op, num, choose }: Words<Value>,
  weights: readonly number[],
  values: readonly Value[],
  uniform: Value,
): Value {
  const cumulative: number[] = [];
  let sum = 0;
  for (const weight of weights) {
    sum += weight;
    cumulative.push(sum);
  }
  let result = values[values.length - 1];
  for (let index = values.length - 2; index >= 0; index--) {
    const later = result;
    result = choose(
      op("less_equal", uniform, num(cumulative[index])),
      () => values[index],
      () => later,
    );
  }
  return result;
}
