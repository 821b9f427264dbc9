import { scaleLinear } from "d3-scale";
import { area } from "d3-shape";
import { timeAxis, yearTicks, yearTips } from "../kit/axes.ts";
import { legend } from "../kit/legend.ts";
import { shortMonth } from "../kit/months.ts";
import { largestOf, percent } from "../kit/numbers.ts";
import { limitColour } from "../kit/palette.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { seriesOf } from "../kit/stack.ts";
import { box, fitText, label, segment, shape, widthOf } from "../kit/svg.ts";
import { limitName } from "../kit/words.ts";

export type BindsData = {
  readonly start: number;
  /** Share of the trials in which each limit binds, by month; empty without a sample. */
  readonly chances: readonly { readonly limit: string; readonly values: readonly number[] }[];
  /** What binds each fleet in the plain run, by month: the limit or `none`. */
  readonly rows: readonly { readonly title: string; readonly limits: readonly string[] }[];
};

/** Rows drawn one by one; of more the first. */
export const MOST_ROWS = 12;
const ROW = 20;

/** Draws what binds: the chance by month above, where a sample was taken, and the plain run by fleet below, on one axis. */
export function drawBinds({ start, chances, rows }: BindsData, width: number): Drawing {
  const shown = rows.slice(0, MOST_ROWS);
  const months = shown[0]?.limits.length ?? chances[0]?.values.length ?? 1;
  const widest = Math.max(40, ...shown.map(({ title }) => widthOf(title)));
  const left = Math.min(isNarrow(width) ? 96 : 150, widest + 14);
  const axis = timeAxis(start, months, left, width - 8);
  const used = chances.filter(({ values }) => largestOf(values) > 0);
  const [top, bottom] = [34, chances.length > 0 ? 184 : 12];
  const out: string[] = chances.length > 0 ? [drawChances(used, axis, top, bottom)] : [];
  const first = bottom + (chances.length > 0 ? 36 : 22);
  out.push(label(left, first - 10, "Which limit, in the plain run", "ink b"));
  for (const [index, row] of shown.entries()) out.push(drawRow(row, axis, first + index * ROW));
  const end = first + shown.length * ROW;
  out.push(yearTicks(axis, end));
  const inRows = new Set(shown.flatMap(({ limits }) => limits));
  const all = [...new Set([...used.map(({ limit }) => limit), ...inRows])].filter(
    (limit) => limit !== "none" && limit !== "",
  );
  const keys = legend(
    [
      ...all.map((limit) => ({ text: limitName(limit), colour: limitColour(limit) })),
      { text: "none", colour: "grid" },
    ],
    isNarrow(width) ? 0 : left,
    end + 40,
    isNarrow(width) ? width : width - left,
  );
  return { height: keys.bottom + 12, body: out.join("") + keys.body };
}

function drawChances(
  used: BindsData["chances"],
  axis: ReturnType<typeof timeAxis>,
  top: number,
  bottom: number,
): string {
  const y = scaleLinear().domain([0, 1]).range([bottom, top]);
  const { left, right, start } = axis;
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      segment(left, y(share), right, y(share), "s-grid") +
      label(left - 6, y(share) + 4, percent(share), "soft", "end"),
  );
  const layers = used.map(({ limit, values }) => ({ name: limit, colour: limitColour(limit), values }));
  const last = (used[0]?.values.length ?? 1) - 1;
  const draw = area<readonly [number, number]>()
    .x((_, month) => (month === 0 ? left : month === last ? right : axis.middle(start + month)))
    .y0(([low]) => y(low))
    .y1(([, high]) => y(high))
    .digits(1);
  const areas = seriesOf(layers).map((points, index) =>
    shape(draw([...points]), `f-${layers[index].colour} s-paper`, { "stroke-width": 0.5 }),
  );
  const tips = yearTips(axis, top, bottom, (month, absolute) => {
    const parts = used.map(({ limit, values }) => `${limitName(limit)} ${percent(values[month])}`);
    return `${shortMonth(absolute)}: ${parts.join(", ") || "nothing binds"}`;
  });
  return [
    ...grid,
    label(left, top - 12, "Chance that a limit binds, of all trials", "ink b"),
    ...areas,
    tips,
  ].join("");
}

/** One fleet's months, neighbours with one limit joined. */
function drawRow(
  { title, limits }: BindsData["rows"][number],
  { at, start, left, right }: ReturnType<typeof timeAxis>,
  top: number,
): string {
  const out = [
    label(left - 6, top + 12, fitText(title, left - 8), "ink", "end"),
    box(left, top, right - left, 15, "f-grid"),
  ];
  let from = 0;
  for (let month = 1; month <= limits.length; month++) {
    if (month < limits.length && limits[month] === limits[from]) continue;
    const limit = limits[from];
    if (limit !== "none" && limit !== "") {
      const [x, end] = [at(start + from), at(start + month)];
      const span = `${shortMonth(start + from)} to ${shortMonth(start + month - 1)}`;
      out.push(
        box(x, top, end - x, 15, `f-${limitColour(limit)}`, `${title}: ${limitName(limit)} binds, ${span}`),
      );
    }
    from = month;
  }
  return out.join("");
}
