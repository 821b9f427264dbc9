import { linearScale, numberAxis, type Scale, stepOf, valueAxis } from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { drawMark, type Mark } from "../kit/mix.ts";
import { largestOf } from "../kit/numbers.ts";
import { linePath } from "../kit/path.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, circle, fitText, label, round, segment, shape, widthOf } from "../kit/svg.ts";

/** A scenario between cost and compute: medians, with P5 and P95 where a sample was taken. */
export type ParetoPoint = {
  readonly mark: Mark;
  readonly cost: readonly [low: number, middle: number, high: number];
  readonly compute: readonly [low: number, middle: number, high: number];
  /** Whether no other beats it in both. */
  readonly isBest: boolean;
};

export type ParetoData = {
  readonly points: readonly ParetoPoint[];
  readonly cost: Measure;
  readonly compute: Measure;
  readonly costTitle: string;
  readonly computeTitle: string;
};

type Rectangle = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/** Distance of the bars beside the axes, at most and at least, and all of them together [px]. */
const [MOST_APART, LEAST_APART, ALL_APART] = [11, 7, 96];

/**
 * Draws cost against compute: a disc a scenario, and a dashed line through those that none beats in both. The ranges from P5 to P95
 * stand beside the axes, each in a row of its own, since crosses at the discs would cover each other.
 */
export function drawPareto(data: ParetoData, width: number): Drawing {
  const { points, cost, compute } = data;
  const hasRanges = points.some((point) => [point.cost, point.compute].some(([low, , high]) => high > low));
  const apart = Math.max(LEAST_APART, Math.min(MOST_APART, ALL_APART / points.length));
  const room = hasRanges ? points.length * apart + 8 : 0;
  const [left, right, top] = [52, width - 12 - room, 34];
  const bottom = isNarrow(width) ? 290 : 350;
  const x = costScale(data, left, right);
  const most = largestOf(points.flatMap((point) => point.compute)) / compute.size || 1;
  const y = linearScale([0, most], [bottom, top], 6);
  const ticks = y.ticks(6);
  const step = stepOf(ticks) * compute.size;
  const discs = points.map(({ mark, cost: c, compute: f }) => ({
    mark,
    x: x(c[1] / cost.size),
    y: y(f[1] / compute.size),
  }));
  const best = discs.filter((_, index) => points[index].isBest).sort((a, b) => a.x - b.x);
  const front = linePath(
    best.map((disc) => round(disc.x)),
    best.map((disc) => round(disc.y)),
  );
  const hint = "better: cheaper, more compute \u2196";
  const corner = { left: left + 4, right: left + 10 + widthOf(hint, 11), top, bottom: top + 18 };
  const isFree = discs.every((disc) => disc.x - 12 > corner.right || disc.y - 12 > corner.bottom);
  const names = placeNames(
    discs.map((disc) => ({ name: disc.mark.name, x: disc.x, y: disc.y })),
    { left, right, top, bottom },
    isFree ? [corner] : [],
  );
  const foot = bottom + room + 32;
  return {
    height: foot + 10 + names.left.length * 18,
    body: [
      valueAxis(
        y,
        { values: ticks, text: (value) => compute.tick(value * compute.size, step) },
        left,
        width - 12,
        `${compute.unit} of ${data.computeTitle}`,
      ),
      numberAxis(
        x,
        (value, own) => cost.tick(value * cost.size, own * cost.size),
        top,
        bottom + room,
        isNarrow(width) ? 5 : 7,
      ),
      label(width - 12, foot, `${data.costTitle}, ${cost.unit}`, "soft sm", "end"),
      isFree ? label(left + 6, top + 13, hint, "soft sm halo") : "",
      hasRanges ? drawRanges(data, x, y, apart) : "",
      shape(front, "s-soft no", { "stroke-dasharray": "3 3" }),
      ...discs.map((disc) => circle(disc.x, disc.y, 8.5, "f-paper") + drawMark(disc.x, disc.y, disc.mark, 7)),
      names.body,
      ...names.left.map((index, row) => {
        const y = foot + 18 * (row + 1);
        const { mark } = discs[index];
        return drawMark(8, y - 4, mark, 5) + label(22, y, fitText(mark.name, width - 22, 12, true), "ink b");
      }),
    ].join(""),
  };
}

function costScale({ points, cost }: ParetoData, left: number, right: number) {
  const costs = points.flatMap((point) => point.cost).map((value) => value / cost.size);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  return linearScale(low === high ? [low - 1, high + 1] : [low, high], [left, right], 6);
}

/** Ranges of cost below the discs and of compute right of them, from the least median on, each with its disc at the median. */
function drawRanges({ points, cost, compute }: ParetoData, x: Scale, y: Scale, apart: number): string {
  const [right, bottom] = [Math.max(...x.range()), Math.max(...y.range())];
  const placeOf = (rank: number) => 8 + (rank + 0.5) * apart;
  const bars = (take: (point: ParetoPoint) => ParetoPoint["cost"], measure: Measure, isCost: boolean) =>
    [...points]
      .sort((a, b) => take(a)[1] - take(b)[1])
      .map((point, rank) => {
        const [low, middle, high] = take(point).map((value) => (isCost ? x : y)(value / measure.size));
        const at = (isCost ? bottom : right) + placeOf(rank);
        const style = `f-${point.mark.colours.at(-1) ?? "main"}`;
        const tip = `${point.mark.name}: ${measure.full(take(point)[1])} (${measure.text(take(point)[0])} to ${measure.text(take(point)[2])})`;
        const mark = { ...point.mark, isFirst: false };
        return isCost
          ? box(low, at - 1.5, high - low, 3, style, tip) + drawMark(middle, at, mark, 3.2)
          : box(at - 1.5, high, 3, low - high, style, tip) + drawMark(at, middle, mark, 3.2);
      })
      .join("");
  return bars((point) => point.cost, cost, true) + bars((point) => point.compute, compute, false);
}

type Name = { readonly name: string; readonly x: number; readonly y: number };

/** From a disc to its name. */
type Line = { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };

/** A name further from its disc than this is joined to it by a line [px]. */
const NEAR = 18;

/** Names beside their discs, and the indices of those that found no place. */
type PlacedNames = { readonly body: string; readonly left: readonly number[] };

/** Names beside their discs, each where neither it nor its line covers another disc, a name, a line or what else is `full`. */
export function placeNames(
  names: readonly Name[],
  frame: Rectangle,
  full: readonly Rectangle[] = [],
): PlacedNames {
  const taken: Rectangle[] = [
    ...full,
    ...names.map(({ x, y }) => ({ left: x - 10, right: x + 10, top: y - 10, bottom: y + 10 })),
  ];
  const own = taken.slice(full.length);
  const lines: Line[] = [];
  const left: number[] = [];
  const body = names.map((name, index) => {
    const others = taken.filter((one) => one !== own[index]);
    const place = spotsBeside(name, frame).find(
      ({ box: spot, line }) =>
        !taken.some((other) => overlaps(spot, other)) &&
        !lines.some((other) => crosses(other, spot)) &&
        !(line && others.some((other) => crosses(line, other))),
    );
    if (!place) {
      left.push(index);
      return "";
    }
    const { box: spot, line, text } = place;
    taken.push(spot);
    if (line) lines.push(line);
    const drawn = line ? segment(line.x1, line.y1, line.x2, line.y2, "s-soft") : "";
    return drawn + label(spot.left + 2, spot.bottom - 4, text, "ink b halo");
  });
  return { body: body.join(""), left };
}

/** Places of a name inside a frame, nearest first. */
function spotsBeside({ name, x, y }: Name, frame: Rectangle) {
  const text = fitText(name, frame.right - frame.left - 8, 12, true);
  const wide = widthOf(text, 12, true);
  const across = Math.max(frame.left + 2, Math.min(frame.right - wide - 2, x - wide / 2));
  return [4, -12, 22, -28, 38, -44, 54]
    .flatMap((down) => [x + 13, x - 13 - wide, across].map((left) => ({ left, down })))
    .map(({ left, down }) => {
      const box = { left: left - 2, right: left + wide + 2, top: y + down - 12, bottom: y + down + 4 };
      return { text, box, line: Math.abs(down - 4) > NEAR ? lineTo(box, x, y) : undefined };
    })
    .filter(
      ({ box: own }) =>
        own.left >= frame.left &&
        own.right <= frame.right &&
        own.top >= frame.top &&
        own.bottom <= frame.bottom,
    );
}

/** From the edge of a disc to the nearest point of the edge of a name above or below it. */
function lineTo({ left, right, top, bottom }: Rectangle, x: number, y: number): Line {
  const isBelow = top > y;
  const x2 = Math.min(right, Math.max(left, x));
  return { x1: x, y1: y + (isBelow ? 10 : -10), x2, y2: isBelow ? top : bottom };
}

/** Whether a line enters a rectangle: what is left of it between the rectangle's sides, one pair after the other. */
function crosses({ x1, y1, x2, y2 }: Line, { left, right, top, bottom }: Rectangle): boolean {
  let [from, to] = [0, 1];
  for (const [start, end, low, high] of [
    [x1, x2, left, right],
    [y1, y2, top, bottom],
  ]) {
    const way = end - start;
    const [first, last] =
      way === 0
        ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
        : [(low - start) / way, (high - start) / way].sort((a, b) => a - b);
    if (way === 0 && (start <= low || start >= high)) return false;
    [from, to] = [Math.max(from, first), Math.min(to, last)];
  }
  return from < to;
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
