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
  for (let at = 0; at < count; at++) {
    const [xs, ys]: [number[], number[]] = [[], []];
    for (; at < count && isKnown(at); at++) {
      xs.push(round(x(at)));
      ys.push(round(y(at)));
    }
    if (xs.length > 0) path += pointsText(xs, ys);
    // A point alone is closed, so that its round cap shows.
    if (xs.length === 1) path += "Z";
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
  for (let at = 0; at < count; at++) {
    const [xs, ys]: [number[], number[]] = [[], []];
    for (; at < count && isKnown(at); at++) {
      xs.push(round(x(at)));
      ys.push(round(high(at)));
    }
    const known = xs.length;
    for (let back = known - 1; back >= 0; back--) {
      xs.push(xs[back]);
      ys.push(round(low(at - known + back)));
    }
    if (known > 0) path += `${pointsText(xs, ys)}Z`;
  }
  return path;
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
