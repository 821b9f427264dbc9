import { linearScale } from "../kit/axes.ts";
import { legend } from "../kit/legend.ts";
import type { Measure } from "../kit/measure.ts";
import { percent } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, circle, fitText, label, round, segment, shape, widthOf } from "../kit/svg.ts";
import { UNSTATED } from "../kit/words.ts";

/** One uncertain input: the figure with it at its P10 and P90, and how much of the spread comes from it. */
export type TornadoRow = {
  readonly title: string;
  readonly quality: string;
  readonly low: number;
  readonly high: number;
  /** Total index, or rank correlation; absent where neither is known. */
  readonly weight?: number;
};

export type TornadoData = {
  readonly base: number;
  readonly rows: readonly TornadoRow[];
  readonly measure: Measure;
  /** What the base and the ends of the bars are. */
  readonly baseName: string;
  readonly lowName: string;
  readonly highName: string;
  /** What `weight` is, in a word or two. */
  readonly weightName: string;
  readonly weightText?: (weight: number) => string;
};

/** Qualities from best to worst, and how much of the disc is filled. */
const FILLS: Readonly<Record<string, number>> = {
  official: 1,
  reported: 0.75,
  derived: 0.5,
  estimate: 0.25,
  assumed: 0,
};

/** Inputs shown. */
export const MOST_INPUTS = 12;

/** A disc that shows the quality of a source: full for official, empty for assumed, with a dashed rim where the scenario states none. */
function qualityMark(x: number, y: number, quality: string, radius = 5): string {
  const share = FILLS[quality] ?? 0;
  const isMarked = quality in FILLS;
  const dashes = isMarked ? {} : { "stroke-dasharray": "2 1.6" };
  const rim = circle(x, y, radius, "s-ink f-paper", "", { "stroke-width": 1.2, ...dashes });
  if (share === 0) return rim;
  if (share === 1) return circle(x, y, radius, "ink s-ink", "", { "stroke-width": 1.2 });
  // Quarters of a turn, clockwise from the top.
  const [right, down] = { 0.25: [1, 0], 0.5: [0, 1] }[share] ?? [-1, 0];
  const [endX, endY] = [x + radius * right, y + radius * down];
  const arc = `A${radius},${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${round(endX)},${round(endY)}Z`;
  return rim + shape(`M${round(x)},${round(y)}v${-radius}${arc}`, "ink");
}

/** Draws what a figure hangs on: a bar to each side of the base, light for an input's P10 and dark for its P90. */
export function drawTornado(data: TornadoData, width: number): Drawing {
  const { base, measure, weightName } = data;
  const rows = data.rows.slice(0, MOST_INPUTS);
  const narrow = isNarrow(width);
  const rowHigh = narrow ? 38 : 26;
  const widest = Math.max(80, ...rows.map(({ title }) => widthOf(title)));
  const left = narrow ? 8 : Math.min(230, widest + 24);
  const top = 54;
  const { size } = measure;
  const ends = [base, ...rows.flatMap(({ low, high }) => [low, high])].map((value) => value / size);
  const pad =
    Math.max(
      ...rows.flatMap(({ low, high }) => [low, high].map((value) => widthOf(measure.text(value), 11))),
    ) + 8;
  const x = linearScale([Math.min(...ends), Math.max(...ends) || 1], [left + pad, width - 52 - pad]);
  const bottom = top + rows.length * rowHigh;
  const head = `${data.baseName} ${measure.text(base)}`;
  const half = widthOf(head, 12, true) / 2;
  const room = width - widthOf(weightName) - 10 - half;
  const at = Math.max(half, Math.min(room, x(base / size)));
  const body = [
    label(at, top - 14, head, "ink b", "middle"),
    label(width, top - 14, weightName, "soft", "end"),
    segment(x(base / size), top - 8, x(base / size), bottom, "s-soft"),
    ...rows.map((row, index) => drawRow(row, data, x, top + index * rowHigh, left, width)),
  ];
  const keys = drawKeys(data, bottom + 26, width);
  return { height: keys.bottom + 12, body: body.join("") + keys.body };
}

function drawRow(
  row: TornadoRow,
  { base, measure, lowName, highName, weightText = percent }: TornadoData,
  x: (value: number) => number,
  top: number,
  left: number,
  width: number,
): string {
  const narrow = isNarrow(width);
  const middle = top + (narrow ? 27 : 13);
  const high = narrow ? 12 : 14;
  const { size } = measure;
  const from = x(base / size);
  const bars = [
    { value: row.low, style: "f-band", name: lowName },
    { value: row.high, style: "f-inner", name: highName },
  ].map(({ value, style, name }) => {
    const to = x(value / size);
    const tip = `${row.title}, ${name}: ${measure.full(value)}`;
    const isRight = value > base || (value === base && style === "f-inner" && row.low <= base);
    return (
      box(Math.min(from, to), middle - high / 2, Math.abs(to - from), high, style, tip) +
      label(to + (isRight ? 4 : -4), middle + 4, measure.text(value), "soft sm", isRight ? "start" : "end")
    );
  });
  // Both on one side: the nearer number would lie on the farther bar.
  const isOneSided = (row.low - base) * (row.high - base) > 0;
  const drawn = isOneSided ? bars.map((bar) => bar.replace(/<text.*$/, "")) : bars;
  const title = narrow
    ? qualityMark(6, middle - 17, row.quality) +
      label(18, middle - 13, fitText(row.title, width - 90), "ink halo")
    : qualityMark(left - 6, middle, row.quality) +
      label(left - 16, middle + 4, fitText(row.title, left - 18), "ink", "end");
  const weight =
    row.weight === undefined ? "" : label(width, middle + 4, weightText(row.weight), "ink", "end");
  return drawn.join("") + title + weight;
}

function drawKeys(
  { lowName, highName, rows }: TornadoData,
  y: number,
  width: number,
): { readonly body: string; readonly bottom: number } {
  let [x, line] = [0, y];
  const out: string[] = [];
  const isUnstated = rows.slice(0, MOST_INPUTS).some(({ quality }) => !(quality in FILLS));
  for (const quality of [...Object.keys(FILLS), ...(isUnstated ? [UNSTATED] : [])]) {
    const wide = 14 + widthOf(quality);
    if (x + wide > width) [x, line] = [0, line + 18];
    out.push(qualityMark(x + 6, line - 4, quality), label(x + 15, line, quality));
    x += wide + 14;
  }
  const more = legend(
    [
      { text: lowName, colour: "band" },
      { text: highName, colour: "inner" },
    ],
    0,
    line + 20,
    width,
  );
  return { body: out.join("") + more.body, bottom: more.bottom };
}
