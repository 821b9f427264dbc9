import type { Solved } from "../../analysis/solve/solve.ts";
import type { SolvedSample } from "../../analysis/solve/solved-sample.ts";
import type { Variable } from "../../analysis/solve/variable.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { countText } from "../../export/number-text.ts";
import { emphasise } from "../io/streams.ts";
import { drawFacts, SCREEN_WIDTH, wrapText } from "./draw-columns.ts";

/** What `solve` shows. */
export type SolveScreen = {
  readonly variable: Variable;
  readonly metric: string;
  readonly unit: string;
  readonly target: number;
  readonly solved: Solved;
  readonly sample?: SolvedSample | undefined;
};

/** Draws the screen of `solve`: the value that does, how the figure moves with it, and its distribution over trials. */
export function drawSolveScreen({ variable, metric, unit, target, solved, sample }: SolveScreen): string {
  const { path, show, replaced } = variable;
  const { found, now, ends, direction, jump } = solved;
  const figure = (value: number) => figureText(value, unit);
  const headline = found
    ? `${path} = ${show(found.value)} gives ${metric} = ${figure(jump ? found.figure : target)}`
    : `no value of ${path} gives ${metric} = ${figure(target)}`;
  const at = (point: { readonly value: number; readonly figure: number }) =>
    `${figure(point.figure)} at ${show(point.value)}`;
  const moves = {
    rises: `${metric} rises with ${path} over all values tried: no other value does`,
    falls: `${metric} falls with ${path} over all values tried: no other value does`,
    turns: `${metric} rises and falls with ${path}, so other values may do as well; this one is the nearest to that of the scenario`,
  };
  const nothing = `${metric} does not move with ${path}`;
  const words =
    direction === undefined ? nothing : found ? moves[direction] : moves[direction].split(/[:,;]/)[0];
  const facts: (readonly [string, string])[] = [
    ["Now", at(now)],
    ["Tried", `${at(ends[0])}, to ${at(ends[1])}`],
    ["Moves", words],
    ...(jump
      ? [
          [
            "Jumps",
            `from ${figure(jump[0])} to ${figure(jump[1])} there, as what goes by whole months or chips does: no value gives the target itself`,
          ] as const,
        ]
      : []),
    ...(replaced === undefined
      ? []
      : [["Replaces", `\`${visibleText(replaced)}\`, as one value in all months and trials`] as const]),
    ...(sample ? [["Sample", sampleText(sample, show)] as const] : []),
    ...(found ? [["Repeat", `--set '${path}=${exact(variable, found.value)}'`] as const] : []),
  ];
  return `${[...wrapText(emphasise(headline), SCREEN_WIDTH), "", ...drawFacts(facts, SCREEN_WIDTH)].join("\n")}\n`;
}

function sampleText(
  { trials, share, jumps, quantiles }: SolvedSample,
  show: (value: number) => string,
): string {
  const count = countText(trials);
  if (share === 0) return `in none of ${count} trials does any value`;
  const [low, middle, high] = quantiles.map(show);
  const none = share < 1 ? `; in ${percent(1 - share)} of the trials no value does` : "";
  const over = jumps > 0 ? `; in ${percent(jumps)} the figure jumps over the target there` : "";
  return `${middle} in the middle of ${count} trials, P5 to P95: ${low} to ${high}${none}${over}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** A figure with six digits and its unit; a share in per cent. */
function figureText(value: number, unit: string): string {
  if (Number.isNaN(value)) return "none";
  const number = (of: number) =>
    Number(of.toPrecision(6)).toLocaleString("en", { maximumSignificantDigits: 6 });
  return unit === "1" ? `${number(value * 100)} %` : `${number(value)} ${unit}`;
}

/** A value as `--set` takes it, with all its digits. */
export function exact({ unit }: Pick<Variable, "unit">, value: number): string {
  return `${value} ${unit}`.trim();
}
