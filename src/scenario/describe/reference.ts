import type { FieldSpec } from "../fields/field.ts";
import { kindInWords, rangeInWords, varianceInWords } from "../fields/field-words.ts";
import { FIELDS } from "../fields/index.ts";
import { listNames } from "../fields/words.ts";
import type { UsedDefaults } from "./used-defaults.ts";

/** A section of the reference page: its heading, its first paragraph, and the fields it holds. */
type Section = { readonly title: string; readonly text: string; readonly holds: (path: string) => boolean };

const SECTIONS: readonly Section[] = [
  {
    title: "Scenario",
    text: "Fields of the scenario as a whole.",
    holds: (path) => !/^(sites|fleets|chips)\./.test(path),
  },
  {
    title: "Sites",
    text: "Under `sites`, each site by a name of your choice. Values shared by all sites go under `defaults.sites`.",
    holds: (path) => path.startsWith("sites."),
  },
  {
    title: "Fleets",
    text: "Under `fleets`, each fleet by a name of your choice. Values shared by all fleets, except the mix, go under `defaults.fleets`.",
    holds: (path) => path.startsWith("fleets."),
  },
  {
    title: "Chips",
    text: "Under `chips`, in the catalog or in a scenario, which may add chips or change some fields of one. Values shared by all chips go under `defaults.chips`.",
    holds: (path) => path.startsWith("chips."),
  },
];

/**
 * Makes the reference page of the scenario language, in Markdown, from the table of fields.
 *
 * @param defaults values used where a scenario says nothing
 *
 * Fails: never.
 */
export function makeReference(defaults: UsedDefaults): string {
  const head = [
    "<!-- Generated from the table of fields in src/scenario/fields; change it there. -->",
    "# Fields of a scenario",
    "",
    "`NAME` stands for a name you choose. Every value may be written as a map `{ value, source, url, as_of, quality, note,",
    "currency_year }` that says where it comes from. A value that varies by month may be a table of dates, or come from a CSV",
    "file: `{ csv: ./power.csv, column: power_gw, unit: GW }`. Every quantity may be uncertain and may be an expression.",
    "",
    "An uncertain quantity is an interval `A to B` (5th to 95th percentile) or a map of quantiles, `{ p5, p95 }`, `{ p5, p50, p95 }` or",
    "`{ p10, p90 }`, or of a `distribution`: normal (`mean`, `sd`), lognormal (`p5`, `p95`, or `mean`, `sd` of the logarithm), triangular",
    "and pert (`min`, `mode`, `max`), uniform (`min`, `max`), discrete (`values`). `at_least` and `at_most` beside quantiles, normal and",
    "lognormal truncate the distribution: `{ p5: 32 %, p95: 50 %, at_most: 100 % }`.",
  ];
  return `${[...head, ...SECTIONS.flatMap((section) => sectionLines(section, defaults))].join("\n")}\n`;
}

function sectionLines({ title, text, holds }: Section, defaults: UsedDefaults): string[] {
  const fields = FIELDS.filter((spec) => holds(spec.path));
  return [
    "",
    `## ${title}`,
    "",
    text,
    ...fields.flatMap((spec) => fieldLines(spec, defaults.get(spec.path))),
  ];
}

function fieldLines(spec: FieldSpec, usedDefault: string | undefined): string[] {
  const range = rangeInWords(spec);
  const facts = [
    `${kindInWords(spec)}${range ? ` ${range}` : ""}`,
    ...(spec.varies === undefined ? [] : [varianceInWords(spec)]),
    ...(spec.required ? ["required"] : []),
    ...(usedDefault === undefined ? [] : [`default \`${usedDefault}\``]),
    `example \`${spec.example}\``,
  ];
  const seeAlso = (spec.seeAlso ?? []).map(writtenPath);
  const see = seeAlso.length > 0 ? [`See also ${listNames(seeAlso)}.`, ""] : [];
  return ["", `### \`${writtenPath(spec.path)}\``, "", spec.text, "", ...see, `${facts.join(" · ")}`];
}

/** A path with the user's names in capitals: `fleets.NAME.mix.CHIP`. */
function writtenPath(path: string): string {
  return path.replace(".mix.*", ".mix.CHIP").replaceAll("*", "NAME");
}
