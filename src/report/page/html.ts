import { type MarkNumber, unmarked } from "../../charts/kit/figure-name.ts";
import {
  type Drawing,
  FULL,
  HALF,
  NARROW,
  type NumberTable,
  type Picture,
} from "../../charts/kit/picture.ts";
import { plainWords, type Sentence, textOfPart, type Words } from "../../charts/kit/sentence.ts";
import { escapeText, escapeTexts, round } from "../../charts/kit/svg.ts";

/** A sentence with its marks; every text is escaped. */
export function sentenceHtml(parts: Sentence, mark: MarkNumber = unmarked): string {
  return `<p>${partsHtml(parts, mark)}</p>`;
}

/** Words with their marks; every text is escaped. */
export function wordsHtml(words: Words, mark: MarkNumber = unmarked): string {
  return partsHtml(typeof words === "string" ? [words] : words, mark);
}

function partsHtml(parts: Sentence, mark: MarkNumber): string {
  /** Marks behind a button that are written already. */
  let written = 0;
  const html = parts.map((part, index) => {
    const text = escapeText(textOfPart(part).slice(written));
    written = 0;
    if (typeof part === "string") return text;
    const marked = mark(text, part.figure);
    const own = "strong" in part ? `<b>${marked}</b>` : marked;
    const next = parts[index + 1];
    const [closing = ""] = (marked !== text && typeof next === "string" && /^[).,:;]+/.exec(next)) || [];
    written = closing.length;
    return closing === "" ? own : `<span class="held">${own}${closing}</span>`;
  });
  return html.join("");
}

/** A drawing of a picture: the class by which style rules show it, and its width [px]. */
export type Drawn = readonly [name: string, width: number];

/** Width of the drawing that a printed page shows across both columns: its text, scaled to the page, has 7 points and more [px]. */
const PRINTED = 800;

/**
 * Above this height a drawing of half a width leaves no room for a second picture on a printed page, which then shows the one of the
 * page's width if that is lower, and above that one it does not fit at all [px].
 */
const HALF_PAGE_HIGH = 560;
const PAGE_HIGH = 800;

/** A drawing across the page takes both columns, so that it has to save this much of the height. */
const LOWER = 0.75;

/** The drawings that a report may need, narrow ones first; style rules show one, and the others are not read aloud either. */
function drawAll(picture: Picture): readonly SizedDrawing[] {
  const drawn = ([name, width]: Drawn) => ({ name, width, ...picture.draw(width) });
  const [narrow, half] = [drawn(["n", NARROW]), drawn(["m", HALF])];
  if (!picture.isWide) return [narrow, half];
  const wide = drawn(["w", FULL]);
  if (half.height <= HALF_PAGE_HIGH) return [narrow, half, wide];
  const printed = drawn(["p", PRINTED]);
  const isTall = half.height > PAGE_HIGH || printed.height < half.height * LOWER;
  return isTall ? [narrow, half, wide, printed] : [narrow, half, wide];
}

type SizedDrawing = Drawing & { readonly name: string; readonly width: number };

/** A picture with its words, the numbers behind it, and a drawing for each width. */
export function pictureHtml(
  picture: Picture,
  drawings?: readonly Drawn[],
  mark: MarkNumber = unmarked,
): string {
  const { id, title, subtitle, note, isWide = false, numbers } = picture;
  const all = drawings?.map(([name, width]) => ({ name, width, ...picture.draw(width) })) ?? drawAll(picture);
  const isTall = all.some(({ name }) => name === "p");
  const drawn = all.map(({ name, width, height, body }) => {
    const [heading, text] = [`${id}-${name}-t`, `${id}-${name}-d`];
    const head = `<title id="${heading}">${escapeText(title)}</title><desc id="${text}">${escapeText(plainWords(subtitle))}</desc>`;
    return `<svg class="gf v-${name}" viewBox="0 0 ${width} ${round(height)}" role="img" aria-labelledby="${heading} ${text}">${head}${body}</svg>`;
  });
  const caption = `<figcaption><h3>${escapeText(title)}</h3><p>${wordsHtml(subtitle, mark)}</p></figcaption>`;
  const told = wordsHtml(note ?? "", mark);
  const below = told === "" ? "" : `<p class="note">${told}</p>`;
  const table = `<details><summary>Numbers<span class="vh"> of ${escapeText(title)}</span></summary>${tableHtml(numbers, mark)}</details>`;
  return `<figure id="${id}" class="${isWide ? "full" : "half"}${isTall ? " tall" : ""}">${caption}${drawn.join("")}${below}${table}</figure>`;
}

/** Text columns that a reader skims; a wide one wraps. */
export function tableHtml(
  { caption, columns, rows, figureAt }: NumberTable,
  mark: MarkNumber = unmarked,
): string {
  const head = columns.map(({ name, unit, isText }) => {
    const style = isText ? ' class="l"' : "";
    return `<th scope="col"${style}>${escapeText(name)}${unit ? `<span>${escapeText(unit)}</span>` : ""}</th>`;
  });
  const tags = columns.map(({ isText }) => (isText ? '<td class="l">' : "<td>"));
  const body = rows.map((row, rowIndex) => {
    const texts = escapeTexts(row);
    // A report marks nothing, so that it need not look up which figure each cell shows.
    const isMarked = mark !== unmarked;
    let cells = "";
    for (let index = 1; index < texts.length; index++) {
      const shown = isMarked ? mark(texts[index], figureAt?.(rowIndex, index)) : texts[index];
      cells += `${tags[index]}${shown}</td>`;
    }
    return `<tr><th scope="row">${texts[0]}</th>${cells}</tr>`;
  });
  const label = escapeText(caption);
  return `<div class="scroll" tabindex="0" role="group" aria-label="${label}"><table><caption>${label}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}
