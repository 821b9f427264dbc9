import { SHARE } from "../fields/field-tree.ts";
import { FIELDS } from "../fields/index.ts";
import { ANNOTATION_WORDS, CSV_WORDS } from "../files/value-shape.ts";
import { describeKey, FAMILY_KEYS } from "../language/distributions/families.ts";
import { CLOCK_WORDS, functions } from "../language/language.ts";

/** A word of the scenario language other than a field: what it means and how it is written. */
export type LanguageWord = {
  readonly word: string;
  /** The category of the word, such as `function`. */
  readonly kind: string;
  readonly text: string;
  readonly example: string;
};

function wordsOf(
  kind: string,
  texts: Readonly<Record<string, string>>,
  exampleOf: (word: string) => string,
): readonly LanguageWord[] {
  return Object.entries(texts).map(([word, text]) => ({ word, kind, text, example: exampleOf(word) }));
}

/** An example of each calendar name. */
const CLOCK_EXAMPLES: Readonly<Record<keyof typeof CLOCK_WORDS, string>> = {
  calendar_year: "100 MW + 10 MW * (calendar_year - 2026)",
  month_of_year: "100 MW + 1 MW * month_of_year",
  elapsed_months: "100 MW + 2 MW * elapsed_months",
};

/** Operators that are words, with their meaning. */
const OPERATOR_WORDS = {
  and: "True if both sides are true.",
  or: "True if at least one side is true.",
  not: "True if its operand is false.",
} as const;

const OPERATOR_EXAMPLES: Readonly<Record<keyof typeof OPERATOR_WORDS, string>> = {
  and: "when: ipo_filing and milestone",
  or: "when: ipo_filing or milestone",
  not: "when: not milestone",
};

/** Words for large numbers, written before a unit. */
const MAGNITUDE_WORDS = {
  thousand: "A thousand.",
  million: "A thousand thousand.",
  billion: "A thousand million.",
  trillion: "A thousand billion.",
} as const;

/** Families that are named under `distribution:` and have no function. */
const DISCRETE: LanguageWord = {
  word: "discrete",
  kind: "distribution",
  text: "One of several values, each with its chance; the chances add to 1.",
  example: describeKey("values").example,
};

/** Keys that name the columns of a curve in a CSV file. */
const CURVE_WORDS: readonly LanguageWord[] = FIELDS.flatMap(({ path, axes = [], example = "" }) =>
  axes.map(({ key, unit }) => ({
    word: key,
    kind: "key of a curve in a file",
    text: `Column of the file that holds ${unit}, in \`${path}\`.`,
    example,
  })),
);

/** Every word of the scenario language except fields, their choices, and units. */
export const LANGUAGE_WORDS: readonly LanguageWord[] = [
  {
    word: "value",
    kind: "key of a value with its source",
    text: "The value itself, in a map that states its source.",
    example: '{ value: 700 W, source: "data sheet, table 2" }',
  },
  ...wordsOf("key of a value with its source", ANNOTATION_WORDS, (word) => `{ value: 700 W, ${word}: ... }`),
  ...wordsOf("key of a table in a file", CSV_WORDS, () => "{ csv: ./power.csv, column: power_gw, unit: GW }"),
  ...FAMILY_KEYS.map((word) => ({ word, kind: "key of a distribution", ...describeKey(word) })),
  DISCRETE,
  ...CURVE_WORDS,
  ...[...functions].map(([word, { text, usage }]) => ({ word, kind: "function", text, example: usage })),
  ...wordsOf(
    "name in an expression",
    CLOCK_WORDS,
    (word) => CLOCK_EXAMPLES[word as keyof typeof CLOCK_WORDS],
  ),
  ...wordsOf("operator", OPERATOR_WORDS, (word) => OPERATOR_EXAMPLES[word as keyof typeof OPERATOR_WORDS]),
  ...wordsOf("magnitude", MAGNITUDE_WORDS, (word) => `38 ${word} USD`),
  {
    word: "null",
    kind: "word of a value",
    text: "Removes the value that an extended file or an earlier layer gives there.",
    example: "fleets: { gb300: null }",
  },
  {
    word: "to",
    kind: "word of a value",
    text: "Makes a 90 % interval of two values, from the 5th to the 95th percentile.",
    example: "8 USD to 14 USD",
  },
  {
    word: "rest",
    kind: "word of a mix",
    text: "The share of the one part of a mix that takes the remainder.",
    example: "mix: { trainium4: 40 %, gb300: rest }",
  },
  {
    word: SHARE,
    kind: "key of a part of a mix",
    text: "The share of a part that is written as a map with its own delivery.",
    example: "mix: { trainium4: { share: 40 %, deliver: { at: 2027-01 } }, gb300: rest }",
  },
];
