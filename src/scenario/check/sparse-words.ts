import { log, power } from "../../numbers/plain.ts";

/** How far a figure in a text may differ from the value and still mean it. */
const SAMENESS = 0.005;

/**
 * True if a source or note says that this very figure is sparse, as in "19.8 PFLOPS with sparsity".
 *
 * A text may mention the sparse figure beside the dense one that is entered: `624 is the sparse figure` of 312. So
 * only a clause that mentions sparsity counts, and in it only the number next to the word, also after a division by
 * two.
 *
 * @param rate in FLOP/s; numbers in the texts may be in any multiple of 1,000 of it
 *
 * Fails: never.
 */
export function isSaidToBeSparse(rate: number, ...texts: readonly (string | undefined)[]): boolean {
  return texts
    .flatMap((text) => (text ?? "").split(/[;()]|[.,:](?!\d)/))
    .filter(
      (clause) =>
        /\bspars(e|ity)\b/i.test(clause) && !/\bnot sparse\b|\bwithout\b|\bno sparsity\b/i.test(clause),
    )
    .flatMap(numbersBesideTheWord)
    .some((number) => isSameFigure(number, rate));
}

/** True if a source or note says that the figure is dense. Fails: never. */
export function isSaidToBeDense(...texts: readonly (string | undefined)[]): boolean {
  return texts.some((text) => /\bdense\b/i.test(text ?? "") && !/\bnot dense\b/i.test(text ?? ""));
}

function numbersBesideTheWord(clause: string): readonly number[] {
  const [before = "", after = ""] = clause.split(/\bspars(?:e|ity)\b/i);
  const toNumber = (text: string): number => Number(text.replaceAll(",", ""));
  const last = [...before.matchAll(/\d[\d,]*(?:\.\d+)?/g)].at(-1)?.[0];
  const first = last === undefined ? /\d[\d,]*(?:\.\d+)?/.exec(after)?.[0] : undefined;
  return [last, first].flatMap((text) => (text === undefined ? [] : [toNumber(text)]));
}

function isSameFigure(number: number, rate: number): boolean {
  if (number <= 0) return false;
  const thousands = log(rate / number) / log(1000);
  return Math.abs(power(1000, thousands - Math.round(thousands)) - 1) < SAMENESS;
}
