import { nearest } from "../../diagnostics/nearest.ts";
import type { CsvOptions } from "../../export/csv.ts";
import { choiceOption, flagOption, type Given, isGiven, textOf, textOption } from "./command.ts";
import { UsageError } from "./exit-code.ts";
import { printError } from "./streams.ts";

/** Options of a command that writes tables. */
export const tableOptions = {
  locale: textOption(
    "Write CSV files as spreadsheets of this locale read them, such as de or fr-CH: delimiter, decimal sign, byte order mark",
  ),
  decimal: choiceOption("Decimal sign of CSV files (default .)", [".", ","]),
  bom: flagOption("Begin CSV files with a byte order mark, for Excel"),
  delimiter: choiceOption("Delimiter of CSV files (default ,)", [",", ";", "tab"]),
};

/** Locales whose numbers have a decimal point although their lists have semicolons. */
const POINT_AND_SEMICOLON: ReadonlySet<string> = new Set(["de-CH", "de-LI", "fr-CH", "it-CH", "rm-CH"]);

/** Offered where a locale is unknown. */
const COMMON_LOCALES = [
  "de",
  "de-CH",
  "en",
  "en-GB",
  "es",
  "fr",
  "it",
  "ja",
  "nl",
  "pl",
  "pt",
  "pt-BR",
  "sv",
];

/**
 * Reads the format of CSV files; single options go before the locale.
 *
 * Fails: throws `UsageError` for an unknown locale, and for a decimal sign that is also the delimiter.
 */
export function readCsvOptions(given: Given): Required<CsvOptions> {
  const locale = textOf(given, "locale");
  const standard =
    locale === undefined
      ? ({ bom: false, delimiter: ",", decimal: "." } as const)
      : { bom: true, ...signsOf(locale) };
  const named = textOf(given, "delimiter");
  const delimiter = named === "tab" ? "\t" : named === ";" || named === "," ? named : standard.delimiter;
  const sign = textOf(given, "decimal");
  const decimal = sign === "," || sign === "." ? sign : standard.decimal;
  if (decimal === delimiter) {
    throw new UsageError(
      "the decimal sign of CSV files and their delimiter are both `,`; write `--decimal , --delimiter ';'`, or a locale such as `--locale de`",
    );
  }
  return { bom: isGiven(given, "bom") || standard.bom, delimiter, decimal };
}

/** Delimiter and decimal sign of a locale's spreadsheets. */
function signsOf(locale: string): Pick<Required<CsvOptions>, "delimiter" | "decimal"> {
  const tag = canonicalTag(locale);
  if (tag === undefined) {
    const near = nearest(locale, COMMON_LOCALES).map((name) => `\`${name}\``);
    const offer =
      near.length > 0 ? `did you mean ${near.join(", ")}?` : "write a tag such as `de` or `en-GB`";
    throw new UsageError(`\`--locale ${locale}\`: there is no such locale; ${offer}`);
  }
  const parts = new Intl.NumberFormat(tag, { numberingSystem: "latn" }).formatToParts(1.5);
  const decimal = parts.find(({ type }) => type === "decimal")?.value === "," ? "," : ".";
  return { decimal, delimiter: decimal === "," || POINT_AND_SEMICOLON.has(tag) ? ";" : "," };
}

/** The tag as it is registered; undefined for one that is malformed or unknown. */
function canonicalTag(locale: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf([locale.replaceAll("_", "-")])[0];
  } catch {
    return undefined;
  }
}

/**
 * Checks the options before anything is simulated, and says what a German sheet makes of semicolons with decimal points.
 *
 * Fails: as `readCsvOptions`.
 */
export function checkCsvOptions(given: Given): void {
  const { bom, delimiter, decimal } = readCsvOptions(given);
  const isMeant = ["locale", "decimal"].some((name) => textOf(given, name) !== undefined);
  if (isMeant || isGiven(given, "quiet") || !bom || delimiter !== ";" || decimal !== ".") return;
  printError(
    "semicolons with decimal points: a German sheet reads 1.5 as a date and 1.234 as 1234; add `--decimal ,` or write `--locale de`\n",
  );
}
