import type { TimeAxis } from "./axes.ts";
import { round } from "./svg.ts";

/** Pixels with the decimal that a path writes; NaN where nothing is to be drawn. */
export type Places = readonly number[];

/** Positions of values on an axis; NaN for a value that is not finite. */
export function placesOf(values: readonly number[], place: (value: number) => number): Places {
  return values.map((value) => (Number.isFinite(value) ? round(place(value)) : Number.NaN));
}

/** Where the middles of months lie, `count` from the first of an axis on. */
export function monthPlaces({ start, middle }: TimeAxis, count: number): Places {
  return Array.from({ length: count }, (_, month) => round(middle(start + month)));
}

/** A line through points, broken where one has no place. */
export function linePath(xs: Places, ys: Places): string {
  let path = "";
  for (const [first, end] of stretches(ys)) {
    // A point alone is closed, so that its round cap shows.
    path += pointsText(xs.slice(first, end), ys.slice(first, end)) + (end - first === 1 ? "Z" : "");
  }
  return path;
}

/** An area between two heights of points, broken where one has no place. */
export function areaPath(xs: Places, low: Places, high: Places): string {
  let path = "";
  for (const [first, end] of stretches(high, low)) {
    const there = xs.slice(first, end);
    const back = there.slice().reverse();
    const ys = [...high.slice(first, end), ...low.slice(first, end).reverse()];
    path += `${pointsText([...there, ...back], ys)}Z`;
  }
  return path;
}

/** Stretches of points that have places, in others too where there are any: the first, and the one behind the last. */
function stretches(ys: Places, others = ys): readonly (readonly [first: number, end: number])[] {
  const found: [number, number][] = [];
  for (let at = 0; at < ys.length; at++) {
    const first = at;
    while (at < ys.length && Number.isFinite(ys[at]) && Number.isFinite(others[at])) at++;
    if (at > first) found.push([first, at]);
  }
  return found;
}

/** Points as a path, without those within a level stretch, which would add bytes and change no shape. */
function pointsText(xs: Places, ys: Places): string {
  const last = ys.length - 1;
  let text = `M${xs[0]},${ys[0]}`;
  for (let index = 1; index <= last; index++) {
    const y = ys[index];
    if (index === last || y !== ys[index - 1] || y !== ys[index + 1]) text += `L${xs[index]},${y}`;
  }
  return text;
}
