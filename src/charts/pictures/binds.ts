import { timeAxis, yearTicks, yearTips } from "../kit/axes.ts";
import { legend } from "../kit/legend.ts";
import { shortMonth } from "../kit/months.ts";
import { fixed, largestOf, percent } from "../kit/numbers.ts";
import { limitColour } from "../kit/palette.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, fitText, label, round, shape, widthOf } from "../kit/svg.ts";
import { limitName } from "../kit/words.ts";

export type BindsData = {
  readonly start: number;
  /** Share of the trials in which each limit binds, by month; empty without a sample. */
  readonly chances: readonly Chances[];
  /** What binds each fleet in the plain run, by month: the limit or `none`. */
  readonly rows: readonly { readonly title: string; readonly limits: readonly string[] }[];
};

type Chances = { readonly limit: string; readonly values: readonly number[] };
type Axis = ReturnType<typeof timeAxis>;

/** Rows drawn one by one; of more the first. */
export const MOST_ROWS = 12;
const ROW = 22;
const BAR = 17;

/** The row of all limits together. */
const ANY = "any limit";

/** Shades of a chance: each stands for a tenth, rounded up; what binds in less than a hundredth of the trials is fainter still. */
const SHADES = 10;
const FAINTEST = 0.12;
const RARE = 0.01;

/**
 * Draws what binds: a row for each limit, darker where it binds in more trials, with its mean number of months; below, on the same
 * axis, what binds each fleet in the plain run. Without a sample, the plain run alone.
 */
export function drawBinds({ start, chances, rows }: BindsData, width: number): Drawing {
  const narrow = isNarrow(width);
  const shown = rows.slice(0, MOST_ROWS);
  const used = rankChances(chances);
  const months = shown[0]?.limits.length ?? used[0]?.values.length ?? 1;
  const limits = used.length > 0 ? [ANY, ...used.map(({ limit }) => limitName(limit))] : [];
  const rooms = [
    ...shown.map(({ title }) => widthOf(title) + 10),
    ...limits.map((name) => widthOf(name, 12, name === ANY) + 26),
  ];
  const widest = Math.max(40, ...rooms);
  const left = Math.min(narrow ? 140 : 190, widest);
  const axis = timeAxis(start, months, left, width - (used.length > 0 ? 44 : 8));
  const out: string[] = [];
  let top = 24;
  if (used.length > 0) {
    out.push(drawChances(used, axis, top, width));
    top += (used.length + 1) * ROW + 2;
    out.push(yearTicks(axis, top), drawScale(axis, top + 38));
    top += 78;
  }
  out.push(label(0, top - 10, fitText("In the plain run, by chip", width, 12, true), "ink b"));
  for (const [index, row] of shown.entries()) out.push(drawRow(row, axis, top + index * ROW));
  const end = top + shown.length * ROW + 2;
  out.push(yearTicks(axis, end));
  const named = new Set(["none", "", ...used.map(({ limit }) => limit)]);
  const others = [...new Set(shown.flatMap(({ limits }) => limits))].filter((limit) => !named.has(limit));
  const keys = legend(
    others.map((limit) => ({ text: limitName(limit), colour: limitColour(limit) })),
    narrow ? 0 : left,
    end + 40,
    narrow ? width : width - left,
  );
  return { height: (others.length > 0 ? keys.bottom : end + 16) + 12, body: out.join("") + keys.body };
}

/** Limits that bind in any trial, those that bind in most months first. */
function rankChances(chances: readonly Chances[]): readonly Chances[] {
  return chances
    .filter(({ values }) => largestOf(values) > 0)
    .map((one) => ({ one, sum: sumOf(one.values) }))
    .sort((a, b) => b.sum - a.sum)
    .map(({ one }) => one);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value || 0), 0);
}

/** Limits as rows of shade, all of them together first; at most one limit binds in a month of a trial. */
function drawChances(used: readonly Chances[], axis: Axis, top: number, width: number): string {
  const months = used[0].values.map((_, month) => month);
  const any = months.map((month) => used.reduce((sum, { values }) => sum + (values[month] || 0), 0));
  const rows = [
    { name: ANY, colour: "main", values: any, isTotal: true },
    ...used.map(({ limit, values }) => ({
      name: limitName(limit),
      colour: limitColour(limit),
      values,
      isTotal: false,
    })),
  ];
  const drawn = rows.map(({ name, colour, values, isTotal }, index) => {
    const y = top + index * ROW;
    const style = isTotal ? "ink b" : "ink";
    const sum = sumOf(values);
    return [
      box(0, y + 3, 11, 11, `f-${colour}`),
      label(17, y + 13, fitText(name, axis.left - 22, 12, isTotal), style),
      drawShades(values, colour, axis, y),
      label(width, y + 13, sum < 0.5 ? "<1" : fixed(sum), style, "end"),
    ].join("");
  });
  const bottom = top + rows.length * ROW;
  const tips = yearTips(axis, top, bottom, (month, absolute) => {
    const parts = used
      .filter(({ values }) => values[month] > 0)
      .map(({ limit, values }) => `${limitName(limit)} ${percent(values[month])}`);
    return `${shortMonth(absolute)}: ${parts.join(", ") || "nothing binds"}`;
  });
  return [
    label(0, top - 10, fitText("Chance that a limit binds", axis.right, 12, true), "ink b"),
    label(width, top - 10, "months", "soft sm", "end"),
    ...drawn,
    tips,
  ].join("");
}

/** A row of months in shades of one colour: the months of one shade are one path. */
function drawShades(values: readonly number[], colour: string, axis: Axis, top: number): string {
  const paths = new Map<number, string>();
  for (let from = 0; from < values.length; ) {
    const shade = shadeOf(values[from]);
    let end = from + 1;
    while (end < values.length && shadeOf(values[end]) === shade) end++;
    if (shade > 0) {
      const [x, right] = [axis.at(axis.start + from), axis.at(axis.start + end)];
      const path = `M${round(x)},${round(top)}H${round(right)}v${BAR}H${round(x)}z`;
      paths.set(shade, (paths.get(shade) ?? "") + path);
    }
    from = end;
  }
  const drawn = [...paths].map(([shade, path]) =>
    shape(path, `f-${colour}`, shade < SHADES ? { "fill-opacity": opacityOf(shade) } : {}),
  );
  return box(axis.left, top, axis.right - axis.left, BAR, "f-grid") + drawn.join("");
}

function shadeOf(chance: number): number {
  if (!(chance > 0)) return 0;
  return chance < RARE ? RARE * SHADES : Math.min(SHADES, Math.ceil(chance * SHADES - 1e-9));
}

function opacityOf(shade: number): string {
  return (FAINTEST + ((1 - FAINTEST) * shade) / SHADES).toFixed(2);
}

/** The key of the shades. */
function drawScale(axis: Axis, y: number): string {
  const room = Math.min(16, (axis.right - axis.left - 66) / SHADES);
  const boxes = Array.from({ length: SHADES }, (_, index) =>
    box(axis.left + 32 + index * room, y - 10, room, 11, "f-main", "", {
      "fill-opacity": opacityOf(index + 1),
    }),
  );
  const [from, to] = [label(axis.left + 26, y, percent(0), "soft sm", "end"), axis.left + 38 + SHADES * room];
  return from + boxes.join("") + label(to, y, percent(1), "soft sm");
}

/** One fleet's months, neighbours with one limit joined and named where there is room. */
function drawRow(
  { title, limits }: BindsData["rows"][number],
  { at, start, left, right }: Axis,
  top: number,
): string {
  const out = [label(0, top + 13, fitText(title, left - 8)), box(left, top, right - left, BAR, "f-grid")];
  let from = 0;
  for (let month = 1; month <= limits.length; month++) {
    if (month < limits.length && limits[month] === limits[from]) continue;
    const limit = limits[from];
    if (limit !== "none" && limit !== "") {
      const [x, end] = [at(start + from), at(start + month)];
      const span = `${shortMonth(start + from)} to ${shortMonth(start + month - 1)}`;
      const [colour, name] = [limitColour(limit), limitName(limit)];
      out.push(
        box(x, top, end - x, BAR, `f-${colour}`, `${title}: ${name} binds, ${span}`),
        widthOf(name) + 8 <= end - x ? label((x + end) / 2, top + 13, name, `o-${colour}`, "middle") : "",
      );
    }
    from = month;
  }
  return out.join("");
}
