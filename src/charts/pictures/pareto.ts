import { linearScale, numberAxis, stepOf, valueAxis } from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { drawMark, type Mark } from "../kit/mix.ts";
import { largestOf } from "../kit/numbers.ts";
import { linePath, placesOf } from "../kit/path.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { fitText, label, segment, shape, widthOf } from "../kit/svg.ts";

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

/** Draws cost against compute: a disc a scenario, crosses from P5 to P95, a dashed line through those that none beats in both. */
export function drawPareto(data: ParetoData, width: number): Drawing {
  const { points, cost, compute } = data;
  const [left, right, top] = [52, width - 12, 34];
  const bottom = isNarrow(width) ? 320 : 380;
  const costs = points.flatMap((point) => point.cost).map((value) => value / cost.size);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const x = linearScale(low === high ? [low - 1, high + 1] : [low, high], [left, right], 6);
  const most = largestOf(points.flatMap((point) => point.compute)) / compute.size || 1;
  const y = linearScale([0, most], [bottom, top], 6);
  const ticks = y.ticks(6);
  const step = stepOf(ticks) * compute.size;
  const at = ({ cost: c, compute: f }: ParetoPoint, side = 1) =>
    [x(c[side] / cost.size), y(f[side] / compute.size)] as const;
  const best = points.filter(({ isBest }) => isBest).sort((a, b) => a.cost[1] - b.cost[1]);
  const front = linePath(
    placesOf(
      best.map((point) => point.cost[1] / cost.size),
      x,
    ),
    placesOf(
      best.map((point) => point.compute[1] / compute.size),
      y,
    ),
  );
  return {
    height: bottom + 42,
    body: [
      valueAxis(
        y,
        { values: ticks, text: (value) => compute.tick(value * compute.size, step) },
        left,
        right,
        `${compute.unit} of ${data.computeTitle}`,
      ),
      numberAxis(
        x,
        (value, own) => cost.tick(value * cost.size, own * cost.size),
        top,
        bottom,
        isNarrow(width) ? 5 : 7,
      ),
      label(right, bottom + 32, `${data.costTitle}, ${cost.unit}`, "soft sm", "end"),
      shape(front, "s-soft no", { "stroke-dasharray": "3 3" }),
      ...points.map((point) => drawCross(point, (p, side) => at(p, side))),
      ...points.map((point) => drawMark(...at(point), point.mark, 7)),
      placeNames(
        points.map((point) => ({ name: point.mark.name, x: at(point)[0], y: at(point)[1] })),
        { left, right, top, bottom },
      ),
    ].join(""),
  };
}

function drawCross(
  point: ParetoPoint,
  at: (point: ParetoPoint, side: number) => readonly [number, number],
): string {
  const [[x0, y0], [x1, y1], [x2, y2]] = [at(point, 0), at(point, 1), at(point, 2)];
  const style = `s-${point.mark.colours.at(-1) ?? "main"}`;
  const stroke = { "stroke-width": 1.4, "stroke-opacity": 0.7 };
  return segment(x0, y1, x2, y1, style, stroke) + segment(x1, y0, x1, y2, style, stroke);
}

type Name = { readonly name: string; readonly x: number; readonly y: number };

/** Names beside their discs, each where it covers neither a disc nor another name; with no such place it goes without. */
export function placeNames(names: readonly Name[], frame: Rectangle): string {
  const taken: Rectangle[] = names.map(({ x, y }) => ({
    left: x - 9,
    right: x + 9,
    top: y - 9,
    bottom: y + 9,
  }));
  return names
    .map(({ name, x, y }) => {
      const text = fitText(name, (frame.right - frame.left) * 0.6, 12, true);
      const wide = widthOf(text, 12, true);
      const places = [-12, 22, -28, 38, 4, -44, 54].flatMap((dy) =>
        [x + 12, x - 12 - wide, x - wide / 2].map((left) => ({ left, dy })),
      );
      for (const { left, dy } of places) {
        const own = { left: left - 2, right: left + wide + 2, top: y + dy - 12, bottom: y + dy + 4 };
        const isInside =
          own.left >= frame.left &&
          own.right <= frame.right &&
          own.top >= frame.top &&
          own.bottom <= frame.bottom;
        if (!isInside || taken.some((other) => overlaps(own, other))) continue;
        taken.push(own);
        return label(left, y + dy, text, "ink b halo");
      }
      return "";
    })
    .join("");
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
