import { EVENT } from "../../compile/compile.ts";
import { Reduction } from "../../engine/index.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { eventsOf } from "../results/events.ts";
import { columnKey, type Results } from "../results/results.ts";
import { monthColumn, textColumn } from "./columns.ts";

/** Every event by month: whether it holds in the plain run, and its probability. */
export function makeEvents(results: Results): Table {
  const events = eventsOf(results);
  const { monthCount, columns, spread } = results;
  const rows = Array.from({ length: monthCount }, (_, month) =>
    events.map((event) => ({ month, event })),
  ).flat();
  const probability = (name: string, text: string, firstOf: (month: number) => number): Column => ({
    name,
    type: "number",
    unit: "1",
    text,
    values: rows.map(({ month, event }) => {
      const [first, end] = [firstOf(month), month + 1];
      const reduction = Reduction.any;
      const request = {
        level: "total",
        metric: EVENT,
        entity: event,
        first,
        end,
        reduction,
        ranked: false,
      } as const;
      return spread?.read(request)?.mean ?? null;
    }),
  });
  return {
    name: "events",
    text: "Events stated by the scenario, month by month.",
    columns: [
      monthColumn(results, events.length),
      textColumn(
        "event",
        "Name of the event.",
        rows.map(({ event }) => event),
      ),
      {
        name: "holds",
        type: "integer",
        unit: "1",
        text: "Is 1 if the condition is true at the end of the month in the run at medians.",
        values: rows.map(({ month, event }) => columns.get(columnKey("total", EVENT, event))?.[month] ?? 0),
      },
      ...(spread
        ? [
            probability(
              "probability",
              "Share of trials in which the condition is true in the month.",
              (month) => month,
            ),
            probability("probability_by", "Share of trials in which it has been true by the month.", () => 0),
          ]
        : []),
    ],
    rowCount: rows.length,
    primaryKey: ["month", "event"],
  };
}
