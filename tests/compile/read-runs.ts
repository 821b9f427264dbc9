import { compileWithReads } from "../../src/compile/compile.ts";
import { linesBehind, type Reading } from "../../src/compile/record/reads.ts";
import { plainInputs, simulate } from "../../src/engine/index.ts";
import { TOLERANCE } from "../../src/metrics/tolerance.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";

type Columns = ReadonlyMap<string, Float64Array>;

/** A line that is read at some place, and the metrics that take what is made there. */
export type LineRead = { readonly path: string; readonly takers: readonly string[] };

/** Figures of a plain run in the months reported, by `METRIC LEVEL ENTITY`. */
export type ReadRun = {
  readonly columns: Columns;
  /** The lines that each depends on by the record. */
  readonly listLines: () => ReadonlyMap<string, ReadonlySet<string>>;
  /** Every read of a line. */
  readonly listReads: () => readonly LineRead[];
};

/** Runs a scenario at medians, for some metrics or all. */
export function runOf(scenario: Scenario, metrics?: readonly string[]): ReadRun {
  const { plan, readingOf } = compileWithReads(scenario, metrics && { metrics });
  const columns = new Map<string, Float64Array>();
  const readings = new Map<string, Reading>();
  simulate(plan, plainInputs(plan), 1, (index, _first, _count, values, offset, stride) => {
    const { metric, level, entity, isScalar } = plan.columns[index];
    const reading = readingOf(metric, level, entity);
    // Ratios of calendar years and events are made of figures that are here.
    if (!reading) return;
    const [first, length] = isScalar ? [0, 1] : [plan.originMonth, plan.horizonMonths];
    const key = `${metric} ${level} ${entity}`.trimEnd();
    const column = new Float64Array(length);
    for (let month = 0; month < length; month++) column[month] = values[offset + (first + month) * stride];
    columns.set(key, column);
    readings.set(key, reading);
  });
  return {
    columns,
    listLines: () => new Map([...readings].map(([key, reading]) => [key, new Set(linesBehind(reading))])),
    listReads: () => listReads(readings),
  };
}

/** The metric of a figure. */
export function metricOf(key: string): string {
  return key.slice(0, key.indexOf(" "));
}

/** Reads between figures: in a figure itself, an input or a step that several figures share, or a line that names another. */
function listReads(readings: ReadonlyMap<string, Reading>): readonly LineRead[] {
  const takers = new Map<Reading, Set<string>>();
  for (const [key, figure] of readings) {
    const between = new Set([figure]);
    for (const reading of between) {
      const known = takers.get(reading) ?? new Set();
      takers.set(reading, known.add(metricOf(key)));
      for (const read of reading.reads) if (read.subject.kind !== "metric") between.add(read);
    }
  }
  return [...takers].flatMap(([{ reads }, metrics]) =>
    [...reads].flatMap(({ subject }) =>
      subject.kind === "line" ? [{ path: subject.path, takers: [...metrics].sort() }] : [],
    ),
  );
}

/** Figures that differ, and those whose entity came or went. */
export function changesIn(
  before: Columns,
  after: Columns,
): { readonly changed: readonly string[]; readonly others: readonly string[] } {
  const changed = [...before].flatMap(([key, column]) => {
    const other = after.get(key);
    return other && differ(column, other) ? [key] : [];
  });
  const others = [...before.keys(), ...after.keys()].filter((key) => before.has(key) !== after.has(key));
  return { changed, others };
}

function differ(column: Float64Array, other: Float64Array): boolean {
  const largest = column.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
  return column.some((value, month) => {
    const isNone = Number.isNaN(value);
    if (isNone || Number.isNaN(other[month])) return isNone !== Number.isNaN(other[month]);
    return Math.abs(value - other[month]) > TOLERANCE * Math.max(largest, Math.abs(other[month]));
  });
}
