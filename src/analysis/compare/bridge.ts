import { CASH_CATEGORIES } from "../../metrics/provider-costs.ts";
import { power } from "../../numbers/plain.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import { findColumn, type Results } from "../results/results.ts";
import type { ComparedRun, DifferingInput } from "./comparison.ts";

/** The way from one plan's present value of cost to another's, in steps that add up to it [USD]. */
export type BridgeFigures = {
  readonly by: "input" | "category";
  readonly from: { readonly run: number; readonly value: number };
  readonly to: { readonly run: number; readonly value: number };
  /** In the order in which they are taken; `name` is a group of inputs (`sites.main`) or a category of cost. */
  readonly steps: readonly { readonly name: string; readonly change: number }[];
};

/** The figure bridged. */
const COST = "cost_provider_pv_usd";

/** Steps of a bridge at most: those beyond are one, the last. */
const MOST_STEPS = 12;

/** Below this share of the larger value a step is rounding. */
const DUST = 1e-9;

/** What is left when every group of inputs has been tried. */
const REST = "everything else";

/**
 * Bridges two runs by category of cost: each category's cash discounted as the present value is (docs/model.md section 9), and what
 * was paid before the start. The steps add up to the difference exactly, since the last is what is left.
 */
export function bridgeByCategory(runs: readonly ComparedRun[], to: number): BridgeFigures {
  const [first, other] = [runs[0], runs[to]].map((run) => ({
    value: costOf(run.results),
    parts: CASH_CATEGORIES.map(({ metrics }) => presentValue(run, metrics)),
  }));
  const steps = CASH_CATEGORIES.map(({ name }, index) => ({
    name,
    change: other.parts[index] - first.parts[index],
  }));
  return finish("category", first.value, other.value, to, steps, "paid before the start, and the rest");
}

/**
 * Bridges two runs by input: groups of inputs that differ are changed one after the other, in the order of their names.
 *
 * @param costWith the cost of the first run with inputs of the other, as `path=value`; undefined where that is no plan. A group
 * that makes none waits for the next, and what no group could bring is the last step.
 */
export async function bridgeByInput(
  runs: readonly ComparedRun[],
  to: number,
  inputs: readonly DifferingInput[],
  costWith: (settings: readonly string[]) => Promise<number | undefined>,
): Promise<BridgeFigures> {
  const groups = new Map<string, string[]>();
  for (const { path, texts } of inputs) {
    if (texts[0] === texts[to] || texts[to] === "") continue;
    const group = path.split(".").slice(0, 2).join(".");
    groups.set(group, [...(groups.get(group) ?? []), `${path}=${texts[to]}`]);
  }
  const [from, end] = [costOf(runs[0].results), costOf(runs[to].results)];
  const steps: { name: string; change: number }[] = [];
  const settings: string[] = [];
  let [current, waiting] = [from, ""];
  for (const [group, own] of [...groups].slice(0, MOST_STEPS)) {
    settings.push(...own);
    const cost = await costWith(settings);
    const name = waiting === "" ? group : `${waiting}, ${group}`;
    if (cost === undefined) {
      waiting = name;
      continue;
    }
    steps.push({ name, change: cost - current });
    [current, waiting] = [cost, ""];
  }
  return finish("input", from, end, to, steps, REST);
}

function finish(
  by: BridgeFigures["by"],
  from: number,
  end: number,
  to: number,
  steps: BridgeFigures["steps"],
  rest: string,
): BridgeFigures {
  const left = end - from - steps.reduce((sum, { change }) => sum + change, 0);
  const least = DUST * Math.max(Math.abs(from), Math.abs(end));
  const shown = [...steps, { name: rest, change: left }].filter(({ change }) => Math.abs(change) > least);
  return { by, from: { run: 0, value: from }, to: { run: to, value: end }, steps: shown };
}

function costOf(results: Results): number {
  return findColumn(results, "run", COST)?.[0] ?? 0;
}

function presentValue({ scenario, results }: ComparedRun, metrics: readonly string[]): number {
  const rate = plainValue(scenario, "provider.discount_rate") ?? 0;
  let sum = 0;
  for (const metric of metrics) {
    const cash = findColumn(results, "total", metric) ?? new Float64Array();
    for (const [month, value] of cash.entries()) sum += value * power(1 + rate, -(month + 1) / 12);
  }
  return sum;
}
