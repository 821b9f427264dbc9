import { InternalError } from "../../diagnostics/diagnostic.ts";
import type { Distribution, ExprFunction } from "./expr.ts";

/** The functions a draw is made of, beside those of expressions. */
export type ElementaryFunction = ExprFunction | "normal_quantile" | "normal_cdf";

/**
 * What formulas are written in, so that one text of a formula serves the interpreter (`Value` is a number) and the
 * compiler (`Value` is a register) with the same operations in the same order, and the two agree bit for bit.
 */
export type Algebra<Value> = {
  readonly constant: (value: number) => Value;
  /** The number, where it is known now; a choice on a known condition takes one branch and leaves the other out. */
  readonly known: (value: Value) => number | undefined;
  readonly apply: (fn: ElementaryFunction, ...operands: readonly Value[]) => Value;
  /** The PERT distribution on 0 to 1 of this mode (`pertTable`), looked up at a normal score. */
  readonly pert: (modeFraction: number, score: Value) => Value;
};

/** The parts of a distribution that its formula reads. */
export type DrawnDistribution = Pick<Distribution, "family" | "weights" | "admissible"> & {
  readonly isDate: boolean;
};

/** Normal score of the 95th percentile. */
const scoreOf95 = 1.6448536269514722;

/** Normal score of the 90th percentile. */
const scoreOf90 = 1.2815515655446004;

/** Less mass than this below a range is none: truncation then leaves the uniform as it is. */
const negligibleMass = 1e-300;

/**
 * The value of a distribution at a uniform: x = F^-1(u), on the admissible range where one is set.
 *
 * With a range [lo, hi] the uniform is mapped to F(lo) + u (F(hi) - F(lo)) first, where anything would be cut, and the
 * value held to the range, which rounding could leave. A distribution without spread is its one value, whatever the
 * range. Parameters that make no distribution (P5 above P95, a negative deviation) give NaN.
 *
 * @param parameters in the order of `Distribution.family`
 * @param uniform    in (0, 1)
 *
 * Fails: `InternalError` for a PERT whose parameters are not known, which the parser refuses.
 * Source: docs/model.md#11-uncertainty.
 */
export function drawFrom<Value>(
  algebra: Algebra<Value>,
  distribution: DrawnDistribution,
  parameters: readonly Value[],
  uniform: Value,
): Value {
  const { family } = distribution;
  if (isNormalFamily(family)) return drawNormal(algebra, distribution, parameters, uniform);
  const words = makeWords(algebra);
  if (family === "discrete") return drawDiscrete(words, distribution.weights ?? [], parameters, uniform);
  const isRising = isOrdered(words, parameters);
  return words.choose(isRising, () => drawBounded(words, distribution, parameters, uniform), words.nan);
}

/** Masses of a distribution below its admissible range and up to its end, as `drawFrom` cuts them. */
export function massesOfRange<Value>(
  algebra: Algebra<Value>,
  distribution: DrawnDistribution,
  parameters: readonly Value[],
): { readonly below: Value; readonly upTo: Value } {
  const words = makeWords(algebra);
  const { choose, op, num } = words;
  const scale = normalScale(words, distribution, parameters);
  const range = distribution.admissible ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const { isCertain, certainValue } = scale;
  const masses = (): { readonly below: Value; readonly upTo: Value } => rangeMasses(words, scale, range);
  return {
    below: choose(
      isCertain,
      () => op("less", certainValue, num(range[0])),
      () => masses().below,
    ),
    upTo: choose(
      isCertain,
      () => op("less_equal", certainValue, num(range[1])),
      () => masses().upTo,
    ),
  };
}

/** True for the families whose support has no bounds of its own, so that truncation can cut them. */
export function isNormalFamily(family: Distribution["family"]): boolean {
  return !["triangular", "pert", "uniform", "discrete"].includes(family);
}

/** A distribution that is some increasing function of a normal score. */
type NormalScale<Value> = {
  /** 1 where the parameters make a distribution. */
  readonly isValid: Value;
  /** 1 where it has no spread; its value is then `valueAt` of 0. */
  readonly isCertain: Value;
  readonly certainValue: Value;
  readonly valueAt: (score: Value) => Value;
  /** Score of a value; from below for the lower bound of a range, from above for the upper. */
  readonly scoreAt: (bound: number, side: "lower" | "upper") => Value;
};

function drawNormal<Value>(
  algebra: Algebra<Value>,
  distribution: DrawnDistribution,
  parameters: readonly Value[],
  uniform: Value,
): Value {
  const words = makeWords(algebra);
  const { choose, op, num } = words;
  const scale = normalScale(words, distribution, parameters);
  const spread = (): Value => {
    if (!distribution.admissible) return scale.valueAt(op("normal_quantile", uniform));
    const [low, high] = distribution.admissible;
    const { below, upTo } = rangeMasses(words, scale, distribution.admissible);
    const isWhole = op("and", op("less", below, num(negligibleMass)), op("equal", upTo, num(1)));
    const moved = choose(
      isWhole,
      () => uniform,
      () => op("add", below, op("multiply", uniform, op("subtract", upTo, below))),
    );
    return op("min", op("max", scale.valueAt(op("normal_quantile", moved)), num(low)), num(high));
  };
  return choose(scale.isValid, () => choose(scale.isCertain, () => scale.certainValue, spread), words.nan);
}

function rangeMasses<Value>(
  { op }: Words<Value>,
  scale: NormalScale<Value>,
  [low, high]: readonly [number, number],
): { readonly below: Value; readonly upTo: Value } {
  return {
    below: op("normal_cdf", scale.scoreAt(low, "lower")),
    upTo: op("normal_cdf", scale.scoreAt(high, "upper")),
  };
}

function normalScale<Value>(
  words: Words<Value>,
  { family, isDate }: DrawnDistribution,
  parameters: readonly Value[],
): NormalScale<Value> {
  const { op, num } = words;
  const [first, second] = parameters;
  if (family === "normal" || family === "lognormal") {
    return {
      isValid: op("greater_equal", second, num(0)),
      isCertain: op("equal", second, num(0)),
      certainValue: family === "normal" ? first : op("exp", first),
      ...affine(words, first, second, family === "lognormal"),
    };
  }
  if (family === "quantiles") return quantileScale(words, isDate, parameters);
  return intervalScale(words, isDate, first, second, family === "interval" ? scoreOf95 : scoreOf90);
}

/** A to B at the scores -z and z: lognormal where both are positive, else normal; dates are always normal. */
function intervalScale<Value>(
  words: Words<Value>,
  isDate: boolean,
  low: Value,
  high: Value,
  score: number,
): NormalScale<Value> {
  const { op, num, choose } = words;
  const scaleOf = (a: Value, b: Value, isLog: boolean): Affine<Value> => {
    const mean = op("divide", op("add", a, b), num(2));
    return affine(words, mean, op("divide", op("subtract", b, a), num(2 * score)), isLog);
  };
  const linear = (): Affine<Value> => scaleOf(low, high, false);
  const logarithmic = (): Affine<Value> => scaleOf(op("log", low), op("log", high), true);
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

/** P5, P50, P95: the spread below the median is that of the first two, above it that of the last two. */
function quantileScale<Value>(
  words: Words<Value>,
  isDate: boolean,
  parameters: readonly Value[],
): NormalScale<Value> {
  const { op, num, choose } = words;
  const [low, middle, high] = parameters;
  const slopes = (of: (value: Value) => Value): readonly [Value, Value] => [
    op("divide", op("subtract", of(middle), of(low)), num(scoreOf95)),
    op("divide", op("subtract", of(high), of(middle)), num(scoreOf95)),
  ];
  const same = (value: Value): Value => value;
  const log = (value: Value): Value => op("log", value);
  const valueBy = (of: (value: Value) => Value, z: Value): Value => {
    const [below, above] = slopes(of);
    const distance = op(
      "multiply",
      choose(
        op("less", z, num(0)),
        () => below,
        () => above,
      ),
      z,
    );
    return of === log ? op("multiply", middle, op("exp", distance)) : op("add", middle, distance);
  };
  const scoreBy = (of: (value: Value) => Value, bound: number, side: "lower" | "upper"): Value => {
    const [below, above] = slopes(of);
    const distance = op("subtract", num(of === log ? logOf(bound) : bound), of(middle));
    const onSide = (slope: Value, atNone: number): Value =>
      choose(
        op("equal", slope, num(0)),
        () => num(atNone),
        () => op("divide", distance, slope),
      );
    // A side without spread is a lump of mass at the median: it lies inside a range that ends there.
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
        () => valueBy(log, z),
        () => valueBy(same, z),
      ),
    scoreAt: (bound, side) =>
      choose(
        isLog,
        () => scoreBy(log, bound, side),
        () => scoreBy(same, bound, side),
      ),
  };
}

type Affine<Value> = Pick<NormalScale<Value>, "valueAt" | "scoreAt">;

/** mean + deviation z, or the exponential of it. */
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

/** Logarithm of a bound; nothing lognormal lies at or below 0. */
function logOf(bound: number): number {
  return bound > 0 ? Math.log(bound) : Number.NEGATIVE_INFINITY;
}

function drawBounded<Value>(
  words: Words<Value>,
  { family }: DrawnDistribution,
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

/** The first value whose chance, added to those before it, reaches the uniform. */
function drawDiscrete<Value>(
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

function allPositive<Value>({ op, num }: Words<Value>, values: readonly Value[]): Value {
  return values.map((value) => op("greater", value, num(0))).reduce((all, one) => op("and", all, one));
}

function isOrdered<Value>({ op }: Words<Value>, values: readonly Value[]): Value {
  const steps = values.slice(1).map((value, index) => op("less_equal", values[index], value));
  return steps.reduce((all, one) => op("and", all, one));
}

/** Short words for an algebra. */
type Words<Value> = {
  readonly algebra: Algebra<Value>;
  readonly op: Algebra<Value>["apply"];
  readonly num: (value: number) => Value;
  readonly nan: () => Value;
  readonly choose: (condition: Value, yes: () => Value, no: () => Value) => Value;
};

function makeWords<Value>(algebra: Algebra<Value>): Words<Value> {
  return {
    algebra,
    op: algebra.apply,
    num: algebra.constant,
    nan: () => algebra.constant(Number.NaN),
    choose: (condition, yes, no) => {
      const known = algebra.known(condition);
      if (known !== undefined) return known !== 0 ? yes() : no();
      return algebra.apply("if", condition, yes(), no());
    },
  };
}
