import type { Column, Table } from "../../metrics/table.ts";
import type { Results } from "../results.ts";
import { makeFigures } from "../tables/summary-table.ts";
import type { Sweep } from "./axes.ts";
import type { SweepCell } from "./run-sweep.ts";

/**
 * The table of a sweep: a row a point, its axes as they were set, then the figures of its summary.
 *
 * @param specimen results that hold the metrics of the rows, for names and units
 *
 * Fails: never.
 */
export function makeSweepTable(
  sweep: Sweep,
  rows: readonly (readonly SweepCell[])[],
  specimen: Results,
): Table {
  const heads: readonly Omit<Column, "values">[] = [
    sweep.names
      ? { name: "point", type: "string", text: "Name of the point." }
      : { name: "point", type: "integer", unit: "1", text: "Number of the point, in the order of the axes." },
    ...sweep.axes.map(({ path }) => ({
      name: path,
      type: "string" as const,
      text: `Value set for ${path}.`,
    })),
    ...makeFigures(specimen).map(({ metric, value, unit, text }) =>
      typeof value === "number"
        ? { name: metric, type: "number" as const, ...(unit === undefined ? {} : { unit }), text }
        : { name: metric, type: "string" as const, text },
    ),
  ];
  return {
    name: "sweep",
    text: "A row a point: what was set, and the figures of the whole run at medians.",
    columns: heads.map((head, index) => {
      // A month or number that does not exist at a point, such as a payback that never comes, is empty there.
      const cellOf = (cell: SweepCell | undefined) =>
        head.type === "number" && typeof cell !== "number" ? null : (cell ?? null);
      return { ...head, values: rows.map((row) => cellOf(row[index])) };
    }),
    rowCount: rows.length,
    primaryKey: ["point"],
  };
}
