import type { Sensitivity } from "../../analysis/sensitivity/sensitivity.ts";
import { noteOf, type qualityOf, sharesByQuality } from "../../analysis/sensitivity/sensitivity-table.ts";
import { figureName } from "../../analysis/sensitivity/target.ts";
import { measureOf } from "../../charts/kit/measure.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { countText, decimalsFor, screenNumber } from "../../export/number-text.ts";
import { answerSensitivity } from "../../report/sensitivity-answer.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { emphasise } from "../io/streams.ts";
import { drawAnswer } from "./answer.ts";
import { drawColumns, SCREEN_WIDTH, type ScreenColumn, wrapText } from "./draw-columns.ts";

/** Rows of the chart on the screen. */
const MOST_BARS = 15;

/** The answer, then a chart that fits a terminal: bars of total indices, and the swing from P10 to P90. */
export function drawSensitivityScreen(scenario: Scenario, sensitivity: Sensitivity): string {
  const { target, effects, plain, mean, deviation, trials } = sensitivity;
  const shown = effects.slice(0, MOST_BARS).filter(({ total }) => total.value >= 0.0005);
  const swings = shown.flatMap(({ atP10, atP90 }) => [atP10, atP90]);
  const { size, unit } = measureOf(target.unit, [...swings, plain, mean]);
  const decimals = decimalsFor([...swings, plain, mean].map((value) => value / size));
  const figure = (value: number): string => screenNumber(value / size, decimals);
  const title = visibleText(scenario.fields.get("name")?.text ?? scenario.slug);
  const head = [
    emphasise(`${title}: what ${figureName(target)} depends on`),
    "",
    ...drawAnswer(answerSensitivity(scenario, sensitivity)),
  ];
  if (deviation === 0) return `${head.join("\n")}\n`;
  // The spread of a share is told in points: 5 % of 30 % could be taken for 1.5 %.
  const spreadUnit = target.unit === "1" ? "points" : unit;
  const percent = (value: number): string => `${(value * 100).toFixed(1)}`;
  const left = (heading: string, cells: readonly string[]): ScreenColumn => ({
    cells: [heading, ...cells],
    side: "left",
  });
  const right = (heading: string, cells: readonly string[]): ScreenColumn => ({
    cells: [heading, ...cells],
    side: "right",
  });
  const columns = [
    left(
      "input",
      shown.map(({ keys }) => shorten(keys.join(" "), 26)),
    ),
    right(
      "total %",
      shown.map(({ total }) => percent(total.value)),
    ),
    right(
      "95 %",
      shown.map(({ total }) => `${percent(total.low)}-${percent(total.high)}`),
    ),
    right(
      "alone",
      shown.map(({ first }) => percent(first.value)),
    ),
    right(
      "P10",
      shown.map(({ atP10 }) => figure(atP10)),
    ),
    right(
      "P90",
      shown.map(({ atP90 }) => figure(atP90)),
    ),
    left(
      "",
      shown.map(({ total }) => "#".repeat(Math.min(10, Math.round(total.value * 10)))),
    ),
  ];
  const { shares, together } = sharesByQuality(sensitivity);
  const resting = shares
    .filter(({ share }) => share >= 0.005)
    .map(
      ({ quality, share, first }) =>
        `${percent(share)} % from ${inWords(quality)} (most: ${first.keys.join(" ")})`,
    );
  const notes = shown.flatMap((effect) =>
    noteOf(effect) ? [`${effect.keys.join(" ")}: ${noteOf(effect)}`] : [],
  );
  const lines = [
    ...head,
    "",
    ...wrapText(
      `At medians ${figure(plain)}, mean ${figure(mean)}${unit === spreadUnit ? "" : ` ${unit}`}, standard deviation ${figure(deviation)} ${spreadUnit}; ${countText(trials)} trials`,
      SCREEN_WIDTH,
    ),
    "",
    ...drawColumns(columns),
    "",
    ...wrapText(
      `total: how much of the spread comes from this value, interactions included; alone: without interactions; P10, P90: the figure${unit === "" ? "" : ` in ${unit}`} with this value there and all others at medians.`,
      SCREEN_WIDTH,
    ),
    ...wrapText(
      `The variance comes ${[...resting, `${percent(together)} % from interactions`].join("; ")}.`,
      SCREEN_WIDTH,
    ),
    ...notes.flatMap((note) => wrapText(note, SCREEN_WIDTH)),
  ];
  return `${lines.join("\n")}\n`;
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}

const QUALITY_WORDS: Readonly<Record<string, string>> = {
  official: "official values",
  reported: "reported values",
  derived: "derived values",
  estimate: "estimates",
  assumed: "assumptions",
  unmarked: "values without a quality mark",
};

function inWords(quality: ReturnType<typeof qualityOf> | string): string {
  return QUALITY_WORDS[quality] ?? quality;
}
