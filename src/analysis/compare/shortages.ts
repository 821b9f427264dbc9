import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { listWords } from "../../scenario/fields/words.ts";
import type { FieldValue } from "../../scenario/scenario.ts";
import { formatQuantity } from "../../units/format.ts";
import { findColumn, type Results } from "../results/results.ts";
import { warnOfNeverServed } from "../results/shortfalls.ts";
import type { ComparedRun, Comparison } from "./comparison.ts";

/** From this share of its installed chip-months on, what a scaled mix strands is told. */
const TOLD_SHARE = 0.01;

/**
 * Warns of workloads that are never served, once for all scenarios in which the same place and cause are at fault.
 *
 * @param told warnings that have been reported for any of the scenarios
 *
 * Fails: never.
 */
export function warnOfUnserved(
  runs: readonly ComparedRun[],
  told: readonly Diagnostic[],
): readonly Diagnostic[] {
  const found = new Map<string, { readonly warning: Diagnostic; readonly names: string[] }>();
  for (const { name, scenario, results } of runs) {
    for (const warning of warnOfNeverServed(scenario, results, told)) {
      const key = JSON.stringify(warning);
      const known = found.get(key);
      if (known) known.names.push(name);
      else found.set(key, { warning, names: [name] });
    }
  }
  return [...found.values()].map(({ warning, names }) => {
    const quoted = names.map((name) => `\`${name}\``);
    const scenarios = names.length === runs.length ? "all scenarios" : listWords(quoted, "and");
    return { ...warning, values: { ...warning.values, scenarios } };
  });
}

/**
 * Warns of mixes that a basis fills with chips for which there is no power: they are paid for and compute nothing, so that
 * the basis compares plans nobody would build.
 *
 * @param scale the field that names the value by which mixes are scaled: the place of the remedy
 *
 * Fails: never; a scenario that allows the code is not told.
 */
export function warnOfStranded(
  { basis, runs }: Comparison,
  { path, origin }: FieldValue,
): readonly Diagnostic[] {
  return runs.flatMap(({ name, scenario, results, scale }) => {
    const share = strandedShare(results);
    if (share <= TOLD_SHARE) return [];
    if (scenario.fields.get("allow")?.texts?.includes("stranded-basis")) return [];
    const values = {
      basis,
      name,
      scale: String(Number((scale ?? 1).toPrecision(4))),
      share: formatQuantity(share, "fraction"),
      stranded: formatQuantity(largest(results, "chips_stranded"), "chips"),
    };
    return diagnose("stranded-basis", { values, path, span: origin.span });
  });
}

/** Stranded chip-months of the installed ones over the horizon, 0 where none is installed. */
function strandedShare(results: Results): number {
  const installed = sumOf(results, "chips_installed");
  return installed > 0 ? sumOf(results, "chips_stranded") / installed : 0;
}

function monthsOf(results: Results, metric: string): Float64Array {
  return findColumn(results, "total", metric) ?? new Float64Array();
}

function sumOf(results: Results, metric: string): number {
  return monthsOf(results, metric).reduce((sum, value) => sum + value, 0);
}

function largest(results: Results, metric: string): number {
  return monthsOf(results, metric).reduce((most, value) => Math.max(most, value), 0);
}
