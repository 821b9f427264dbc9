import { scaleLog } from "d3-scale";
import { legend } from "../kit/legend.ts";
import { significant } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, circle, fitText, label, segment, widthOf } from "../kit/svg.ts";

/** A published figure and its prediction. */
export type Reading = {
  readonly name: string;
  readonly published: number;
  readonly predicted: number;
  readonly low: number;
  readonly high: number;
  /** Band of the published figure, where it has one. */
  readonly band?: readonly [number, number];
  /** Whether it counts: its source feeds nothing in the catalog. */
  readonly isIndependent: boolean;
};

const ROW = 20;

/** Draws predicted over published figures on a logarithmic axis, a row a reading: full where the point counts. */
export function drawReadings(readings: readonly Reading[], width: number): Drawing {
  const names = Math.max(60, ...readings.map(({ name }) => widthOf(name) + 12));
  const left = Math.min(isNarrow(width) ? 150 : Math.max(330, width * 0.38), names);
  const right = width - 48;
  const top = 30;
  const ratios = readings.flatMap(({ published, predicted, low, high, band = [] }) =>
    [predicted, low, high, ...band].map((value) => value / published),
  );
  const known = ratios.filter((ratio) => ratio > 0 && Number.isFinite(ratio));
  const reach = Math.min(10, Math.max(2, ...known.map((ratio) => Math.max(ratio, 1 / ratio))));
  const x = scaleLog()
    .domain([1 / reach, reach])
    .range([left, right])
    .clamp(true);
  const bottom = top + readings.length * ROW;
  const marks = [0.1, 0.2, 0.5, 1, 2, 5, 10].filter(
    (mark) => mark >= 1 / reach - 1e-9 && mark <= reach + 1e-9,
  );
  const keys = legend(
    [
      {
        text: "prediction, P5 to P95 (full: counts; hollow: its source feeds the catalog)",
        colour: "main",
        line: "solid",
      },
      ...(readings.some(({ band }) => band)
        ? [{ text: "band of the published figure", colour: "band" }]
        : []),
    ],
    0,
    bottom + 40,
    width,
  );
  return {
    height: keys.bottom + 12,
    body: [
      ...marks.map(
        (mark) =>
          segment(x(mark), top - 6, x(mark), bottom, mark === 1 ? "s-ink" : "s-grid") +
          label(x(mark), bottom + 16, String(mark), "soft", "middle"),
      ),
      label(width, top - 12, "ratio", "soft", "end"),
      ...readings.map((reading, index) => drawRow(reading, x, top + (index + 0.5) * ROW, left, width)),
      keys.body,
    ].join(""),
  };
}

function drawRow(
  reading: Reading,
  x: (value: number) => number,
  y: number,
  left: number,
  width: number,
): string {
  const { name, published, predicted, low, high, band, isIndependent } = reading;
  const at = (value: number) => x(Math.max(1e-12, value / published));
  const ratio = predicted / published;
  const tip = `${name}: ${significant(predicted)} predicted, ${significant(published)} published`;
  const style = isIndependent ? "f-main s-main" : "f-paper s-main";
  return [
    label(left - 8, y + 4, fitText(name, left - 8), "ink", "end"),
    band ? box(at(band[0]), y - 7, at(band[1]) - at(band[0]), 14, "f-band") : "",
    Number.isFinite(low + high) ? segment(at(low), y, at(high), y, "s-main", { "stroke-width": 1.4 }) : "",
    circle(at(predicted), y, 4, style, tip, { "stroke-width": 1.4 }),
    label(width, y + 4, Number.isFinite(ratio) ? ratio.toFixed(2) : "none", "ink", "end"),
  ].join("");
}
