import { EVENT } from "../../compile/compile.ts";
import { Reduction } from "../../engine/index.ts";
import { eventsOf, yearEnds } from "../results/events.ts";
import type { Results } from "../results/results.ts";
import { eventRows, type Figure, makeFigures } from "../tables/summary-table.ts";

/**
 * The figures of a point of a sweep: those of the summary, the first month of each event and, where the point is sampled, the
 * share of trials in which the event has been true by the end of each year.
 *
 * Fails: never.
 */
export function figuresOfPoint(results: Results): readonly Figure[] {
  return [...makeFigures(results), ...eventRows(results), ...eventYearRows(results)];
}

function eventYearRows(results: Results): readonly Figure[] {
  return eventsOf(results).flatMap((entity) =>
    yearEnds(results).flatMap(({ year, end }): Figure[] => {
      const share = results.spread?.read({
        level: "total",
        metric: EVENT,
        entity,
        first: 0,
        end,
        reduction: Reduction.any,
        ranked: false,
      });
      if (!share) return [];
      const text = `Share of trials in which the event ${entity} has been true by the end of ${year}.`;
      return [{ metric: `event_${entity}_by_${year}`, value: share.mean, unit: "1", text }];
    }),
  );
}
