import type { Results } from "../../analysis/results/results.ts";
import type { MarkNumber } from "../../charts/kit/figure-name.ts";
import { pictureHtml, sentenceHtml, tableHtml, wordsHtml } from "../../report/page/html.ts";
import { keyFigureHtml } from "../../report/page/key-figure.ts";
import type { Section } from "../../report/page/page.ts";
import { tellRun } from "../../report/run-report.ts";
import { valueAt } from "../../scenario/files/tree.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { TWO_COLUMNS } from "../columns.ts";
import { figureAttributes } from "../figure-attributes.ts";
import type { Answer, AnswerSection } from "../messages.ts";

/** Pictures in one column are not wider [px]. */
const WIDEST_SINGLE = 760;

/** What is said of key figures before the first sample. */
const TRIALS_TO_COME = "Every uncertain value at its median; the trials that follow say how sure this is.";

/** Space between columns [px], as the page's style has it. */
const GAP = 24;

/**
 * What a run says, as the page shows it: the report's sentences, pictures and tables, each number a button that opens its trace.
 *
 * @param width of the column [px]
 * @param far   pictures not to draw, by name; as a number, all but so many from the top
 *
 * Fails: never.
 */
export function showAnswer(
  scenario: Scenario,
  results: Results,
  width: number,
  isFinal: boolean,
  command: string,
  far: readonly string[] | number = [],
): Answer {
  const { title, kicker, question, answer, keys, keysNote, sections, footer } = tellRun(scenario, results);
  const undrawn = typeof far === "number" ? listPictures(sections).slice(far) : far;
  return {
    trials: results.spread?.trials ?? 0,
    isFinal,
    title,
    kicker,
    question: question ?? "",
    sentences: answer.map((one) => sentenceHtml(one, asButton)).join(""),
    keys: keys.map((one) => keyFigureHtml(one, asButton)).join(""),
    keysNote: wordsHtml(results.spread || isFinal ? keysNote : TRIALS_TO_COME, asButton),
    columns: width >= TWO_COLUMNS ? 2 : 1,
    sections: sections.map((section) => showSection(section, width, undrawn)),
    footer: wordsHtml(footer, asButton),
    command,
    hasMixes: listMixes(scenario).length > 1,
  };
}

function listPictures(sections: readonly Section[]): readonly string[] {
  return sections.flatMap(({ pictures = [] }) => pictures.map(({ id }) => id));
}

/** Names of the mixes that a scenario defines. */
export function listMixes({ tree }: Scenario): readonly string[] {
  const mixes = valueAt(tree, "mixes");
  return mixes?.kind === "map" ? [...mixes.entries.keys()] : [];
}

function showSection(
  { id, title, lead, pictures = [], table }: Section,
  width: number,
  undrawn: readonly string[],
): AnswerSection {
  const single = Math.min(width, WIDEST_SINGLE);
  const isDouble = width >= TWO_COLUMNS;
  return {
    id,
    title,
    lead,
    pictures: pictures.map((picture) => {
      if (undrawn.includes(picture.id)) return { id: picture.id };
      const own = isDouble ? (picture.isWide ? width : (width - GAP) / 2) : single;
      return { id: picture.id, html: pictureHtml(picture, [["own", Math.floor(own)]], asButton) };
    }),
    table: table ? tableHtml(table, asButton) : "",
  };
}

/** A number that opens its trace. */
export const asButton: MarkNumber = (html, figure) =>
  figure ? `<button type="button" class="num"${figureAttributes(figure)}>${html}</button>` : html;
