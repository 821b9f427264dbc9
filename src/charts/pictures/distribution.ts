import { fittingTicks, linearScale, type Scale, stepOf } from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { percent } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, keepApart, label, round, segment, shape, widthOf } from "../kit/svg.ts";

/** How the trials of a figure fall, in table units. */
export type DistributionPanel = {
  readonly title: string;
  /** One a trial; what is not finite does not exist in its trial and is left out. */
  readonly values: Float64Array;
  /** P5, median and P95. */
  readonly quantiles: readonly number[];
  readonly plain: number;
  readonly measure: Measure;
  /** Whether a negative value is a loss, drawn in red. */
  readonly hasLoss: boolean;
};

const BINS = 50;
/** Shares of the trials at which the axis begins and ends: what lies beyond is in the outermost bins. */
const ENDS = [0.001, 0.995] as const;

/** Draws histograms of trials, P5 to P95 darker, a triangle at the plain run. */
export function drawDistribution(panels: readonly DistributionPanel[], width: number): Drawing {
  const high = isNarrow(width) ? 96 : 112;
  let top = 58;
  const out: string[] = [];
  for (const panel of panels) {
    out.push(drawHistogram(panel, width, top, top + high));
    top += high + 106;
  }
  return { height: top - 58, body: out.join("") };
}

/** Counts of trials in equal bins between the ends; the outermost hold what lies beyond. */
export function countBins(values: Float64Array): {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
} {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return { low: 0, high: 1, counts: [] };
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  let [low, high] = [at(ENDS[0]), at(ENDS[1])];
  if (!(high > low)) [low, high] = [low - (Math.abs(low) || 1) * 0.05, high + (Math.abs(high) || 1) * 0.05];
  const counts = new Array<number>(BINS).fill(0);
  for (const value of sorted) {
    const bin = Math.floor(((value - low) / (high - low)) * BINS);
    counts[Math.min(BINS - 1, Math.max(0, bin))]++;
  }
  return { low, high, counts };
}

function drawHistogram(panel: DistributionPanel, width: number, top: number, bottom: number): string {
  const { title, values, quantiles, plain, measure, hasLoss } = panel;
  const [left, right] = [6, width - 6];
  const { low, high, counts } = countBins(values);
  const { size } = measure;
  const x = linearScale([low / size, high / size], [left, right]);
  const y = linearScale([0, Math.max(1, ...counts)], [bottom, top]);
  const wide = (high - low) / BINS;
  const bars = counts.map((count, bin) => {
    if (count === 0) return "";
    const [from, to] = [low + bin * wide, low + (bin + 1) * wide];
    const middle = (from + to) / 2;
    const isLoss = hasLoss && to <= wide * 1e-9;
    const isInside = middle >= quantiles[0] && middle <= quantiles[2];
    const edge = bin === 0 ? "up to " : bin === BINS - 1 ? "from " : "";
    const tip = `${edge}${measure.short(from)} to ${measure.full(to)}: ${percent(count / values.length)} of trials`;
    const [start, end] = [x(from / size), x(to / size)];
    const style = isLoss ? "f-alarm" : isInside ? "f-inner" : "f-band";
    return box(start + 0.5, y(count), end - start - 1, bottom - y(count), style, tip);
  });
  const at = Math.min(right - 4, Math.max(left + 4, x(plain / size)));
  return [
    label(left, top - 44, title, "ink b"),
    label(right, top - 44, measure.unit, "soft sm", "end"),
    ...bars,
    segment(left, bottom, right, bottom, "s-soft"),
    drawTicks(x, measure, bottom, left, right),
    drawQuantiles(panel, x, top, bottom, left, right),
    Number.isFinite(plain) ? shape(`M${round(at)},${bottom + 1}l-4,6h8z`, "ink") : "",
  ].join("");
}

function drawTicks(x: Scale, { size, tick }: Measure, bottom: number, left: number, right: number): string {
  const text = (value: number, step: number) => tick(value * size, step * size);
  const values = fittingTicks(x, text, 6);
  return values
    .map((value) => {
      const half = widthOf(text(value, stepOf(values))) / 2;
      const at = Math.min(right - half, Math.max(left + half, x(value)));
      return (
        segment(x(value), bottom, x(value), bottom + 4, "s-soft") +
        label(at, bottom + 21, text(value, stepOf(values)), "soft", "middle")
      );
    })
    .join("");
}

function drawQuantiles(
  { quantiles, measure }: DistributionPanel,
  x: Scale,
  top: number,
  bottom: number,
  left: number,
  right: number,
): string {
  const marks = ["P5", "median", "P95"].map((name, index) => ({
    text: `${name} ${measure.text(quantiles[index])}`,
    at: Math.min(right, Math.max(left, x(quantiles[index] / measure.size))),
    isMiddle: index === 1,
  }));
  const halves = marks.map(({ text }) => widthOf(text, 12, true) / 2);
  const places = keepApart(
    marks.map(({ at }) => at),
    (lower, upper) => halves[lower] + halves[upper] + 8,
    left + halves[0],
    right - halves[2],
  );
  return marks
    .map(
      ({ text, at, isMiddle }, index) =>
        segment(at, top - 14, at, bottom, isMiddle ? "s-middle" : "s-soft", {
          "stroke-width": isMiddle ? 2 : 1,
        }) + label(places[index], top - 20, text, isMiddle ? "t-middle b" : "ink", "middle"),
    )
    .join("");
}
