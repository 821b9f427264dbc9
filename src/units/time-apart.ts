import {
  DIMENSIONS,
  type DimensionName,
  type DimensionVector,
  describeVector,
  divideVectors,
  equalVectors,
  isDimensionless,
  powerVector,
  toCanonical,
} from "./dimension.ts";
import { formatQuantity } from "./format.ts";

/** Powers of time alone. */
const TIME = DIMENSIONS.seconds.vector;

/** Whether a vector is another times a time (1), or divided by one (-1); 0 for any other, and for a plain number or a time itself. */
function timeBetween(vector: DimensionVector, other: DimensionVector): -1 | 0 | 1 {
  if (isDimensionless(vector) || isDimensionless(other)) return 0;
  const quotient = divideVectors(vector, other);
  return equalVectors(quotient, TIME) ? 1 : equalVectors(quotient, powerVector(TIME, -1)) ? -1 : 0;
}

/**
 * Says how two dimensions hang together that differ by a time alone: `an energy is a power times a duration`.
 *
 * @param label words for the other one
 * @return undefined where they differ by anything else
 *
 * Fails: never.
 */
export function relateByTime(
  vector: DimensionVector,
  other: DimensionVector,
  label = describeVector(other),
): string | undefined {
  const time = timeBetween(vector, other);
  if (time === 0) return undefined;
  return `${describeVector(vector)} is ${label} ${time > 0 ? "times" : "divided by"} a duration`;
}

/** A value of another dimension than was asked for, as its author wrote it. */
export type Mistaken = {
  readonly vector: DimensionVector;
  /** Its value in SI units, and its text, where it is a number with a unit. */
  readonly si?: number | undefined;
  readonly text?: string;
};

/**
 * Explains a value that differs from what is asked for by a time alone, and what was probably meant: `8 MWh` for `8 MW`.
 *
 * @param example a value of the field, whose time is the usual one
 * @return undefined where it differs by anything else
 *
 * Fails: never.
 */
export function explainTime(
  mistaken: Mistaken,
  name: DimensionName,
  example: string = DIMENSIONS[name].example,
): string | undefined {
  const { vector, si, text = "" } = mistaken;
  const needed = [DIMENSIONS[name].vector, ...DIMENSIONS[name].accepts].find(
    (one) => timeBetween(vector, one) !== 0,
  );
  if (!needed) return undefined;
  const { vector: own, label } = DIMENSIONS[name];
  const relation = relateByTime(vector, needed, needed === own ? label : undefined);
  const meant = guessMeant(mistaken, name, example);
  if (meant !== undefined) return `${relation}: is \`${meant}\` meant?`;
  if (timeBetween(vector, needed) < 0) return `${relation}: multiply it by the duration`;
  const time = timeIn(example);
  const written = si === undefined || time === undefined ? "" : `, as in \`${text.trim()}/${time}\``;
  return `${relation}: divide it by the duration${written}`;
}

/** The same number in the unit that was asked for, where its time is the usual one. */
function guessMeant(
  { vector, si, text = "" }: Mistaken,
  name: DimensionName,
  example: string,
): string | undefined {
  const own = Object.values(DIMENSIONS).find((one) => equalVectors(one.vector, vector));
  const canonical = own && si !== undefined ? toCanonical(si, vector, own.name) : undefined;
  if (canonical === undefined) return undefined;
  const meant = formatQuantity(canonical, name);
  return Number.parseFloat(meant) === Number.parseFloat(text) && timeIn(meant) === timeIn(example)
    ? meant
    : undefined;
}

/** The time of a rate, such as `month`. */
function timeIn(text: string): string | undefined {
  return /\b(s|hour|day|month|year)s?\b/.exec(text.replace(/FLOPS\b/, "FLOP/s"))?.[1];
}
