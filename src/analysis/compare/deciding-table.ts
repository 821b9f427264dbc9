import { findMetric } from "../../metrics/index.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { DIMENSIONS } from "../../units/dimension.ts";
import { valueAtQuantile } from "../sample/variables.ts";
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
  type Row = (typeof rows)[number];
  const texts = (name: string, text: string, of: (row: Row) => string | null): Column => ({
    name,
    type: "string",
    text,
    values: rows.map(of),
  });
  const shares = (name: string, text: string, of: (row: Row) => number): Column => ({
    name,
    type: "number",
    unit: "1",
    text,
    values: rows.map(of),
  });
  return {
    name: "deciding_inputs",
    text: "Inputs that alone tell which of the two leading scenarios is better, with the break-even beyond which it is the other one.",
    columns: [
      texts("basis", "What the scenarios have in common.", ({ basis }) => basis),
      texts("metric", "The figure that is compared.", ({ metric }) => metric),
      texts("leader", "Scenario that is best in most trials.", ({ leader }) => leader),
      texts("other", "Scenario that is best next most often.", ({ next }) => next),
      texts("input", "Path that declares the input.", ({ input }) => input.key),
      texts("side", "Side of the break-even on which the other scenario is better.", ({ input }) =>
        input.isAbove ? "above" : "below",
      ),
      shares("quantile", "Quantile of the input at the break-even.", ({ input }) => input.quantile),
      {
        name: "break_even",
        type: "number",
        text: "The input's value there, in the unit beside it; empty for a month, and where no one value belongs to a quantile.",
        values: rows.map(({ drawn }) => (drawn && drawn.dimension !== "date" ? drawn.value : null)),
      },
      texts("unit", "Unit of the break-even.", ({ drawn }) =>
        drawn && drawn.dimension !== "date" ? DIMENSIONS[drawn.dimension].canonical || "1" : null,
      ),
      texts("break_even_month", "The month of a date's break-even.", ({ drawn }) =>
        drawn?.dimension === "date" ? formatMonth(drawn.value) : null,
      ),
      shares("beyond", "Share of trials on that side.", ({ input }) => input.beyond),
      shares(
        "other_better",
        "Share of these in which the other scenario is better.",
        ({ input }) => input.otherBetter,
      ),
      shares(
        "leader_better",
        "Share of the rest in which the leader is better.",
        ({ input }) => input.leaderBetter,
      ),
      {
        name: "gain",
        type: "number",
        text: "Mean gain of choosing by the input alone over always choosing the leader, in the unit beside it.",
        values: rows.map(({ input }) => input.gain),
      },
      texts(
        "gain_unit",
        "Unit of the gain.",
        ({ metric }) => findMetric(metric.replace(/^final_/, ""))?.unit ?? "1",
      ),
    ],
    rowCount: rows.length,
    primaryKey: ["basis", "metric", "input"],
  };
}
