import { EVENT } from "../../compile/compile.ts";
import { Reduction } from "../../engine/index.ts";
import { yearOf } from "../../scenario/calendar.ts";
import { columnKey, type Results } from "./results.ts";
import { quantileName } from "./spread.ts";

/** The name of the columns of events, by which one is asked for. */
export { EVENT };

/** First reported month in which an event holds in the run at medians, absolute; undefined for never. */
export function firstMonthOfEvent({ columns, startMonth }: Results, name: string): number | undefined {
  const first = (columns.get(columnKey("total", EVENT, name)) ?? []).findIndex((value) => value !== 0);
  return first < 0 ? undefined : startMonth + first;
}

/** Names of the events in the results, sorted. */
export function eventsOf({ columns }: Results): readonly string[] {
  const prefix = columnKey("total", EVENT, "");
  return [...columns.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/** When an event first holds, and how likely it is to have held. */
export type EventChances = {
  readonly name: string;
  /** First reported month in which it holds in the run at medians; undefined for never. */
  readonly plainFirst?: number;
  /** With a sample: the share of trials in which it has held by the end of each year. */
  readonly byYear?: readonly { readonly year: number; readonly share: number }[];
  /** With a sample: the first month by quantile, infinite where it is after the horizon. */
  readonly firstMonths?: readonly { readonly quantile: string; readonly month: number }[];
};

/** The chances of each event, as events.csv and summary.csv have them. Fails: never. */
export function eventChances(results: Results): readonly EventChances[] {
  const { monthCount, columns, spread } = results;
  return eventsOf(results).map((name) => {
    const holds = columns.get(columnKey("total", EVENT, name)) ?? new Float64Array();
    const plainFirst = holds.findIndex((value) => value !== 0);
    const event = { level: "total", metric: EVENT, entity: name, first: 0 } as const;
    const byYear = yearEnds(results).flatMap(({ year, end }) => {
      const any = spread?.read({ ...event, end, reduction: Reduction.any, ranked: false });
      return any ? [{ year, share: any.mean }] : [];
    });
    const first = spread?.read({ ...event, end: monthCount, reduction: Reduction.firstMonth });
    const firstMonths = first?.quantiles.map((month, index) => ({
      quantile: quantileName(spread?.probabilities[index] ?? 0),
      month,
    }));
    return {
      name,
      ...(plainFirst < 0 ? {} : { plainFirst }),
      ...(firstMonths ? { byYear, firstMonths } : {}),
    };
  });
}

/** The reported months by which each year has passed. */
export function yearEnds({
  startMonth,
  monthCount,
  yearStart,
}: Results): readonly { readonly year: number; readonly end: number }[] {
  const ends = new Map<number, number>();
  for (let month = 0; month < monthCount; month++) ends.set(yearOf(startMonth + month, yearStart), month + 1);
  return [...ends].map(([year, end]) => ({ year, end }));
}
