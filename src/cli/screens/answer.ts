import { plainSentence, type Sentence } from "../../charts/kit/sentence.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { type Pen, TERMINAL } from "./pen.ts";

/** Stands for a space at which no line may break: a letter for private use, as wide as a space. */
const JOINT = "\ue000";

/**
 * The answer in sentences, each on lines of its own: what a reader of the screen sees first. Numbers are written as on the rest of
 * the screen, commas between thousands, and stay on one line with their unit.
 */
export function drawAnswer(sentences: readonly Sentence[], pen: Pen = TERMINAL): readonly string[] {
  return sentences.flatMap((parts) => {
    const text = plainSentence(parts)
      .replaceAll(JOINT, "")
      .replace(/(\d)\u202f(?=\d)/g, "$1,")
      .replace(/\u202f/g, JOINT)
      .replace(/\u2212/g, "-");
    return pen.text(text).map((line) => visibleText(line.replaceAll(JOINT, " ")));
  });
}
