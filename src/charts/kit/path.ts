import { round } from "./svg.ts";

type Place = (index: number) => number;
const always = (): boolean => true;

/** A line through `count` points, broken where one is not known. */
export function linePath(
  count: number,
  x: Place,
  y: Place,
  isKnown: (index: number) => boolean = always,
): string {
  let path = "";
  for (const [first, end] of stretches(count, isKnown)) {
    // A point alone is closed, so that its round cap shows.
    path += pointsText(placesOf(x, first, end), placesOf(y, first, end)) + (end - first === 1 ? "Z" : "");
  }
  return path;
}

/** An area between two heights of `count` points, broken where one is not known. */
export function areaPath(
  count: number,
  x: Place,
  low: Place,
  high: Place,
  isKnown: (index: number) => boolean = always,
): string {
  let path = "";
  for (const [first, end] of stretches(count, isKnown)) {
    const xs = placesOf(x, first, end);
    const back = xs.slice().reverse();
    const ys = [...placesOf(high, first, end), ...placesOf(low, first, end).reverse()];
    path += `${pointsText([...xs, ...back], ys)}Z`;
  }
  return path;
}

/** Stretches of known points: the first, and the one behind the last. */
function stretches(
  count: number,
  isKnown: (index: number) => boolean,
): readonly (readonly [first: number, end: number])[] {
  const found: [number, number][] = [];
  for (let at = 0; at < count; at++) {
    const first = at;
    while (at < count && isKnown(at)) at++;
    if (at > first) found.push([first, at]);
  }
  return found;
}

function placesOf(place: Place, first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, index) => round(place(first + index)));
}

/** Points as a path, without those within a level stretch, which would add bytes and change no shape. */
function pointsText(xs: readonly number[], ys: readonly number[]): string {
  const last = ys.length - 1;
  let text = `M${xs[0]},${ys[0]}`;
  for (let index = 1; index <= last; index++) {
    const y = ys[index];
    if (index === last || y !== ys[index - 1] || y !== ys[index + 1]) text += `L${xs[index]},${y}`;
  }
  return text;
}
