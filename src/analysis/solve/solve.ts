import { compile } from "../../compile/compile.ts";
import { InternalError } from "../../diagnostics/diagnostic.ts";
import { type Plan, plainInputs } from "../../engine/index.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import type { Runner } from "../../run/runner.ts";
import { listCorrelatedGroups } from "../../scenario/correlations.ts";
import { scalesOf } from "../results/scales.ts";
import type { FigureRequest } from "../results/spread.ts";
import { FigureCollector } from "../sample/figure-collector.ts";
import { createSampler, type FillInputs } from "../sample/sampling.ts";
import { type Ends, findBrackets, isAcross, type Point, roundingAt, stepsFrom } from "./brackets.ts";
import type { Variable } from "./variable.ts";

/** What a search found at medians. */
export type Solved = {
  /** The figure as the scenario is, and at both ends of what was tried. */
  readonly now: Point;
  readonly ends: readonly [Point, Point];
  /** Whether the figure only rises or only falls over what was tried; undefined where it never moves. */
  readonly direction: "rises" | "falls" | "turns" | undefined;
  /** The value that does, nearest to that of the scenario. */
  readonly found: Point | undefined;
  /** Where the figure jumps over the target, as it does by whole months: the figures on both sides. */
  readonly jump: readonly [number, number] | undefined;
};

/** The solution of each trial, NaN where there is none; and in how many trials the figure only jumps over the target. */
export type SolvedTrials = { readonly values: Float64Array; readonly jumps: number };

/** Bisection steps for a value: enough for every bit of it, and in a sample for nine digits. */
const [HALVINGS, TRIAL_HALVINGS] = [60, 36];

/** A figure jumps if, after all halvings, more than this share of the bracket's first difference is left. */
const JUMP = 1e-3;

/** Values that differ by no more than this share count as the same one. */
const NEAR = 1e-6;

/** The figure sought, and what it is to be [display unit]. */
export type Goal = { readonly request: FigureRequest; readonly target: number };

/**
 * Searches for the value of an input at which a figure reaches a target: docs/model.md section 14.
 *
 * The compiled run is tried at values around that of the scenario, further and further away, to the ends of the field's range.
 * Between the nearest two that have the target between them, the value is found by bisection.
 */
export class Search {
  readonly #plan: Plan;
  readonly #variable: Variable;
  readonly #figures: FigureCollector;
  readonly #target: number;
  readonly #row: number;
  readonly #runner: Runner;

  constructor(variable: Variable, { request, target }: Goal, runner: Runner) {
    const { scenario, path } = variable;
    const { metric, level } = request;
    this.#plan = compile(scenario, { months: "horizon", metrics: [metric], levels: [level], inputs: [path] });
    this.#variable = variable;
    this.#figures = new FigureCollector(this.#plan, []);
    if (this.#figures.indexOf({ ...request, ranked: false }) === undefined)
      throw new InternalError(`${metric} is not simulated`);
    this.#target = target;
    this.#row = this.#plan.variables.findIndex(({ key, kind }) => kind === "value" && key === path);
    this.#runner = runner;
  }

  /** Whether the figure reads the input at all. */
  get isRead(): boolean {
    return this.#row >= 0;
  }

  /** Whether the figure depends on uncertain values, too. */
  get isUncertain(): boolean {
    return this.#plan.variables.some(({ kind }) => kind === "uniform");
  }

  /** Searches at medians. Fails: as the runner does. Cost: some hundred runs of one figure. */
  async solve(): Promise<Solved> {
    const { now } = this.#variable;
    const tried = await this.#tryAll(stepsFrom(now, this.#variable.range));
    const points = tried.filter(({ figure }) => Number.isFinite(figure));
    const own = tried.find(({ value }) => value === now) ?? { value: now, figure: Number.NaN };
    const [first = own, last = first] = [points[0], points.at(-1)];
    const found = { now: own, ends: [first, last] as const, direction: directionOf(points) };
    const figures = Float64Array.from(points, ({ figure }) => figure);
    const values = Float64Array.from(points, ({ value }) => value);
    const [bracket] = findBrackets({ values, figures, trials: 1 }, this.#target, now);
    if (!bracket) return { ...found, found: undefined, jump: undefined };
    return { ...found, ...(await this.#bisect(bracket)) };
  }

  async #bisect(bracket: Ends): Promise<Pick<Solved, "found" | "jump">> {
    const figureAt = async (value: number): Promise<number> => (await this.#tryAll([value]))[0].figure;
    const { target } = bracket;
    let { low, high } = bracket;
    for (let step = 0; step < HALVINGS && low.value !== high.value; step++) {
      const value = middleOf(low.value, high.value);
      if (value === low.value || value === high.value) break;
      const middle = { value, figure: await figureAt(value) };
      if (isAcross(low.figure, middle.figure, target)) high = middle;
      else low = middle;
    }
    const { reached } = bracket;
    const closer = distance(low, target) <= distance(high, target) ? low : high;
    // A value that was tried is rounder than one that was halved towards.
    const isTried = reached && Math.abs(reached.value - closer.value) <= NEAR * Math.abs(reached.value);
    const nearest = isTried ? reached : closer;
    const slack = roundingAt(this.#target, TOLERANCE, bracket.low.figure, bracket.high.figure);
    const isReached = distance(nearest, this.#target) <= slack;
    return { found: nearest, jump: isReached ? undefined : [low.figure, high.figure] };
  }

  /** Searches in every trial of a sample, with the draws of the scenario. Fails: as the runner does. */
  async solveTrials(trials: number, seed: string): Promise<SolvedTrials> {
    const { scenario, now, range } = this.#variable;
    const draw = createSampler(this.#plan, seed, listCorrelatedGroups(scenario));
    const values = Float64Array.from(stepsFrom(now, range));
    const figures = new Float64Array(values.length * trials);
    for (const [index, value] of values.entries())
      figures.set(await this.#runTrials(draw, new Float64Array(trials).fill(value)), index * trials);
    const brackets = findBrackets({ values, figures, trials }, this.#target, now);
    const lows = brackets.map((bracket) => bracket?.low ?? { value: now, figure: Number.NaN });
    const highs = brackets.map((bracket) => bracket?.high ?? { value: now, figure: Number.NaN });
    for (let step = 0; step < TRIAL_HALVINGS; step++) {
      const middles = Float64Array.from(lows, (low, trial) => middleOf(low.value, highs[trial].value));
      const found = await this.#runTrials(draw, middles);
      for (let trial = 0; trial < trials; trial++) {
        const middle = { value: middles[trial], figure: found[trial] };
        if (isAcross(lows[trial].figure, middle.figure, brackets[trial]?.target ?? Number.NaN))
          highs[trial] = middle;
        else lows[trial] = middle;
      }
    }
    const jumps = brackets.filter((bracket, trial) => {
      const [left, whole] = [highs[trial].figure - lows[trial].figure, bracket];
      return whole !== undefined && Math.abs(left) > JUMP * Math.abs(whole.high.figure - whole.low.figure);
    });
    return {
      jumps: jumps.length,
      values: Float64Array.from(brackets, (bracket, trial) =>
        bracket ? middleOf(lows[trial].value, highs[trial].value) : Number.NaN,
      ),
    };
  }

  /** Tries values at medians, one by one: a value that some field cannot take has no figure, and spoils no other. */
  async #tryAll(values: readonly number[]): Promise<readonly Point[]> {
    const plain = plainInputs(this.#plan);
    const fill: FillInputs = (_first, count, inputs, stride) => {
      for (const [row, value] of plain.entries()) inputs.fill(value, row * stride, row * stride + count);
    };
    const points: Point[] = [];
    for (const value of values) {
      const [figure] = await this.#runTrials(fill, Float64Array.of(value));
      points.push({ value, figure });
    }
    return points;
  }

  async #runTrials(draw: FillInputs, values: Float64Array): Promise<Float64Array> {
    const fill: FillInputs = (first, count, inputs, stride) => {
      draw(first, count, inputs, stride);
      for (let trial = 0; trial < count; trial++)
        inputs[this.#row * stride + trial] = this.#variable.toSi(values[first + trial]);
    };
    const { figures } = this.#figures;
    const request = {
      trials: values.length,
      fill,
      scales: scalesOf(this.#plan),
      figures,
      ranks: [],
      keep: true,
    };
    const { kept, faults } = await this.#runner.sample(this.#plan, request);
    // In a sample no trial is told from another by its fault; the trials around the medians have none.
    if (faults.length > 0 && values.length === 1) return Float64Array.of(Number.NaN);
    return kept;
  }
}

function distance({ figure }: Point, target: number): number {
  return Math.abs(figure - target);
}

function middleOf(low: number, high: number): number {
  return low + (high - low) / 2;
}

/** Whether a figure only rises or falls, beyond rounding. */
function directionOf(points: readonly Point[]): Solved["direction"] {
  const size = points.reduce((most, { figure }) => Math.max(most, Math.abs(figure)), 0);
  let [rises, falls] = [false, false];
  for (const [index, { figure }] of points.entries()) {
    const change = index === 0 ? 0 : figure - points[index - 1].figure;
    if (change > TOLERANCE * size) rises = true;
    if (change < -TOLERANCE * size) falls = true;
  }
  if (rises && falls) return "turns";
  return rises ? "rises" : falls ? "falls" : undefined;
}
