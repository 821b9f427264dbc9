/**
 * Times the product on a scenario: `node product.mjs SCENARIO TRIALS METRIC,METRIC,... [loops]`. Prints JSON: milliseconds of
 * processor time of a sample without and with quantiles, in one thread, drawing included, after a short warm-up. With
 * `loops` WebAssembly is taken away first, so that the engine's own loops do all the work.
 */
import { scalesOf } from "../../src/analysis/results/scales.ts";
import { createSampler } from "../../src/analysis/sample/sampling.ts";
import { compile } from "../../src/compile/compile.ts";
import { type Figure, RANDOM_BLOCK, Reduction, rankOf } from "../../src/engine/index.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { loadShipped } from "./load-shipped.ts";

const [, , file, count, names, mode] = process.argv;
if (mode === "loops") Reflect.deleteProperty(globalThis, "WebAssembly");
const trials = Number(count);
const plan = compile(loadShipped(file), {
  levels: ["total"],
  months: "horizon",
  ...(names ? { metrics: names.split(",") } : {}),
});
const fill = createSampler(plan, "1", []);
const figures = (ranked: boolean): Figure[] =>
  plan.columns.flatMap((_, column) =>
    Array.from({ length: plan.horizonMonths }, (_, month) => ({
      column,
      first: month,
      end: month + 1,
      reduction: Reduction.sum,
      code: 0,
      ranked,
    })),
  );
const probabilities = [0.1, 0.5, 0.9];
const measure = async (amount: number, ranked: boolean): Promise<number> => {
  const started = process.cpuUsage();
  await createThreadRunner().sample(plan, {
    trials: amount,
    fill,
    scales: scalesOf(plan),
    figures: figures(ranked),
    ranks: probabilities.map((probability) => rankOf(probability, amount)),
  });
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
};
await measure(4 * RANDOM_BLOCK, true);
const least = async (ranked: boolean): Promise<number> =>
  Math.min(await measure(trials, ranked), await measure(trials, ranked));
const plain = await least(false);
const ranked = await least(true);
console.log(JSON.stringify({ plain, ranked, cells: trials * 96 * 6, window: plan.monthCount }));
