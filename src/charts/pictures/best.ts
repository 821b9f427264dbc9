import type { Measure } from "../kit/measure.ts";
import { drawMark, type Mark } from "../kit/mix.ts";
import { percent } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, fitText, label, widthOf, wrapLines } from "../kit/svg.ts";

/** How often each scenario is best in a figure, and what choosing it loses on average, in table units. */
export type BestColumn = {
  readonly title: string;
  readonly measure: Measure;
  readonly chances: readonly number[];
  /** Whether all are the same in every trial, so that none is best. */
  readonly isSame: boolean;
  readonly regrets: readonly number[];
  /** The scenario that is best most often, and whether that is clear; absent where all tie. */
  readonly lead?: { readonly run: number; readonly isClear: boolean } | undefined;
};

export type BestData = { readonly marks: readonly Mark[]; readonly columns: readonly BestColumn[] };

/** Where the tiles lie: the edge of the first, their width, and the distance of rows [px]. */
type Layout = {
  readonly narrow: boolean;
  /** Whether units stand below "loses", as there is no room beside it. */
  readonly isSplit: boolean;
  /** Whether a word of a title fills its tile, so that all titles are small. */
  readonly isTight: boolean;
  readonly left: number;
  readonly wide: number;
  readonly gap: number;
  readonly top: number;
  readonly rowHigh: number;
};

/** Some fonts are so much wider than that whose widths are known. */
const WIDE_FONT = 1.1;

/** Stands for a chance where all are the same in every trial. */
export const SAME = "same";

/** Below this chance a tile is empty. */
const NEVER = 0.005;

/**
 * Draws a table of tiles, a scenario a row and a figure a column: in each how often the scenario is best, and what choosing it
 * loses. The more often, the darker; the leader of a figure is filled where it leads clearly, and framed where it does not.
 */
export function drawBest({ marks, columns }: BestData, width: number): Drawing {
  const narrow = isNarrow(width);
  const count = Math.max(1, columns.length);
  const widest = Math.max(60, ...marks.map(({ name }) => widthOf(name) * WIDE_FONT + 30));
  const left = Math.min(narrow ? 104 : width * 0.33, widest);
  const gap = narrow ? 4 : 8;
  const wide = (width - left - gap * (count - 1)) / count;
  const isTight = columns.some(({ title }) =>
    title.split(" ").some((word) => widthOf(word, 12, true) * WIDE_FONT > wide),
  );
  const titles = columns.map(({ title }) =>
    isTight ? wrapLines(title, wide, 2, 11) : wrapLines(title, wide, 2, 12, true),
  );
  const lines = Math.max(1, ...titles.map(({ length }) => length));
  const isSplit = columns.some(({ measure: { unit } }) => widthOf(lossText(unit), 11) > wide - BEST_ROOM);
  const units = narrow || isSplit ? 2 : 1;
  const top = 8 + lines * 15 + 6 + units * 13;
  const layout = { narrow, isSplit, isTight, left, wide, gap, top, rowHigh: narrow ? 44 : 36 };
  const heads = columns.map((column, index) => drawHead(column, titles[index], xOf(layout, index), layout));
  const rows = marks.map((mark, row) => {
    const cells = columns.map((column, index) => drawTile(column, mark, row, xOf(layout, index), layout));
    return drawName(mark, row, layout) + cells.join("");
  });
  return { height: top + marks.length * layout.rowHigh + 4, body: heads.join("") + rows.join("") };
}

function xOf({ left, wide, gap }: Layout, column: number): number {
  return left + column * (wide + gap);
}

/** Room that "best in" takes of a heading [px]. */
const BEST_ROOM = 62;

function lossText(unit: string): string {
  return unit === "" ? "loses" : `loses, ${unit}`;
}

/** A figure's name, and what the numbers below it are. */
function drawHead(
  { measure: { unit } }: BestColumn,
  title: readonly string[],
  x: number,
  { narrow, isSplit, isTight, wide, top }: Layout,
): string {
  const names = title.map((line, index) => label(x, 12 + index * 15, line, isTight ? "ink sm" : "ink b"));
  const [first, edge] = [isSplit ? top - 19 : top - 6, x + wide - 8];
  const lines = wrapLines(unit === "" ? "loss" : unit, wide, 2, 11);
  const below = narrow
    ? lines
        .map((line, index) => label(x, top - 6 - (lines.length - 1 - index) * 13, line, "soft sm"))
        .join("")
    : label(x + 8, first, "best in", "soft sm") +
      label(edge, first, isSplit ? "loses" : lossText(unit), "soft sm", "end") +
      (isSplit && unit !== "" ? label(edge, top - 6, fitText(unit, wide - 8, 11), "soft sm", "end") : "");
  return names.join("") + below;
}

function drawName(mark: Mark, row: number, { left, top, rowHigh, narrow }: Layout): string {
  const y = top + row * rowHigh + (narrow ? 16 : 20);
  const room = left - 28;
  const lines = narrow ? wrapLines(mark.name, room, 2, 11) : [fitText(mark.name, room)];
  const first = y + (lines.length > 1 ? -2 : narrow ? 6 : 0);
  return (
    drawMark(9, first - 4, mark, 5.5) +
    lines.map((line, index) => label(22, first + index * 13, line, narrow ? "ink sm" : "ink")).join("")
  );
}

function drawTile(
  { title, chances, isSame, regrets, measure, lead }: BestColumn,
  { name }: Mark,
  row: number,
  x: number,
  { narrow, wide, top, rowHigh }: Layout,
): string {
  const [y, high] = [top + row * rowHigh, rowHigh - 4];
  const [chance, regret] = [isSame ? 0 : chances[row], measure.text(regrets[row])];
  const shown = isSame ? SAME : percent(chance);
  const isLead = lead?.run === row;
  const isFull = isLead && lead.isClear;
  const tip = isSame
    ? `${title} is the same for all in every trial`
    : `${name} is best in ${title} in ${shown} of trials; choosing it loses ${measure.full(regrets[row])} on average`;
  const shade = chance >= NEVER ? 0.1 + 0.9 * Math.min(1, chance) : 0;
  const tile = isFull
    ? box(x, y, wide, high, "f-main", tip)
    : box(x, y, wide, high, shade > 0 ? "f-inner" : "f-grid", tip, {
        "fill-opacity": shade > 0 ? shade.toFixed(2) : "0.6",
      });
  const frame =
    isLead && !isFull ? box(x + 1, y + 1, wide - 2, high - 2, "no s-main", "", { "stroke-width": 2 }) : "";
  const [own, other] = isFull ? ["o-main b", "o-main"] : [isLead ? "ink b" : "ink", "ink"];
  const texts = narrow
    ? label(x + wide / 2, y + 17, shown, own, "middle") +
      label(x + wide / 2, y + 33, regret, `${other} sm`, "middle")
    : label(x + 8, y + 20, shown, own) + label(x + wide - 8, y + 20, regret, other, "end");
  return tile + frame + texts;
}
