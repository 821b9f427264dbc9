import {
  linearScale,
  type Scale,
  scaleAround,
  scaleFromZero,
  startsAtZero,
  stepOf,
  valueAxis,
} from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { largestOf } from "../kit/numbers.ts";
import { areaPath, linePath, placesOf } from "../kit/path.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, circle, fitText, keepApart, label, round, segment, shape, widthOf } from "../kit/svg.ts";

/** An axis of a sweep: its name and the values that were taken, as they were written. */
export type SweepAxis = { readonly name: string; readonly values: readonly string[] };

/** One figure over a sweep: by the first axis, and for each value of the second where there are two. */
export type SweepData = {
  readonly x: SweepAxis;
  readonly series: SweepAxis;
  /** [series][x] in table units, NaN where there is none. */
  readonly values: readonly (readonly number[])[];
  /** P5 and P95 where points were sampled, in the same order. */
  readonly low?: readonly (readonly number[])[];
  readonly high?: readonly (readonly number[])[];
  readonly measure: Measure;
};

/** From this many series on a heat map tells more than lines. */
const MOST_LINES = 6;
/** Whether the axis of a sweep drawn as lines does not start at zero, which its subtitle has to say. */
export function isCut({ values, low, high, series }: SweepData): boolean {
  const all = [...values, ...(low ?? []), ...(high ?? [])].flat();
  return series.values.length <= MOST_LINES && !startsAtZero(all);
}

const LINE_COLOURS = [
  "main",
  "limit-compute",
  "cost-upkeep",
  "cost-energy",
  "limit-bandwidth",
  "cost-halls",
] as const;

/** Room right of lines for the values of their series [px]. */
const MOST_NAMES = 110;

/** Places between 0 and 1 that lie closer than this part of an even distance cannot be told apart. */
const LEAST_APART = 0.25;

/**
 * Places of an axis's values between 0 and 1: by their size where they are numbers of one unit that rise or fall, and far enough
 * apart; else undefined, and they stand evenly.
 */
export function scaledPlaces(values: readonly string[]): readonly number[] | undefined {
  const read = values.map((value) =>
    /^(-?\d+(?:\.\d+)?)\s*(\D*)$/.exec(value.replace(/(\d)[,\u202f](?=\d{3})/g, "$1")),
  );
  const unit = read[0]?.[2];
  if (values.length < 2 || read.some((one) => one === null || one[2] !== unit)) return undefined;
  const numbers = read.map((one) => Number(one?.[1]));
  const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
  const places = numbers.map((number) => (number - first) / (last - first));
  const least = LEAST_APART / (values.length - 1);
  const isApart = places.every((place, index) => index === 0 || place - places[index - 1] >= least);
  return isApart ? places : undefined;
}

/** Draws a figure over a sweep: lines, panels of ranges, or a heat map of many series. */
export function drawSweep(data: SweepData, width: number): Drawing {
  if (hasPanels(data)) return drawPanels(data, width);
  return data.series.values.length > MOST_LINES ? drawHeatMap(data, width) : drawLines(data, width);
}

/** Whether each series has a panel of its own, since ranges in one frame would cover each other. */
export function hasPanels({ low, series: { values } }: SweepData): boolean {
  return low !== undefined && values.length > 1 && values.length <= MOST_LINES;
}

/** Where the values of the axis stand in a frame. */
function placesIn({ x: { values } }: SweepData, left: number, right: number, pad: number): readonly number[] {
  if (values.length === 1) return [(left + right) / 2];
  const places = scaledPlaces(values) ?? values.map((_, index) => index / (values.length - 1));
  return places.map((place) => left + pad + place * (right - left - 2 * pad));
}

/** Lines of all series in one frame, named at their ends. */
function drawLines(data: SweepData, width: number): Drawing {
  const { x: axis, series, values, measure } = data;
  const isOne = series.values.length === 1;
  const names = isOne
    ? 0
    : Math.min(MOST_NAMES, Math.max(...series.values.map((name) => widthOf(name, 12, true))) + 8);
  const [left, right, top] = [56, width - 12 - names, 34];
  const bottom = isNarrow(width) ? 240 : 300;
  const y = scaleOf(data, bottom, top);
  const places = placesIn(data, left, right, 20);
  const ends = values.map((own) => own.map(Number.isFinite).lastIndexOf(true));
  const apart = keepApart(
    ends.map((end, index) => (end < 0 ? bottom : y(values[index][end] / measure.size))),
    14,
    top,
    bottom,
  );
  return {
    height: bottom + 48,
    body: [
      axisOf(data, y, left, right, measure.unit),
      segment(left, bottom, right, bottom, "s-soft"),
      valueNames(axis.values, places, bottom, left, right),
      label(right, bottom + 32, fitText(axis.name, right - left, 11), "soft sm", "end"),
      isOne ? "" : label(width, top - 20, fitText(series.name, width * 0.55, 11), "soft sm", "end"),
      ...values.map((_, index) => drawRange(data, index, places, y)),
      ...values.map((_, index) =>
        drawMedians(data, index, places, y, isOne ? "middle" : LINE_COLOURS[index]),
      ),
      ...ends.map((end, index) =>
        isOne || end < 0
          ? ""
          : label(
              right + 4,
              apart[index] + 4,
              fitText(series.values[index], names - 6, 12, true),
              `t-${LINE_COLOURS[index]} b`,
            ),
      ),
    ].join(""),
  };
}

/** A panel a series, with the same scale: its line and range, and the lines of the others in grey. */
function drawPanels(data: SweepData, width: number): Drawing {
  const { x: axis, series, values, measure } = data;
  const count = values.length;
  const across = Math.min(count, isNarrow(width) ? 2 : 3);
  const down = Math.ceil(count / across);
  const [left, gap, top] = [56, 14, 40];
  const wide = (width - 6 - left - gap * (across - 1)) / across;
  const high = down === 1 ? 220 : 130;
  const panels = values.map((_, index) => {
    const [column, row] = [index % across, Math.floor(index / across)];
    const from = left + column * (wide + gap);
    const head = top + row * (high + 58);
    const bottom = head + high;
    const y = scaleOf(data, bottom, head + 8);
    const places = placesIn(data, from, from + wide, 10);
    const others = values.map((_, other) =>
      other === index ? "" : shape(lineOf(data, other, places, y), "s-inner no", { "stroke-width": 1 }),
    );
    return [
      label(from, head - 6, fitText(series.values[index], wide, 12, true), "ink b"),
      column === 0 ? axisOf(data, y, from, from + wide, "") : gridOf(y, from, from + wide),
      segment(from, bottom, from + wide, bottom, "s-soft"),
      valueNames(axis.values, places, bottom, from + 24, from + wide + 6),
      drawRange(data, index, places, y),
      ...others,
      drawMedians(data, index, places, y, "middle"),
    ].join("");
  });
  const bottom = top + down * (high + 58) - 58;
  return {
    height: bottom + 46,
    body: [
      label(left + 2, 12, measure.unit, "soft sm"),
      label(width - 6, 12, fitText(series.name, width * 0.5, 11), "soft sm", "end"),
      ...panels,
      label(width - 6, bottom + 34, fitText(axis.name, width - left, 11), "soft sm", "end"),
    ].join(""),
  };
}

/** The scale of all values in shown units. */
function scaleOf({ values, low, high, measure }: SweepData, bottom: number, top: number): Scale {
  const shown = [...values, ...(low ?? []), ...(high ?? [])].flat().map((value) => value / measure.size);
  return (startsAtZero(shown) ? scaleFromZero : scaleAround)(shown, bottom, top);
}

function axisOf({ measure }: SweepData, y: Scale, left: number, right: number, unit: string): string {
  const ticks = y.ticks(5);
  const step = stepOf(ticks) * measure.size;
  const text = (value: number) => measure.tick(value * measure.size, step);
  return valueAxis(y, { values: ticks, text }, left, right, unit);
}

function gridOf(y: Scale, left: number, right: number): string {
  return y
    .ticks(5)
    .map((value) => segment(left, y(value), right, y(value), value === 0 ? "s-soft" : "s-grid"))
    .join("");
}

function lineOf(data: SweepData, index: number, places: readonly number[], y: Scale): string {
  return linePath(places.map(round), heightsOf(data, data.values[index], y));
}

/** Heights of values in table units. */
function heightsOf({ measure }: SweepData, values: readonly number[], y: Scale): readonly number[] {
  return placesOf(values, (value) => y(value / measure.size));
}

/** P5 to P95 of a series: a band along an axis of numbers, bars over names. */
function drawRange(data: SweepData, index: number, places: readonly number[], y: Scale): string {
  const [low, high] = [data.low?.[index] ?? [], data.high?.[index] ?? []].map((ends) =>
    heightsOf(data, ends, y),
  );
  if (low.length > 1 && scaledPlaces(data.x.values) !== undefined)
    return shape(areaPath(places.map(round), low, high), "f-band");
  const bars = low.map((bottom, point) => {
    const top = high[point];
    return Number.isFinite(bottom - top) ? box(places[point] - 4, top, 8, bottom - top, "f-band") : "";
  });
  return bars.join("");
}

/** A series: its line, and a dot a point. */
function drawMedians(
  data: SweepData,
  index: number,
  places: readonly number[],
  y: Scale,
  colour: string,
): string {
  const { x: axis, series, values, low, high, measure } = data;
  const dots = values[index].map((value, point) => {
    if (!Number.isFinite(value)) return "";
    const own = series.name === "" ? "" : `, ${series.name} ${series.values[index]}`;
    const [from, to] = [low?.[index]?.[point], high?.[index]?.[point]];
    const ends =
      from === undefined || to === undefined ? "" : ` (${measure.text(from)} to ${measure.text(to)})`;
    const tip = `${axis.name} ${axis.values[point]}${own}: ${measure.full(value)}${ends}`;
    return circle(places[point], y(value / measure.size), 3, `f-${colour}`, tip);
  });
  return shape(lineOf(data, index, places, y), `s-${colour} no`, { "stroke-width": 2 }) + dots.join("");
}

/** Values of an axis below it, as many as fit. */
function valueNames(
  values: readonly string[],
  places: readonly number[],
  bottom: number,
  left: number,
  right: number,
): string {
  let free = left - 40;
  return values
    .map((value, index) => {
      const text = fitText(value, 120);
      const half = widthOf(text) / 2;
      const at = Math.min(right - half, Math.max(left - 30 + half, places[index]));
      if (at - half < free + 8) return "";
      free = at + half;
      return label(at, bottom + 16, text, "soft", "middle");
    })
    .join("");
}

function drawHeatMap({ x: axis, series, values, measure }: SweepData, width: number): Drawing {
  const known = values.flat().filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const shade = linearScale(low === high ? [low - 1, high] : [low, high], [0.06, 1]);
  const left = Math.min(150, Math.max(40, ...series.values.map((value) => widthOf(value) + 10)));
  const [top, right] = [34, width - 8];
  const high1 = Math.max(14, Math.min(30, 420 / series.values.length));
  const wide = (right - left) / axis.values.length;
  const bottom = top + high1 * series.values.length;
  const every = Math.ceil(14 / high1);
  const cells = values.map(
    (row, index) =>
      row
        .map((value, column) => {
          const place = [left + column * wide, top + index * high1, wide - 0.5, high1 - 0.5] as const;
          const tip = `${axis.name} ${axis.values[column]}, ${series.name} ${series.values[index]}: ${measure.full(value)}`;
          return Number.isFinite(value)
            ? box(...place, "f-limit-bandwidth", tip, { "fill-opacity": shade(value).toFixed(2) })
            : box(...place, "f-grid", tip);
        })
        .join("") +
      (index % every === 0
        ? label(
            left - 6,
            top + (index + 0.5) * high1 + 4,
            fitText(series.values[index], left - 8),
            "soft",
            "end",
          )
        : ""),
  );
  const ends =
    largestOf(known) === 0 ? measure.full(0) : `light ${measure.full(low)}, dark ${measure.full(high)}`;
  return {
    height: bottom + 60,
    body: [
      label(0, top - 14, fitText(series.name, width, 11), "soft sm"),
      ...cells,
      valueNames(
        axis.values,
        axis.values.map((_, index) => left + (index + 0.5) * wide),
        bottom,
        left,
        right,
      ),
      label(right, bottom + 32, fitText(axis.name, right - left, 11), "soft sm", "end"),
      label(left, bottom + 50, fitText(ends, right - left)),
    ].join(""),
  };
}
