import { type Diagnostic, headlineOf, InternalError } from "../../diagnostics/diagnostic.ts";
import { type Plan, plainInputs } from "../../engine/index.ts";
import type { Runner, RunOutput } from "../../run/runner.ts";
import { yearStartOf } from "../../scenario/calendar.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "../results/faults.ts";
import { columnsByKey, type Results } from "../results/results.ts";
import { scalesOf } from "../results/scales.ts";
import type { SampleSettings } from "../sample/sample-request.ts";
import type { Figure } from "../tables/summary-table.ts";
import type { Sweep } from "./axes.ts";
import { figuresOfPoint } from "./point-figures.ts";
import { indicesOf, setsOf } from "./points.ts";
import { compileSweep, type LoadWith, type PreparedSweep, readLiteral } from "./prepare-sweep.ts";
import { type SampledPoint, samplePoint } from "./sample-point.ts";
import { alignCells, figuresOfSweep, specimenSpread } from "./sweep-figures.ts";

/** A cell of a row: a figure, a month, a word, or nothing. */
export type SweepCell = number | string | null;

/** The row of a point: what was set and its figures; or only what was set, and why there are no figures. */
export type SweepRow = { readonly cells: readonly SweepCell[]; readonly fault?: string };

/** Finished points of a sweep, without a gap. */
export type SweepChunk = { readonly firstPoint: number; readonly rows: readonly SweepRow[] };

/** Runs `count` points of a sweep from `firstPoint` on, here or in a thread. */
export type PointRunner = (firstPoint: number, count: number) => Promise<SweepChunk["rows"]>;

/**
 * Runs the points `first` .. `end` - 1 of a sweep, chunk by chunk, and returns the chunks in order. A point's row does not depend on
 * its chunk or runner, so a resumed sweep, one in shards, or one with more threads, gives the same rows.
 *
 * Fails: as the runners do; a point at fault has a row that says so.
 */
export async function* runSweep(
  { first, end }: { readonly first: number; readonly end: number },
  runners: readonly PointRunner[],
  chunkPoints: number,
): AsyncGenerator<SweepChunk> {
  const chunks: Promise<SweepChunk>[] = [];
  let next = first;
  let isStopped = false;
  const begin = (runner: PointRunner): void => {
    if (next >= end || isStopped) return;
    const firstPoint = next;
    next += chunkPoints;
    const run = runner(firstPoint, Math.min(chunkPoints, end - firstPoint));
    const chunk = run.then((rows) => ({ firstPoint, rows }));
    // What goes wrong is raised when its turn comes.
    const stop = () => {
      isStopped = true;
    };
    chunk.then(() => begin(runner), stop);
    chunks.push(chunk);
  };
  for (const runner of runners) begin(runner);
  for (let index = 0; index < chunks.length; index++) yield await chunks[index];
}

/**
 * Makes a runner of points for the calling thread.
 *
 * @param sample the trials to run at each point, if any
 *
 * Fails: as `runner` does; a point at fault has a row that says so. Cost: one compilation for each combination of values that change the
 * structure, and one trial per point plus those of the sample.
 */
export function createPointRunner(
  prepared: PreparedSweep,
  load: LoadWith,
  runner: Runner,
  sample?: SampleSettings,
): PointRunner {
  const cache = new StructureCache(prepared, load);
  let heads: readonly Figure[] | undefined;
  return async (firstPoint, count) => {
    heads ??= figuresOfSweep(await runFirstPoint(prepared, runner), sample && specimenSpread(sample));
    const job = { prepared, heads, runner, sample };
    const rows: SweepRow[] = new Array(count);
    for (const [structure, points] of splitByStructure(firstPoint, count, cache)) {
      const own =
        "fault" in structure
          ? points.map((point) => faultyRow(prepared.sweep, point, structure.fault))
          : await runGroup({ ...structure, points }, job);
      for (const [index, point] of points.entries()) rows[point - firstPoint] = own[index];
    }
    return rows;
  };
}

/** What points have in common whose values do not change the structure; or why there is no such scenario. */
type Structure = { readonly scenario: Scenario; readonly plan: Plan } | { readonly fault: string };

/** Points that share a Plan. */
type Group = { readonly points: readonly number[]; readonly scenario: Scenario; readonly plan: Plan };

function splitByStructure(
  firstPoint: number,
  count: number,
  cache: StructureCache,
): ReadonlyMap<Structure, readonly number[]> {
  const groups = new Map<Structure, number[]>();
  for (let point = firstPoint; point < firstPoint + count; point++) {
    const structure = cache.at(point);
    const points = groups.get(structure);
    if (points) points.push(point);
    else groups.set(structure, [point]);
  }
  return groups;
}

/** Most Plans held at once; further structures are compiled again when they return. */
const HELD_PLANS = 64;

/** Plans by the values that change the structure. */
class StructureCache {
  readonly #prepared: PreparedSweep;
  readonly #load: LoadWith;
  readonly #known = new Map<string, Structure>();

  constructor(prepared: PreparedSweep, load: LoadWith) {
    this.#prepared = prepared;
    this.#load = load;
  }

  at(point: number): Structure {
    const { sweep, keys } = this.#prepared;
    const structural = indicesOf(sweep, point).map((index, axis) => (keys[axis] === undefined ? index : 0));
    const key = structural.join(" ");
    const known = this.#known.get(key);
    if (known) return known;
    const { scenario, diagnostics } = this.#load(setsOf(sweep, structural));
    if (this.#known.size >= HELD_PLANS) this.#known.clear();
    const made = scenario
      ? { scenario, plan: compileSweep(scenario, keys) }
      : { fault: describeFault(diagnostics) };
    this.#known.set(key, made);
    return made;
  }
}

/** Data common to the points of a sweep. */
type PointJob = {
  readonly prepared: PreparedSweep;
  /** Figures of a row, in order. */
  readonly heads: readonly Figure[];
  readonly runner: Runner;
  readonly sample: SampleSettings | undefined;
};

async function runGroup(group: Group, job: PointJob): Promise<readonly SweepRow[]> {
  const { points, scenario, plan } = group;
  const { prepared, heads, runner, sample } = job;
  const trials = points.length;
  const inputs = new Float64Array(plan.variables.length * trials);
  const inputsOf = points.map((point) => inputsOfPoint(prepared, plan, point));
  for (const [trial, values] of inputsOf.entries())
    for (const [variable, value] of values.entries()) inputs[variable * trials + trial] = value;
  const output = await runner.run(plan, { inputs, trials });
  if (output.faults.length > 0) {
    // Faults name the first of their trials only, so each point is run alone.
    if (trials > 1)
      return (await mapInOrder(points, (point) => runGroup({ ...group, points: [point] }, job))).flat();
    return [faultyRow(prepared.sweep, points[0], describeFault(describeFaults(scenario, output.faults, 1)))];
  }
  return mapInOrder(points, async (point, trial) => {
    const results = resultsOfTrial(scenario, plan, output, trial, trials);
    const head = headOf(prepared.sweep, point);
    if (!sample) return { cells: [...head, ...alignCells(heads, figuresOfPoint(results))] };
    const one = { scenario, plan, results, pointInputs: inputsOf[trial] };
    const { spread, diagnostics } = await samplePoint(one, runner, sample);
    if (!spread) return faultyRow(prepared.sweep, point, describeFault(diagnostics));
    return { cells: [...head, ...alignCells(heads, figuresOfPoint({ ...results, spread }))] };
  });
}

/** One after the other, because each takes a runner for itself. */
async function mapInOrder<From, To>(
  items: readonly From[],
  map: (item: From, index: number) => Promise<To>,
): Promise<readonly To[]> {
  const made: To[] = [];
  for (const [index, item] of items.entries()) made.push(await map(item, index));
  return made;
}

/** Name or number of a point, and the values set. */
function headOf(sweep: Sweep, point: number): readonly SweepCell[] {
  const values = indicesOf(sweep, point).map((index, axis) => sweep.axes[axis].valueAt(index));
  return [sweep.names?.[point] ?? point + 1, ...values];
}

function faultyRow(sweep: Sweep, point: number, fault: string): SweepRow {
  return { cells: headOf(sweep, point), fault };
}

/** Faults in one line, without their places: a table is the same wherever its scenario lies. */
function describeFault(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map((one) => `${one.code}: ${headlineOf(one)}`)
    .join("; ");
}

/** Values of a Plan's variables at a point: those of its axes, else the medians. */
function inputsOfPoint({ sweep, keys }: PreparedSweep, { variables }: Plan, point: number): Float64Array {
  const indices = indicesOf(sweep, point);
  return Float64Array.from(variables, ({ key, kind, plain }) => {
    const axis = kind === "value" ? keys.indexOf(key) : -1;
    return axis < 0 ? plain : literalAt(sweep.axes[axis], indices[axis]);
  });
}

function literalAt(axis: Sweep["axes"][number], index: number): number {
  const literal = readLiteral(axis.valueAt(index));
  if (!literal) throw new InternalError(`${axis.path} has a value that is not a literal`);
  return literal.value;
}

/** The first point of a sweep as results, for names and units of the figures. */
export async function runFirstPoint(prepared: PreparedSweep, runner: Runner): Promise<Results> {
  return (await openFirstPoint(prepared, runner)).results;
}

/** The first point of a sweep with its Plan, as it is sampled. */
export async function openFirstPoint({ first, keys }: PreparedSweep, runner: Runner): Promise<SampledPoint> {
  const plan = compileSweep(first, keys);
  const pointInputs = plainInputs(plan);
  const output = await runner.run(plan, { inputs: pointInputs, trials: 1 });
  return { scenario: first, plan, results: resultsOfTrial(first, plan, output, 0, 1), pointInputs };
}

/** One trial as separate results, in display units. */
function resultsOfTrial(
  scenario: Scenario,
  plan: Plan,
  { columns }: RunOutput,
  trial: number,
  trials: number,
): Results {
  const scales = scalesOf(plan);
  const shown = columns.map((column, index) => {
    const values = new Float64Array(column.length / trials);
    for (let month = 0; month < values.length; month++)
      values[month] = column[month * trials + trial] / scales[index];
    return values;
  });
  return {
    startMonth: scenario.startMonth,
    monthCount: scenario.monthCount,
    yearStart: yearStartOf(scenario),
    parts: [],
    sites: [],
    contracts: scenario.names.contracts,
    tranches: scenario.names.financing,
    loans: scenario.names.debt,
    workloads: [],
    assignments: [],
    columns: columnsByKey(plan, shown),
    notes: {
      referenceUse: scenario.fields.get("reference_use")?.choice ?? "",
      uncertainCount: 0,
      sizedEachTrial: [],
      sizedOnce: [],
    },
  };
}
