import { headlineOf } from "../../diagnostics/diagnostic.ts";
import { offerNearest } from "../../diagnostics/nearest.ts";
import { describeVector } from "../../units/dimension.ts";
import { parseQuantity } from "../../units/quantity.ts";
import { relateByTime } from "../../units/time-apart.ts";
import { equalVectors } from "../../units/vector.ts";
import { unitFormulaOf } from "../compare/condition.ts";
import type { Results } from "../results/results.ts";
import { findFigureRequests } from "../sample/figure-requests.ts";
import { makeFigures } from "../tables/summary-table.ts";
import type { Goal } from "./solve.ts";

const PATTERN = /^\s*([a-z0-9_.]+)\s*=\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*(.*?)\s*$/i;

/** A goal with the unit of its figure. */
export type NamedGoal = Goal & { readonly metric: string; readonly unit: string };

/**
 * Reads `METRIC=VALUE`: a figure of the whole run, as in summary.csv, and the value it is to have, in the unit of the figure or
 * with a unit of its own.
 *
 * @return a sentence instead, where the text says neither
 *
 * Fails: never.
 */
export function readGoal(text: string, results: Results): NamedGoal | string {
  const [, metric, number, unit] = PATTERN.exec(text) ?? [];
  if (metric === undefined)
    return `\`${text}\` is not of the form \`METRIC=VALUE\`, such as \`provider_irr=15%\``;
  const request = findFigureRequests(results).get(metric);
  if (!request) return unknownFigure(metric, results);
  const shown = makeFigures(results).find((figure) => figure.metric === metric)?.unit ?? "months from start";
  const target = readValue(Number(number), unit, shown);
  return typeof target === "string" ? `\`${text}\`: ${target}` : { request, target, metric, unit: shown };
}

function unknownFigure(name: string, results: Results): string {
  const near = offerNearest(name, [...findFigureRequests(results).keys()]);
  return `the run has no figure \`${name}\`${near ? `; write ${near}` : "; summary.csv lists its figures"}`;
}

function readValue(number: number, unit: string, shown: string): number | string {
  if (!Number.isFinite(number)) return "the value is not a finite number";
  if (unit === "") return number;
  if (unit === "%" && shown === "1") return number / 100;
  const one = shown === "1" ? undefined : parseQuantity(`1 ${unitFormulaOf(shown)}`).value;
  if (!one)
    return `the figure has no unit that \`${unit}\` converts to; write a plain number${shown === "1" ? "" : ` of ${shown}`}`;
  const { value, diagnostics } = parseQuantity(`${number} ${unit}`);
  if (diagnostics.length > 0) return headlineOf(diagnostics[0]);
  if (!value || !equalVectors(value.vector, one.vector)) {
    const relation = value && relateByTime(value.vector, one.vector);
    return `the figure needs ${shown}, got ${value ? describeVector(value.vector) : "none"}${relation ? `; ${relation}` : ""}`;
  }
  return value.si / one.si;
}
