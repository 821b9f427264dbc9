import { linearScale, stepOf, timeAxis, valueAxis, yearTicks, yearTips } from "../kit/axes.ts";
import { legend } from "../kit/legend.ts";
import type { Measure } from "../kit/measure.ts";
import { shortMonth } from "../kit/months.ts";
import { largestOf } from "../kit/numbers.ts";
import { areaPath, monthPlaces, placesOf } from "../kit/path.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { joinSmall, type Layer, stackedAreas } from "../kit/stack.ts";
import { element, fitText, hatch, label, shape, widthOf } from "../kit/svg.ts";

/** A site: what its chips draw, what is stranded for want of power, and its limit, by month in table units. */
export type PowerSite = {
  readonly title: string;
  readonly layers: readonly Layer[];
  readonly stranded: readonly number[];
  readonly limit: readonly number[];
};

export type PowerData = {
  readonly start: number;
  readonly sites: readonly PowerSite[];
  readonly measure: Measure;
};

/** Sites drawn one by one; of more the largest. */
export const MOST_SITES = 8;

/** Panels of sites above each other on one scale, so that a pixel is as many watts in all; below this height each has its own [px]. */
const LEAST_PANEL = 34;

/**
 * Draws energised power by site: stacked by chip against the limit as a step line, stranded power hatched above the stack.
 *
 * Fails: never. A site whose panel would be too low to read gets a scale of its own, as its heading says.
 */
export function drawPower({ start, sites, measure }: PowerData, width: number, id: string): Drawing {
  const [left, right] = [44, width - 12];
  const heights = sites.map(heightOf);
  const tallest = Math.max(...heights, 0);
  const room = isNarrow(width) ? 190 : 230;
  const pattern = `${id}-stranded-${width}`;
  let top = 40;
  const out: string[] = [element("defs", {}, hatch(pattern, "alarm"))];
  for (const [index, site] of sites.entries()) {
    const most = heights[index] || 1;
    const shared = tallest > 0 ? (room * most) / tallest : 0;
    const isOwn = shared < LEAST_PANEL;
    const bottom = top + (isOwn ? LEAST_PANEL * 1.6 : shared);
    const axis = timeAxis(start, site.limit.length, left, right);
    out.push(drawSite(site, { axis, top, bottom, most, measure, pattern, isOwn: isOwn && sites.length > 1 }));
    top = bottom + 62;
  }
  if (sites.every(({ stranded }) => largestOf(stranded) === 0))
    return { height: top - 30, body: out.join("") };
  const keys = legend(
    [{ text: "stranded for want of power", colour: "alarm", pattern }],
    left,
    top - 20,
    width - left,
  );
  return { height: keys.bottom + 10, body: out.join("") + keys.body };
}

/** The highest that a site's panel has to show. */
function heightOf({ layers, stranded, limit }: PowerSite): number {
  const drawn = limit.map(
    (_, month) => layers.reduce((sum, { values }) => sum + (values[month] || 0), 0) + (stranded[month] || 0),
  );
  return Math.max(largestOf(limit), largestOf(drawn));
}

type Panel = {
  readonly axis: ReturnType<typeof timeAxis>;
  readonly top: number;
  readonly bottom: number;
  readonly most: number;
  readonly measure: Measure;
  readonly pattern: string;
  readonly isOwn: boolean;
};

function drawSite(site: PowerSite, { axis, top, bottom, most, measure, pattern, isOwn }: Panel): string {
  const { size } = measure;
  const y = linearScale([0, most / size], [bottom, top]);
  const layers = joinSmall(site.layers).map((layer) => ({
    ...layer,
    values: layer.values.map((value) => value / size),
  }));
  const values = y.ticks(Math.max(1, Math.round((bottom - top) / 40)));
  const step = stepOf(values) * size;
  const limitText = `limit ${measure.full(site.limit.at(-1) ?? Number.NaN)}`;
  const titleRoom = axis.right - axis.left - widthOf(limitText) - 16;
  const limitY = y((site.limit.at(-1) ?? 0) / size) - 6;
  const taken = {
    left: axis.right - widthOf(limitText) - 4,
    right: axis.right,
    top: limitY - 12,
    bottom: limitY + 4,
  };
  const title = isOwn ? `${site.title} (own scale)` : site.title;
  return [
    label(axis.left, top - 22, fitText(title, titleRoom + 60, 12, true), "ink b"),
    valueAxis(y, { values, text: (value) => measure.tick(value * size, step) }, axis.left, axis.right),
    yearTicks(axis, bottom, top),
    stackedAreas(layers, axis, y, taken),
    strandedArea(site, layers, axis, y, size, pattern),
    shape(
      stepPath(site.limit, axis, (value) => y(value / size)),
      "s-ink no",
      { "stroke-width": 1.6 },
    ),
    label(axis.right, limitY, limitText, "ink halo", "end"),
    yearTips(axis, top, bottom, (month, absolute) => {
      const parts = site.layers.map(({ name, values: own }) => `${name} ${measure.full(own[month])}`);
      return `${site.title}, ${shortMonth(absolute)}: ${[...parts, `limit ${measure.full(site.limit[month])}`].join(", ")}`;
    }),
  ].join("");
}

function strandedArea(
  { stranded }: PowerSite,
  layers: readonly Layer[],
  axis: Panel["axis"],
  y: (value: number) => number,
  size: number,
  pattern: string,
): string {
  if (largestOf(stranded) === 0) return "";
  const used = stranded.map((_, month) => layers.reduce((sum, { values }) => sum + (values[month] || 0), 0));
  const path = areaPath(
    monthPlaces(axis, stranded.length),
    placesOf(used, y),
    placesOf(
      stranded.map((value, month) => used[month] + value / size),
      y,
    ),
  );
  return shape(path, "", { fill: `url(#${pattern})` });
}

/** A line of steps: each month's value over its whole width. */
export function stepPath(
  values: readonly number[],
  axis: Panel["axis"],
  y: (value: number) => number,
): string {
  let path = "";
  for (const [month, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    const move = path === "" ? "M" : "V";
    const at = axis.at(axis.start + month).toFixed(1);
    path += move === "M" ? `M${at},${y(value).toFixed(1)}` : `V${y(value).toFixed(1)}`;
    path += `H${axis.at(axis.start + month + 1).toFixed(1)}`;
  }
  return path;
}
