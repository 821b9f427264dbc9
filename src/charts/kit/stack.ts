import { stack } from "d3-shape";
import type { Scale, TimeAxis } from "./axes.ts";
import { largestOf } from "./numbers.ts";
import { areaPath } from "./path.ts";
import { label, segment, shape, widthOf } from "./svg.ts";

/** A layer of a stack: a value a month, in the unit of the axis. */
export type Layer = {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
};

/** Least height of a band that holds its label [px]. */
const LABEL_ROOM = 15;

/** Layers above these are joined. */
const MOST_LAYERS = 8;

/**
 * Joins the small layers of many into one, "others", which says how many it holds; those that are 0 throughout go.
 *
 * Fails: never. The order of those that stay is kept, the joined one is last.
 */
export function joinSmall(layers: readonly Layer[], most = MOST_LAYERS): readonly Layer[] {
  const shown = layers.filter(({ values }) => largestOf(values) > 0);
  if (shown.length <= most) return shown;
  const sums = shown.map(({ values }) => values.reduce((sum, value) => sum + Math.abs(value || 0), 0));
  const limit = [...sums].sort((a, b) => b - a)[most - 2];
  const kept = shown.filter((_, index) => sums[index] >= limit).slice(0, most - 1);
  const rest = shown.filter((layer) => !kept.includes(layer));
  const joined = rest[0].values.map((_, month) =>
    rest.reduce((sum, { values }) => sum + (values[month] || 0), 0),
  );
  return [...kept, { name: `${rest.length} others`, colour: "others", values: joined }];
}

/** A place that is taken by another text [px]. */
export type Taken = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/** Stacked areas, each named inside its band where that fits and beside it on a leader where not, clear of what is taken. */
export function stackedAreas(layers: readonly Layer[], axis: TimeAxis, y: Scale, taken?: Taken): string {
  const series = seriesOf(layers);
  return bandsOf(layers, series, axis, y) + namesOf(layers, series, axis, y, taken);
}

/** Stacked areas without names, for a picture whose legend has them. */
export function stackedBands(layers: readonly Layer[], axis: TimeAxis, y: Scale): string {
  return bandsOf(layers, seriesOf(layers), axis, y);
}

function bandsOf(layers: readonly Layer[], series: Series, axis: TimeAxis, y: Scale): string {
  const last = axis.end - axis.start - 1;
  // A stack reaches both edges of its axis, so that the first and last months are not cut in half.
  const x = (month: number) =>
    month === 0 ? axis.left : month === last ? axis.right : axis.middle(axis.start + month);
  const areas = series.map((points, index) => {
    // One month is an area without a width, so it is drawn as a block.
    const path =
      points.length === 1
        ? blockPath(points[0], axis, y)
        : areaPath(
            points.length,
            x,
            (month) => y(points[month][0]),
            (month) => y(points[month][1]),
          );
    return shape(path, `f-${layers[index].colour} s-paper`, { "stroke-width": 0.6 });
  });
  return areas.join("");
}

function blockPath(ends: Ends, { left, right }: TimeAxis, y: Scale): string {
  return `M${left},${y(ends[0]).toFixed(1)}H${right}V${y(ends[1]).toFixed(1)}H${left}Z`;
}

/** Lower and upper end of a layer in a month. */
type Ends = { readonly 0: number; readonly 1: number };
type Series = readonly (readonly Ends[])[];

/** Lower and upper ends of each layer by month. */
function seriesOf(layers: readonly Layer[]): Series {
  const months = layers[0]?.values.map((_, month) => month) ?? [];
  return stack<number, number>()
    .keys(layers.map((_, index) => index))
    .value((month, index) => layers[index].values[month] || 0)(months);
}

/** Names inside the bands with room, the others on leaders above the stack, kept apart from each other. */
function namesOf(
  layers: readonly Layer[],
  series: Series,
  axis: TimeAxis,
  y: Scale,
  taken: Taken | undefined,
): string {
  const out: string[] = [];
  const outside: {
    readonly layer: Layer;
    readonly month: number;
    readonly at: number;
    readonly y: number;
  }[] = [];
  for (const [index, layer] of layers.entries()) {
    const spot = widestSpot(series[index], layer.name, axis, y, taken);
    if (spot && spot.room >= LABEL_ROOM)
      out.push(label(spot.x, spot.y + 4, layer.name, `o-${layer.colour} b`, "middle"));
    else if (largestOf(layer.values) > 0) {
      const month = layer.values.indexOf(Math.max(...layer.values));
      const ends = series[index][month];
      outside.push({ layer, month, at: axis.middle(axis.start + month), y: (y(ends[0]) + y(ends[1])) / 2 });
    }
  }
  return out.join("") + leaders(outside, series, axis, y, taken);
}

function leaders(
  outside: readonly { readonly layer: Layer; readonly at: number; readonly y: number }[],
  series: Series,
  axis: TimeAxis,
  y: Scale,
  taken: Taken | undefined,
): string {
  let free = axis.left;
  const ordered = [...outside].sort((a, b) => a.at - b.at);
  return ordered
    .map(({ layer, at, y: from }) => {
      const half = widthOf(layer.name, 12, true) / 2;
      const x = Math.min(axis.right - half, Math.max(at, free + half));
      if (x - half < free) return "";
      const top = topBetween(series, axis, x - half, x + half, y) - 8;
      if (touches({ x, y: top - 6 }, half, taken)) return "";
      free = x + half + 8;
      return (
        segment(at, from, x, top + 2, `s-${layer.colour}`) +
        label(x, top - 2, layer.name, `t-${layer.colour} b halo`, "middle")
      );
    })
    .join("");
}

/** Whether a line of text, so wide to either side of its middle, lies on a place that is taken. */
function touches(
  { x, y }: { readonly x: number; readonly y: number },
  half: number,
  taken: Taken | undefined,
): boolean {
  if (!taken) return false;
  const across = x + half > taken.left && x - half < taken.right;
  return across && y + LABEL_ROOM / 2 > taken.top && y - LABEL_ROOM / 2 < taken.bottom;
}

/** The highest point of the stack between two places. */
function topBetween(series: Series, axis: TimeAxis, from: number, to: number, y: Scale): number {
  const last = series[series.length - 1] ?? [];
  const heights = last.flatMap((ends, month) => {
    const x = axis.middle(axis.start + month);
    return x >= from - 4 && x <= to + 4 ? [y(ends[1])] : [];
  });
  return Math.min(y(0), ...heights);
}

/** Where a band is highest over the width of its name. */
function widestSpot(
  points: Series[number],
  name: string,
  axis: TimeAxis,
  y: Scale,
  taken: Taken | undefined,
): { readonly x: number; readonly y: number; readonly room: number } | undefined {
  const half = widthOf(name, 12, true) / 2 + 4;
  const tops = points.map((ends) => y(ends[1]));
  const bottoms = points.map((ends) => y(ends[0]));
  // Months are equally wide, so that a name spans as many to either side wherever it stands.
  const reach = Math.floor(half / (axis.at(axis.start + 1) - axis.at(axis.start)) + 1e-9);
  let best: { x: number; y: number; room: number } | undefined;
  for (let month = 0; month < points.length; month++) {
    // The months around one can only narrow its band.
    if (best && bottoms[month] - tops[month] <= best.room + 0.5) continue;
    const x = axis.middle(axis.start + month);
    if (x - half < axis.left || x + half > axis.right) continue;
    let ceiling = Number.NEGATIVE_INFINITY;
    let floor = Number.POSITIVE_INFINITY;
    const last = Math.min(points.length - 1, month + reach);
    for (let other = Math.max(0, month - reach); other <= last; other++) {
      ceiling = Math.max(ceiling, tops[other]);
      floor = Math.min(floor, bottoms[other]);
    }
    const room = floor - ceiling;
    const middle = (floor + ceiling) / 2;
    if (best && room <= best.room + 0.5) continue;
    if (!touches({ x, y: middle }, half, taken)) best = { x, y: middle, room };
  }
  return best;
}
