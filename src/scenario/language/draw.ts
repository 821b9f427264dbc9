import { type Algebra, isOrdered, makeWords, type Words } from "./algebra.ts";
import { drawBounded, drawDiscrete } from "./draw-bounded.ts";
import type { Distribution } from "./expr.ts";
import { type NormalScale, normalScale } from "./normal-scale.ts";

/** The parts of a distribution that its formula reads. */
export type DrawnDistribution = Pick<Distribution, "family" | "weights" | "admissible"> & {
  readonly isDate: boolean;
};

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
  return words.choose(isRising, () => drawBounded(words, family, parameters, uniform), words.nan);
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
