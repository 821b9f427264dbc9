import { findMetric } from "../../metrics/index.ts";
import type { Table } from "../../metrics/table.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { DIMENSIONS } from "../../units/dimension.ts";
import { valueAtQuantile } from "../sample/variables.ts";
import { mixedNumbers, numbers, tableOf, words } from "../tables/table-of.ts";
import type { Comparison } from "./comparison.ts";
import { holdsEqual } from "./equalise.ts";

/**
 * The inputs that decide between the two leading scenarios, in cost, the provider's NPV and compute, on each basis:
 * deciding_inputs.csv. Without a sample, or where no input decides, it has no rows.
 *
 * Fails: never.
 */
export function makeDecidingTable(comparisons: readonly Comparison[]): Table {
  const rows = comparisons.flatMap(({ basis, runs, sample }) =>
    (sample?.decisions ?? [])
      .filter(({ metric }) => !holdsEqual(basis, metric))
      .flatMap(({ metric, leader, next, inputs }) =>
        inputs.map((input) => {
          const drawn = [leader, next]
            .map((run) => valueAtQuantile(runs[run].scenario, input.key, input.quantile))
            .find((one) => one !== undefined);
          return { basis, metric, leader: runs[leader].name, next: runs[next].name, input, drawn };
        }),
      ),
  );
  return tableOf(
    "deciding_inputs",
    "Inputs that alone tell which of the two leading scenarios is better, with the break-even beyond which it is the other one.",
    ["basis", "metric", "input"],
    rows,
    [
      words("basis", "What the scenarios have in common.", ({ basis }) => basis),
      words("metric", "The figure that is compared.", ({ metric }) => metric),
      words("leader", "Scenario that is best in most trials.", ({ leader }) => leader),
      words("other", "Scenario that is best next most often.", ({ next }) => next),
      words("input", "Path that declares the input.", ({ input }) => input.key),
      words("side", "Side of the break-even on which the other scenario is better.", ({ input }) =>
        input.isAbove ? "above" : "below",
      ),
      numbers("quantile", "1", "Quantile of the input at the break-even.", ({ input }) => input.quantile),
      mixedNumbers(
        "break_even",
        "The input's value there, in the unit beside it; empty for a month, and where no one value belongs to a quantile.",
        ({ drawn }) => (drawn && drawn.dimension !== "date" ? drawn.value : null),
      ),
      words("unit", "Unit of the break-even.", ({ drawn }) =>
        drawn && drawn.dimension !== "date" ? DIMENSIONS[drawn.dimension].canonical || "1" : null,
      ),
      words("break_even_month", "The month of a date's break-even.", ({ drawn }) =>
        drawn?.dimension === "date" ? formatMonth(drawn.value) : null,
      ),
      numbers("beyond", "1", "Share of trials on that side.", ({ input }) => input.beyond),
      numbers(
        "other_better",
        "1",
        "Share of these in which the other scenario is better.",
        ({ input }) => input.otherBetter,
      ),
      numbers(
        "leader_better",
        "1",
        "Share of the rest in which the leader is better.",
        ({ input }) => input.leaderBetter,
      ),
      mixedNumbers(
        "gain",
        "Mean gain of choosing by the input alone over always choosing the leader, in the unit beside it.",
        ({ input }) => input.gain,
      ),
      words(
        "gain_unit",
        "Unit of the gain.",
        ({ metric }) => findMetric(metric.replace(/^final_/, ""))?.unit ?? "1",
      ),
    ],
  );
}
