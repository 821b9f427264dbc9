import { log } from "../../../numbers/plain.ts";
import { allPositive, isOrdered, type Words } from "../algebra.ts";

/** A distribution that is an increasing function of a normal score. */
export type NormalScale<Value> = {
  /** 1 if the parameters are valid. */
  readonly isValid: Value;
  /** 1 if it has no spread; its value is then `valueAt` of 0. */
  readonly isCertain: Value;
  readonly certainValue: Value;
  readonly valueAt: (score: Value) => Value;
  /** Score of a value; approached from below for the lower bound of a range, from above for the upper. */
  readonly scoreAt: (bound: number, side: "lower" | "upper") => Value;
};

/** A normal distribution, or a lognormal one whose logarithm it is; `parameters`: mean and standard deviation. */
export function normalScale<Value>(
  words: Words<Value>,
  [mean, deviation]: readonly Value[],
  isLog: boolean,
): NormalScale<Value> {
  const { op, num } = words;
  return {
    isValid: op("greater_equal", deviation, num(0)),
    isCertain: op("equal", deviation, num(0)),
    certainValue: isLog ? op("exp", mean) : mean,
    ...affine(words, mean, deviation, isLog),
  };
}

/** A to B at the scores -z and z: lognormal if both are positive, else normal; dates are always normal. */
export function intervalScale<Value>(
  words: Words<Value>,
  isDate: boolean,
  [low, high]: readonly Value[],
  score: number,
): NormalScale<Value> {
  const { op, num, choose } = words;
  const scaleOf = (a: Value, b: Value, isLog: boolean): Affine<Value> => {
    const mean = op("divide", op("add", a, b), num(2));
    return affine(words, mean, op("divide", op("subtract", b, a), num(2 * score)), isLog);
  };
  const linear = (): Affine<Value> => scaleOf(low, high, false);
  const logarithmic = late(() => scaleOf(op("log", low), op("log", high), true));
  const isLog = isDate ? num(0) : allPositive(words, [low, high]);
  return {
    isValid: op("less_equal", low, high),
    isCertain: op("equal", low, high),
    certainValue: low,
    valueAt: (z) =>
      choose(
        isLog,
        () => logarithmic().valueAt(z),
        () => linear().valueAt(z),
      ),
    scoreAt: (bound, side) =>
      choose(
        isLog,
        () => logarithmic().scoreAt(bound, side),
        () => linear().scoreAt(bound, side),
      ),
  };
}

/** Quantiles at -z, 0 and z: the first two determine the spread below the median, the last two the spread above it. */
export function quantileScale<Value>(
  words: Words<Value>,
  isDate: boolean,
  parameters: readonly Value[],
  score: number,
): NormalScale<Value> {
  const { op, num, choose } = words;
  const [low, middle, high] = parameters;
  const sidesOf = ([a, b, c]: readonly Value[]): Sides<Value> => ({
    middle: b,
    below: op("divide", op("subtract", b, a), num(score)),
    above: op("divide", op("subtract", c, b), num(score)),
  });
  const linear = late(() => sidesOf(parameters));
  const logarithmic = late(() => sidesOf(parameters.map((value) => op("log", value))));
  const valueBy = (isLog: boolean, z: Value): Value => {
    const { below, above } = isLog ? logarithmic() : linear();
    const distance = op(
      "multiply",
      choose(
        op("less", z, num(0)),
        () => below,
        () => above,
      ),
      z,
    );
    return isLog ? op("multiply", middle, op("exp", distance)) : op("add", middle, distance);
  };
  const scoreBy = (isLog: boolean, bound: number, side: "lower" | "upper"): Value => {
    const { below, above, middle } = isLog ? logarithmic() : linear();
    const distance = op("subtract", num(isLog ? logOf(bound) : bound), middle);
    const onSide = (slope: Value, atNone: number): Value =>
      choose(
        op("equal", slope, num(0)),
        () => num(atNone),
        () => op("divide", distance, slope),
      );
    // A side without spread is a point mass at the median, which lies inside a range that ends there.
    const isBelow = op(side === "lower" ? "less_equal" : "less", distance, num(0));
    return choose(
      isBelow,
      () => onSide(below, Number.NEGATIVE_INFINITY),
      () => onSide(above, Number.POSITIVE_INFINITY),
    );
  };
  const isLog = isDate ? num(0) : allPositive(words, parameters);
  return {
    isValid: isOrdered(words, parameters),
    isCertain: op("equal", low, high),
    certainValue: low,
    valueAt: (z) =>
      choose(
        isLog,
        () => valueBy(true, z),
        () => valueBy(false, z),
      ),
    scoreAt: (bound, side) =>
      choose(
        isLog,
        () => scoreBy(true, bound, side),
        () => scoreBy(false, bound, side),
      ),
  };
}

/** The middle of three quantiles and the spread on its two sides. */
type Sides<Value> = { readonly middle: Value; readonly below: Value; readonly above: Value };

/** Makes something when it is first asked for, and once: logarithms are the dearest part of a draw. */
function late<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

type Affine<Value> = Pick<NormalScale<Value>, "valueAt" | "scoreAt">;

/** mean + deviation z, or its exponential. */
function affine<Value>(
  { op, num }: Words<Value>,
  mean: Value,
  deviation: Value,
  isLog: boolean,
): Affine<Value> {
  return {
    valueAt: (z) => {
      const value = op("add", mean, op("multiply", deviation, z));
      return isLog ? op("exp", value) : value;
    },
    scoreAt: (bound) => op("divide", op("subtract", num(isLog ? logOf(bound) : bound), mean), deviation),
  };
}

/** Logarithm of a bound; a lognormal has no mass at or below 0. */
function logOf(bound: number): number {
  return bound > 0 ? log(bound) : Number.NEGATIVE_INFINITY;
}
