import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import type { ComparedRun } from "./comparison.ts";

/**
 * Warns of scenarios whose horizon differs from that of the first: their totals, present values and last months cover other
 * months, so a difference reflects the calendar more than the plan.
 *
 * @return a warning for each that does not allow it
 *
 * Fails: never.
 */
export function warnOfHorizons([first, ...others]: readonly ComparedRun[]): readonly Diagnostic[] {
  if (!first) return [];
  return others.flatMap((run) => {
    const { startMonth, monthCount } = run.results;
    const isSame = startMonth === first.results.startMonth && monthCount === first.results.monthCount;
    if (isSame || run.scenario.fields.get("allow")?.texts?.includes("different-horizons")) return [];
    const values = {
      name: run.name,
      horizon: horizonText(run),
      first: first.name,
      firstHorizon: horizonText(first),
    };
    return [diagnose("different-horizons", { values })];
  });
}

/**
 * Says why the years of scenarios cannot stand side by side: they begin in different months.
 *
 * @return undefined if they can
 */
export function unlikeYears([first, ...others]: readonly ComparedRun[]): string | undefined {
  const other = others.find(({ results }) => results.yearStart !== first.results.yearStart);
  if (!first || !other) return undefined;
  const start = ({ name, results }: ComparedRun) => `${name} has \`fiscal_year_start: ${results.yearStart}\``;
  return `${start(first)} and ${start(other)}, so their years cannot be compared; add \`--set fiscal_year_start=${first.results.yearStart}\``;
}

function horizonText({ results: { startMonth, monthCount } }: ComparedRun): string {
  return `${monthCount} months from ${formatMonth(startMonth)}`;
}
