import { scaleFromZero, stepOf, timeAxis, valueAxis, yearTicks, yearTips } from "../kit/axes.ts";
import { legend } from "../kit/legend.ts";
import type { Measure } from "../kit/measure.ts";
import { shortMonth } from "../kit/months.ts";
import { areaPath, linePath, monthPlaces, placesOf } from "../kit/path.ts";
import type { Drawing } from "../kit/picture.ts";
import { element, fitText, hatch, label, round, shape } from "../kit/svg.ts";

/** Work by month in table units: what is required and what is served of it. */
export type WorkPanel = {
  readonly title: string;
  readonly required: readonly number[];
  readonly served: readonly number[];
  readonly measure: Measure;
};

export type WorkData = { readonly start: number; readonly panels: readonly WorkPanel[] };

/** Less than this of what is required is rounding, not unserved work [relative]. */
const DUST = 1e-6;

/** Draws required and served work as small multiples, each on its own scale; what is unserved is hatched. */
export function drawTokens({ start, panels }: WorkData, width: number, id: string): Drawing {
  const fitting = width >= 1000 ? 4 : width >= 480 ? 2 : 1;
  const columns = Math.min(fitting, Math.max(1, panels.length));
  const gap = 34;
  const wide = (width - gap * (columns - 1)) / columns;
  const high = columns === 1 ? 96 : 128;
  const pattern = `${id}-unserved-${width}`;
  const drawn = panels.map((panel, index) => {
    const x = (index % columns) * (wide + gap);
    const top = 48 + Math.floor(index / columns) * (high + 86);
    const axis = timeAxis(start, panel.required.length, x + 40, x + wide);
    return drawPanel(panel, axis, x, top, top + high, pattern);
  });
  const keys = legend(
    [
      { text: "required", colour: "ink", line: "solid" },
      { text: "served", colour: "served" },
      { text: "unserved", colour: "alarm", pattern },
    ],
    0,
    48 + Math.ceil(panels.length / columns) * (high + 86) - 36,
    width,
  );
  const defs = element("defs", {}, hatch(pattern, "alarm", 4));
  return { height: keys.bottom + 12, body: defs + drawn.join("") + keys.body };
}

function drawPanel(
  { title, required, served, measure }: WorkPanel,
  axis: ReturnType<typeof timeAxis>,
  x: number,
  top: number,
  bottom: number,
  pattern: string,
): string {
  const { size } = measure;
  const [asked, given] = [required, served].map((values) => values.map((value) => (value || 0) / size));
  const y = scaleFromZero([...asked, ...given], bottom, top, 3);
  const values = y.ticks(3);
  const step = stepOf(values) * size;
  const xs = monthPlaces(axis, required.length);
  const [askedAt, givenAt] = [asked, given].map((values) => placesOf(values, y));
  const below = areaPath(
    xs,
    xs.map(() => round(bottom)),
    givenAt,
  );
  const isShort = required.map((value, month) => value - served[month] > DUST * value);
  const between = areaPath(
    xs,
    givenAt,
    askedAt.map((place, month) => (isShort[month] || isShort[month + 1] ? place : Number.NaN)),
  );
  return [
    label(x, top - 30, fitText(title, axis.right - x, 12, true), "ink b"),
    label(x, top - 14, measure.unit, "soft sm"),
    valueAxis(y, { values, text: (value) => measure.tick(value * size, step) }, axis.left, axis.right),
    yearTicks(axis, bottom),
    shape(below, "f-served"),
    shape(between, "", { fill: `url(#${pattern})` }),
    shape(linePath(xs, askedAt), "s-ink no", { "stroke-width": 1.8 }),
    yearTips(
      axis,
      top,
      bottom,
      (month, absolute) =>
        `${title}, ${shortMonth(absolute)}: required ${measure.short(required[month])}, served ${measure.full(served[month])}`,
    ),
  ].join("");
}
