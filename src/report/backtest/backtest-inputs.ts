import type { Backtest, Reading } from "../../analysis/backtest/backtest.ts";
import { isIndependent, PREDICTIONS } from "../../analysis/backtest/case.ts";
import { settingsOf } from "../../analysis/backtest/settings.ts";
import { significant } from "../../charts/kit/numbers.ts";
import type { NumberTable } from "../../charts/kit/picture.ts";
import type { Section } from "../page/page.ts";
import { countQualities, inputTables, isInput } from "../page/provenance-sections.ts";
import { partsOf } from "./backtest-answer.ts";
import { readingName } from "./backtest-pictures.ts";

/** Every published figure with its source and what is set for it, then every input of catalog and templates. */
export function backtestInputs(backtest: Backtest): Section {
  const inputs = backtest.inputs.filter(isInput);
  return {
    id: "assumptions",
    title: "Assumptions",
    lead: "Every published figure with its source and what the prediction is given, then every input of the catalog and of the templates with its value, quality and source.",
    note: countQualities(inputs),
    folded: [
      ...partsOf(backtest).map(({ title, readings }) => ({
        title: `${title}: published figures (${readings.length})`,
        table: figureTable(title, readings),
      })),
      ...inputTables(inputs),
    ],
  };
}

function figureTable(title: string, readings: readonly Reading[]): NumberTable {
  const text = (name: string) => ({ name, isText: true });
  return {
    caption: `${title}: published figures, what their sources say, and what the prediction is given`,
    columns: [
      { name: "Figure" },
      { name: "Published" },
      { name: "Band" },
      text("Unit"),
      text("Counts"),
      text("Given to the model"),
      text("Source says"),
      text("Source"),
    ],
    rows: readings.map((reading) => {
      const { of, basis } = reading;
      return [
        readingName(reading),
        significant(of.published),
        of.subject === "deployments" ? `${significant(of.low)} to ${significant(of.high)}` : "",
        PREDICTIONS[of.predict].unit,
        isIndependent(of) ? "yes" : `no: ${of.feeds}`,
        settingsOf(of, basis).join("; "),
        of.says,
        `${of.date}, ${of.url}`,
      ];
    }),
  };
}
