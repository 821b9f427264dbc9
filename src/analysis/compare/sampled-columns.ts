import type { Statistics } from "../../engine/index.ts";
import { quantileName } from "../results/spread.ts";
import { PAIRED_PROBABILITIES } from "./paired.ts";
import type { PairedFigure } from "./paired-sample.ts";

/** A number that a sample adds to a row of compare.csv; the condition of `--fail-on` uses the same name. */
export type SampledColumn = {
  readonly name: string;
  /** Whether it is in the figure's unit, rather than a share or ratio. */
  readonly hasUnit: boolean;
  readonly text: string;
  /** The number, or undefined if it does not exist. */
  readonly of: (figure: PairedFigure) => number | undefined;
};

/** Mean, its standard error and quantiles of the selected statistics. */
function statisticsColumns(
  prefix: string,
  hasUnit: boolean,
  subject: string,
  select: (figure: PairedFigure) => Statistics | undefined,
): readonly SampledColumn[] {
  const column = (suffix: string, text: string, numberOf: (statistics: Statistics) => number) => ({
    name: `${prefix}_${suffix}`,
    hasUnit,
    text: `${text} of ${subject}.`,
    of: (figure: PairedFigure) => {
      const statistics = select(figure);
      return statistics && finite(numberOf(statistics));
    },
  });
  return [
    column("mean", "Mean over the trials", ({ mean }) => mean),
    column("se", "Standard error of the mean", ({ standardError }) => standardError),
    ...PAIRED_PROBABILITIES.map((probability, index) =>
      column(
        quantileName(probability),
        `Order statistic at ${probability * 100} % of trials`,
        ({ quantiles }) => quantiles[index],
      ),
    ),
  ];
}

/** The columns that a sample adds to a figure of a scenario. */
export const SAMPLED_COLUMNS: readonly SampledColumn[] = [
  ...statisticsColumns("value", true, "the figure", ({ value }) => value),
  ...statisticsColumns(
    "difference",
    true,
    "the difference from the first scenario, trial by trial",
    ({ difference }) => difference,
  ),
  ...statisticsColumns(
    "ratio",
    false,
    "the ratio to the first scenario, trial by trial",
    ({ ratio }) => ratio,
  ),
  {
    name: "probability_best",
    hasUnit: false,
    text: "Share of trials in which no other scenario is better; tied scenarios share a trial evenly.",
    of: ({ rank }) => rank?.probabilityBest,
  },
  {
    name: "probability_beats_first",
    hasUnit: false,
    text: "Share of trials in which the scenario is better than the first; ties do not count.",
    of: ({ rank }) => rank?.probabilityBeatsFirst,
  },
  {
    name: "expected_regret",
    hasUnit: true,
    text: "Mean over trials of the distance from the best scenario of the trial.",
    of: ({ rank }) => rank?.expectedRegret,
  },
  {
    name: "trials_share",
    hasUnit: false,
    text: "Share of trials in which the figure exists; statistics are over these.",
    of: ({ value }) => value.share,
  },
];

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
