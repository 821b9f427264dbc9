import { fittingTicks, linearScale, stepOf } from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { drawMark, type Mark } from "../kit/mix.ts";
import { signed } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { fitText, label, segment, shape, widthOf } from "../kit/svg.ts";

/** Differences from the first scenario in one figure, in table units; the ends are absent without a sample. */
export type Difference = { readonly middle: number; readonly low?: number; readonly high?: number };

export type DifferencePanel = {
  readonly title: string;
  readonly better: "less" | "more";
  readonly measure: Measure;
  /** In the order of the scenarios; absent where a scenario has no such figure. */
  readonly differences: readonly (Difference | undefined)[];
};

export type DifferencesData = {
  /** Every scenario but the first. */
  readonly marks: readonly Mark[];
  readonly panels: readonly DifferencePanel[];
};

const ROW = 24;
/** One scenario may leave the scale where it would leave the others less than this of it. */
const OUTLIER = 3;

/** Draws paired differences to the first scenario: a disc at the median, a line from P5 to P95, bold where that excludes zero. */
export function drawDifferences({ marks, panels }: DifferencesData, width: number): Drawing {
  // The panels of a row share one column of names; two panels fit the width of a printed page.
  const isShared = width >= 800;
  const columns = isShared ? Math.min(width >= 1000 ? 3 : 2, panels.length) : 1;
  const names = Math.max(60, ...marks.map(({ name }) => widthOf(name) + 30));
  const left = Math.min(isNarrow(width) ? 120 : 220, names);
  const gap = 40;
  const wide = isShared ? (width - left - gap * (columns - 1)) / columns : width - left;
  const high = marks.length * ROW + 92;
  const out = panels.map((panel, index) => {
    const column = index % columns;
    const x = left + column * (wide + gap);
    const top = Math.floor(index / columns) * high + 56;
    const rows = !isShared || column === 0 ? drawNames(marks, left, top) : "";
    return rows + drawPanel(panel, marks, { x, wide, top, heading: isShared ? x : 0 });
  });
  return { height: Math.ceil(panels.length / columns) * high, body: out.join("") };
}

function drawNames(marks: readonly Mark[], left: number, top: number): string {
  return marks
    .map((mark, index) => {
      const y = top + index * ROW + 10;
      return drawMark(9, y, mark, 5.5) + label(22, y + 4, fitText(mark.name, left - 26));
    })
    .join("");
}

type Place = { readonly x: number; readonly wide: number; readonly top: number; readonly heading: number };

function drawPanel(
  panel: DifferencePanel,
  marks: readonly Mark[],
  { x: left, wide, top, heading }: Place,
): string {
  const { title, better, measure, differences } = panel;
  const { size } = measure;
  const numbers = differences.map((one) => (one ? signed(one.middle, measure.text) : ""));
  const numberRoom = Math.max(40, ...numbers.map((text) => widthOf(text, 12, true))) + 8;
  const beyond = outlierOf(differences);
  const ends = differences.flatMap((one, index) =>
    one && index !== beyond ? [one.low ?? one.middle, one.middle, one.high ?? one.middle] : [],
  );
  const right = left + wide - numberRoom;
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const x = linearScale(low === high ? [-1, 1] : [low / size, high / size], [left + 6, right - 8], 4);
  const bottom = top + marks.length * ROW;
  const text = (value: number, step: number) =>
    value === 0 ? "0" : signed(value * size, (one) => measure.tick(one, step * size));
  const values = fittingTicks(x, text, 5, 11);
  const side = better === "less" ? "left is better" : "right is better";
  const head = measure.unit === "" ? side : `${measure.unit}; ${side}`;
  return [
    label(heading, top - 38, fitText(title, left + wide - heading, 12, true), "ink b"),
    label(heading, top - 22, fitText(head, left + wide - heading, 11), "soft sm"),
    ...values.map(
      (value) =>
        segment(x(value), top - 4, x(value), bottom, "s-grid") +
        label(x(value), bottom + 15, text(value, stepOf(values)), "soft sm", "middle"),
    ),
    segment(x(0), top - 8, x(0), bottom, "s-ink"),
    ...differences.map((one, index) => {
      const y = top + index * ROW + 10;
      if (!one) return label(left + wide, y + 4, "none", "soft sm", "end");
      const isSure = isApart(one);
      const number = label(left + wide, y + 4, numbers[index], isSure ? "ink b" : "soft", "end");
      if (index === beyond) return drawBeyond(one.middle > 0 ? right : left, y, one.middle > 0) + number;
      return drawDifference(one, marks[index], (value) => x(value / size), y, isSure) + number;
    }),
  ].join("");
}

/** Whether a difference is told apart from none: P5 and P95 lie on one side of 0. */
function isApart({ low, high }: Difference): boolean {
  return low !== undefined && high !== undefined && (low > 0 || high < 0);
}

function drawDifference(
  { middle, low, high }: Difference,
  mark: Mark,
  x: (value: number) => number,
  y: number,
  isSure: boolean,
): string {
  const line =
    low === undefined || high === undefined
      ? ""
      : segment(x(low), y, x(high), y, "s-soft", { "stroke-width": isSure ? 2.4 : 1.2 });
  return line + drawMark(x(middle), y, mark, 5.5);
}

function drawBeyond(edge: number, y: number, isRight: boolean): string {
  const direction = isRight ? 1 : -1;
  const from = edge - direction * 20;
  const arrow = `M${from},${y}h${direction * 12}m${-direction * 5},-4l${direction * 5},4l${-direction * 5},4`;
  return (
    shape(arrow, "s-soft no", { "stroke-width": 1.6 }) +
    label(from - direction * 6, y + 4, "off the scale", "soft sm", isRight ? "end" : "start")
  );
}

/** The one scenario that would squeeze all others together, if there is one. */
function outlierOf(differences: readonly (Difference | undefined)[]): number | undefined {
  const reach = differences.map((one) =>
    one ? Math.max(Math.abs(one.low ?? one.middle), Math.abs(one.high ?? one.middle)) : 0,
  );
  const largest = Math.max(...reach);
  const index = reach.indexOf(largest);
  const next = Math.max(0, ...reach.filter((_, other) => other !== index));
  return differences.length > 2 && next > 0 && largest > OUTLIER * next ? index : undefined;
}
