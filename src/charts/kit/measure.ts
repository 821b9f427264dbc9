import { decimalsOf, fixed, largestOf, NARROW_SPACE, percent, significant } from "./numbers.ts";

/**
 * How figures of one unit are shown together: the unit on the axis, the number in a cell, the number with its unit in a
 * tooltip. Values go in as tables have them.
 */
export type Measure = {
  /** Unit shown, `%` for shares, empty for plain numbers. */
  readonly unit: string;
  /** Table units in one shown unit. */
  readonly size: number;
  /** The number alone, with decimals that fit the largest value. */
  readonly text: (value: number) => string;
  /** The number alone, three significant digits. */
  readonly short: (value: number) => string;
  /** The number with its unit. */
  readonly full: (value: number) => string;
  /** A tick of an axis, where ticks are `step` apart. */
  readonly tick: (value: number, step: number) => string;
};

type Step = readonly [unit: string, size: number];

/** Shown units for a unit of the tables, smallest first. */
const LADDERS: Readonly<Record<string, readonly Step[]>> = {
  USD: [
    ["USD", 1],
    ["thousand USD", 1e4],
    ["M USD", 1e6],
    ["B USD", 1e9],
    ["trillion USD", 1e13],
  ],
  MW: [
    ["W", 1e-6],
    ["kW", 1e-3],
    ["MW", 1],
    ["GW", 1e3],
    ["TW", 1e6],
  ],
  GWh: [
    ["MWh", 1e-3],
    ["GWh", 1],
    ["TWh", 1e3],
  ],
  chips: [
    ["chips", 1],
    ["thousand chips", 1e4],
    ["million chips", 1e6],
  ],
  "EFLOP/s": [
    ["TFLOP/s", 1e-6],
    ["PFLOP/s", 1e-3],
    ["EFLOP/s", 1],
    ["thousand EFLOP/s", 1e5],
  ],
  YFLOP: [
    ["EFLOP", 1e-6],
    ["ZFLOP", 1e-3],
    ["YFLOP", 1],
    ["thousand YFLOP", 1e4],
    ["million YFLOP", 1e6],
  ],
  "billion tokens": [
    ["million tokens", 1e-3],
    ["billion tokens", 1],
    ["trillion tokens", 1e3],
    ["quadrillion tokens", 1e6],
  ],
};

/** A step of a ladder is taken from this on; what it holds stands in its name. */
const MAGNITUDES: Readonly<Record<string, number>> = { thousand: 1e3, trillion: 1e12 };

/**
 * Chooses how values of one unit are shown: the largest shown unit of which the largest value has at least one.
 *
 * @param unit   of the values, as the metric table writes it
 * @param values all that stand together; those that are no numbers do not count
 *
 * Fails: never; a unit without a ladder is shown as it is.
 */
export function measureOf(unit: string, values: Iterable<number>): Measure {
  const largest = largestOf(values);
  if (unit === "1") return SHARE_MEASURE;
  const ladder = LADDERS[unit] ?? [[unit, 1] as const];
  let [shown, from] = ladder[0];
  for (const [name, size] of ladder) if (largest * (1 + 1e-9) >= size) [shown, from] = [name, size];
  const size = sizeOf(unit, shown, from);
  return numberMeasure(shown, size, largest / size);
}

/** A measure of differences and spreads: shares in points, so that none is taken for a per cent of a per cent. */
export function differenceMeasure(unit: string, values: readonly number[]): Measure {
  if (unit !== "1") return measureOf(unit, values);
  const points = measureOf(
    "points",
    values.map((value) => value * 100),
  );
  return {
    ...points,
    size: 0.01,
    text: (value) => points.text(value * 100),
    short: (value) => points.short(value * 100),
    full: (value) => points.full(value * 100),
    tick: (value, step) => points.tick(value * 100, step * 100),
  };
}

/** What one shown unit is: the step's start, but for words of magnitude that are used from ten on. */
function sizeOf(unit: string, shown: string, from: number): number {
  const word = shown.split(" ")[0] ?? "";
  // A unit that is its own, `thousand USD/chip`, is not divided again.
  const magnitude = shown === unit ? undefined : MAGNITUDES[word];
  return unit === "billion tokens" || magnitude === undefined ? from : magnitude;
}

function numberMeasure(unit: string, size: number, largest: number): Measure {
  const decimals = decimalsOf(largest, 3, 3);
  // The drawings of a picture, one a width, and its table tell of the same numbers.
  const known = new Map<number, string>();
  const short = (value: number) => {
    let text = known.get(value);
    if (text === undefined) {
      text = significant(value / size);
      known.set(value, text);
    }
    return text;
  };
  return {
    unit,
    size,
    text: (value) => (Math.abs(value / size) >= 1e3 ? short(value) : fixed(value / size, decimals)),
    short,
    full: (value) => (unit === "" ? short(value) : short(value) + NARROW_SPACE + unit),
    tick: (value, step) => (value === 0 ? "0" : fixed(value / size, decimalsOf(step / size, 1))),
  };
}

const shareText = (value: number): string => percent(value).replace(`${NARROW_SPACE}%`, "");

const SHARE_MEASURE: Measure = {
  unit: "%",
  size: 0.01,
  text: shareText,
  short: shareText,
  full: percent,
  tick: (value, step) => fixed(value * 100, decimalsOf(step * 100, 1)),
};

/** A measure in another word for its unit, such as `B USD a quarter`. */
export function withUnit(measure: Measure, unit: string): Measure {
  return { ...measure, unit };
}
