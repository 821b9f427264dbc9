import { compile } from "../../compile/compile.ts";
import { layOutWindow } from "../../compile/window.ts";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import type { Plan } from "../../engine/index.ts";
import { METRICS } from "../../metrics/index.ts";
import type { Expr } from "../../scenario/language/expr.ts";
import { parseValue } from "../../scenario/language/parse-value.ts";
import type { LoadResult } from "../../scenario/load.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import { equalVectors } from "../../units/dimension.ts";
import { SUMMARY_TOTALS } from "../tables/summary-table.ts";
import type { Sweep } from "./axes.ts";
import { setsOf } from "./points.ts";

/** Loads the scenario of a sweep with further `--set` texts after those of the command line. */
export type LoadWith = (sets: readonly string[]) => LoadResult;

/** A sweep whose axes are divided into inputs of one Plan and axes that need another Plan. */
export type PreparedSweep = {
  readonly sweep: Sweep;
  /** The scenario at the first point. */
  readonly first: Scenario;
  /** For each axis the key of its input, or undefined if its values change the structure. */
  readonly keys: readonly (string | undefined)[];
};

/** Metrics in a row of a sweep, as in summary.csv. */
const SWEEP_METRICS: readonly string[] = [
  ...METRICS.filter(
    ({ level, isScalar }) =>
      level === "run" || (isScalar && (level === "contract" || level === "tranche" || level === "loan")),
  ).map((metric) => metric.name),
  ...SUMMARY_TOTALS,
];

/**
 * Finds the axes that are plain numbers, whose points are trials of one Plan.
 *
 * An axis is an input if its values are literals of one dimension, the simulated window is the same at both ends, and the
 * program reads it. All others (words, references, mixes, dates that move the window) are compiled anew for each value.
 *
 * Fails: never; faults of the scenario at the ends of an axis are returned.
 */
export function prepareSweep(
  sweep: Sweep,
  load: LoadWith,
): {
  readonly prepared?: PreparedSweep;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: LoadResult["sources"];
} {
  const start = sweep.axes.map(() => 0);
  const first = load(setsOf(sweep, start));
  const { scenario, diagnostics, sources } = first;
  if (!scenario) return { diagnostics, sources };
  const window = JSON.stringify(layOutWindow(scenario));
  const keys: (string | undefined)[] = [];
  for (const [axis, { count }] of sweep.axes.entries()) {
    const isGrid = sweep.kind === "grid";
    const end = start.map((_, other) => (isGrid && other !== axis ? 0 : count - 1));
    const last = load(setsOf(sweep, end));
    if (!last.scenario) return { diagnostics: last.diagnostics, sources: last.sources };
    const isSameWindow = JSON.stringify(layOutWindow(last.scenario)) === window;
    keys.push(isSameWindow ? keyOfAxis(scenario, sweep, axis) : undefined);
  }
  const read = new Set(
    compileSweep(scenario, keys).variables.map(({ key, kind }) => (kind === "value" ? key : "")),
  );
  const prepared = {
    sweep,
    first: scenario,
    keys: keys.map((key) => (key && read.has(key) ? key : undefined)),
  };
  return { prepared, diagnostics, sources };
}

/** The Plan of a point's scenario, with the numeric axes as inputs. */
export function compileSweep(scenario: Scenario, keys: readonly (string | undefined)[]): Plan {
  const inputs = keys.filter((key) => key !== undefined);
  return compile(scenario, {
    metrics: SWEEP_METRICS,
    levels: ["run", "total", "contract", "tranche", "loan"],
    events: "all",
    inputs,
    months: "horizon",
  });
}

/** A literal of an axis in SI units (a month as an absolute month), or undefined for any other text. */
export function readLiteral(text: string): (Expr & { readonly kind: "number" }) | undefined {
  const span = { file: "", line: 1, column: 1, length: Math.max(1, text.length) };
  const names = { lookup: () => undefined, known: [] };
  const { expr, diagnostics } = parseValue(text, { span, variable: "axis", names, allowMonth: false });
  return expr?.kind === "number" && !hasErrors(diagnostics) ? expr : undefined;
}

function keyOfAxis(scenario: Scenario, { axes }: Sweep, axis: number): string | undefined {
  const { path, count, valueAt } = axes[axis];
  const declared = path.replace(/^(fleets\.[^.]+\.mix\.[^.]+)\.share$/, "$1");
  const fields = [...scenario.fields.values(), ...scenario.lets];
  const field: FieldValue | undefined = fields.find(({ origin }) => origin.declaredAt === declared);
  if (field?.expr?.kind !== "number" || !["quantity", "share", "any", "date"].includes(field.spec.kind))
    return undefined;
  // Shares without a `rest` must add up at every point, which is checked when a scenario is loaded.
  if (field.spec.kind === "share" && !hasRest(scenario, declared)) return undefined;
  const { vector, isDate } = field.expr;
  for (let index = 0; index < count; index++) {
    const literal = readLiteral(valueAt(index));
    if (!literal || literal.isDate !== isDate || !equalVectors(literal.vector, vector)) return undefined;
  }
  return declared;
}

function hasRest({ fields }: Scenario, share: string): boolean {
  const mix = share.slice(0, share.lastIndexOf(".") + 1);
  return [...fields.values()].some(({ path, rest }) => rest === true && path.startsWith(mix));
}
