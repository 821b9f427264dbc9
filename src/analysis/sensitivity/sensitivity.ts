import { compileWithReads } from "../../compile/compile.ts";
import { linesBehind } from "../../compile/record/reads.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import type { Figure, Plan } from "../../engine/index.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { normalCdf, normalQuantile } from "../../numbers/plain.ts";
import type { Runner } from "../../run/runner.ts";
import type { Progress } from "../../run/sample.ts";
import { type CorrelatedGroup, listCorrelatedGroups } from "../../scenario/correlations.ts";
import { partsOf } from "../../scenario/language/evaluate.ts";
import type { Expr } from "../../scenario/language/expr.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "../results/faults.ts";
import { scalesOf } from "../results/scales.ts";
import { createSampler, type FillInputs } from "../sample/sampling.ts";
import { estimateIndices, type FactorIndices, RESAMPLES } from "./sobol-indices.ts";
import type { SensitivityTarget } from "./target.ts";

/** Default number of rows of each of the two samples; the model runs rows x (factors + 2) times. */
export const STANDARD_ROWS = 1024;

/** The design of a sensitivity: rows of Saltelli's samples, and their seed. */
export type SensitivityOptions = {
  readonly rows: number;
  readonly seed: string;
  readonly onProgress?: (progress: Progress) => void;
};

/** A factor, varied as one: an uncertain value, or several that are correlated. */
export type Factor = {
  /** Keys of the variables. */
  readonly keys: readonly string[];
  /** Fields that declare them, if found. */
  readonly fields: readonly FieldValue[];
};

/** The effect of one factor on the figure, in display units. */
export type FactorEffect = Factor &
  FactorIndices & {
    /** The figure with the factor at its P10 and P90 and all others at medians. */
    readonly atP10: number;
    readonly atP90: number;
    /** Whether the interval of the total index is narrow enough for ranking. */
    readonly isConverged: boolean;
  };

/** The sources of a figure's spread: shares of its variance by factor. */
export type Sensitivity = {
  readonly target: SensitivityTarget;
  /** The figure of the plain run, and its mean and standard deviation over both samples. */
  readonly plain: number;
  readonly mean: number;
  readonly deviation: number;
  /** By total index, largest first; none where the figure does not vary. */
  readonly effects: readonly FactorEffect[];
  readonly trials: number;
};

/** An index with a wider interval has not converged. */
const WIDEST_INTERVAL = 0.1;

/**
 * Memory of a sensitivity with this many rows [bytes]: the inputs of both samples, every result, and the rows of each
 * resample.
 *
 * Fails: never, for a target of the scenario.
 */
export function bytesOfSensitivity(scenario: Scenario, target: SensitivityTarget, rows: number): number {
  const { plan, factors } = prepare(scenario, target, listCorrelatedGroups(scenario));
  const [uniforms, results, copies] = [2 * plan.variables.length, factors.length + 2, 6];
  return rows * (8 * (uniforms + results + copies) + 4 * RESAMPLES);
}

/** The Plan of a figure of the whole, and what may be varied of what the figure reads. */
function prepare(
  scenario: Scenario,
  { name, isEvent, level, column, entity }: SensitivityTarget,
  groups: readonly CorrelatedGroup[],
) {
  const { plan, readingOf } = compileWithReads(scenario, {
    metrics: isEvent ? [] : [name],
    events: isEvent ? [name] : [],
    annualRatios: entity !== "" && !isEvent,
    levels: ["total", "run"],
    months: "horizon",
  });
  // The ratio of a year's sums reads what the ratio of a month does.
  const reading = readingOf(column, level, isEvent ? entity : "");
  const read = new Set(reading ? linesBehind(reading) : []);
  return { plan, factors: listFactors(scenario, plan, groups, read) };
}

/**
 * Finds the sources of a figure's spread: each factor alone from P10 to P90 (a tornado), and Sobol indices.
 *
 * Only what the figure reads is varied, so that factors without any effect do not appear. Rows of the samples are
 * the first trials of two seeds derived from the one given.
 *
 * Fails: as the runner does; draws outside a field's range are returned as diagnostics, and so are trials without the
 * figure, which leave no variance to explain.
 * Cost: rows x (factors + 2) trials of a Plan of one figure.
 */
export async function runSensitivity(
  scenario: Scenario,
  target: SensitivityTarget,
  runner: Runner,
  { rows, seed, onProgress }: SensitivityOptions,
): Promise<{ readonly sensitivity?: Sensitivity; readonly diagnostics: readonly Diagnostic[] }> {
  const groups = listCorrelatedGroups(scenario);
  const { plan, factors } = prepare(scenario, target, groups);
  const figure = figureOf(plan, target);
  const tornadoTrials = 2 * factors.length + 1;
  const trials = rows * (factors.length + 2);
  const sample = async (count: number, fill: FillInputs) => {
    const scales = scalesOf(plan);
    const request = { trials: count, fill, scales, figures: [figure], ranks: [], keep: true };
    const { kept, faults } = await runner.sample(plan, {
      ...request,
      ...(onProgress && count === trials ? { onProgress } : {}),
    });
    const diagnostics = describeFaults(scenario, faults, count);
    return { values: kept, diagnostics: [...diagnostics, ...describeMissing(target, kept)] };
  };
  const tornado = await sample(tornadoTrials, fillTornado(plan, factors, groups));
  if (tornado.diagnostics.length > 0) return { diagnostics: tornado.diagnostics };
  const saltelli = await sample(trials, fillSaltelli(plan, factors, groups, seed, rows));
  if (saltelli.diagnostics.length > 0) return { diagnostics: saltelli.diagnostics };
  const part = (index: number): Float64Array => saltelli.values.subarray(index * rows, (index + 1) * rows);
  const [a, b] = [part(0), part(1)];
  const mixed = factors.map((_, index) => part(index + 2));
  const both = [...a, ...b];
  const mean = both.reduce((x, y) => x + y, 0) / both.length;
  const deviation = Math.sqrt(both.reduce((x, y) => x + (y - mean) * (y - mean), 0) / (both.length - 1));
  if (isConstant([tornado.values, saltelli.values])) {
    const constant = { target, plain: tornado.values[0], mean, deviation: 0, effects: [] };
    return { sensitivity: { ...constant, trials: trials + tornadoTrials }, diagnostics: [] };
  }
  const indices = estimateIndices({ a, b, mixed }, seed);
  const effects = factors.map((factor, index) => ({
    ...factor,
    ...indices[index],
    atP10: tornado.values[1 + 2 * index],
    atP90: tornado.values[2 + 2 * index],
    isConverged: indices[index].total.high - indices[index].total.low <= WIDEST_INTERVAL,
  }));
  effects.sort((x, y) => y.total.value - x.total.value || (x.keys[0] < y.keys[0] ? -1 : 1));
  return {
    sensitivity: {
      target,
      plain: tornado.values[0],
      mean,
      deviation,
      effects,
      trials: trials + tornadoTrials,
    },
    diagnostics: [],
  };
}

/** Whether values are all the same but for rounding: then there is no variance to share out. */
function isConstant(samples: readonly Float64Array[]): boolean {
  let [least, most, size] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const values of samples) {
    for (const value of values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
      size = Math.max(size, Math.abs(value));
    }
  }
  return most - least <= TOLERANCE * size;
}

function describeMissing({ name }: SensitivityTarget, values: Float64Array): readonly Diagnostic[] {
  const missing = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (missing === 0) return [];
  const hits = `${missing.toLocaleString("en")} of ${values.length.toLocaleString("en")} trials`;
  return [diagnose("missing-figure", { values: { name, hits } })];
}

/**
 * Variables that some lines draw, one by one, those of a correlated group together. The Plan has others, since draws are
 * checked against the range of their field wherever the field stands.
 */
function listFactors(
  scenario: Scenario,
  plan: Plan,
  groups: readonly CorrelatedGroup[],
  read: ReadonlySet<string>,
): readonly Factor[] {
  const declared = declarations(scenario);
  const values = [...scenario.lets, ...scenario.fields.values()].filter(({ path }) => read.has(path));
  const drawn = new Set(values.flatMap((value) => variablesIn(value)));
  const keys = plan.variables.filter(({ key }) => drawn.has(key)).map(({ key }) => key);
  const grouped = groups
    .map((group) => group.keys.filter((key) => keys.includes(key)))
    .filter((members) => members.length > 0);
  const single = keys.filter((key) => !grouped.some((members) => members.includes(key))).map((key) => [key]);
  return [...grouped, ...single].map((members) => ({
    keys: members,
    fields: members.flatMap((key) => declared.get(key) ?? []),
  }));
}

/** The field that draws each variable; for a default the first field that uses it. */
function declarations({ fields, lets }: Scenario): ReadonlyMap<string, FieldValue> {
  const found = new Map<string, FieldValue>();
  for (const value of [...lets, ...fields.values()])
    for (const variable of variablesIn(value)) if (!found.has(variable)) found.set(variable, value);
  return found;
}

/** Variables that a line draws itself. */
function variablesIn({ expr }: FieldValue): readonly string[] {
  const visit = (part: Expr): readonly string[] => [
    ...(part.kind === "distribution" ? [part.variable] : []),
    ...partsOf(part).flatMap(visit),
  ];
  return expr ? visit(expr) : [];
}

/** The figure as one number per trial. */
function figureOf(plan: Plan, target: SensitivityTarget): Figure {
  const { first, end, reduction } = target;
  const column = plan.columns.findIndex(
    ({ metric, level, entity }) =>
      metric === target.column && level === target.level && entity === target.entity,
  );
  return { column, first, end, reduction, code: 0, ranked: false };
}

/** The plain run, then each factor at P10 and P90. Members of a group follow the first by their correlation. */
function fillTornado(plan: Plan, factors: readonly Factor[], groups: readonly CorrelatedGroup[]): FillInputs {
  const rowOf = new Map(plan.variables.map(({ key }, index) => [key, index]));
  const followings = factors.map(({ keys: [first] }) => {
    const group = groups.find(({ keys }) => keys.includes(first));
    return (key: string): number => (group ? correlationOf(group, first, key) : 1);
  });
  return (firstTrial, count, inputs, stride) => {
    for (const [index, { plain }] of plan.variables.entries()) {
      inputs.fill(plain, index * stride, index * stride + count);
    }
    for (let trial = Math.max(1, firstTrial); trial < firstTrial + count; trial++) {
      const factor = (trial - 1) >> 1;
      const score = normalQuantile(trial % 2 === 1 ? 0.1 : 0.9);
      for (const key of factors[factor].keys) {
        const uniform = normalCdf(score * followings[factor](key));
        inputs[(rowOf.get(key) ?? 0) * stride + trial - firstTrial] = uniform;
      }
    }
  };
}

/** Correlation of two members' scores, from the Cholesky factor. */
function correlationOf({ keys, lower }: CorrelatedGroup, one: string, other: string): number {
  const [i, j] = [keys.indexOf(one), keys.indexOf(other)];
  let value = 0;
  for (let k = 0; k < keys.length; k++) value += lower[i * keys.length + k] * lower[j * keys.length + k];
  return value;
}

/** Sample A, sample B, then A with one factor after another taken from B. */
function fillSaltelli(
  plan: Plan,
  factors: readonly Factor[],
  groups: readonly CorrelatedGroup[],
  seed: string,
  rows: number,
): FillInputs {
  const draw = (name: string): Float64Array => {
    const inputs = new Float64Array(plan.variables.length * rows);
    createSampler(plan, `${seed}|${name}`, groups)(0, rows, inputs, rows);
    return inputs;
  };
  const [a, b] = [draw("a"), draw("b")];
  const factorOf = plan.variables.map(({ key }) => factors.findIndex(({ keys }) => keys.includes(key)));
  return (firstTrial, count, inputs, stride) => {
    for (let trial = 0; trial < count; trial++) {
      const part = Math.floor((firstTrial + trial) / rows);
      const row = firstTrial + trial - part * rows;
      for (const [index, factor] of factorOf.entries()) {
        const from = part === 1 || (part >= 2 && factor === part - 2) ? b : a;
        inputs[index * stride + trial] = from[index * rows + row];
      }
    }
  };
}
