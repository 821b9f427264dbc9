import type { BridgeFigures } from "../analysis/compare/bridge.ts";
import type { Comparison } from "../analysis/compare/comparison.ts";
import { areSame, shareBest } from "../analysis/compare/paired-sample.ts";
import type { Book } from "../analysis/results/book.ts";
import { measureOf } from "../charts/kit/measure.ts";
import { capital, fixed, percent } from "../charts/kit/numbers.ts";
import { sentence } from "../charts/kit/sentence.ts";
import type { BridgeData } from "../charts/pictures/bridge.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { decidingTable } from "./break-even.ts";
import { answerCompare, decidedFigures } from "./compare-answer.ts";
import { booksTable, comparePictures, scaledPictures } from "./compare-pictures.ts";
import { basisText, comparedEvents, comparedReading, runName } from "./compared.ts";
import { eventsSection } from "./event-tables.ts";
import { figureWords, inputName, scenarioName } from "./names.ts";
import type { KeyFigure } from "./page/key-figure.ts";
import type { Report, Section } from "./page/page.ts";
import { againSection, assumptionsSection, type Origin } from "./page/provenance-sections.ts";
import { trialsTold } from "./readings.ts";
import { dueAfterHorizon } from "./run-answer.ts";

/** What a report of a comparison is made of. */
export type CompareContent = {
  readonly first: Scenario;
  readonly comparisons: readonly [Comparison, ...Comparison[]];
  readonly book: Book;
  /** From the first scenario to another, by input or by category. */
  readonly bridge?: BridgeFigures | undefined;
  /** Inputs that are not the same in all. */
  readonly inputs: readonly { readonly path: string; readonly texts: readonly string[] }[];
};

/** The report of a comparison: scenario against scenario, scaled, both books. Fails: never. */
export function reportCompare(content: CompareContent, origin: Origin): Report {
  const { first, comparisons, book, bridge, inputs } = content;
  const [own, ...others] = comparisons;
  const names = own.runs.map(runName);
  const trials = own.sample?.trials ?? 0;
  const scaled = scaledPictures(others);
  return {
    title: titleOfAll(own.runs.map(({ scenario }) => scenarioName(scenario))),
    kicker: `Gigafleet compare, ${own.runs.length} scenarios, ${names[0]} first`,
    question: first.fields.get("description")?.text,
    answer: answerCompare(comparisons, book),
    keys: keyFigures(own),
    keysNote: own.sample
      ? sentence`Medians of ${trialsTold(trials, 0)}. Bars run from P5 to P95, on a scale that holds zero.`
      : "At medians; no sample was taken.",
    sections: [
      {
        id: "against",
        title: "Scenario against scenario",
        lead: `${capital(basisText(own))}; the same draws for all.`,
        pictures: comparePictures(own, book, bridge && bridgeData(content, bridge)),
      },
      ...decidingSection(comparisons, book),
      ...eventsSection(comparedEvents(own), "Scenario"),
      ...(scaled.length > 0
        ? [
            {
              id: "scaled",
              title: "Scaled",
              lead: "The answer depends on what is held equal.",
              pictures: scaled,
            },
          ]
        : []),
      {
        id: "books",
        title: "Both books",
        lead: "What one side saves, the other may lose, or pay after the horizon.",
        table: booksTable(own, (run) => dueAfterHorizon(own.runs[run].results).plain),
      },
      {
        id: "inputs",
        title: "Inputs that differ",
        lead: "As they are written; empty where a scenario does not have the input.",
        folded: [
          {
            title: `Inputs that differ (${inputs.length})`,
            table: {
              caption: "Inputs that are not the same in all scenarios",
              columns: [{ name: "Field" }, ...names.map((name) => ({ name, isText: true }))],
              rows: inputs.map(({ path, texts }) => [path, ...texts]),
            },
          },
        ],
      },
      assumptionsSection(first),
      againSection(origin),
    ],
    footer: `${own.sample ? `Medians and P5 to P95 are of ${fixed(trials)} trials, seed ${own.sample.seed}. ` : ""}YFLOP: 10\u00b2\u2074 operations; B: 10\u2079.`,
  };
}

/** The name that all scenarios share, as the mixes of one file do, or which are compared. */
function titleOfAll([first = "", ...others]: readonly string[]): string {
  if (others.every((name) => name === first)) return first;
  return `${first} against ${others.length === 1 ? others[0] : `${others.length} others`}`;
}

/** What would change the answer: inputs that decide between the leading scenario of a figure and the next. */
function decidingSection(comparisons: readonly Comparison[], book: Book): readonly Section[] {
  const found = decidedFigures(comparisons, book).flatMap(({ comparison, metric }) => {
    const table = decidingTable(comparison, metric);
    return table ? [{ title: capital(`${basisText(comparison)}: ${figureWords(metric)}`), table }] : [];
  });
  if (found.length === 0) return [];
  return [
    {
      id: "deciding",
      title: "What would change the answer",
      lead: "Inputs that alone tell which of the two scenarios that lead in a figure is better: beyond the break-even it is the other one.",
      // One table is short, and stands in print too.
      ...(found.length === 1 ? { table: found[0].table } : { folded: found }),
      note: "A break-even is where the mean difference, given the input, changes sign. Each side has at least 5 % of the trials, its mean is 4 standard errors from zero, and its scenario is better in 60 % of its trials.",
    },
  ];
}

function keyFigures(comparison: Comparison): readonly KeyFigure[] {
  const { runs, sample } = comparison;
  const figures = [
    { metric: "cost_provider_pv_usd", label: "Provider\u2019s cost" },
    { metric: "final_cumulative_effective_fp4_yflop", label: "Effective FP4" },
    { metric: "horizon_demand_unserved_share", label: "Unserved work" },
    { metric: "npv_provider_usd", label: "Provider\u2019s NPV" },
  ];
  const leading = figures.flatMap(({ metric, label }): KeyFigure[] => {
    const sampled = sample?.figures.get(metric) ?? [];
    const shares = sampled.map((_, run) => shareBest(sampled, run));
    const most = Math.max(...shares);
    const run = shares.indexOf(most);
    const reading = run < 0 ? undefined : comparedReading(comparison, metric, run);
    if (!reading) return [];
    const who = areSame(sampled) ? "the same in all" : `${runName(runs[run])}, best in ${percent(most)}`;
    return [{ label: `${label}: ${who}`, reading }];
  });
  const own = comparedReading(comparison, "cost_provider_pv_usd", 0);
  return [...leading, ...(own ? [{ label: `${runName(runs[0])}: provider\u2019s cost`, reading: own }] : [])];
}

function bridgeData({ first, comparisons: [own] }: CompareContent, bridge: BridgeFigures): BridgeData {
  const { from, to, steps, by } = bridge;
  const values = [from.value, to.value, ...steps.map(({ change }) => change)];
  return {
    from: { name: runName(own.runs[from.run]), value: from.value },
    to: { name: runName(own.runs[to.run]), value: to.value },
    steps: steps.map(({ name, change }) => ({
      name: by === "input" ? groupName(first, name) : name,
      change,
    })),
    measure: measureOf("USD", values),
    better: "less",
    order:
      by === "input"
        ? "Provider\u2019s cost, present value at medians: inputs are changed one group after the other, in the order of their names."
        : "Provider\u2019s cost, present value at medians, by category of cost.",
  };
}

function groupName(scenario: Scenario, group: string): string {
  return group.includes(".") ? inputName(scenario, group).replace(/^ of /, "") : group;
}
