import {
  logMarks,
  logScale,
  needsLog,
  scaleFromZero,
  stepOf,
  timeAxis,
  valueAxis,
  yearTicks,
  yearTips,
} from "../kit/axes.ts";
import { type Bands, fan, inUnits, valuesOf } from "../kit/fan.ts";
import { legend } from "../kit/legend.ts";
import type { Measure } from "../kit/measure.ts";
import { shortMonth } from "../kit/months.ts";
import { significant } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { circle, label, widthOf } from "../kit/svg.ts";

/** A figure by month in table units. */
export type FanData = {
  readonly start: number;
  readonly bands: Bands;
  readonly measure: Measure;
  /** A month whose median is named. */
  readonly mark?: number | undefined;
};

/** Whether the axis of such a figure is logarithmic, which its picture has to say. */
export function isFanLog({ bands }: FanData): boolean {
  return needsLog(valuesOf(bands));
}

/** Draws a figure by month: P5 to P95 of the trials, their median, and the plain run. */
export function drawFanChart(data: FanData, width: number): Drawing {
  const { start, bands, measure, mark } = data;
  const { size } = measure;
  const shown = inUnits(bands, size);
  const isSampled = bands.middle !== undefined;
  const [left, right] = [52, width - (isSampled ? 50 : 12)];
  const [top, bottom] = [34, isNarrow(width) ? 240 : 290];
  const axis = timeAxis(start, bands.plain.length, left, right);
  const { y, ticks } = scaleOf(data, shown, bottom, top);
  const keys = isSampled
    ? legend(
        [
          { text: "P5 to P95", colour: "band" },
          { text: "median of the trials", colour: "middle", line: "solid" },
          { text: "plain run", colour: "soft", line: "dotted" },
        ],
        left,
        bottom + 38,
        width - left,
      )
    : { body: "", bottom: bottom + 16 };
  const body = [
    valueAxis(y, ticks, left, right, measure.unit),
    yearTicks(axis, bottom, top),
    fan(shown, axis, y, true),
    mark === undefined ? "" : drawMark(mark, shown, axis, y, measure),
    keys.body,
    yearTips(axis, top, bottom, (month, absolute) => tipOf(data, month, absolute)),
  ];
  return { height: keys.bottom + 12, body: body.join("") };
}

function scaleOf(data: FanData, shown: Bands, bottom: number, top: number) {
  const { measure } = data;
  const values = valuesOf(shown);
  if (isFanLog(data)) {
    const y = logScale(values, bottom, top);
    const [low, high] = y.domain();
    return { y, ticks: { values: logMarks(low, high), text: (value: number) => significant(value, 1) } };
  }
  const y = scaleFromZero(values, bottom, top);
  const marks = y.ticks(5);
  const step = stepOf(marks) * measure.size;
  return { y, ticks: { values: marks, text: (value: number) => measure.tick(value * measure.size, step) } };
}

/** The median of a month as a dot with its number, on the side where there is room; above it where there is on neither, clear of the names of the ends. */
function drawMark(
  month: number,
  { middle, plain }: Bands,
  axis: ReturnType<typeof timeAxis>,
  y: (value: number) => number,
  measure: Measure,
): string {
  const value = (middle ?? plain)[month - axis.start];
  if (!Number.isFinite(value)) return "";
  const x = axis.middle(month);
  const text = `${measure.short(value * measure.size)} in ${shortMonth(month)}`;
  const wide = widthOf(text, 12, true);
  const isLeft = x - wide - 12 > axis.left;
  return (
    circle(x, y(value), 3.5, "f-middle") +
    label(
      isLeft ? x - 8 : Math.min(x + 8, axis.right - wide),
      y(value) - 9,
      text,
      "t-middle b halo",
      isLeft ? "end" : "start",
    )
  );
}

function tipOf({ bands, measure }: FanData, month: number, absolute: number): string {
  const { plain, low, middle, high } = bands;
  if (!low || !middle || !high) return `${shortMonth(absolute)}: ${measure.full(plain[month])}`;
  const ends = `P5 ${measure.short(low[month])} to P95 ${measure.short(high[month])}`;
  return `${shortMonth(absolute)}: median ${measure.full(middle[month])}, ${ends}`;
}
