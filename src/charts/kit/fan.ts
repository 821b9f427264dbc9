import type { Scale, TimeAxis } from "./axes.ts";
import { areaPath, linePath, monthPlaces, placesOf } from "./path.ts";
import { keepApart, label, shape } from "./svg.ts";

/** Quantiles of a figure by month beside the plain run; NaN where a month has none. */
export type Bands = {
  readonly plain: readonly number[];
  /** Absent where no sample was taken. */
  readonly low?: readonly number[];
  readonly middle?: readonly number[];
  readonly high?: readonly number[];
};

/** The same bands in another unit: `size` of theirs are one of it. */
export function inUnits({ plain, low, middle, high }: Bands, size: number): Bands {
  const scaled = (values: readonly number[]) => values.map((value) => value / size);
  if (!low || !middle || !high) return { plain: scaled(plain) };
  return { plain: scaled(plain), low: scaled(low), middle: scaled(middle), high: scaled(high) };
}

/** All values of bands, for scales. */
export function valuesOf({ plain, low = [], middle = [], high = [] }: Bands): readonly number[] {
  return [...plain, ...low, ...middle, ...high];
}

/**
 * A fan: P5 to P95 as a band, the median of the trials as a line of ink, the plain run dotted. The band has the months in which
 * both ends exist.
 *
 * @param names room to the right of the axis in which the ends are named, none where false
 */
export function fan({ plain, low, middle, high }: Bands, axis: TimeAxis, y: Scale, names: boolean): string {
  const xs = monthPlaces(axis, plain.length);
  const lineOf = (values: readonly number[]) => linePath(xs, placesOf(values, y));
  const dotted = { "stroke-width": 1.3, "stroke-dasharray": "2 3" };
  if (!low || !middle || !high) return shape(lineOf(plain), "s-middle no", { "stroke-width": 2.2 });
  const band = areaPath(xs, placesOf(low, y), placesOf(high, y));
  return (
    shape(band, "f-band") +
    shape(lineOf(plain), "s-soft no", dotted) +
    shape(lineOf(middle), "s-middle no", { "stroke-width": 2.2 }) +
    (names ? endNames({ low, middle, high }, axis, y) : "")
  );
}

function endNames({ low, middle, high }: Required<Omit<Bands, "plain">>, axis: TimeAxis, y: Scale): string {
  const last = middle.length - 1;
  const ends = [
    { value: high[last], text: "P95", style: "soft" },
    { value: middle[last], text: "median", style: "t-middle b" },
    { value: low[last], text: "P5", style: "soft" },
  ].filter(({ value }) => Number.isFinite(value));
  const [bottom, top] = y.range();
  const places = keepApart(
    ends.map(({ value }) => y(value)),
    14,
    Math.min(top, bottom) + 4,
    Math.max(top, bottom) - 2,
  );
  return ends.map(({ text, style }, index) => label(axis.right + 5, places[index] + 4, text, style)).join("");
}
