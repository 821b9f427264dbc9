import type { FigureName } from "../charts/kit/figure-name.ts";
import { measureOf } from "../charts/kit/measure.ts";
import { capital, fixed, percent } from "../charts/kit/numbers.ts";
import type { Picture } from "../charts/kit/picture.ts";
import { sentence, told } from "../charts/kit/sentence.ts";
import { type DistributionPanel, drawDistribution } from "../charts/pictures/distribution.ts";
import { drawTornado, MOST_INPUTS, type TornadoRow } from "../charts/pictures/tornado.ts";
import { inputName, inputQuality, qualityWord } from "./names.ts";
import type { Plan } from "./plan.ts";
import { keptTrialsTold, readFigure, trialsTold } from "./readings.ts";

/** The figure whose inputs are ranked. */
const COST = "cost_provider_pv_usd";

/** Pictures of how far the answer could be off; none without a sample. */
export function doubtPictures(plan: Plan): readonly Picture[] {
  return [...distributionPicture(plan), ...tornadoPicture(plan)];
}

function distributionPicture({ results }: Plan): readonly Picture[] {
  const hasContracts = results.contracts.length > 0;
  const wanted = [
    { metric: "cost_provider_pv_usd", title: "Provider\u2019s cost", hasLoss: false },
    ...(hasContracts
      ? [{ metric: "npv_provider_usd", title: "Provider\u2019s NPV over the horizon", hasLoss: true }]
      : []),
  ];
  const panels = wanted.flatMap(
    ({ metric, title, hasLoss }): (DistributionPanel & { readonly figure: FigureName })[] => {
      const values = results.spread?.trialsOf?.(metric);
      const reading = readFigure(results, metric);
      if (!values || reading?.low === undefined || reading.high === undefined) return [];
      const quantiles = [reading.low, reading.middle, reading.high];
      const measure = measureOf("USD", quantiles);
      return [{ title, values, quantiles, plain: reading.plain, measure, hasLoss, figure: { metric } }];
    },
  );
  if (panels.length === 0) return [];
  const worth = panels.find(({ hasLoss }) => hasLoss);
  const losing = worth ? worth.values.filter((value) => value < 0).length / worth.values.length : 0;
  const [shown, all] = [panels[0].values.length, results.spread?.trials ?? 0];
  return [
    {
      id: "distribution",
      title: hasContracts ? "Present value of cost and NPV" : "Present value of cost",
      subtitle: sentence`How ${shown < all ? sentence`the first ${keptTrialsTold(shown)} of ` : ""}${trialsTold(all)} fall; P5 to P95 of all of them darker.`,
      note: sentence`Triangle: the plain run, which holds every uncertain value at its median; it is no median of results.${worth ? sentence` Red: the provider loses, ${told(percent(losing), { ...worth.figure, of: "loss" })} of these trials.` : ""}`,
      draw: (width) => drawDistribution(panels, width),
      numbers: {
        caption: "Present value",
        columns: [
          { name: "Figure" },
          { name: "Unit", isText: true },
          ...["Plain run", "P5", "Median", "P95"].map((name) => ({ name })),
        ],
        rows: panels.map(({ title, measure, plain, quantiles }) => [
          title,
          measure.unit,
          ...[plain, ...quantiles].map(measure.text),
        ]),
        figureAt: (row, column) => (column > 1 ? panels[row]?.figure : undefined),
      },
    },
  ];
}

function tornadoPicture({ scenario, results }: Plan): readonly Picture[] {
  const ranked = results.spread?.rankInputs?.(COST) ?? [];
  if (ranked.length === 0) return [];
  const trialsRead = results.spread?.trialsOf?.(COST)?.length ?? 0;
  const rows = ranked.slice(0, MOST_INPUTS).map(
    ({ key, correlation, lowest, highest }): TornadoRow => ({
      title: capital(inputName(scenario, key)),
      quality: qualityWord(inputQuality(scenario, key)),
      low: lowest,
      high: highest,
      weight: correlation,
    }),
  );
  const base = ranked[0].mean;
  const measure = measureOf("USD", [base, ...rows.flatMap(({ low, high }) => [low, high])]);
  const weightText = (weight: number) => fixed(weight, 2);
  return [
    {
      id: "tornado",
      title: `What the cost hangs on, present value, ${measure.unit}`,
      subtitle: sentence`Mean cost over those of the first ${keptTrialsTold(trialsRead)} with an input in its lowest or highest tenth; right, the rank correlation of input and cost.`,
      note: "The disc is the quality of the source: the fuller, the better; dashed where the scenario does not say. \u201cgigafleet sensitivity\u201d tells the shares of the variance, with interactions.",
      draw: (width) =>
        drawTornado(
          {
            base,
            baseName: "mean of all trials",
            rows,
            measure,
            weightName: "correlation",
            weightText,
            lowName: "input in its lowest tenth",
            highName: "in its highest",
          },
          width,
        ),
      numbers: {
        caption: "Inputs by rank correlation with the cost",
        columns: [
          { name: "Input" },
          { name: "Path", isText: true },
          { name: "Quality", isText: true },
          { name: "Lowest tenth", unit: measure.unit },
          { name: "Highest tenth", unit: measure.unit },
          { name: "Correlation" },
        ],
        rows: rows.map(({ title, quality, low, high, weight = 0 }, index) => [
          title,
          ranked[index].key,
          quality,
          measure.text(low),
          measure.text(high),
          weightText(weight),
        ]),
        figureAt: (row, column) => {
          const { key } = ranked[row];
          if (column === 1) return { metric: key };
          const of = ([undefined, "lowest", "highest", "correlation"] as const)[column - 2];
          return of && { metric: COST, entity: key, of };
        },
      },
    },
  ];
}
