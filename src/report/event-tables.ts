import type { EventChances } from "../analysis/results/events.ts";
import { isoMonth, readMonth } from "../charts/kit/months.ts";
import { capital, percent } from "../charts/kit/numbers.ts";
import type { NumberTable } from "../charts/kit/picture.ts";
import { EVENT } from "../compile/compile.ts";
import type { Table } from "../metrics/table.ts";
import type { Section } from "./page/page.ts";

/** An event of a run, a scenario or a point of a sweep. */
export type EventLine = {
  /** What is beside others: the event, the scenario or the point. */
  readonly name: string;
  readonly startMonth: number;
  /** Absent where the scenario does not state the event. */
  readonly chances: EventChances | undefined;
};

/** One event in each of several scenarios or points. */
export type EventRows = { readonly event: string; readonly lines: readonly EventLine[] };

/** Puts runs side by side, event by event in the order of their names. */
export function eventsByName(
  runs: readonly {
    readonly name: string;
    readonly startMonth: number;
    readonly events: readonly EventChances[];
  }[],
): readonly EventRows[] {
  const names = new Set(runs.flatMap(({ events }) => events.map(({ name }) => name)));
  return [...names].sort().map((event) => ({
    event,
    lines: runs.map(({ name, startMonth, events }) => ({
      name,
      startMonth,
      chances: events.find((one) => one.name === event),
    })),
  }));
}

/**
 * Lines of an event as cells: the chance by the end of each year and the first month's quantiles where they were sampled, else the
 * first month at medians. The screens and the reports read these.
 */
export function eventCells(lines: readonly EventLine[]): {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const years = new Set<number>();
  const quantiles = new Set<string>();
  for (const { chances } of lines) {
    for (const { year } of chances?.byYear ?? []) years.add(year);
    for (const { quantile } of chances?.firstMonths ?? []) quantiles.add(quantile);
  }
  const sorted = [...years].sort((a, b) => a - b);
  if (sorted.length === 0)
    return {
      headings: ["first month"],
      rows: lines.map(({ startMonth, chances }) => [
        chances ? monthText(startMonth, chances.plainFirst, "never") : "",
      ]),
    };
  return {
    headings: [
      ...sorted.map((year) => `by ${year}`),
      ...[...quantiles].map((quantile) => quantile.toUpperCase().replace("_", ".")),
    ],
    rows: lines.map(({ startMonth, chances }) => [
      ...sorted.map((year) => {
        const found = chances?.byYear?.find((one) => one.year === year);
        return found ? percent(found.share) : "";
      }),
      ...[...quantiles].map((quantile) => {
        const found = chances?.firstMonths?.find((one) => one.quantile === quantile);
        return found ? monthText(startMonth, found.month, "later") : "";
      }),
    ]),
  };
}

function monthText(startMonth: number, month: number | undefined, none: string): string {
  return month !== undefined && Number.isFinite(month) ? isoMonth(startMonth + month) : none;
}

/** What the cells of events mean, for a caption. */
export const EVENT_CAPTION =
  "share of trials in which it has been true by the end of each year, then quantiles of its first month; later: after the horizon";

/** A table of all events of one run, whose cells open the trace of the event. */
export function runEventTable(lines: readonly EventLine[]): NumberTable {
  const { headings } = eventCells(lines);
  return {
    ...eventTable(captionOf(lines), "Event", lines),
    figureAt: (row, column) => {
      const entity = lines[row].name;
      const [, year] = /^by (\d+)$/.exec(headings[column - 1] ?? "") ?? [];
      // A quantile is of the trials; the event at medians is taken apart where it first is true there.
      return { metric: EVENT, entity, ...(year === undefined ? {} : { when: year, of: "chance" }) };
    },
  };
}

/** A table of one event, or of all events of one run. */
function eventTable(caption: string, heading: string, lines: readonly EventLine[]): NumberTable {
  const { headings, rows } = eventCells(lines);
  return {
    caption,
    columns: [{ name: heading }, ...headings.map((name) => ({ name }))],
    rows: lines.map(({ name }, row) => [name, ...rows[row]]),
  };
}

/** The section of a report with a table for each event; none without events. */
export function eventsSection(events: readonly EventRows[], heading: string): readonly Section[] {
  if (events.length === 0) return [];
  return [
    {
      id: "events",
      title: "Events",
      lead: "When what the scenario asks about comes true, and how likely it is to have come true.",
      folded: events.map(({ event, lines }) => ({
        title: `Event ${event}`,
        table: eventTable(captionOf(lines), heading, lines),
      })),
    },
  ];
}

/** What a table of events says, from what its lines have. */
function captionOf(lines: readonly EventLine[]): string {
  return lines.some(({ chances }) => chances?.byYear) ? capital(EVENT_CAPTION) : "First month, at medians";
}

/** Reads the events of each point from the table of a sweep. */
export function sweptEvents(
  table: Table,
  names: readonly string[],
  startMonth: number,
): readonly EventRows[] {
  const column = (name: string) => table.columns.find((one) => one.name === name)?.values;
  const events = table.columns.flatMap(({ name }) => /^event_(.+)_first_month$/.exec(name)?.[1] ?? []);
  return events.map((event) => {
    const plain = column(`event_${event}_first_month`);
    const years = table.columns.flatMap(({ name }) => {
      const year = name.startsWith(`event_${event}_by_`) ? name.slice(`event_${event}_by_`.length) : "";
      return /^\d{4}$/.test(year) ? [Number(year)] : [];
    });
    const quantiles = table.columns.flatMap(({ name }) => {
      const prefix = `event_${event}_first_month_`;
      const quantile = name.startsWith(prefix) ? name.slice(prefix.length) : "";
      return /^p\d/.test(quantile) ? [quantile] : [];
    });
    const lines = names.map((name, row): EventLine => {
      // A point at fault has no figures.
      if (typeof plain?.[row] !== "string") return { name, startMonth, chances: undefined };
      const first = readMonth(plain[row]);
      return {
        name,
        startMonth,
        chances: {
          name: event,
          ...(Number.isNaN(first) ? {} : { plainFirst: first - startMonth }),
          ...(years.length === 0
            ? {}
            : {
                byYear: years.map((year) => ({
                  year,
                  share: numberIn(column(`event_${event}_by_${year}`)?.[row]),
                })),
                firstMonths: quantiles.map((quantile) => ({
                  quantile,
                  month: numberIn(column(`event_${event}_first_month_${quantile}`)?.[row]),
                })),
              }),
        },
      };
    });
    return { event, lines };
  });
}

function numberIn(cell: number | string | null | undefined): number {
  return typeof cell === "number" ? cell : Number.NaN;
}
