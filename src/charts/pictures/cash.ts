import { scaleFromZero, stepOf, timeAxis, valueAxis, yearTicks, yearTips } from "../kit/axes.ts";
import { type Bands, fan, inUnits, valuesOf } from "../kit/fan.ts";
import { legend } from "../kit/legend.ts";
import type { Measure } from "../kit/measure.ts";
import { shortMonth } from "../kit/months.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import type { Layer } from "../kit/stack.ts";
import { box, circle, label, segment, widthOf } from "../kit/svg.ts";

/** A stretch of months that one bar stands for. */
export type Period = { readonly name: string; readonly first: number; readonly end: number };

export type CashData = {
  readonly start: number;
  readonly months: number;
  /** Quarters, or years where there are many. */
  readonly periods: readonly Period[];
  /** Cash out by category and period, and revenue, in table units. */
  readonly costs: readonly Layer[];
  readonly revenue: readonly number[];
  readonly measure: Measure;
  /** Cumulative net cash by month. */
  readonly cumulative: Bands;
  readonly cumulativeMeasure: Measure;
};

/** Draws cash: out downwards by category and revenue upwards, and the cumulative line with its band in a panel of its own. */
export function drawCash(data: CashData, width: number): Drawing {
  const narrow = isNarrow(width);
  const axis = timeAxis(data.start, data.months, 48, width - (data.cumulative.middle ? 54 : 8));
  const top = 34;
  const bottom = top + (narrow ? 190 : 230);
  const keys = legend(
    [
      ...(data.revenue.some((value) => value > 0) ? [{ text: "revenue (up)", colour: "inner" }] : []),
      ...data.costs.map(({ name, colour }) => ({ text: name, colour })),
    ],
    axis.left,
    bottom + 40,
    width - axis.left,
  );
  const second = keys.bottom + 44;
  const end = second + (narrow ? 130 : 150);
  return {
    height: end + 24,
    body: drawBars(data, axis, top, bottom) + keys.body + drawCumulative(data, axis, second, end),
  };
}

function drawBars(
  { periods, costs, revenue, measure }: CashData,
  axis: ReturnType<typeof timeAxis>,
  top: number,
  bottom: number,
): string {
  const { size } = measure;
  const out = periods.map((_, index) =>
    costs.reduce((sum, { values }) => sum + Math.max(0, values[index]), 0),
  );
  const y = scaleFromZero(
    [...out.map((value) => -value / size), ...revenue.map((value) => value / size)],
    bottom,
    top,
    6,
  );
  const values = y.ticks(6);
  const step = stepOf(values) * size;
  const bars = periods.map(({ name, first, end }, index) => {
    const gap = Math.min(1, (axis.at(end) - axis.at(first)) * 0.12);
    const [x, wide] = [axis.at(first) + gap, axis.at(end) - axis.at(first) - 2 * gap];
    let down = 0;
    const parts = costs.map((cost) => {
      const value = Math.max(0, cost.values[index]);
      const from = y(-down / size);
      down += value;
      const tip = `${name} ${cost.name}: ${measure.full(value)}`;
      return value > 0 ? box(x, from, wide, y(-down / size) - from, `f-${cost.colour}`, tip) : "";
    });
    const up = y(Math.max(0, revenue[index]) / size);
    const tip = `${name} revenue: ${measure.full(revenue[index])}`;
    return parts.join("") + (revenue[index] > 0 ? box(x, up, wide, y(0) - up, "f-inner", tip) : "");
  });
  return [
    valueAxis(
      y,
      { values, text: (value) => measure.tick(Math.abs(value) * size, step) },
      axis.left,
      axis.right,
      measure.unit,
    ),
    yearTicks(axis, bottom, top),
    ...bars,
    segment(axis.left, y(0), axis.right, y(0), "s-ink"),
  ].join("");
}

function drawCumulative(
  { cumulative, cumulativeMeasure: measure }: CashData,
  axis: ReturnType<typeof timeAxis>,
  top: number,
  bottom: number,
): string {
  const { size } = measure;
  const shown = inUnits(cumulative, size);
  const y = scaleFromZero(valuesOf(shown), bottom, top, 6);
  const values = y.ticks(5);
  const step = stepOf(values) * size;
  return [
    valueAxis(
      y,
      { values, text: (value) => measure.tick(value * size, step) },
      axis.left,
      axis.right,
      measure.unit,
    ),
    yearTicks(axis, bottom, top),
    fan(shown, axis, y, true),
    segment(axis.left, y(0), axis.right, y(0), "s-ink"),
    drawTurns(cumulative, axis, (value) => y(value / size), bottom, measure),
    yearTips(axis, top, bottom, (month, absolute) => {
      const { plain, low, middle, high } = cumulative;
      if (!low || !middle || !high) return `${shortMonth(absolute)}: ${measure.full(plain[month])}`;
      return `${shortMonth(absolute)}: median ${measure.full(middle[month])}, P5 ${measure.short(low[month])} to P95 ${measure.short(high[month])}`;
    }),
  ].join("");
}

/** The deepest month of the line, and the first behind it that is paid back. */
function drawTurns(
  { middle, plain }: Bands,
  axis: ReturnType<typeof timeAxis>,
  y: (value: number) => number,
  bottom: number,
  measure: Measure,
): string {
  const line = middle ?? plain;
  const lowest = line.indexOf(Math.min(...line));
  if (lowest < 0 || !(line[lowest] < 0)) return "";
  const dot = (month: number, text: string, above: boolean) => {
    const x = axis.middle(axis.start + month);
    const half = widthOf(text, 12, true) / 2;
    const at = Math.min(axis.right - half, Math.max(axis.left + half, x));
    const dy = above || y(line[month]) + 24 > bottom ? -10 : 20;
    return (
      circle(x, y(line[month]), 3.5, "f-middle") +
      label(at, y(line[month]) + dy, text, "t-middle b halo", "middle")
    );
  };
  const back = line.findIndex((value, month) => month > lowest && value >= 0);
  const deepest = `${measure.full(line[lowest])}, ${shortMonth(axis.start + lowest)}`;
  return (
    dot(lowest, deepest, false) +
    (back < 0 ? "" : dot(back, `paid back ${shortMonth(axis.start + back)}`, true))
  );
}
