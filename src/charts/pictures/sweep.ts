import { linearScale, scaleAround, scaleFromZero, startsAtZero, stepOf, valueAxis } from "../kit/axes.ts";
import { legend } from "../kit/legend.ts";
import type { Measure } from "../kit/measure.ts";
import { largestOf } from "../kit/numbers.ts";
import { linePath, placesOf } from "../kit/path.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, circle, fitText, label, segment, shape, widthOf } from "../kit/svg.ts";

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

/** Distance of the ranges of neighbouring series at one value of the axis, at most [px]. */
const MOST_APART = 6;

/** Draws a figure over a sweep: lines, or a heat map of many series. */
export function drawSweep(data: SweepData, width: number): Drawing {
  return data.series.values.length > MOST_LINES ? drawHeatMap(data, width) : drawLines(data, width);
}

function drawLines(data: SweepData, width: number): Drawing {
  const { x: axis, series, values, low, high, measure } = data;
  const { size } = measure;
  const [left, right, top] = [56, width - 12, 34];
  const bottom = isNarrow(width) ? 240 : 300;
  const count = axis.values.length;
  const x = (index: number) =>
    count === 1 ? (left + right) / 2 : left + 20 + (index / (count - 1)) * (right - left - 40);
  // Side by side, since the ranges of several series would hide each other.
  const apart = low && count > 0 ? Math.min(MOST_APART, (right - left) / count / (values.length + 1)) : 0;
  const placeOf = (own: number) => (index: number) => x(index) + (own - (values.length - 1) / 2) * apart;
  const shown = [...values, ...(low ?? []), ...(high ?? [])].flat().map((value) => value / size);
  const y = (startsAtZero(shown) ? scaleFromZero : scaleAround)(shown, bottom, top);
  const ticks = y.ticks(5);
  const step = stepOf(ticks) * size;
  const drawn = values.map((own, index) => {
    const colour = LINE_COLOURS[index % LINE_COLOURS.length];
    const place = placeOf(index);
    const path = linePath(
      placesOf([...own.keys()], place),
      placesOf(
        own.map((value) => value / size),
        y,
      ),
    );
    const bars = own.map((value, at) => {
      const [from, to] = [low?.[index]?.[at], high?.[index]?.[at]];
      const tip = `${axis.name} ${axis.values[at]}${series.name ? `, ${series.name} ${series.values[index]}` : ""}: ${measure.full(value)}`;
      const bar =
        from === undefined || to === undefined || !Number.isFinite(from + to)
          ? ""
          : segment(place(at), y(from / size), place(at), y(to / size), `s-${colour}`, {
              "stroke-width": 1.4,
            });
      return Number.isFinite(value) ? bar + circle(place(at), y(value / size), 3, `f-${colour}`, tip) : "";
    });
    return shape(path, `s-${colour} no`, { "stroke-width": 2 }) + bars.join("");
  });
  const keys = legend(
    series.name === ""
      ? []
      : series.values.map((text, index) => ({
          text: `${series.name} ${text}`,
          colour: LINE_COLOURS[index % LINE_COLOURS.length],
        })),
    left,
    bottom + 54,
    width - left,
  );
  return {
    height: (series.name === "" ? bottom + 36 : keys.bottom) + 12,
    body: [
      valueAxis(
        y,
        { values: ticks, text: (value) => measure.tick(value * size, step) },
        left,
        right,
        measure.unit,
      ),
      segment(left, bottom, right, bottom, "s-soft"),
      valueNames(axis.values, x, bottom, left, right),
      label(right, bottom + 32, fitText(axis.name, right - left, 11), "soft sm", "end"),
      ...drawn,
      keys.body,
    ].join(""),
  };
}

/** Values of an axis below it, as many as fit. */
function valueNames(
  values: readonly string[],
  x: (index: number) => number,
  bottom: number,
  left: number,
  right: number,
): string {
  let free = left - 40;
  return values
    .map((value, index) => {
      const text = fitText(value, 120);
      const half = widthOf(text) / 2;
      const at = Math.min(right - half, Math.max(left - 30 + half, x(index)));
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
      valueNames(axis.values, (index) => left + (index + 0.5) * wide, bottom, left, right),
      label(right, bottom + 32, fitText(axis.name, right - left, 11), "soft sm", "end"),
      label(left, bottom + 50, fitText(ends, right - left)),
    ].join(""),
  };
}
