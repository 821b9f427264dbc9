import type { Scale } from "../kit/axes.ts";
import { significant } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, circle, fitText, label, segment, widthOf } from "../kit/svg.ts";
import { ratioAxis, ratioScale } from "./nearness.ts";

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

/** Height of a row: where its name stands beside its marks, and above them on a phone [px]. */
const [ROW, TALL_ROW] = [20, 34];

/** Draws predicted over published figures on a logarithmic axis, a row a reading: full where the point counts. */
export function drawReadings(readings: readonly Reading[], width: number): Drawing {
  const isTall = isNarrow(width);
  const row = isTall ? TALL_ROW : ROW;
  const names = Math.max(60, ...readings.map(({ name }) => widthOf(name) + 12));
  const left = isTall ? 8 : Math.min(names, width * 0.58);
  const right = width - 44;
  const top = 20;
  const ratios = readings.flatMap(({ published, predicted, low, high, band = [] }) =>
    [predicted, low, high, ...band].map((value) => value / published),
  );
  const x = ratioScale(ratios, left, right);
  const bottom = top + readings.length * row;
  return {
    height: bottom + 28,
    body: [
      ratioAxis(x, top, bottom),
      label(width, top - 8, "ratio", "soft sm", "end"),
      ...readings.map((reading, index) => {
        const middle = top + index * row + (isTall ? 24 : ROW / 2);
        const name = isTall
          ? label(0, middle - 11, fitText(reading.name, right), "ink halo")
          : label(left - 8, middle + 4, fitText(reading.name, left - 8), "ink", "end");
        return name + drawReading(reading, x, middle, width);
      }),
    ].join(""),
  };
}

function drawReading(reading: Reading, x: Scale, y: number, width: number): string {
  const { name, published, predicted, low, high, band, isIndependent } = reading;
  const at = (value: number) => x(Math.max(1e-12, value / published));
  const ratio = predicted / published;
  const tip = `${name}: ${significant(predicted)} predicted, ${significant(published)} published`;
  const style = isIndependent ? "f-main s-main" : "f-paper s-main";
  return [
    band ? box(at(band[0]), y - 7, at(band[1]) - at(band[0]), 14, "f-band") : "",
    Number.isFinite(low + high) ? segment(at(low), y, at(high), y, "s-main", { "stroke-width": 1.4 }) : "",
    circle(at(predicted), y, 4, style, tip, { "stroke-width": 1.4 }),
    label(width, y + 4, Number.isFinite(ratio) ? ratio.toFixed(2) : "none", "ink", "end"),
  ].join("");
}
