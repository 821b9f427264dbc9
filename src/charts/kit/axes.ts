import { scaleLinear, scaleLog } from "d3-scale";
import { decimalExponentOf, powerOfTen } from "../../numbers/decimal.ts";
import { shortMonth } from "./months.ts";
import { box, label, segment, widthOf } from "./svg.ts";

/** A scale of numbers on pixels, such as d3-scale makes them. */
export type Scale = {
  (value: number): number;
  readonly ticks: (count: number) => number[];
  readonly domain: () => number[];
  readonly range: () => number[];
};

/**
 * A linear scale of d3-scale; what is not a number has no place, which is NaN.
 *
 * @param nice approximate number of ticks: the domain is extended to end at ticks; without it the domain stays as it is
 */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
  nice?: number,
): Scale {
  const scale = scaleLinear<number, number, number>().domain(domain).range(range).unknown(Number.NaN);
  return nice === undefined ? scale : scale.nice(nice);
}

/** Months on pixels, all equally wide. */
export type TimeAxis = {
  /** The first month, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** Left edge of a month, and its middle. */
  readonly at: (month: number) => number;
  readonly middle: (month: number) => number;
  readonly left: number;
  readonly right: number;
};

/** Lays `count` months from `start` on between two edges. */
export function timeAxis(start: number, count: number, left: number, right: number): TimeAxis {
  const end = start + Math.max(1, count);
  const at = (month: number) => left + ((month - start) / (end - start)) * (right - left);
  return { start, end, at, middle: (month) => at(month + 0.5), left, right };
}

/** Years as spans: a tick at each January, the name in the middle; of many years some, of less than one the months at both ends. */
export function yearTicks(axis: TimeAxis, y: number, top = y): string {
  const { start, end, at } = axis;
  const out = [segment(at(start), y, at(end), y, "s-soft")];
  const years = spansOf(axis);
  if (years.length === 1 || (years.length === 2 && end - start < 8)) return out[0] + endMonths(axis, y);
  const widest = Math.max(...years.map(({ left, right }) => right - left));
  const every = Math.ceil(26 / widest);
  for (const { year, from, to, left, right } of years) {
    if (from === year * 12) {
      out.push(segment(left, y, left, y + 4, "s-soft"));
      if (top < y && from > start) out.push(segment(left, top, left, y, "s-grid"));
    }
    const wide = (right - left) * every;
    if (year % every !== 0 || right - left < widest * 0.6) {
      if (every > 1 || wide < 26) continue;
    }
    const name = wide > 32 ? String(year) : `\u2019${String(year).slice(2)}`;
    out.push(label(at((from + to) / 2), y + 16, name, "soft", "middle"));
  }
  return out.join("");
}

/** A year of an axis, as far as it is on it: its months, and where these lie. */
type Span = {
  readonly year: number;
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
};

function spansOf({ start, end, at }: TimeAxis): readonly Span[] {
  const [first, last] = [Math.floor(start / 12), Math.floor((end - 1) / 12)];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const year = first + index;
    const [from, to] = [Math.max(start, year * 12), Math.min(end, (year + 1) * 12)];
    return { year, from, to, left: at(from), right: at(to) };
  });
}

function endMonths({ start, end, at }: TimeAxis, y: number): string {
  if (end - start === 1) return label(at(start + 0.5), y + 16, shortMonth(start), "soft", "middle");
  return (
    label(at(start), y + 16, shortMonth(start), "soft") +
    label(at(end), y + 16, shortMonth(end - 1), "soft", "end")
  );
}

/** Ticks of an axis of numbers, with the text of each. */
export type Ticks = { readonly values: readonly number[]; readonly text: (value: number) => string };

/** A horizontal grid; the unit stands once, above the topmost tick. */
export function valueAxis(y: Scale, { values, text }: Ticks, left: number, right: number, unit = ""): string {
  const grid = values.map(
    (value) =>
      segment(left, y(value), right, y(value), value === 0 ? "s-soft" : "s-grid") +
      label(left - 6, y(value) + 4, text(value), "soft", "end"),
  );
  const highest = Math.min(...values.map((value) => y(value)));
  const head = unit === "" || values.length === 0 ? "" : label(left + 2, highest - 6, unit, "soft sm");
  return grid.join("") + head;
}

/** A vertical grid with numbers below, as many as fit. */
export function numberAxis(
  x: Scale,
  text: (value: number, step: number) => string,
  top: number,
  bottom: number,
  most = 7,
): string {
  const values = fittingTicks(x, text, most);
  const step = stepOf(values);
  return values
    .map(
      (value) =>
        segment(x(value), top, x(value), bottom, value === 0 ? "s-soft" : "s-grid") +
        label(x(value), bottom + 16, text(value, step), "soft", "middle"),
    )
    .join("");
}

/** The most ticks whose texts do not touch. */
export function fittingTicks(
  x: Scale,
  text: (value: number, step: number) => string,
  most: number,
  size = 12,
): readonly number[] {
  for (let count = most; count > 1; count--) {
    const values = x.ticks(count);
    const step = stepOf(values);
    const widths = values.map((value) => widthOf(text(value, step), size));
    const fits = values.every(
      (value, index) =>
        index === 0 || x(value) - x(values[index - 1]) > (widths[index] + widths[index - 1]) / 2 + 8,
    );
    if (fits) return values;
  }
  return x.ticks(1).slice(0, 1);
}

/** Distance of ticks, their size where there is one. */
export function stepOf(values: readonly number[]): number {
  return values.length > 1 ? values[1] - values[0] : Math.abs(values[0] ?? 1) || 1;
}

/** A linear scale that holds 0 and all values, with rounded ends; from 0 to 1 where all is 0 or there is nothing. */
export function scaleFromZero(values: Iterable<number>, bottom: number, top: number, ticks = 5): Scale {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === 0 && high === 0) high = 1;
  return linearScale([low, high], [bottom, top], ticks);
}

/** Positive values further apart than this are drawn on a logarithmic axis [ratio]. */
const LOG_FROM = 100;

/** Lines of which the least is above this share of the largest are told apart only on an axis that does not start at zero. */
const ZERO_UP_TO = 0.5;

/** Whether an axis of lines starts at zero; one that does not has to say so. */
export function startsAtZero(values: readonly number[]): boolean {
  const known = values.filter(Number.isFinite);
  return known.length === 0 || Math.min(...known) <= ZERO_UP_TO * Math.max(...known);
}

/** A linear scale of the values alone, with rounded ends. */
export function scaleAround(values: readonly number[], bottom: number, top: number, ticks = 5): Scale {
  const known = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const pad = high > low ? 0 : Math.abs(high) * 0.05 || 1;
  return linearScale([low - pad, high + pad], [bottom, top], ticks);
}

/** Whether values are positive, and so far apart that a linear axis would hide the small ones. */
export function needsLog(values: Iterable<number>): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value <= 0) return false;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > low * LOG_FROM;
}

/** A logarithmic scale from a tick below the least value to one above the largest; values are positive. */
export function logScale(values: readonly number[], bottom: number, top: number): Scale {
  const known = values.filter((value) => Number.isFinite(value) && value > 0);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const marks = logMarks(low, high);
  return scaleLog()
    .domain([marks[0], marks[marks.length - 1]])
    .range([bottom, top])
    .clamp(true);
}

/** Up to so many decades an axis has ticks at 2 and 5 too. */
const MOST_FINE_DECADES = 4;

/** Ticks of a logarithmic axis: 1, 2 and 5 of each decade, powers of ten where there are many, and of many of these some. */
export function logMarks(low: number, high: number): readonly number[] {
  const [first, top] = [decimalExponentOf(low), decimalExponentOf(high)];
  const last = powerOfTen(top) < high ? top + 1 : top;
  const decades = Math.max(1, last - first);
  const steps = decades <= MOST_FINE_DECADES ? [1, 2, 5] : [1];
  const every = Math.ceil(decades / 8);
  const all: number[] = [];
  for (let power = first; power <= last + every; power++)
    if (decades <= MOST_FINE_DECADES || (power - first) % every === 0)
      for (const step of steps) all.push(Number(`${step}e${power}`));
  const from = all.filter((value) => value <= low * (1 + 1e-9)).length - 1;
  const to = all.findIndex((value) => value >= high * (1 - 1e-9));
  return all.slice(Math.max(0, from), to + 1);
}

/** Tooltips without a script: one transparent column a year, which tells of its last month. */
export function yearTips(
  axis: TimeAxis,
  top: number,
  bottom: number,
  tip: (index: number, month: number) => string,
): string {
  return spansOf(axis)
    .map(({ to, left, right }) => {
      const tipped = tip(to - 1 - axis.start, to - 1);
      return box(left, top, right - left, bottom - top, "", tipped, { "fill-opacity": 0 });
    })
    .join("");
}
