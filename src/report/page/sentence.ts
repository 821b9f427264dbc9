import type { FigureName } from "../../charts/kit/figure-name.ts";

/** A sentence of an answer: texts, and the numbers or names in it that a reader looks for. */
export type Sentence = readonly (string | Strong)[];

type Strong = { readonly strong: string; readonly figure?: FigureName };

/** Marks what stands out in a sentence; `figure` says which number of the run it is. */
export function strong(text: string, figure?: FigureName): Strong {
  return figure ? { strong: text, figure } : { strong: text };
}

/** Writes a sentence as a template: `sentence\`It costs ${strong("64.2 B USD")}.\``. */
export function sentence(texts: TemplateStringsArray, ...parts: readonly (string | Strong)[]): Sentence {
  return texts.flatMap((text, index) => (index < parts.length ? [text, parts[index]] : [text]));
}

/** A sentence without its marks. */
export function plainSentence(parts: Sentence): string {
  return parts
    .map((part) => (typeof part === "string" ? part : part.strong))
    .join("")
    .trim();
}
