import { capital, fixed, listed } from "../charts/kit/numbers.ts";
import { type Sentence, sentence, strong } from "../charts/kit/sentence.ts";
import { figureWords, inputName } from "./names.ts";
import { pointNames, type SweepContent, type SweptFigure, sweptFigures } from "./swept.ts";

/**
 * What a sweep says, in up to three sentences: between which values the first figure lies and at which points, the same of the
 * others, and which figures nothing moves. It names no best point: a sweep asks what follows from a choice, and figures disagree.
 */
export function answerSweep(content: SweepContent): readonly Sentence[] {
  const names = pointNames(content);
  const told = sweptFigures(content.table).filter(({ values }) => values.some(Number.isFinite));
  const moving = told.filter((figure) => !isLevel(figure));
  const level = told.filter(isLevel);
  const [lead, ...others] = moving.map((figure, index) => {
    const words = figureWords(figure.metric);
    return betweenWords(figure, index === 1 ? capital(words) : words, names);
  });
  return [
    ...(lead ? [sentence`${overWords(content, told)} ${lead}${mediansWords(content)}.`] : []),
    ...(others.length > 0 ? [sentence`${joinedWith("; ", others)}.`] : []),
    ...(level.length > 0 ? [levelSentence(level, content, lead === undefined)] : []),
  ];
}

/** Ends of the values that are numbers, and their texts. */
function endsOf({ values, measure }: SweptFigure) {
  const known = values.filter(Number.isFinite);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return { least, most, texts: [measure.full(least), measure.full(most)] as const };
}

/** Whether a figure reads the same at every point. */
function isLevel(figure: SweptFigure): boolean {
  const [least, most] = endsOf(figure).texts;
  return least === most;
}

function betweenWords(figure: SweptFigure, words: string, names: readonly string[]): Sentence {
  const { least, most, texts } = endsOf(figure);
  const at = (value: number) => names[figure.values.indexOf(value)] ?? "";
  return sentence`${words} lies between ${strong(texts[0])} (at ${at(least)}) and ${strong(texts[1])} (at ${at(most)})`;
}

function joinedWith(between: string, parts: readonly Sentence[]): Sentence {
  return parts.flatMap((part, index): Sentence => (index === 0 ? part : [between, ...part]));
}

function levelSentence(figures: readonly SweptFigure[], content: SweepContent, isAll: boolean): Sentence {
  const list = figures.map((figure) => `${figureWords(figure.metric)} (${endsOf(figure).texts[0]})`);
  // The table behind has more digits, in which figures that read the same may differ.
  const isExact = figures.every(({ values }) => new Set(values.filter(Number.isFinite)).size === 1);
  return isAll
    ? sentence`None of these figures ${isExact ? "differs" : "differs much"} over ${countWords(content, figures)}${mediansWords(content)}: ${listed(list)}.`
    : sentence`${isExact ? "The" : "About the"} same at every point: ${listed(list)}.`;
}

/** `Over 5 points of delay of the main site`; points at fault are not among them. */
function overWords(content: SweepContent, figures: readonly SweptFigure[]): string {
  const { scenario, kind, paths } = content;
  const varied = kind === "list" ? "" : listed(paths.map((path) => inputName(scenario, path)));
  return `Over ${countWords(content, figures)}${varied === "" ? "" : ` of ${varied}`},`;
}

function countWords({ table }: SweepContent, figures: readonly SweptFigure[]): string {
  const all = Array.from({ length: table.rowCount }, (_, row) => row);
  const told = all.filter((row) => figures.some(({ values }) => Number.isFinite(values[row]))).length;
  return told === all.length ? `${fixed(told)} points` : `${fixed(told)} of ${fixed(all.length)} points`;
}

function mediansWords({ trials }: SweepContent): string {
  return trials > 0 ? `, in medians of ${fixed(trials)} trials` : " at medians";
}
