import type { Sensitivity } from "../analysis/sensitivity/sensitivity.ts";
import { qualityOf } from "../analysis/sensitivity/sensitivity-table.ts";
import { measureOf } from "../charts/kit/measure.ts";
import { fixed, percent } from "../charts/kit/numbers.ts";
import type { Picture } from "../charts/kit/picture.ts";
import { drawTornado, MOST_INPUTS } from "../charts/pictures/tornado.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { qualityWord, scenarioName } from "./names.ts";
import type { Report } from "./page/page.ts";
import { againSection, assumptionsSection, type Origin } from "./page/provenance-sections.ts";
import { answerSensitivity, effectName, figureText } from "./sensitivity-answer.ts";

/** The report of a sensitivity: what the spread of a figure comes from. Fails: never. */
export function reportSensitivity(scenario: Scenario, sensitivity: Sensitivity, origin: Origin): Report {
  const { target, trials } = sensitivity;
  return {
    title: `${scenarioName(scenario)}: what ${figureText(target)} depends on`,
    kicker: `Gigafleet sensitivity, ${fixed(trials)} runs of the model`,
    // The table of metrics writes names as code.
    question: target.text.replaceAll("`", ""),
    answer: answerSensitivity(scenario, sensitivity),
    keys: [],
    keysNote: "Shares are total effects of a Sobol sample; they overlap where inputs interact.",
    sections: [
      {
        id: "inputs",
        title: "The inputs",
        lead: "One input at its P10 or P90, all else at medians; right, how much of the spread comes from it.",
        pictures: [tornadoPicture(scenario, sensitivity)],
      },
      assumptionsSection(scenario),
      againSection(origin),
    ],
    footer: "A share is what would be left of the variance if all else were known, interactions included.",
  };
}

function tornadoPicture(scenario: Scenario, { target, effects, plain }: Sensitivity): Picture {
  const rows = effects.slice(0, MOST_INPUTS).map((effect) => ({
    title: effectName(scenario, effect),
    quality: qualityOf(effect),
    low: effect.atP10,
    high: effect.atP90,
    weight: effect.total.value,
  }));
  const measure = measureOf(target.unit, [plain, ...rows.flatMap(({ low, high }) => [low, high])]);
  return {
    id: "tornado",
    title: `What ${figureText(target)} hangs on, ${measure.unit}`,
    subtitle:
      "The figure with one input at its P10 or P90 and all else at medians; right, the share of the spread.",
    note: "The disc is the quality of the source: the fuller, the better; empty where it is assumed, dashed where the scenario does not say.",
    isWide: true,
    draw: (width) =>
      drawTornado(
        {
          base: plain,
          baseName: "all at medians",
          rows,
          measure,
          weightName: "of spread",
          lowName: "input at its P10",
          highName: "at its P90",
        },
        width,
      ),
    numbers: {
      caption: "Inputs by total share",
      columns: [
        { name: "Input" },
        { name: "Quality", isText: true },
        { name: "At P10", unit: measure.unit },
        { name: "At P90", unit: measure.unit },
        { name: "Share" },
        { name: "95 % interval" },
      ],
      rows: effects
        .slice(0, 40)
        .map((effect) => [
          effectName(scenario, effect),
          qualityWord(qualityOf(effect)),
          measure.text(effect.atP10),
          measure.text(effect.atP90),
          percent(effect.total.value),
          `${percent(effect.total.low)} to ${percent(effect.total.high)}`,
        ]),
    },
  };
}
