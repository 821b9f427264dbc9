import { compileWithReads } from "../../src/compile/compile.ts";
import { directReads, linesBehind, type Reading } from "../../src/compile/reads.ts";
import { plainInputs, simulate } from "../../src/engine/index.ts";
import { TOLERANCE } from "../../src/metrics/tolerance.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";

type Columns = ReadonlyMap<string, Float64Array>;

export type ReadLines = { readonly all: ReadonlySet<string>; readonly own: ReadonlySet<string> };

/** Figures of a plain run in the months reported, by `METRIC LEVEL ENTITY`. */
export type ReadRun = {
  readonly columns: Columns;
  /** The lines that each depends on by the record, and those of them that it reads itself and not in another figure. */
  readonly listLines: () => ReadonlyMap<string, ReadLines>;
};

/** Runs a scenario at medians. */
export function runOf(scenario: Scenario): ReadRun {
  const { plan, readingOf } = compileWithReads(scenario);
  const columns = new Map<string, Float64Array>();
  const readings = new Map<string, Reading>();
  simulate(plan, plainInputs(plan), 1, (index, _first, _count, values, offset, stride) => {
    const { metric, level, entity, isScalar } = plan.columns[index];
    const reading = readingOf(metric, level, entity);
    // Ratios of calendar years and events are made of figures that are here.
    if (!reading) return;
    const [first, length] = isScalar ? [0, 1] : [plan.originMonth, plan.horizonMonths];
    const key = `${metric} ${level} ${entity}`.trimEnd();
    const at = (_: unknown, month: number) => values[offset + (first + month) * stride];
    columns.set(key, Float64Array.from({ length }, at));
    readings.set(key, reading);
  });
  return {
    columns,
    listLines: () => new Map([...readings].map(([key, reading]) => [key, linesOfReading(reading)])),
  };
}

function linesOfReading(reading: Reading): ReadLines {
  const own = directReads(reading).flatMap((read) => (read.kind === "line" ? [read.path] : []));
  return { all: new Set(linesBehind(reading)), own: new Set(own) };
}

/** Figures that differ, and those whose entity is gone. */
export function changesIn(
  before: Columns,
  after: Columns,
): { readonly changed: readonly string[]; readonly gone: readonly string[] } {
  const changed = [...before].flatMap(([key, column]) => {
    const other = after.get(key);
    return other && differ(column, other) ? [key] : [];
  });
  return { changed, gone: [...before.keys()].filter((key) => !after.has(key)) };
}

function differ(column: Float64Array, other: Float64Array): boolean {
  const largest = column.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
  return column.some((value, month) => {
    const isNone = Number.isNaN(value);
    if (isNone || Number.isNaN(other[month])) return isNone !== Number.isNaN(other[month]);
    return Math.abs(value - other[month]) > TOLERANCE * Math.max(largest, Math.abs(other[month]));
  });
}
