import type { Column, Table } from "../../metrics/table.ts";
import type { Results } from "../results/results.ts";
import type { Spread } from "../results/spread.ts";
import type { SampleSettings } from "../sample/sample-request.ts";
import { statisticsColumns } from "../tables/spread-columns.ts";
import type { Figure } from "../tables/summary-table.ts";
import type { Sweep } from "./axes.ts";
import type { SweepCell, SweepRow } from "./run-sweep.ts";
import { figuresOfSweep, specimenSpread } from "./sweep-figures.ts";

type Head = Omit<Column, "values">;

/**
 * The table of a sweep: one row per point, with its axes as given, then the figures of its summary and, if points are
 * sampled, their statistics. If a point is at fault, a last column says why, and its figures are empty.
 *
 * @param specimen results with the metrics of the rows, for names and units
 *
 * Fails: never.
 */
export function makeSweepTable(
  sweep: Sweep,
  rows: readonly SweepRow[],
  specimen: Results,
  sample?: SampleSettings,
): Table {
  const spread = sample && specimenSpread(sample);
  const figures = figuresOfSweep(specimen, spread);
  const heads: readonly Head[] = [
    sweep.names
      ? { name: "point", type: "string", text: "Name of the point." }
      : { name: "point", type: "integer", unit: "1", text: "Number of the point, in the order of the axes." },
    ...sweep.axes.map(({ path }) => ({
      name: path,
      type: "string" as const,
      text: `Value set for ${path}.`,
    })),
    ...figures.flatMap((figure) => [headOf(figure), ...(spread ? sampledHeads(figure, spread) : [])]),
  ];
  const sampled = sample ? `, with statistics of ${sample.trials} trials at each point` : "";
  return {
    name: "sweep",
    text: `One row per point: the values set, and the figures of the whole run at medians${sampled}.`,
    columns: [
      ...heads.map((head, index) => {
        // A month or number that does not exist at a point, such as a payback that is never reached, is an empty cell.
        const cellOf = (cell: SweepCell | undefined) =>
          head.type === "number" && typeof cell !== "number" ? null : (cell ?? null);
        return { ...head, values: rows.map(({ cells }) => cellOf(cells[index])) };
      }),
      ...(rows.some(({ fault }) => fault !== undefined) ? [faultColumn(rows)] : []),
    ],
    rowCount: rows.length,
    primaryKey: ["point"],
  };
}

function faultColumn(rows: readonly SweepRow[]): Column {
  return {
    name: "fault",
    type: "string",
    text: "Why the point has no figures; empty for all others.",
    values: rows.map(({ fault }) => fault ?? null),
  };
}

function headOf({ metric, value, unit, text }: Figure): Head {
  return typeof value === "number"
    ? { name: metric, type: "number", ...(unit === undefined ? {} : { unit }), text }
    : { name: metric, type: "string", text };
}

/** Columns that a sample adds after a figure, in the order of `cellsOfFigure`. */
function sampledHeads({ metric, unit, statistics }: Figure, spread: Spread): readonly Head[] {
  if (!statistics) return [];
  const share: Head = {
    name: `${metric}_share`,
    type: "number",
    unit: "1",
    text: `Share of trials in which ${metric} exists; mean and error refer to these.`,
  };
  const columns = statisticsColumns(spread, metric, unit, [statistics]);
  return [...columns.map(({ values: _, ...head }) => head), share];
}
