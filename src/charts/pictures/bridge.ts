import { linearScale, numberAxis } from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { signed } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, fitText, label, segment, widthOf } from "../kit/svg.ts";

/** A step from one plan to the other, in the stated order; amounts in table units. */
export type BridgeStep = { readonly name: string; readonly change: number };

export type BridgeData = {
  readonly from: { readonly name: string; readonly value: number };
  readonly to: { readonly name: string; readonly value: number };
  readonly steps: readonly BridgeStep[];
  readonly measure: Measure;
  /** What the figure is, and in which order the steps are taken. */
  readonly order: string;
  /** Whether more of it is better, which decides the colour of a step. */
  readonly better: "less" | "more";
};

const ROW = 28;

/** Draws a bridge: from one plan's figure to the other's, a bar for each step. */
export function drawBridge({ from, to, steps, measure, better }: BridgeData, width: number): Drawing {
  const { size } = measure;
  const levels = levelsOf(from.value, steps);
  const all = [0, ...levels, to.value].map((value) => value / size);
  const shown = levels.map((value) => value / size);
  const [low, high] = rangeOf(shown, all);
  const narrow = isNarrow(width);
  const names = [from.name, to.name, ...steps.map(({ name }) => name)];
  const left = narrow ? 8 : Math.min(300, Math.max(...names.map((name) => widthOf(name))) + 16);
  const numbers = Math.max(...levels.map((value) => widthOf(`+${measure.text(value)}`, 12, true)));
  const x = linearScale([low, high], [left + numbers + 8, width - numbers - 12]);
  const rowHigh = narrow ? ROW + 16 : ROW;
  const rows = [
    drawRow(from.name, low, from.value / size, "main", measure.text(from.value)),
    ...steps.map(({ name, change }, index) => {
      const isGood = better === "less" ? change < 0 : change > 0;
      const colour = change === 0 ? "band" : isGood ? "served" : "alarm";
      return drawRow(
        name,
        levels[index] / size,
        levels[index + 1] / size,
        colour,
        signed(change, measure.text),
      );
    }),
    drawRow(to.name, low, to.value / size, "main", measure.text(to.value)),
  ];
  const top = 12;
  const bottom = top + rows.length * rowHigh;
  const body = rows.map((draw, index) => draw(x, top + index * rowHigh, left, narrow, width));
  const axis = numberAxis(
    x,
    (value, step) => measure.tick(value * size, step * size),
    top,
    bottom,
    narrow ? 4 : 7,
  );
  return {
    height: bottom + 40,
    body: axis + body.join("") + label(width, bottom + 34, measure.unit, "soft sm", "end"),
  };
}

/** Whether the axis starts near the steps, since they are small beside the whole, and cuts the bars of the plans: a text has to say so. */
export function isBridgeCut({ from, steps }: Pick<BridgeData, "from" | "steps">): boolean {
  return isSmall(levelsOf(from.value, steps));
}

/** The figure before and after each step. */
function levelsOf(from: number, steps: readonly BridgeStep[]): readonly number[] {
  const levels = [from];
  for (const { change } of steps) levels.push(levels[levels.length - 1] + change);
  return levels;
}

function isSmall(levels: readonly number[]): boolean {
  const least = Math.min(...levels);
  const span = Math.max(...levels) - least;
  return span > 0 && least > 0 && least > 2 * span;
}

function rangeOf(levels: readonly number[], all: readonly number[]): readonly [number, number] {
  const [least, most] = [Math.min(...levels), Math.max(...levels)];
  const span = most - least;
  if (isSmall(levels)) return [least - span * 0.6, most + span * 0.1];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return low === high ? [low - 1, high + 1] : [low, high];
}

function drawRow(name: string, from: number, to: number, colour: string, text: string) {
  return (
    x: (value: number) => number,
    top: number,
    left: number,
    narrow: boolean,
    width: number,
  ): string => {
    const y = narrow ? top + 16 : top;
    const [a, b] = [x(from), x(to)].sort((one, other) => one - other);
    const isDown = to < from;
    const title = narrow
      ? label(0, top + 10, fitText(name, width))
      : label(left - 8, y + 14, fitText(name, left - 8), "ink", "end");
    return [
      title,
      box(a, y + 3, Math.max(1, b - a), 16, `f-${colour}`, `${name}: ${text}`),
      segment(x(to), y + 3, x(to), y + 19, "s-soft"),
      label(
        isDown ? a - 5 : b + 5,
        y + 15,
        text,
        colour === "main" ? "ink b halo" : "ink halo",
        isDown ? "end" : "start",
      ),
    ].join("");
  };
}
