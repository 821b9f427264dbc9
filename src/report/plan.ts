import type { Results } from "../analysis/results/results.ts";
import type { FigureName } from "../charts/kit/figure-name.ts";
import { isoMonth, shortMonth } from "../charts/kit/months.ts";
import { colourChips } from "../charts/kit/palette.ts";
import type { NumberTable } from "../charts/kit/picture.ts";
import { type Sentence, sentence } from "../charts/kit/sentence.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { colouredChip } from "./names.ts";
import { isSampled, trialsTold } from "./readings.ts";

/** A run as its pictures read it: what is called how, in which colour, and what the captions say. */
export type Plan = {
  readonly scenario: Scenario;
  readonly results: Results;
  /** Colour of each chip that the plan has. */
  readonly colours: ReadonlyMap<string, string>;
  /** `Median of 10 000 trials with P5 to P95, and the plain run`, or that it is the plain run alone. */
  readonly fanText: Sentence;
  /** Months that the tables behind the pictures show. */
  readonly tableMonths: readonly number[];
  readonly tableText: string;
};

/** Months of a table behind a picture at most; the CSV files have all. */
const MOST_TABLE_MONTHS = 24;

export function readPlan(scenario: Scenario, results: Results): Plan {
  const { startMonth, monthCount, spread } = results;
  const chips = [...new Set(results.parts.map(({ chip }) => chip))];
  const step = monthCount <= MOST_TABLE_MONTHS ? 1 : monthCount <= 144 ? 6 : 12;
  const tableMonths = Array.from({ length: monthCount }, (_, month) => month).filter(
    (month) => month === 0 || month === monthCount - 1 || (startMonth + month + 1) % step === 0,
  );
  const every = step === 6 ? "June and December" : "December";
  return {
    scenario,
    results,
    colours: colourChips(chips.map((chip) => colouredChip(scenario, chip))),
    fanText: isSampled(results)
      ? sentence`Median of ${trialsTold(spread?.trials ?? 0)} with P5 to P95, and the plain run at medians.`
      : ["The plain run: uncertain values at their medians."],
    tableMonths,
    tableText: step === 1 ? "" : `; ${every}, all months are in the tables beside this report`,
  };
}

/** The colour of a chip of the plan. */
export function colourOf({ colours }: Pick<Plan, "colours">, chip: string): string {
  return colours.get(chip) ?? "others";
}

/** A month of the plan as tables write it. */
export function tableMonth({ results }: Plan, month: number): string {
  return isoMonth(results.startMonth + month);
}

/**
 * Which figure the cells of a table by month show.
 *
 * @param figures of the columns behind the month's; undefined for one that shows no single figure
 */
export function figuresByMonth(
  plan: Plan,
  figures: readonly (FigureName | undefined)[],
): NonNullable<NumberTable["figureAt"]> {
  return (row, column) => {
    const figure = figures[column - 1];
    return figure && { ...figure, when: tableMonth(plan, plan.tableMonths[row]) };
  };
}

/** First and last month reported. */
export function spanText({ startMonth, monthCount }: Results): string {
  return monthCount === 1
    ? shortMonth(startMonth)
    : `${shortMonth(startMonth)} to ${shortMonth(startMonth + monthCount - 1)}`;
}
