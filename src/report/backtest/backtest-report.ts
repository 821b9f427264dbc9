import type { Backtest } from "../../analysis/backtest/backtest.ts";
import type { Report } from "../page/page.ts";
import { againSection, type Origin } from "../page/provenance-sections.ts";
import { answerBacktest, partsOf } from "./backtest-answer.ts";
import { backtestInputs } from "./backtest-inputs.ts";
import { nearnessPicture, readingPictures } from "./backtest-pictures.ts";

/** The report of a backtest: predicted against published, by kind and reading by reading. Fails: never. */
export function reportBacktest(backtest: Backtest, origin: Origin): Report {
  const parts = partsOf(backtest);
  return {
    title: "Predicted against published",
    kicker: "Gigafleet backtest",
    question:
      "How near does the model come to deployments, serving rates and training runs that were published?",
    answer: answerBacktest(parts),
    keys: [],
    keysNote: "",
    sections: [
      {
        id: "kinds",
        title: "How near the predictions come",
        lead: "All predictions over what was published, on a logarithmic scale; 1 is exact.",
        pictures: [nearnessPicture(backtest)],
      },
      ...parts.map(({ title, readings }, index) => ({
        id: `part-${index + 1}`,
        title,
        lead: "Reading by reading, the highest ratio first. A reading that does not count is hollow: the catalog is fitted to its source, or it tests nothing.",
        pictures: readingPictures(readings),
      })),
      backtestInputs(backtest),
      againSection(origin),
    ],
    footer: "Predictions are the run of medians with P5 to P95 of the catalog\u2019s uncertainty.",
  };
}
