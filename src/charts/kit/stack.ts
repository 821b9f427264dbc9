import { stack } from "d3-shape";
import type { Scale, TimeAxis } from "./axes.ts";
import { largestOf } from "./numbers.ts";
import { areaPath, monthPlaces, type Places } from "./path.ts";
import { label, round, segment, shape, widthOf } from "./svg.ts";

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
  const heights = heightsOf(layers, y);
  return bandsOf(layers, heights, axis) + namesOf(layers, heights, axis, y, taken);
}

/** Stacked areas without names, for a picture whose legend has them. */
export function stackedBands(layers: readonly Layer[], axis: TimeAxis, y: Scale): string {
  return bandsOf(layers, heightsOf(layers, y), axis);
}

function bandsOf(layers: readonly Layer[], heights: Heights, axis: TimeAxis): string {
  const xs = edgePlaces(axis, heights[0].length);
  const places = heights.map((own) => own.map(round));
  const areas = layers.map(({ colour }, index) => {
    // One month is an area without a width, so it is drawn as a block.
    const path =
      xs.length === 1
        ? blockPath(heights[index][0], heights[index + 1][0], axis)
        : areaPath(xs, places[index], places[index + 1]);
    return shape(path, `f-${colour} s-paper`, { "stroke-width": 0.6 });
  });
  return areas.join("");
}

/** Months as places: a stack reaches both edges of its axis, so that the first and last months are not cut in half. */
function edgePlaces(axis: TimeAxis, count: number): Places {
  const last = axis.end - axis.start - 1;
  return monthPlaces(axis, count).map((place, month) =>
    month === 0 ? round(axis.left) : month === last ? round(axis.right) : place,
  );
}

function blockPath(low: number, high: number, { left, right }: TimeAxis): string {
  return `M${left},${low.toFixed(1)}H${right}V${high.toFixed(1)}H${left}Z`;
}

/** Where layers lie by month: each from its own heights to the next [px]. */
type Heights = readonly (readonly number[])[];

function heightsOf(layers: readonly Layer[], y: Scale): Heights {
  const months = layers[0]?.values.map((_, month) => month) ?? [];
  const series = stack<number, number>()
    .keys(layers.map((_, index) => index))
    .value((month, index) => layers[index].values[month] || 0)(months);
  return [months.map(() => y(0)), ...series.map((ends) => ends.map((one) => y(one[1])))];
}

/** Names inside the bands with room, the others on leaders above the stack, kept apart from each other. */
function namesOf(
  layers: readonly Layer[],
  heights: Heights,
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
    const [bottoms, tops] = [heights[index], heights[index + 1]];
    const spot = widestSpot(tops, bottoms, layer.name, axis, taken);
    if (spot && spot.room >= LABEL_ROOM)
      out.push(label(spot.x, spot.y + 4, layer.name, `o-${layer.colour} b`, "middle"));
    else if (largestOf(layer.values) > 0) {
      const month = layer.values.indexOf(Math.max(...layer.values));
      const middle = (bottoms[month] + tops[month]) / 2;
      outside.push({ layer, month, at: axis.middle(axis.start + month), y: middle });
    }
  }
  return out.join("") + leaders(outside, heights, axis, y(0), taken);
}

function leaders(
  outside: readonly { readonly layer: Layer; readonly at: number; readonly y: number }[],
  heights: Heights,
  axis: TimeAxis,
  ground: number,
  taken: Taken | undefined,
): string {
  let free = axis.left;
  const ordered = [...outside].sort((a, b) => a.at - b.at);
  return ordered
    .map(({ layer, at, y: from }) => {
      const half = widthOf(layer.name, 12, true) / 2;
      const x = Math.min(axis.right - half, Math.max(at, free + half));
      if (x - half < free) return "";
      const top = topBetween(heights, axis, x - half, x + half, ground) - 8;
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
function topBetween(heights: Heights, axis: TimeAxis, from: number, to: number, ground: number): number {
  const tops = heights[heights.length - 1];
  return Math.min(
    ground,
    ...tops.filter((_, month) => {
      const x = axis.middle(axis.start + month);
      return x >= from - 4 && x <= to + 4;
    }),
  );
}

/** Where a band is highest over the width of its name. */
function widestSpot(
  tops: readonly number[],
  bottoms: readonly number[],
  name: string,
  axis: TimeAxis,
  taken: Taken | undefined,
): { readonly x: number; readonly y: number; readonly room: number } | undefined {
  const half = widthOf(name, 12, true) / 2 + 4;
  // Months are equally wide, so that a name spans as many to either side wherever it stands.
  const reach = Math.floor(half / (axis.at(axis.start + 1) - axis.at(axis.start)) + 1e-9);
  let best: { x: number; y: number; room: number } | undefined;
  for (let month = 0; month < tops.length; month++) {
    // The months around one can only narrow its band.
    if (best && bottoms[month] - tops[month] <= best.room + 0.5) continue;
    const x = axis.middle(axis.start + month);
    if (x - half < axis.left || x + half > axis.right) continue;
    let ceiling = Number.NEGATIVE_INFINITY;
    let floor = Number.POSITIVE_INFINITY;
    const last = Math.min(tops.length - 1, month + reach);
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
