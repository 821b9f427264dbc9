import { classesIn, colourRules, PAPER, PICTURE_RULES } from "./palette.ts";
import { FULL, HALF, type Picture } from "./picture.ts";
import { plainWords } from "./sentence.ts";
import { element, escapeText, label, round, wrapLines } from "./svg.ts";

const MARGIN = 16;
/** Width of a wide picture as a file: a slide's rather than a page's [px]. */
const FILE_WIDTH = 760;

/**
 * Writes a picture as a file that stands alone: title and subtitle inside, its colours with it, dark where the reader's screen is.
 *
 * Fails: never. The same picture gives the same bytes.
 */
export function svgFile(
  picture: Picture,
  width = picture.isWide ? Math.min(FULL, FILE_WIDTH) : HALF,
): string {
  const { height, body } = picture.draw(width);
  const titles = wrapLines(picture.title, width, 3, 16, true);
  const subtitle = plainWords(picture.subtitle);
  const subtitles = wrapLines(subtitle, width, 4);
  const head = titles.length * 21 + subtitles.length * 16 + 12;
  const texts = [
    ...titles.map((text, index) => label(0, 16 + index * 21, text, "ink ttl")),
    ...subtitles.map((text, index) => label(0, titles.length * 21 + 12 + index * 16, text, "soft")),
  ].join("");
  const drawn = `${texts}${element("g", { transform: `translate(0,${head})` }, body)}`;
  const used = classesIn(drawn);
  const light = PICTURE_RULES + colourRules("light", used);
  const style = `${light}@media (prefers-color-scheme:dark){${colourRules("dark", used)}}`;
  const [wide, high] = [width + 2 * MARGIN, round(height + head + 2 * MARGIN)];
  const attributes = `class="gf" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" role="img" aria-labelledby="t d"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>`,
    `<title id="t">${escapeText(picture.title)}</title><desc id="d">${escapeText(subtitle)}</desc>`,
    `<style>${style.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</style>`,
    element("rect", { width: "100%", height: "100%", class: "f-paper", fill: PAPER.light.paper }),
    element("g", { transform: `translate(${MARGIN},${MARGIN})` }, drawn),
    "</svg>\n",
  ].join("\n");
}
