import { EVENT } from "../../compile/compile.ts";
import { Reduction } from "../../engine/index.ts";
import type { Table } from "../../metrics/table.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { eventsOf } from "../results/events.ts";
import { columnKey, type Results } from "../results/results.ts";
import { monthsOf } from "./columns.ts";
import { type ColumnOf, months, numbers, tableOf, words } from "./table-of.ts";

/** Every event by month: whether it holds in the plain run, and its probability. */
export function makeEvents(results: Results): Table {
  const events = eventsOf(results);
  const { columns, spread } = results;
  const rows = monthsOf(results).flatMap((calendarMonth, month) =>
    events.map((event) => ({ calendarMonth, month, event })),
  );
  type Row = (typeof rows)[number];
  const probability = (name: string, text: string, firstOf: (month: number) => number): ColumnOf<Row> =>
    numbers(name, "1", text, ({ month, event }) => {
      const span = { first: firstOf(month), end: month + 1, reduction: Reduction.any, ranked: false };
      return spread?.read({ level: "total", metric: EVENT, entity: event, ...span })?.mean;
    });
  const probabilities = [
    probability(
      "probability",
      "Share of trials in which the condition is true in the month.",
      (month) => month,
    ),
    probability("probability_by", "Share of trials in which it has been true by the month.", () => 0),
  ];
  return tableOf("events", "Events stated by the scenario, month by month.", ["month", "event"], rows, [
    months("month", "Calendar month.", ({ calendarMonth }) => formatMonth(calendarMonth)),
    words("event", "Name of the event.", ({ event }) => event),
    {
      name: "holds",
      type: "integer",
      unit: "1",
      text: "Is 1 if the condition is true at the end of the month in the run at medians.",
      of: ({ month, event }) => columns.get(columnKey("total", EVENT, event))?.[month] ?? 0,
    },
    ...(spread ? probabilities : []),
  ]);
}
