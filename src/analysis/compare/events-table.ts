import type { Table } from "../../metrics/table.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { type EventChances, eventChances } from "../results/events.ts";
import { type ColumnOf, months, numbers, tableOf, words } from "../tables/table-of.ts";
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
  const years: readonly ColumnOf<Row>[] = [
    { name: "year", type: "integer", text: "Calendar year.", of: ({ year }) => year?.year ?? null },
    numbers(
      "probability_by",
      "1",
      "Share of trials in which it has been true by the end of the year.",
      ({ year }) => year?.share,
    ),
  ];
  const isSampled = rows.some(({ year }) => year !== undefined);
  const quantiles = rows[0]?.event.firstMonths?.map(({ quantile }) => quantile) ?? [];
  return tableOf(
    "events",
    "Events stated by the scenarios: their first month, and the chance that they have been true by the end of each year.",
    ["scenario", "event", ...(isSampled ? ["year"] : [])],
    rows,
    [
      words("scenario", "Name of the scenario.", ({ scenario }) => scenario),
      words("event", "Name of the event.", ({ event }) => event.name),
      months(
        "first_month",
        "First month in which it is true in the run at medians; empty for never.",
        (row) => row.monthText(row.event.plainFirst),
      ),
      ...quantiles.map((quantile, index) =>
        months<Row>(
          `first_month_${quantile}`,
          `Order statistic ${quantile} of the first month over all trials; empty for after the horizon.`,
          (row) => row.monthText(row.event.firstMonths?.[index]?.month),
        ),
      ),
      ...(isSampled ? years : []),
    ],
  );
}
