import type { Backtest, BacktestSummary, Reading } from "../../analysis/backtest/backtest.ts";
import type { Subject } from "../../analysis/backtest/case.ts";
import { fixed, percent } from "../../charts/kit/numbers.ts";
import { type Sentence, sentence, strong } from "../../charts/kit/sentence.ts";

/** One subject of a backtest: its readings, and how near the independent ones come. */
export type BacktestPart = BacktestSummary & {
  readonly title: string;
  readonly readings: readonly Reading[];
};

const TITLES: readonly (readonly [Subject, string])[] = [
  ["deployments", "Deployments"],
  ["demand", "Serving and training"],
];

/** The subjects that have cases, each by itself. */
export function partsOf({ readings, summaries }: Backtest): readonly BacktestPart[] {
  return TITLES.map(([subject, title]) => ({
    ...summaries[subject],
    title,
    readings: readings.filter(({ of }) => of.subject === subject),
  })).filter((part) => part.readings.length > 0);
}

/** What a backtest says, in up to three sentences: how near each subject comes, and how many figures do not count. */
export function answerBacktest(parts: readonly BacktestPart[]): readonly Sentence[] {
  const all = parts.reduce((sum, { points }) => sum + points, 0);
  const counted = parts.reduce((sum, { independentPoints }) => sum + independentPoints, 0);
  const left = all - counted;
  return [
    ...parts.map(answerPart),
    ...(left > 0
      ? [
          sentence`Of ${fixed(all)} published figures ${strong(fixed(left))} ${left === 1 ? "does" : "do"} not count: the catalog is fitted to ${left === 1 ? "it, or it tests" : "them, or they test"} nothing.`,
        ]
      : []),
  ];
}

function answerPart({
  title,
  readings,
  independentPoints,
  meanAbsoluteError,
  shareInside,
}: BacktestPart): Sentence {
  if (independentPoints === 0) return sentence`${title}: no point is independent of the catalog.`;
  const [error, inside] = [strong(percent(meanAbsoluteError)), strong(percent(shareInside))];
  // A measured rate is published without a band.
  const hasBands = readings.some(({ of }) => of.subject === "deployments");
  return sentence`${title}: over ${fixed(independentPoints)} independent figures the mean absolute error is ${error}, and ${inside} of ${hasBands ? "the predictions lie in the published band" : "the published figures lie between P5 and P95 of the prediction"}.`;
}
