import { visibleText } from "../../diagnostics/visible.ts";
import { decimalsFor, screenNumber } from "../../export/number-text.ts";
import type { Table } from "../../metrics/table.ts";
import { sweptEvents } from "../../report/event-tables.ts";
import { answerSweep } from "../../report/sweep-answer.ts";
import {
  pointNames,
  type SweepContent,
  type SweptFigure,
  sweptFigures,
  unpaidNote,
} from "../../report/swept.ts";
import { drawAnswer } from "./answer.ts";
import { drawColumns, SCREEN_WIDTH, type ScreenColumn, wrapText } from "./draw-columns.ts";
import { drawEventRows } from "./event-rows.ts";

/** Points shown; of more the first and the last. */
const MOST_POINTS = 20;
/** Letters of the longest bar, and of a point's name. */
const [BAR, NAME] = [16, 24];

/** Draws what a sweep shows: its answer, a row a point with its headline figures, and a bar of the first of them. */
export function drawSweepScreen(content: SweepContent): string {
  const { table } = content;
  const figures = sweptFigures(table);
  const rows = rowsShown(table);
  const names = pointNames(content).map(visibleText);
  const cut = (name: string) => (name.length > NAME ? `${name.slice(0, NAME - 1)}\u2026` : name);
  const columns: ScreenColumn[] = [
    { side: "left", cells: ["point", "", ...rows.map((row) => (row < 0 ? "\u2026" : cut(names[row])))] },
    ...figures.map((figure): ScreenColumn => ({ side: "right", cells: cellsOf(figure, rows) })),
    ...(figures[0] ? [{ side: "left" as const, cells: ["", "", ...barsOf(figures[0], rows)] }] : []),
  ];
  let kept = columns;
  while (kept.length > 2 && Math.max(...drawColumns(kept).map(({ length }) => length)) > SCREEN_WIDTH)
    kept = [...kept.slice(0, -2), ...kept.slice(-1)];
  const note = unpaidNote(content, figures);
  const notes = note === undefined ? [] : ["", ...wrapText(note, SCREEN_WIDTH)];
  const answer = drawAnswer(answerSweep(content));
  const opening = answer.length > 0 ? [...answer, ""] : [];
  return `${[...opening, ...drawColumns(kept), ...notes, ...drawEvents(content, rows)].join("\n")}\n`;
}

/** Events at the points that are shown. */
function drawEvents(content: SweepContent, rows: readonly number[]): string[] {
  const events = sweptEvents(content.table, pointNames(content), content.startMonth);
  const gap = { name: "\u2026", startMonth: content.startMonth, chances: undefined };
  const shown = events.map(({ event, lines }) => ({ event, lines: rows.map((row) => lines[row] ?? gap) }));
  return shown.length > 0 ? ["", ...drawEventRows(shown, "point")] : [];
}

/** Rows of the table in order, -1 for those left out. */
function rowsShown({ rowCount }: Table): readonly number[] {
  const all = Array.from({ length: rowCount }, (_, row) => row);
  const half = MOST_POINTS / 2;
  return rowCount <= MOST_POINTS ? all : [...all.slice(0, half), -1, ...all.slice(-half)];
}

/** What a figure is called on the screen. */
const HEADINGS: Readonly<Record<string, string>> = {
  cost_provider_pv_usd: "cost PV",
  final_cumulative_effective_fp4_yflop: "FP4",
  npv_provider_usd: "NPV",
  horizon_demand_unserved_share: "unserved",
};

function cellsOf({ metric, measure, values }: SweptFigure, rows: readonly number[]): readonly string[] {
  const shown = values.map((value) => value / measure.size);
  const decimals = decimalsFor(shown.filter(Number.isFinite));
  const cells = rows.map((row) =>
    row < 0 ? "" : Number.isFinite(shown[row]) ? screenNumber(shown[row], decimals) : "-",
  );
  return [
    HEADINGS[metric] ?? metric,
    measure.unit.replace("thousand", "k").replace("million", "M"),
    ...cells,
  ];
}

/** Bars from zero, or from the least value where any is negative. */
function barsOf({ values }: SweptFigure, rows: readonly number[]): readonly string[] {
  const known = values.filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  return rows.map((row) => {
    const value = values[row];
    if (row < 0 || !Number.isFinite(value) || high === low) return "";
    return "#".repeat(Math.round(((value - low) / (high - low)) * BAR));
  });
}
