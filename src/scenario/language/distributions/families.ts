import { listWords } from "../../fields/words.ts";
import type { Words } from "../algebra.ts";
import { drawPert, drawTriangular, drawUniform } from "./draw-bounded.ts";
import { intervalScale, type NormalScale, normalScale, quantileScale } from "./normal-scale.ts";

/** How the value of a family follows from a uniform. */
type Draw =
  /** An increasing function of a normal score; a range may truncate it. */
  | {
      readonly kind: "normal";
      readonly scale: <Value>(
        words: Words<Value>,
        isDate: boolean,
        parameters: readonly Value[],
      ) => NormalScale<Value>;
    }
  /** A function of the uniform, with parameters that do not decrease. */
  | {
      readonly kind: "bounded";
      readonly value: <Value>(words: Words<Value>, parameters: readonly Value[], uniform: Value) => Value;
      /** True where the value is looked up in a table that is made before the trials. */
      readonly needsConstants?: true;
    }
  /** One of several values, each with its chance. */
  | { readonly kind: "discrete" };

/** A family of distributions: how it is written, what its parameters must fulfil, and how it is drawn. */
type Family = {
  /** Its parameters in their order, as messages name them. */
  readonly parameters: readonly string[];
  /** What messages call one of its distributions. */
  readonly called: string;
  /** The word after `distribution` in a map; a family without one is known by its keys. */
  readonly word?: string;
  /** The keys of its map, one for each parameter. */
  readonly keys: readonly FamilyKey[];
  /** Keys that may stand after its word and give an interval instead, of values that are all above 0. */
  readonly intervalKeys?: readonly FamilyKey[];
  /** Its function, whose arguments are the parameters. */
  readonly call?: { readonly name: string; readonly usage: string; readonly text: string };
  /** True if its parameters may be dates. */
  readonly takesDates: boolean;
  /** True if its parameters are plain numbers that refer to the value's logarithm. */
  readonly isOfLogarithm?: true;
  /** The parameter that must not be negative; without it the parameters must not decrease. */
  readonly deviation?: number;
  readonly draw: Draw;
};

/** The keys of a distribution: the help that an editor shows, with the families that take the key, and an example. */
const KEYS = {
  distribution: {
    text: "Family, one of {families}.",
    example: "{ distribution: pert, min: 1 MW, mode: 2 MW, max: 4 MW }",
  },
  p5: { text: "5th percentile.", example: "{ p5: 32 %, p95: 50 % }" },
  p10: { text: "10th percentile.", example: "{ p10: 32 %, p90: 50 % }" },
  p50: { text: "Median.", example: "{ p5: 32 %, p50: 40 %, p95: 50 % }" },
  p90: { text: "90th percentile.", example: "{ p10: 32 %, p90: 50 % }" },
  p95: { text: "95th percentile.", example: "{ p5: 32 %, p95: 50 % }" },
  mean: {
    text: "Mean; of the logarithm for lognormal.",
    example: "{ distribution: normal, mean: 40 %, sd: 5 % }",
  },
  sd: {
    text: "Standard deviation; of the logarithm for lognormal.",
    example: "{ distribution: normal, mean: 40 %, sd: 5 % }",
  },
  min: {
    text: "Smallest value, of {families}.",
    example: "{ distribution: uniform, min: 1 MW, max: 4 MW }",
  },
  mode: {
    text: "Most likely value, of {families}.",
    example: "{ distribution: triangular, min: 1 MW, mode: 2 MW, max: 4 MW }",
  },
  max: {
    text: "Largest value, of {families}.",
    example: "{ distribution: uniform, min: 1 MW, max: 4 MW }",
  },
  values: {
    text: "Values with their chances, of {families}.",
    example: "{ distribution: discrete, values: { 6 months: 0.7, 12 months: 0.3 } }",
  },
  at_least: {
    text: "Truncates the distribution below; for quantiles, {families}.",
    example: "{ p5: 2 months, p95: 9 months, at_least: 0 months }",
  },
  at_most: {
    text: "Truncates the distribution above; for quantiles, {families}.",
    example: "{ p5: 32 %, p95: 50 %, at_most: 100 % }",
  },
} as const;

export type FamilyKey = keyof typeof KEYS;

/** Normal scores of the 95th and the 90th percentile. */
const SCORE_OF_95 = 1.6448536269514722;
const SCORE_OF_90 = 1.2815515655446004;

const LEAST_MODE_GREATEST = ["the least value", "the mode", "the greatest value"];

/**
 * The families of distributions. A new one is a row here and, if need be, its quantile in draw-bounded.ts or normal-scale.ts.
 *
 * Source: docs/model.md#11-uncertainty.
 */
export const FAMILIES = {
  quantiles: {
    parameters: ["P5", "P50", "P95"],
    called: "a set of quantiles",
    keys: ["p5", "p50", "p95"],
    takesDates: true,
    draw: {
      kind: "normal",
      scale: (words, isDate, parameters) => quantileScale(words, isDate, parameters, SCORE_OF_95),
    },
  },
  interval: {
    parameters: ["P5", "P95"],
    called: "an interval",
    keys: ["p5", "p95"],
    call: {
      name: "between",
      usage: "between(p5, p95)",
      text: "A 90 % interval: the same as `A to B`.",
    },
    takesDates: true,
    draw: {
      kind: "normal",
      scale: (words, isDate, parameters) => intervalScale(words, isDate, parameters, SCORE_OF_95),
    },
  },
  interval_p10_p90: {
    parameters: ["P10", "P90"],
    called: "a set of quantiles",
    keys: ["p10", "p90"],
    takesDates: true,
    draw: {
      kind: "normal",
      scale: (words, isDate, parameters) => intervalScale(words, isDate, parameters, SCORE_OF_90),
    },
  },
  normal: {
    parameters: ["the mean", "the standard deviation"],
    called: "`normal`",
    word: "normal",
    keys: ["mean", "sd"],
    call: { name: "normal", usage: "normal(mean, sd)", text: "A normal distribution." },
    takesDates: false,
    deviation: 1,
    draw: { kind: "normal", scale: (words, _isDate, parameters) => normalScale(words, parameters, false) },
  },
  lognormal: {
    parameters: ["the mean of the logarithm", "the standard deviation of the logarithm"],
    called: "`lognormal`",
    word: "lognormal",
    keys: ["mean", "sd"],
    intervalKeys: ["p5", "p95"],
    call: {
      name: "lognormal",
      usage: "lognormal(mean of the logarithm, its sd)",
      text: "A lognormal distribution.",
    },
    takesDates: false,
    isOfLogarithm: true,
    deviation: 1,
    draw: { kind: "normal", scale: (words, _isDate, parameters) => normalScale(words, parameters, true) },
  },
  triangular: {
    parameters: LEAST_MODE_GREATEST,
    called: "`triangular`",
    word: "triangular",
    keys: ["min", "mode", "max"],
    call: {
      name: "triangular",
      usage: "triangular(min, mode, max)",
      text: "A triangular distribution.",
    },
    takesDates: true,
    draw: { kind: "bounded", value: drawTriangular },
  },
  pert: {
    parameters: LEAST_MODE_GREATEST,
    called: "`pert`",
    word: "pert",
    keys: ["min", "mode", "max"],
    call: {
      name: "pert",
      usage: "pert(min, mode, max)",
      text: "A PERT distribution: a beta distribution whose mean weighs the mode four times.",
    },
    takesDates: false,
    draw: { kind: "bounded", value: drawPert, needsConstants: true },
  },
  uniform: {
    parameters: ["the least value", "the greatest value"],
    called: "`uniform`",
    word: "uniform",
    keys: ["min", "max"],
    call: { name: "uniform", usage: "uniform(min, max)", text: "A uniform distribution." },
    takesDates: true,
    draw: { kind: "bounded", value: drawUniform },
  },
  discrete: {
    parameters: [],
    called: "`discrete`",
    word: "discrete",
    keys: ["values"],
    takesDates: true,
    draw: { kind: "discrete" },
  },
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof FAMILIES;

/** The families with their names, in the order in which they are documented. */
export const familyEntries: readonly (readonly [FamilyName, Family])[] = Object.entries(FAMILIES) as [
  FamilyName,
  Family,
][];

/** The row of a family. */
export function familyOf(name: FamilyName): Family {
  return FAMILIES[name];
}

/** True for families with unbounded support, which truncation applies to. */
export function isUnbounded(name: FamilyName): boolean {
  return FAMILIES[name].draw.kind === "normal";
}

/** Bounds that truncate a distribution with unbounded support. */
export const BOUND_KEYS = ["at_least", "at_most"] as const satisfies readonly FamilyKey[];

/** Names of all keys of distributions. */
export const FAMILY_KEYS = Object.keys(KEYS) as readonly FamilyKey[];

/** The help and the example of a key of a distribution. */
export function describeKey(key: FamilyKey): { readonly text: string; readonly example: string } {
  const { text, example } = KEYS[key];
  return { text: text.replace("{families}", () => familyWords(key)), example };
}

/** The words of the families that take a key. */
function familyWords(key: FamilyKey): string {
  const takes = ([name, { keys }]: (typeof familyEntries)[number]): boolean =>
    key === "distribution" ||
    keys.includes(key) ||
    ((BOUND_KEYS as readonly FamilyKey[]).includes(key) && isUnbounded(name));
  return listWords(
    familyEntries.filter(takes).flatMap(([, { word }]) => word ?? []),
    "and",
  );
}
