/** A sentence of an answer: texts, and the numbers or names in it that a reader looks for. */
export type Sentence = readonly (string | Strong)[];

type Strong = { readonly strong: string };

/** Marks what stands out in a sentence. */
export function strong(text: string): Strong {
  return { strong: text };
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
