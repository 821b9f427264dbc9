import { InternalError } from "../../../diagnostics/diagnostic.ts";
import { type Algebra, isOrdered, makeWords, type Words } from "../algebra.ts";
import type { Distribution } from "../expr.ts";
import { drawDiscrete } from "./draw-bounded.ts";
import { familyOf } from "./families.ts";
import type { NormalScale } from "./normal-scale.ts";

/** The parts of a distribution that its formula needs. */
export type DrawnDistribution = Pick<Distribution, "family" | "weights" | "admissible" | "floorsAtZero"> & {
  readonly isDate: boolean;
  /** Expressions of the parameters, where they are at hand. */
  readonly parameters?: Distribution["parameters"];
};

/** Less mass than this below a range counts as none, so that truncation leaves the uniform unchanged. */
const negligibleMass = 1e-300;

/** The range that truncates nothing. */
const WHOLE = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** Masses of a distribution below its range, and up to the upper end of it. */
type Masses<Value> = { readonly below: Value; readonly upTo: Value };

/**
 * The value of a distribution at a uniform: x = F^-1(u), truncated to the admissible range if there is one.
 *
 * With a range [lo, hi] that truncates any mass, the uniform is first mapped to F(lo) + u (F(hi) - F(lo)), and the value is
 * clamped to the range, which rounding could leave. A distribution without spread is its one value, whatever the range.
 * `floorsAtZero` makes draws below 0 a lump of mass at 0, which shifts no quantile above it.
 * Invalid parameters (P5 above P95, a negative deviation) give NaN.
 *
 * @param parameters in the order of the row in `FAMILIES`
 * @param uniform    in (0, 1)
 *
 * Fails: `InternalError` for a PERT with unknown parameters, which the parser rejects.
 * Source: docs/model.md#11-uncertainty.
 */
export function drawFrom<Value>(
  algebra: Algebra<Value>,
  distribution: DrawnDistribution,
  parameters: readonly Value[],
  uniform: Value,
): Value {
  const { draw } = familyOf(distribution.family);
  const words = makeWords(algebra);
  switch (draw.kind) {
    case "normal":
      return drawNormal(words, distribution, parameters, uniform);
    case "discrete":
      return drawDiscrete(words, distribution.weights ?? [], parameters, uniform);
    case "bounded": {
      const isRising = isOrdered(words, parameters);
      return words.choose(isRising, () => draw.value(words, parameters, uniform), words.nan);
    }
  }
}

/** Masses of a distribution below its admissible range and up to its upper end, as `drawFrom` uses them. */
export function massesOfRange<Value>(
  algebra: Algebra<Value>,
  distribution: DrawnDistribution,
  parameters: readonly Value[],
): Masses<Value> {
  const words = makeWords(algebra);
  const { choose, op, num } = words;
  const scale = scaleOf(words, distribution, parameters);
  const range = distribution.admissible ?? WHOLE;
  const { isCertain, certainValue } = scale;
  const masses = (): Masses<Value> => rangeMasses(words, distribution, scale);
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

/** The normal score under a distribution of unbounded support. */
function scaleOf<Value>(
  words: Words<Value>,
  { family, isDate }: DrawnDistribution,
  parameters: readonly Value[],
): NormalScale<Value> {
  const { draw } = familyOf(family);
  if (draw.kind !== "normal") throw new InternalError(`a range truncates no distribution of ${family}`);
  return draw.scale(words, isDate, parameters);
}

function drawNormal<Value>(
  words: Words<Value>,
  distribution: DrawnDistribution,
  parameters: readonly Value[],
  uniform: Value,
): Value {
  const { choose, op, num } = words;
  const scale = scaleOf(words, distribution, parameters);
  const spread = (): Value => {
    if (!distribution.admissible) return scale.valueAt(op("normal_quantile", uniform));
    const [low, high] = distribution.admissible;
    const { below, upTo } = rangeMasses(words, distribution, scale);
    const isWhole = op("and", op("less", below, num(negligibleMass)), op("equal", upTo, num(1)));
    const moved = choose(
      isWhole,
      () => uniform,
      () => op("add", below, op("multiply", uniform, op("subtract", upTo, below))),
    );
    return op("min", op("max", scale.valueAt(op("normal_quantile", moved)), num(low)), num(high));
  };
  const floored = (): Value => (distribution.floorsAtZero ? op("max", spread(), num(0)) : spread());
  return choose(scale.isValid, () => choose(scale.isCertain, () => scale.certainValue, floored), words.nan);
}

/** Masses of distributions whose parameters are numbers: a start asks for each several times, and each takes logarithms. */
const knownMasses = new WeakMap<DrawnDistribution, Masses<number>>();

function rangeMasses<Value>(
  { op, num, algebra }: Words<Value>,
  distribution: DrawnDistribution,
  scale: NormalScale<Value>,
): Masses<Value> {
  const found = knownMasses.get(distribution);
  if (found) return { below: num(found.below), upTo: num(found.upTo) };
  const [low, high] = distribution.admissible ?? WHOLE;
  const masses = {
    below: op("normal_cdf", scale.scoreAt(low, "lower")),
    upTo: op("normal_cdf", scale.scoreAt(high, "upper")),
  };
  const [below, upTo] = [algebra.known(masses.below), algebra.known(masses.upTo)];
  const isOfNumbers = distribution.parameters?.every(({ kind }) => kind === "number") === true;
  if (isOfNumbers && below !== undefined && upTo !== undefined)
    knownMasses.set(distribution, { below, upTo });
  return masses;
}
