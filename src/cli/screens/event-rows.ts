import { visibleText } from "../../diagnostics/visible.ts";
import { EVENT_CAPTION, type EventRows, eventCells } from "../../report/event-tables.ts";
import { type Pen, TERMINAL } from "./pen.ts";

/** Letters of a line's name. */
const NAME = 24;

/** Draws events of several scenarios or points: for each event a row a scenario, its chance by year and its first month. */
export function drawEventRows(
  events: readonly EventRows[],
  heading: string,
  pen: Pen = TERMINAL,
): readonly string[] {
  return events.flatMap(({ event, lines }) => {
    const { headings, rows } = eventCells(lines);
    const names = lines.map(({ name }) => cut(visibleText(name)));
    const about =
      headings.length > 1 ? `: ${EVENT_CAPTION}` : ": first month in which it is true, at medians";
    return [
      ...pen.text(`Event ${visibleText(event)}${about}`),
      "",
      ...pen.abreast(
        [{ side: "left", cells: [heading, ...names] }],
        headings.map((name, column) => [
          { side: "right", cells: [name, ...rows.map((row) => row[column] || "-")] },
        ]),
        1,
      ),
      "",
    ];
  });
}

function cut(name: string): string {
  return name.length > NAME ? `${name.slice(0, NAME - 1)}\u2026` : name;
}
