import type { ComparedRun, Comparison } from "../analysis/compare/comparison.ts";
import { eventsOfRuns } from "../analysis/compare/events-table.ts";
import type { PairedFigure } from "../analysis/compare/paired-sample.ts";
import { findColumn } from "../analysis/results/results.ts";
import type { Mark } from "../charts/kit/mix.ts";
import { capital, largestOf } from "../charts/kit/numbers.ts";
import { colourChips } from "../charts/kit/palette.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type EventRows, eventsByName } from "./event-tables.ts";
import { chipName, colouredChip, scenarioName } from "./names.ts";
import { type Reading, readFigure } from "./readings.ts";

/** Powers as names of files write them: `own-1gw`. */
const POWER = /^(\d+)([kmg])w$/i;
const PREFIXES: Readonly<Record<string, string>> = { k: "k", m: "M", g: "G" };

/** A scenario of a comparison as a reader knows it: `half_gb300_half_trainium4` is `Half GB300 half Trainium4`. */
export function runName({ name, scenario }: ComparedRun): string {
  const words = name.split(/[_\-\s]+/).filter(Boolean);
  const known = new Set(scenario.names.chips);
  const spelled = spellings(scenario);
  const text = words
    .map((word) => (known.has(word) ? chipName(scenario, word) : (spelled.get(word.toLowerCase()) ?? word)))
    .map((word) => word.replace(POWER, (_, size, prefix) => `${size} ${PREFIXES[prefix.toLowerCase()]}W`))
    .join(" ");
  return capital(text.replace(/ only$/, " alone")) || name;
}

/** What a comparison holds equal, as a reader's text is set; tables and screens have the plain sign. */
export function basisText({ basis }: Pick<Comparison, "basis">): string {
  return basis.replace(/'/g, "\u2019");
}

/** Names such as AWS and OpenAI as the scenario's own name spells them; a capital first letter alone may only begin a sentence. */
function spellings(scenario: Scenario): ReadonlyMap<string, string> {
  const words = scenarioName(scenario).match(/[\p{L}\p{N}]+/gu) ?? [];
  const names = words.filter((word) => /^.+\p{Lu}/u.test(word));
  return new Map(names.map((word) => [word.toLowerCase(), word]));
}

/** A chip tells a run from the others where it draws this much more than in the run with least of it [share of its most]. */
const TELLING = 0.05;

/** What pictures show of each run: its name and a disc of the chips that tell it from the others. */
export function marksOf({ runs }: Comparison): readonly Mark[] {
  const powers = runs.map(powerByChip);
  const chips = [...new Set(powers.flatMap((power) => [...power.keys()]))];
  const colours = colourChips(chips.map((chip) => colouredChip(runs[0].scenario, chip)));
  return runs.map((run, index) => {
    const excess = chips.map((chip) => {
      const all = powers.map((power) => power.get(chip) ?? 0);
      return { chip, more: all[index] - Math.min(...all), most: Math.max(...all) };
    });
    const telling = excess.filter(({ more, most }) => more > TELLING * most).sort((a, b) => b.more - a.more);
    const own = telling.length > 0 ? telling.map(({ chip }) => chip) : [...powers[index].keys()];
    const shown = own.slice(0, 2).map((chip) => colours.get(chip) ?? "others");
    return { name: runName(run), colours: shown, isFirst: index === 0 };
  });
}

/** Largest facility power of each chip of a run. */
function powerByChip({ results }: ComparedRun): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const { key, chip } of results.parts) {
    const power = largestOf(findColumn(results, "part", "facility_power_mw", key) ?? []);
    if (power > 0) most.set(chip, (most.get(chip) ?? 0) + power);
  }
  return most;
}

/** A figure of a run: what the sample says of it, or the plain run where none was taken. */
export function comparedReading(
  { runs, sample }: Comparison,
  metric: string,
  run: number,
): Reading | undefined {
  const plain = readFigure(runs[run].results, metric);
  const quantiles = pairedOf({ runs, sample }, metric, run)?.value.quantiles;
  if (!plain || !quantiles?.every(Number.isFinite))
    return plain && { middle: plain.plain, plain: plain.plain, unit: plain.unit };
  const [low, middle, high] = quantiles;
  return { low, middle, high, plain: plain.plain, unit: plain.unit };
}

/** The events of a comparison, each in every scenario that states it. */
export function comparedEvents(comparison: Comparison): readonly EventRows[] {
  const events = eventsOfRuns(comparison);
  return eventsByName(
    comparison.runs.map((run, index) => ({
      name: runName(run),
      startMonth: run.results.startMonth,
      events: events[index],
    })),
  );
}

/** What the sample says of a figure of a run beside the first. */
export function pairedOf(
  { sample }: Pick<Comparison, "runs"> & { readonly sample?: Comparison["sample"] | undefined },
  metric: string,
  run: number,
): PairedFigure | undefined {
  return sample?.figures.get(metric)?.[run];
}
