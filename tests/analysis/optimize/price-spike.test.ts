import { expect, test } from "vitest";
import { type Optimum, optimize } from "../../../src/analysis/optimize/optimize.ts";
import { findPriceSpike } from "../../../src/analysis/optimize/prices/price-spike.ts";
import { readTask } from "../../../src/analysis/optimize/read-task.ts";
import { readSituation } from "../../../src/analysis/optimize/situation.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { loadSolver } from "../../../src/solver/highs-solver.ts";
import { loaded } from "../../scenario/load-files.ts";
import { twoChips } from "./two-chips.ts";

const solver = await loadSolver();

/** Work that grows month by month; the cheaper chip lands from September on. */
const text = twoChips("available_from: 2026-09");

/** Required supply by month from March on, 0.05 EFLOP/s more each month to December, one month raised. */
function supplyWith(raised = 0, by = 0): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const month = index + 3;
    const value = 0.05 * (index + 1) + (month === raised ? by : 0);
    return `2026-${String(month).padStart(2, "0")}: ${value} EFLOPS`;
  });
  return `optimize.supply={ ${points.join(", ")} }`;
}

function find(...sets: readonly string[]): Optimum {
  const scenario = loaded(text, { sets });
  const { task } = readTask(scenario, { goal: "minimize_cost" });
  if (!task) throw new Error("no task");
  const { optimum, diagnostics } = optimize(readSituation(scenario, task), solver);
  if (!optimum) throw new Error(diagnostics.map(headlineOf).join("\n"));
  return optimum;
}

const pricesOf = (optimum: Optimum) =>
  optimum.shadowPrices.filter(
    ({ kind, period }) => kind === "supply" && /^2026-(0[3-9]|1[012])$/.test(period),
  );

test("the last month before a cheaper chip serves is worth the difference of the two chips, and says so", () => {
  const optimum = find(supplyWith());
  const prices = pricesOf(optimum);
  // The last month is worth all that a chip costs from then on; the one before the change stands out among the others.
  const peak = prices.slice(0, -1).reduce((most, one) => (one.value > most.value ? one : most));
  const spike = findPriceSpike(optimum, peak);
  expect(spike?.change).toEqual({ from: "gb300", to: "trainium4" });
  expect(peak.value / (spike?.typical ?? Number.NaN)).toBeGreaterThan(5);
  // The price is what one more unit in that month alone costs: found again by solving with it.
  const by = 0.001;
  const month = Number(peak.period.slice(5));
  const raised = find(supplyWith(month, by));
  expect(Math.abs((raised.costPv - optimum.costPv) / by / peak.value - 1)).toBeLessThan(1e-3);
});

test("with one chip no month before the last stands out", () => {
  const optimum = find(supplyWith(), "optimize.chips=[gb300]");
  const found = pricesOf(optimum)
    .slice(0, -1)
    .map((price) => findPriceSpike(optimum, price));
  expect(found.filter((one) => one !== undefined)).toEqual([]);
});
