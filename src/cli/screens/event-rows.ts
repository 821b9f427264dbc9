import { visibleText } from "../../diagnostics/visible.ts";
import { EVENT_CAPTION, type EventRows, eventCells } from "../../report/event-tables.ts";
import { drawAbreast, SCREEN_WIDTH, wrapText } from "./draw-columns.ts";

/** Letters of a line's name. */
const NAME = 24;

/** Draws events of several scenarios or points: for each event a row a scenario, its chance by year and its first month. */
export function drawEventRows(events: readonly EventRows[], heading: string): string[] {
  return events.flatMap(({ event, lines }) => {
    const { headings, rows } = eventCells(lines);
    const names = lines.map(({ name }) => cut(visibleText(name)));
    const about =
      headings.length > 1 ? `: ${EVENT_CAPTION}` : ": first month in which it is true, at medians";
    return [
      ...wrapText(`Event ${visibleText(event)}${about}`, SCREEN_WIDTH),
      "",
      ...drawAbreast(
        [{ side: "left", cells: [heading, ...names] }],
        headings.map((name, column) => [
          { side: "right", cells: [name, ...rows.map((row) => row[column] || "-")] },
        ]),
      ),
      "",
    ];
  });
}

function cut(name: string): string {
  return name.length > NAME ? `${name.slice(0, NAME - 1)}\u2026` : name;
}
