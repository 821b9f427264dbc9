import type { FigureName } from "./figure-name.ts";

/** A sentence of an answer: texts, the numbers or names in it that a reader looks for, and its other numbers. */
export type Sentence = readonly Part[];

/** A text, or a sentence with its marks. */
export type Words = string | Sentence;

type Part = string | Strong | Told;
type Strong = { readonly strong: string; readonly figure?: FigureName };
type Told = { readonly told: string; readonly figure: FigureName };

/** Marks what stands out in a sentence; `figure` says which number of the run it is. */
export function strong(text: string, figure?: FigureName): Strong {
  return figure ? { strong: text, figure } : { strong: text };
}

/** Marks a number in passing with its figure of the run; a text without a figure stays a text. */
export function told(text: string, figure: FigureName): Part {
  return text === "" ? text : { told: text, figure };
}

/** Writes a sentence as a template: `sentence\`It costs ${strong("64.2 B USD")}.\``; a part may be a piece of a sentence. */
export function sentence(texts: TemplateStringsArray, ...parts: readonly (Part | Sentence)[]): Sentence {
  const all = texts.flatMap((text, index): Sentence => {
    const part = parts[index];
    if (part === undefined) return [text];
    return Array.isArray(part) ? [text, ...part] : [text, part as Part];
  });
  // What follows a number is the next part, so that a bracket or a stop stays with it.
  return all.filter((part) => part !== "");
}

/** Several pieces of a sentence with what stands between them, and before the last. */
export function joinPieces(pieces: readonly Sentence[], between: string, last = between): Sentence {
  return pieces.flatMap((piece, index) => {
    if (index === 0) return piece;
    return [index === pieces.length - 1 ? last : between, ...piece];
  });
}

/** A sentence behind another one; nothing where it is empty. */
export function spaced(text: Sentence): Sentence {
  return text.length === 0 ? [] : [" ", ...text];
}

/** The text of a part, without its mark. */
export function textOfPart(part: Part): string {
  if (typeof part === "string") return part;
  return "strong" in part ? part.strong : part.told;
}

/** A sentence without its marks. */
export function plainSentence(parts: Sentence): string {
  return parts.map(textOfPart).join("").trim();
}

/** Words without their marks. */
export function plainWords(words: Words): string {
  return typeof words === "string" ? words : plainSentence(words);
}
