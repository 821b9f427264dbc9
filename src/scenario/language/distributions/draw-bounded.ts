import { InternalError } from "../../../diagnostics/diagnostic.ts";
import type { Words } from "../algebra.ts";

/** The value of a uniform distribution at a uniform; `parameters`: least and greatest value. */
export function drawUniform<Value>(
  { op }: Words<Value>,
  [min, max]: readonly Value[],
  uniform: Value,
): Value {
  return op("add", min, op("multiply", uniform, op("subtract", max, min)));
}

/** The value of a triangular distribution; `parameters`: least value, mode and greatest value. */
export function drawTriangular<Value>(
  words: Words<Value>,
  parameters: readonly Value[],
  uniform: Value,
): Value {
  const { op, num, choose } = words;
  const [min, mode, max] = parameters;
  return unlessCertain(words, parameters, (range, modeFraction) => {
    const rising = (): Value =>
      op("add", min, op("sqrt", op("multiply", op("multiply", uniform, range), op("subtract", mode, min))));
    const falling = (): Value => {
      const rest = op("multiply", op("subtract", num(1), uniform), range);
      return op("subtract", max, op("sqrt", op("multiply", rest, op("subtract", max, mode))));
    };
    return choose(op("less", uniform, modeFraction), rising, falling);
  });
}

/**
 * The value of a PERT distribution; `parameters`: least value, mode and greatest value.
 *
 * Fails: `InternalError` for unknown parameters, which the parser rejects.
 */
export function drawPert<Value>(words: Words<Value>, parameters: readonly Value[], uniform: Value): Value {
  const { op, algebra } = words;
  return unlessCertain(words, parameters, (range, modeFraction) => {
    const known = algebra.known(modeFraction);
    if (known === undefined)
      throw new InternalError("the parameters of a PERT distribution are not constant");
    const score = op("normal_quantile", uniform);
    return op("add", parameters[0], op("multiply", range, algebra.pert(known, score)));
  });
}

/** The value of `draw`, given the range and the mode as a fraction of it; without spread, the one value. */
function unlessCertain<Value>(
  { op, choose }: Words<Value>,
  [min, mode, max]: readonly Value[],
  draw: (range: Value, modeFraction: Value) => Value,
): Value {
  const range = op("subtract", max, min);
  return choose(
    op("equal", min, max),
    () => min,
    () => draw(range, op("divide", op("subtract", mode, min), range)),
  );
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
