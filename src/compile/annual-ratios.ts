import type { PlanBuilder } from "../engine/index.ts";
import type { Metric } from "../metrics/metric.ts";
import { firstMonthOf, type YearStart, yearOf } from "../scenario/calendar.ts";
import { type Entity, entityKey } from "./entities.ts";
import type { MetricRegisters } from "./metric-registers.ts";
import type { Window } from "./window.ts";

/** Entity of the column that holds a ratio of a year: `chatgpt@2027`, of the whole `@2027`. */
export function annualKey(entity: string, year: number): string {
  return `${entity}@${year}`;
}

/**
 * Adds a column of one number a trial for every year of the horizon and every ratio of flows: that of the year's
 * sums, which no month of the ratio gives, so that a sample ranks the annual figure itself.
 *
 * @param metrics  those asked for
 * @param entities those asked for
 *
 * Fails: never.
 */
export function addAnnualRatios(
  builder: PlanBuilder,
  registers: MetricRegisters,
  metrics: readonly Metric[],
  entities: readonly Entity[],
  { yearStart, ...window }: Window & { readonly yearStart: YearStart },
): void {
  const years = listYears(window, yearStart);
  for (const metric of metrics) {
    if (metric.time !== "ratio" || metric.isScalar) continue;
    for (const entity of entities) {
      const { level } = entity;
      if (metric.level !== level || (level !== "total" && level !== "workload")) continue;
      for (const { year, first, end } of years) {
        const register = registers.ratioOfMonths(metric, entity, first, end);
        if (register === undefined) continue;
        const key = annualKey(entityKey(entity), year);
        builder.column({ metric: metric.name, level, entity: key, isScalar: true, register });
      }
    }
  }
}

/** Years of the horizon with their window months; the first and the last year may be short. */
function listYears({ firstMonth, originMonth, horizonMonths }: Window, start: YearStart) {
  const years: { readonly year: number; readonly first: number; readonly end: number }[] = [];
  const last = originMonth + horizonMonths;
  for (let first = originMonth; first < last; ) {
    const absolute = firstMonth + first;
    const year = yearOf(absolute, start);
    const end = Math.min(last, firstMonthOf(year + 1, start) - firstMonth);
    years.push({ year, first, end });
    first = end;
  }
  return years;
}
