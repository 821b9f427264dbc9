import { type Diagnostic, InternalError } from "../../diagnostics/diagnostic.ts";
import { type Plan, plainInputs } from "../../engine/index.ts";
import type { Runner, RunOutput } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "../results/faults.ts";
import { columnsByKey, type Results } from "../results/results.ts";
import { scalesOf } from "../results/scales.ts";
import type { SampleSettings } from "../sample/sample-request.ts";
import { type Figure, makeFigures } from "../tables/summary-table.ts";
import type { Sweep } from "./axes.ts";
import { indicesOf, setsOf } from "./points.ts";
import { compileSweep, type LoadWith, type PreparedSweep, readLiteral } from "./prepare-sweep.ts";
import { samplePoint } from "./sample-point.ts";
import { alignCells, figuresOfSweep, specimenSpread } from "./sweep-figures.ts";

/** A cell of a row: a figure, a month, a word, or nothing. */
export type SweepCell = number | string | null;

/** Finished points of a sweep, from the first on without a gap. */
export type SweepChunk = { readonly firstPoint: number; readonly rows: readonly (readonly SweepCell[])[] };

/** Raised for a faulty point of a sweep; earlier results are kept. */
export class SweepFault extends Error {
  override readonly name = "SweepFault";
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  constructor(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>) {
    super("a point of the sweep is faulty");
    this.diagnostics = diagnostics;
    this.sources = sources;
  }
}

/** Runs `count` points of a sweep from `firstPoint` on, here or in a thread. */
export type PointRunner = (firstPoint: number, count: number) => Promise<SweepChunk["rows"]>;

/**
 * Runs the points of a sweep from `firstPoint` on, chunk by chunk, and returns the chunks in order. A point's row does not
 * depend on its chunk or runner, so a resumed sweep, or one with more threads, gives the same rows.
 *
 * Fails: with the first faulty point, after returning all points before it.
 */
export async function* runSweep(
  { count }: Sweep,
  runners: readonly PointRunner[],
  chunkPoints: number,
  firstPoint = 0,
): AsyncGenerator<SweepChunk> {
  const chunks: Promise<SweepChunk>[] = [];
  let next = firstPoint;
  let isStopped = false;
  const begin = (runner: PointRunner): void => {
    if (next >= count || isStopped) return;
    const first = next;
    next += chunkPoints;
    const run = runner(first, Math.min(chunkPoints, count - first));
    const chunk = run.then((rows) => ({ firstPoint: first, rows }));
    // A fault is raised when its turn comes.
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
 * Fails: `SweepFault` for a point with faulty values. Cost: one compilation for each combination of values that change the
 * structure, and one trial per point plus those of the sample.
 */
export function createPointRunner(
  prepared: PreparedSweep,
  load: LoadWith,
  runner: Runner,
  sample?: SampleSettings,
): PointRunner {
  const cache = new PlanCache(prepared, load);
  let heads: readonly Figure[] | undefined;
  return async (firstPoint, count) => {
    heads ??= figuresOfSweep(await runFirstPoint(prepared, runner), sample && specimenSpread(sample));
    const rows: (readonly SweepCell[])[] = new Array(count);
    for (const group of splitByPlan(firstPoint, count, cache)) {
      const own = await runGroup(group, { prepared, heads, runner, sample });
      for (const [index, point] of group.points.entries()) rows[point - firstPoint] = own[index];
    }
    return rows;
  };
}

/** Points that share a Plan. */
type Group = { readonly points: number[]; readonly scenario: Scenario; readonly plan: Plan };

function splitByPlan(firstPoint: number, count: number, cache: PlanCache): readonly Group[] {
  const groups = new Map<Plan, Group>();
  for (let point = firstPoint; point < firstPoint + count; point++) {
    const { scenario, plan } = cache.at(point);
    const group = groups.get(plan) ?? { points: [], scenario, plan };
    group.points.push(point);
    groups.set(plan, group);
  }
  return [...groups.values()];
}

/** Most Plans held at once; further structures are compiled again when they return. */
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
    if (!scenario) throw new SweepFault(tellPoint(sweep, point, diagnostics), sources);
    if (this.#known.size >= HELD_PLANS) this.#known.clear();
    const made = { scenario, plan: compileSweep(scenario, keys) };
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

async function runGroup(
  { points, scenario, plan }: Group,
  { prepared, heads, runner, sample }: PointJob,
): Promise<readonly (readonly SweepCell[])[]> {
  const { sweep } = prepared;
  const trials = points.length;
  const inputs = new Float64Array(plan.variables.length * trials);
  const inputsOf = points.map((point) => inputsOfPoint(prepared, plan, point));
  for (const [trial, values] of inputsOf.entries())
    for (const [variable, value] of values.entries()) inputs[variable * trials + trial] = value;
  const output = await runner.run(plan, { inputs, trials });
  if (output.faults.length > 0) {
    const [fault] = output.faults;
    throw pointFault(prepared, scenario, points[fault.firstTrial], describeFaults(scenario, [fault], 1));
  }
  const rows: SweepCell[][] = [];
  for (const [trial, point] of points.entries()) {
    const values = indicesOf(sweep, point).map((index, axis) => sweep.axes[axis].valueAt(index));
    const results = resultsOfTrial(scenario, plan, output, trial, trials);
    const head = [sweep.names?.[point] ?? point + 1, ...values];
    if (!sample) {
      rows.push([...head, ...alignCells(heads, makeFigures(results))]);
      continue;
    }
    const one = { scenario, plan, results, pointInputs: inputsOf[trial] };
    const { spread, diagnostics } = await samplePoint(one, runner, sample);
    if (!spread) throw pointFault(prepared, scenario, point, diagnostics);
    rows.push([...head, ...alignCells(heads, makeFigures({ ...results, spread }))]);
  }
  return rows;
}

function pointFault(
  { sweep }: PreparedSweep,
  scenario: Scenario,
  point: number,
  diagnostics: readonly Diagnostic[],
): SweepFault {
  return new SweepFault(tellPoint(sweep, point, diagnostics), scenario.files);
}

/** Adds the point to its faults. */
function tellPoint(sweep: Sweep, point: number, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sets = setsOf(sweep, indicesOf(sweep, point));
  const place = `at point ${point + 1} of the sweep: ${sets.join(", ")}`;
  return diagnostics.map((one) => ({ ...one, help: one.help ? `${one.help}; ${place}` : place }));
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
export async function runFirstPoint({ first, keys }: PreparedSweep, runner: Runner): Promise<Results> {
  const plan = compileSweep(first, keys);
  const output = await runner.run(plan, { inputs: plainInputs(plan), trials: 1 });
  return resultsOfTrial(first, plan, output, 0, 1);
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
    parts: [],
    sites: [],
    contracts: scenario.names.contracts,
    tranches: scenario.names.financing,
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
