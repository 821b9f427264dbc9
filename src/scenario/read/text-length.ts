import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import type { ScalarNode } from "../files/tree.ts";

/** Most characters of a title, description, source or note: a page and a half, and far below what a cell of a spreadsheet holds. */
const MOST_CHARACTERS = 5_000;

/** Reports a text for people that is longer than any of them reads, and than tables and screens show well. */
export function findTooLong({ text, span }: ScalarNode, path: string): Diagnostic | undefined {
  if (text.length <= MOST_CHARACTERS) return undefined;
  const [got, limit] = [text.length, MOST_CHARACTERS].map((count) => `${count} characters`);
  const values = { subject: `the text of \`${path}\``, got: got ?? "", limit: limit ?? "" };
  return diagnose("too-large", { values, path, span, help: "say it shorter, or name a document" });
}
