import { eventChances } from "../analysis/results/events.ts";
import type { Results } from "../analysis/results/results.ts";
import { measureOf } from "../charts/kit/measure.ts";
import { fixed } from "../charts/kit/numbers.ts";
import type { NumberTable } from "../charts/kit/picture.ts";
import { type Sentence, sentence } from "../charts/kit/sentence.ts";
import { findMetric } from "../metrics/index.ts";
import { yearText } from "../scenario/calendar.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { doubtPictures } from "./doubt-pictures.ts";
import { runEventTable } from "./event-tables.ts";
import { moneyPictures } from "./money/money-pictures.ts";
import { FIGURE_WORDS, scenarioName } from "./names.ts";
import type { KeyFigure } from "./page/key-figure.ts";
import type { Report, Section } from "./page/page.ts";
import { againSection, assumptionsSection, type Origin } from "./page/provenance-sections.ts";
import { type Plan, readPlan, spanText } from "./plan.ts";
import { isOpenReturn, isSampled, readFigure, readYears, trialsTold } from "./readings.ts";
import { answerRun } from "./run-answer.ts";
import { supplyPictures } from "./supply-pictures.ts";
import { workPictures } from "./work-pictures.ts";

/**
 * The report of a run: what it says, then every input and how to make it again.
 *
 * @param answer its sentences, where they are known already: making them takes all draws of all inputs
 *
 * Fails: never.
 */
export function reportRun(
  scenario: Scenario,
  results: Results,
  origin: Origin,
  answer?: readonly Sentence[],
): Report {
  const told = tellRun(scenario, results, answer);
  return { ...told, sections: [...told.sections, assumptionsSection(scenario), againSection(origin)] };
}

/** What a run says: power, work, money, doubt, the years. Fails: never. */
export function tellRun(
  scenario: Scenario,
  results: Results,
  answer: readonly Sentence[] = answerRun(scenario, results),
): Report {
  const plan = readPlan(scenario, results);
  const trials = trialsTold(results.spread?.trials ?? 0);
  const sampled = isSampled(results);
  return {
    title: scenarioName(scenario),
    kicker: `Gigafleet run, ${spanText(results)}`,
    question: scenario.fields.get("description")?.text,
    answer,
    keys: keyFigures(results),
    keysNote: sampled
      ? sentence`Medians of ${trials}. Bars run from P5 to P95, on a scale that holds zero.`
      : `The plain run: every uncertain value at its median. ${results.spread ? "The sample has no P5, median and P95, which this page shows." : "No sample was taken."}`,
    sections: [...pictureSections(plan), ...runEvents(results), yearsSection(plan)],
    footer: sentence`${sampled ? sentence`Medians and P5 to P95 are of ${trials}, seed ${results.spread?.seed ?? ""}. ` : ""}EFLOP/s: 10\u00b9\u2078 operations a second; YFLOP: 10\u00b2\u2074 operations; B: 10\u2079. Money is nominal unless it says present value.`,
  };
}

/** The events of a run, a line each. */
function runEvents(results: Results): readonly Section[] {
  const lines = eventChances(results).map((chances) => ({
    name: chances.name,
    startMonth: results.startMonth,
    chances,
  }));
  if (lines.length === 0) return [];
  return [
    {
      id: "events",
      title: "Events",
      lead: "When what the scenario asks about comes true, and how likely it is to have come true.",
      table: runEventTable(lines),
    },
  ];
}

function pictureSections(plan: Plan): readonly Section[] {
  const sections: readonly Section[] = [
    {
      id: "supply",
      title: "Supply",
      lead: "Power, chips and the compute they deliver.",
      pictures: supplyPictures(plan),
    },
    {
      id: "work",
      title: "Work",
      lead: "What is asked of the fleet, what it serves, at what cost, and what stops it.",
      pictures: workPictures(plan),
    },
    {
      id: "money",
      title: "Money",
      lead: "The provider\u2019s cash and the buyer\u2019s commitments.",
      pictures: moneyPictures(plan),
    },
    {
      id: "doubt",
      title: "Doubt",
      lead: "How far the answer could be off, and which input to look at first.",
      pictures: doubtPictures(plan),
    },
  ];
  return sections.filter(({ pictures = [] }) => pictures.length > 0);
}

function keyFigures(results: Results): readonly KeyFigure[] {
  const hasContracts = results.contracts.length > 0;
  const wanted: readonly (readonly [string, string])[] = [
    ["Energised power, peak month", "peak_facility_power_mw"],
    ["Effective FP4, peak month", "peak_effective_fp4_eflops"],
    ["Provider\u2019s cost, present value", "cost_provider_pv_usd"],
    ...(hasContracts ? [["Provider\u2019s NPV over the horizon", "npv_provider_usd"] as const] : []),
    ["Inference, per million output tokens", "horizon_inference_usd_per_million_output_tokens"],
    ...leftFigures(results),
  ];
  return wanted.flatMap(([label, metric]) => {
    const reading = readFigure(results, metric);
    if (!reading) return [];
    const unit = reading.unit.replace("USD/million tokens", "USD");
    return [{ label, reading: { ...reading, unit }, figure: { metric } }];
  });
}

/**
 * What is left after debt and tax, in one figure: the return on equity, what equity is worth where that return is open, or without
 * loans what the plan is worth after tax.
 */
function leftFigures(results: Results): readonly (readonly [string, string])[] {
  const isTaxed = readFigure(results, "npv_provider_after_tax_usd") !== undefined;
  if (results.loans.length > 0) {
    const [rate, worth] = isTaxed
      ? (["equity_irr_after_tax", "equity_npv_after_tax_usd"] as const)
      : (["equity_irr", "equity_npv_usd"] as const);
    const irr = readFigure(results, rate);
    if (irr && isOpenReturn(irr)) return [[FIGURE_WORDS[worth].title, worth]];
    return [[`Return on equity${isTaxed ? ", after tax" : ""}`, rate]];
  }
  return isTaxed && results.contracts.length > 0 ? [["NPV after tax", "npv_provider_after_tax_usd"]] : [];
}

/** Columns of the years; of those that a reader asks how sure they are the range too. */
const YEAR_COLUMNS: readonly {
  readonly name: string;
  readonly metric: string;
  readonly hasRange?: boolean;
}[] = [
  { name: "Power", metric: "facility_power_mw" },
  { name: "Chips", metric: "chips_energised" },
  { name: "Effective FP4", metric: "effective_fp4_eflops", hasRange: true },
  { name: "Energy", metric: "energy_gwh" },
  { name: "Cash out", metric: "provider_cash_usd" },
  { name: "Revenue", metric: "provider_revenue_usd" },
  { name: "Unserved", metric: "demand_unserved_share", hasRange: true },
  { name: "Tokens out", metric: "inference_usd_per_million_output_tokens" },
];

function yearsSection({ results }: Plan): Section {
  return {
    id: "years",
    title: "The years",
    lead: "One row a year. Every column of every table is in the CSV files beside this report.",
    table: yearsTable(results),
  };
}

function yearsTable(results: Results): NumberTable {
  const sampled = isSampled(results);
  const read = YEAR_COLUMNS.flatMap(({ name, metric, hasRange = false }) => {
    const found = readYears(results, metric);
    if (!found) return [];
    const { bands } = found;
    const unit = findMetric(metric)?.unit.replace("USD/million tokens", "USD per million") ?? "";
    const measure = measureOf(unit, [
      ...(bands.middle ?? bands.plain),
      ...(hasRange ? (bands.high ?? []) : []),
    ]);
    return [{ name, metric, measure, hasRange: hasRange && bands.low !== undefined, ...found }];
  });
  const metrics = read.flatMap(({ metric, hasRange }) => (hasRange ? [metric, metric] : [metric]));
  const years = read[0]?.years ?? [];
  const what = sampled ? `Medians of ${fixed(results.spread?.trials ?? 0)} trials` : "The plain run";
  return {
    caption: `${what} at the end of the year (power, chips, compute) or over it (the rest)`,
    columns: [
      { name: "Year" },
      ...read.flatMap(({ name, measure: { unit }, hasRange }) => [
        { name, unit },
        ...(hasRange ? [{ name: "P5 to P95", unit }] : []),
      ]),
    ],
    rows: years.map((year, index) => [
      yearText(year, results.yearStart),
      ...read.flatMap(({ bands: { plain, low, middle, high }, measure, hasRange }) => [
        measure.text((middle ?? plain)[index]),
        ...(hasRange && low && high ? [`${measure.text(low[index])} to ${measure.text(high[index])}`] : []),
      ]),
    ]),
    figureAt: (row, column) => {
      const metric = metrics[column - 1];
      return metric === undefined ? undefined : { metric, when: String(years[row]) };
    },
  };
}
