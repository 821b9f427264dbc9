import type { Column, Table } from "../../metrics/table.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import type { EventChances } from "../results/events.ts";
import { eventChances } from "../results/events.ts";
import type { Comparison } from "./comparison.ts";

/** The events of each run of a comparison: with their chances where a sample was taken. */
export function eventsOfRuns({ runs, sample }: Comparison): readonly (readonly EventChances[])[] {
  return sample?.events ?? runs.map(({ results }) => eventChances(results));
}

/**
 * The events of every scenario as they are written: events.csv of a comparison, one row for an event of a scenario in a year.
 *
 * Fails: never. Without events it has no rows.
 */
export function makeComparedEvents(comparison: Comparison): Table {
  const { runs } = comparison;
  const rows = eventsOfRuns(comparison).flatMap((events, run) => {
    const { name: scenario, results } = runs[run];
    const monthText = (month: number | undefined) =>
      month !== undefined && Number.isFinite(month) ? formatMonth(results.startMonth + month) : null;
    return events.flatMap((event) =>
      (event.byYear ?? [undefined]).map((year) => ({ scenario, event, year, monthText })),
    );
  });
  type Row = (typeof rows)[number];
  const text = (name: string, about: string, of: (row: Row) => string | null): Column => ({
    name,
    type: name.endsWith("_month") || name.includes("_month_") ? "month" : "string",
    text: about,
    values: rows.map(of),
  });
  const sampled = rows.some(({ year }) => year !== undefined);
  const quantiles = rows[0]?.event.firstMonths?.map(({ quantile }) => quantile) ?? [];
  return {
    name: "events",
    text: "Events stated by the scenarios: their first month, and the chance that they have been true by the end of each year.",
    columns: [
      text("scenario", "Name of the scenario.", ({ scenario }) => scenario),
      text("event", "Name of the event.", ({ event }) => event.name),
      text("first_month", "First month in which it is true in the run at medians; empty for never.", (row) =>
        row.monthText(row.event.plainFirst),
      ),
      ...quantiles.map((quantile, index) =>
        text(
          `first_month_${quantile}`,
          `Order statistic ${quantile} of the first month over all trials; empty for after the horizon.`,
          (row) => row.monthText(row.event.firstMonths?.[index]?.month),
        ),
      ),
      ...(sampled
        ? ([
            {
              name: "year",
              type: "integer",
              text: "Calendar year.",
              values: rows.map(({ year }) => year?.year ?? null),
            },
            {
              name: "probability_by",
              type: "number",
              unit: "1",
              text: "Share of trials in which it has been true by the end of the year.",
              values: rows.map(({ year }) => year?.share ?? null),
            },
          ] satisfies Column[])
        : []),
    ],
    rowCount: rows.length,
    primaryKey: ["scenario", "event", ...(sampled ? ["year"] : [])],
  };
}
