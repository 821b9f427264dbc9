import { scaleLog } from "d3-scale";
import type { Scale } from "../kit/axes.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, circle, fitText, label, segment, widthOf } from "../kit/svg.ts";

/** Predictions of one kind over their published figures. */
export type NearKind = {
  readonly name: string;
  readonly dots: readonly { readonly name: string; readonly ratio: number; readonly counts: boolean }[];
  /** Cells right of the dots, one for each heading. */
  readonly cells: readonly string[];
};

export type NearnessData = {
  readonly kinds: readonly NearKind[];
  /** Headings of the cells. */
  readonly headings: readonly string[];
  /** Predictions this near stand in the band, as a share of the published figure. */
  readonly near: number;
};

const RADIUS = 3.6;
/** Distance of neighbouring dots, and of the dots from the edges of a row [px]. */
const [APART, PAD] = [2 * RADIUS + 0.8, 10];
/** Ends of the axis: at least a half to two, at most a third to three, so that one outlier does not press all others together. */
const [LEAST_REACH, MOST_REACH] = [2, 3];
const TICKS = [0.35, 0.5, 0.7, 0.9, 1.1, 1.4, 2, 2.8];

/** An axis of ratios on which a half is as far from one as two is; what lies beyond a third or three stands at its end. */
export function ratioScale(ratios: readonly number[], left: number, right: number): Scale {
  const reaches = ratios.map((ratio) => Math.max(ratio, 1 / ratio));
  const reach = Math.max(LEAST_REACH, ...reaches.filter((one) => one <= MOST_REACH));
  return scaleLog()
    .domain([1 / reach, reach])
    .range([left, right])
    .clamp(true);
}

/** The grid of an axis of ratios, with 1 in ink and as many ticks as fit. */
export function ratioAxis(x: Scale, top: number, bottom: number): string {
  const [low = 0, high = 0] = x.domain();
  const inside = TICKS.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  let free = Number.NEGATIVE_INFINITY;
  const fitting = [1, ...inside].sort((a, b) => a - b).filter((tick) => tick === 1 || clearOfOne(x, tick));
  return fitting
    .map((tick) => {
      const [at, text] = [x(tick), String(tick)];
      const half = widthOf(text) / 2;
      if (tick !== 1 && at - half < free + 6) return segment(at, top, at, bottom, "s-grid");
      free = at + half;
      return (
        segment(at, top, at, bottom, tick === 1 ? "s-ink" : "s-grid") +
        label(at, bottom + 16, text, "soft", "middle")
      );
    })
    .join("");
}

/** Whether the text of a tick keeps clear of that of 1, which always stands. */
function clearOfOne(x: Scale, tick: number): boolean {
  return Math.abs(x(tick) - x(1)) > (widthOf(String(tick)) + widthOf("1")) / 2 + 6;
}

/** Draws a row a kind: each prediction a dot at its ratio to the published figure, full where it counts. */
export function drawNearness({ kinds, headings, near }: NearnessData, width: number): Drawing {
  const narrow = isNarrow(width);
  const names = Math.max(60, ...kinds.map(({ name }) => widthOf(name, 12, true) + 14));
  // On a phone the name stands above its dots.
  const left = narrow ? 8 : Math.min(names, width * 0.32);
  const columns = headings.map((heading, index) =>
    Math.max(widthOf(heading, 11), ...kinds.map(({ cells }) => widthOf(cells[index] ?? ""))),
  );
  // Ends of the columns, from the right.
  const ends = columns.map(
    (_, index) => width - columns.slice(index + 1).reduce((sum, one) => sum + one + 12, 0),
  );
  const right = narrow ? width - 8 : width - columns.reduce((sum, one) => sum + one + 12, 0) - 8;
  const ratios = kinds.flatMap(({ dots }) => dots.map(({ ratio }) => ratio));
  const x = ratioScale(ratios, left, right);
  const top = 26;
  let y = top;
  const rows = kinds.map((kind) => {
    const places = spread(kind.dots.map(({ ratio }) => x(Math.max(1e-12, ratio))));
    const reach = Math.max(0, ...places.map(({ offset }) => Math.abs(offset)));
    const head = narrow ? 16 : 0;
    const height = head + 2 * (PAD + reach + RADIUS);
    const middle = y + head + (height - head) / 2;
    const drawn = [
      y > top ? segment(0, y, width, y, "s-grid") : "",
      narrow
        ? label(0, y + 14, fitText(kind.name, ends[0] - columns[0] - 8, 12, true), "ink b halo")
        : label(0, middle + 4, fitText(kind.name, left - 8, 12, true), "ink b"),
      ...places.map(({ at, offset }, index) => dot(at, middle + offset, kind.dots[index], x.domain())),
      ...kind.cells.map((cell, index) =>
        label(ends[index], narrow ? y + 14 : middle + 4, cell, "ink", "end"),
      ),
    ];
    y += height;
    return drawn.join("");
  });
  return {
    height: y + 28,
    body: [
      box(x(1 - near), top, x(1 + near) - x(1 - near), y - top, "f-band", "", { "fill-opacity": 0.6 }),
      ratioAxis(x, top, y),
      label(left, top - 10, narrow ? "" : "predicted over published", "soft sm"),
      ...headings.map((heading, index) => label(ends[index], top - 10, heading, "soft sm", "end")),
      ...rows,
    ].join(""),
  };
}

function dot(
  x: number,
  y: number,
  { name, ratio, counts }: NearKind["dots"][number],
  domain: readonly number[],
): string {
  const tip = `${name}: ${ratio.toFixed(2)}`;
  const mark = circle(x, y, RADIUS, counts ? "f-main s-paper" : "f-paper s-main", tip, { "stroke-width": 1 });
  const [low = 0, high = 0] = domain;
  if (ratio > high) return mark + label(x - 7, y + 4, `${ratio.toFixed(2)} \u2192`, "soft sm", "end");
  return ratio < low ? mark + label(x + 7, y + 4, `\u2190 ${ratio.toFixed(2)}`, "soft sm") : mark;
}

/** Dots of one row, at their places, moved up or down by so much that none covers another; the order is that of the places given. */
function spread(places: readonly number[]): readonly { readonly at: number; readonly offset: number }[] {
  const set: { readonly at: number; readonly offset: number }[] = [];
  const found = new Array<{ readonly at: number; readonly offset: number }>(places.length);
  const order = places.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
  for (const { at, index } of order) {
    const isFree = (offset: number) =>
      set.every((other) => {
        const [across, down] = [other.at - at, other.offset - offset];
        return across * across + down * down >= APART * APART - 1e-6;
      });
    let level = 0;
    const offsetOf = (step: number) => (step % 2 === 0 ? -1 : 1) * Math.ceil(step / 2) * (APART / 2);
    while (!isFree(offsetOf(level))) level++;
    found[index] = { at, offset: offsetOf(level) };
    set.push(found[index]);
  }
  return found;
}
