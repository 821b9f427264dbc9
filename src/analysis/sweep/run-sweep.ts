import { type Diagnostic, InternalError } from "../../diagnostics/diagnostic.ts";
import { type Plan, plainInputs } from "../../engine/index.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Runner, RunOutput } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "../faults.ts";
import { columnKey, type Results } from "../results.ts";
import { makeFigures } from "../tables/summary-table.ts";
import { indicesOf, setsOf } from "./points.ts";
import { compileSweep, type LoadWith, type PreparedSweep, readLiteral } from "./prepare-sweep.ts";

/** A cell of a row: a figure, a month or word, or nothing. */
export type SweepCell = number | string | null;

/** Points of a sweep that are done, from the first on without a gap. */
export type SweepChunk = { readonly firstPoint: number; readonly rows: readonly (readonly SweepCell[])[] };

/** Points that are simulated together and written to the journal in one line. */
export const CHUNK_POINTS = 512;

/** Raised where a point of a sweep is at fault; what was done before it stays. */
export class SweepFault extends Error {
  override readonly name = "SweepFault";
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  constructor(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>) {
    super("a point of the sweep is at fault");
    this.diagnostics = diagnostics;
    this.sources = sources;
  }
}

/**
 * Runs the points of a sweep from `firstPoint` on, chunk by chunk, in their order. A point's row does not depend on the chunk
 * it is in, so a sweep that is taken up again gives the same rows.
 *
 * Fails: `SweepFault` for a point whose values are at fault. Cost: one compilation for each combination of values that change
 * the structure, and a trial a point.
 */
export async function* runSweep(
  prepared: PreparedSweep,
  load: LoadWith,
  runner: Runner,
  firstPoint = 0,
): AsyncGenerator<SweepChunk> {
  const { sweep } = prepared;
  const groups = new PlanCache(prepared, load);
  for (let first = firstPoint; first < sweep.count; first += CHUNK_POINTS) {
    const points = Array.from(
      { length: Math.min(CHUNK_POINTS, sweep.count - first) },
      (_, index) => first + index,
    );
    const rows: (readonly SweepCell[])[] = [];
    for (const group of splitByPlan(points, groups)) rows.push(...(await runGroup(group, prepared, runner)));
    yield { firstPoint: first, rows };
  }
}

/** Points in a row that share a Plan. */
type Group = { readonly points: readonly number[]; readonly scenario: Scenario; readonly plan: Plan };

function splitByPlan(points: readonly number[], cache: PlanCache): readonly Group[] {
  const groups: Group[] = [];
  for (const point of points) {
    const { scenario, plan } = cache.at(point);
    const last = groups.at(-1);
    if (last?.plan === plan) groups[groups.length - 1] = { ...last, points: [...last.points, point] };
    else groups.push({ points: [point], scenario, plan });
  }
  return groups;
}

/** Plans held at once; more structures than this are compiled again when they come back. */
const HELD_PLANS = 64;

/** Plans by the values that change the structure. */
class PlanCache {
  readonly #prepared: PreparedSweep;
  readonly #load: LoadWith;
  readonly #known = new Map<string, { readonly scenario: Scenario; readonly plan: Plan }>();

  constructor(prepared: PreparedSweep, load: LoadWith) {
    this.#prepared = prepared;
    this.#load = load;
  }

  at(point: number): { readonly scenario: Scenario; readonly plan: Plan } {
    const { sweep, keys } = this.#prepared;
    const structural = indicesOf(sweep, point).map((index, axis) => (keys[axis] === undefined ? index : 0));
    const key = structural.join(" ");
    const known = this.#known.get(key);
    if (known) return known;
    const { scenario, diagnostics, sources } = this.#load(setsOf(sweep, structural));
    if (!scenario) throw new SweepFault(diagnostics, sources);
    if (this.#known.size >= HELD_PLANS) this.#known.clear();
    const made = { scenario, plan: compileSweep(scenario, keys) };
    this.#known.set(key, made);
    return made;
  }
}

async function runGroup(
  { points, scenario, plan }: Group,
  { sweep, keys }: PreparedSweep,
  runner: Runner,
): Promise<readonly (readonly SweepCell[])[]> {
  const trials = points.length;
  const inputs = new Float64Array(plan.variables.length * trials);
  for (const [variable, { key, kind, plain }] of plan.variables.entries()) {
    const axis = kind === "value" ? keys.indexOf(key) : -1;
    for (const [trial, point] of points.entries())
      inputs[variable * trials + trial] =
        axis < 0 ? plain : literalAt(sweep.axes[axis], indicesOf(sweep, point)[axis]);
  }
  const output = await runner.run(plan, { inputs, trials });
  if (output.faults.length > 0) {
    const [fault] = output.faults;
    const sets = setsOf(sweep, indicesOf(sweep, points[fault.firstTrial]));
    const help = `at point ${points[fault.firstTrial] + 1} of the sweep: ${sets.join(", ")}`;
    throw new SweepFault(
      describeFaults(scenario, [fault], 1).map((one) => ({ ...one, help })),
      scenario.files,
    );
  }
  return points.map((point, trial) => {
    const values = indicesOf(sweep, point).map((index, axis) => sweep.axes[axis].valueAt(index));
    const figures = makeFigures(resultsOfTrial(scenario, plan, output, trial, trials));
    return [sweep.names?.[point] ?? point + 1, ...values, ...figures.map(({ value }) => value)];
  });
}

function literalAt(axis: PreparedSweep["sweep"]["axes"][number], index: number): number {
  const literal = readLiteral(axis.valueAt(index));
  if (!literal) throw new InternalError(`${axis.path} has a value that is no literal`);
  return literal.value;
}

/** The first point of a sweep as results: names and units of the figures. */
export async function runFirstPoint({ first, keys }: PreparedSweep, runner: Runner): Promise<Results> {
  const plan = compileSweep(first, keys);
  const output = await runner.run(plan, { inputs: plainInputs(plan), trials: 1 });
  return resultsOfTrial(first, plan, output, 0, 1);
}

/** One trial as results of their own, in the units shown. */
export function resultsOfTrial(
  scenario: Scenario,
  plan: Plan,
  { columns }: RunOutput,
  trial: number,
  trials: number,
): Results {
  const shown = plan.columns.map(({ level, metric, entity }, index) => {
    const scale = findMetric(metric)?.scale ?? 1;
    const months = columns[index].length / trials;
    const values = new Float64Array(months);
    for (let month = 0; month < months; month++)
      values[month] = columns[index][month * trials + trial] / scale;
    return [columnKey(level, metric, entity), values] as const;
  });
  return {
    startMonth: scenario.startMonth,
    monthCount: scenario.monthCount,
    parts: [],
    sites: [],
    contracts: [],
    tranches: [],
    workloads: [],
    assignments: [],
    columns: new Map(shown),
    notes: {
      referenceUse: scenario.fields.get("reference_use")?.choice ?? "",
      uncertainCount: 0,
      sizedEachTrial: [],
      sizedOnce: [],
    },
  };
}
