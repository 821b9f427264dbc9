import { classesIn, colourRules, type Mode, PAPER, PICTURE_RULES } from "../../charts/kit/palette.ts";
import type { NumberTable, Picture } from "../../charts/kit/picture.ts";
import type { Sentence, Words } from "../../charts/kit/sentence.ts";
import { escapeText } from "../../charts/kit/svg.ts";
import { pictureHtml, sentenceHtml, tableHtml, wordsHtml } from "./html.ts";
import { type KeyFigure, keyFigureHtml } from "./key-figure.ts";
import { PAGE_SCRIPT, PAGE_STYLE } from "./page-style.ts";

/** A part of a page below its answer. */
export type Section = {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly pictures?: readonly Picture[];
  /** A table in full, and tables that a reader opens. */
  readonly table?: NumberTable;
  readonly folded?: readonly { readonly title: string; readonly table: NumberTable }[];
  /** A command to type. */
  readonly command?: string;
  readonly note?: string;
};

/** A report: the answer first, then pictures, tables, inputs, and how to make it again. */
export type Report = {
  readonly title: string;
  /** What made it, in a line above the title. */
  readonly kicker: string;
  readonly question?: string | undefined;
  readonly answer: readonly Sentence[];
  readonly keys: readonly KeyFigure[];
  readonly keysNote: Words;
  readonly sections: readonly Section[];
  readonly footer: Words;
};

/** Key figures in a row of the page; more are set closer. */
const FEW_KEYS = 5;

/**
 * Writes a report as one HTML file: nothing is fetched, the policy allows no more than the page's own style and the one script of
 * that hash, and every text of a scenario is escaped.
 *
 * @param hash SHA-256 of a text in Base64; handed in, since this code also runs where Node does not
 *
 * Fails: never. The same report gives the same bytes.
 */
export function writePage(report: Report, hash: (text: string) => string): string {
  const { title, kicker, question, answer, keys, keysNote, sections, footer } = report;
  const body = [
    `<header><p class="kicker">${escapeText(kicker)}</p><h1>${escapeText(title)}</h1>${question ? `<p class="question">${escapeText(question)}</p>` : ""}</header>`,
    `<section class="answer" aria-label="The answer">${answer.map((one) => sentenceHtml(one)).join("")}</section>`,
    keys.length > 0
      ? `<dl class="keys${keys.length > FEW_KEYS ? " many" : ""}">${keys.map((one) => keyFigureHtml(one)).join("")}</dl>`
      : "",
    keysNote.length > 0 ? `<p class="note keysnote">${wordsHtml(keysNote)}</p>` : "",
    `<nav aria-label="Sections">${sections.map(({ id, title: name }) => `<a href="#${id}">${escapeText(name)}</a>`).join("")}</nav>`,
    ...sections.map(sectionHtml),
    `<footer>${wordsHtml(footer)}</footer>`,
  ].join("\n");
  const style = `${colourStyle(body)}${PAGE_STYLE}`;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash(PAGE_SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escapeText(title)}: Gigafleet</title><style>${style}</style></head><body><main>
${body}
</main><script>${PAGE_SCRIPT}</script></body></html>
`;
}

/** The colours of a page and of the pictures in it, in light and in dark. */
export function colourStyle(body: string): string {
  const used = classesIn(body);
  return `${variables("light")}${PICTURE_RULES}${colourRules("light", used)}@media screen and (prefers-color-scheme:dark){${variables("dark")}${colourRules("dark", used)}}`;
}

function variables(mode: Mode): string {
  const list = Object.entries(PAPER[mode]).map(([name, colour]) => `--${name}:${colour}`);
  return `:root{${list.join(";")}}`;
}

function sectionHtml({ id, title, lead, pictures, table, folded, command, note }: Section): string {
  const parts = [
    `<section id="${id}"><h2>${escapeText(title)}</h2><p>${escapeText(lead)}</p>`,
    pictures ? `<div class="grid">${pictures.map((one) => pictureHtml(one)).join("")}</div>` : "",
    table ? `<div class="years">${tableHtml(table)}</div>` : "",
    command ? `<pre><code>${escapeText(command)}</code></pre>` : "",
    note ? `<p class="note">${escapeText(note)}</p>` : "",
    ...(folded ?? []).map(
      (one) => `<details><summary>${escapeText(one.title)}</summary>${tableHtml(one.table)}</details>`,
    ),
    "</section>",
  ];
  return parts.join("");
}
