/** Styles that the page shares with reports; the build puts them into the page's head. */
import { COLOURS } from "../../charts/kit/palette.ts";
import { colourStyle } from "../../report/page/page.ts";

export { CONTENT_STYLE, PAGE_SCRIPT } from "../../report/page/page-style.ts";

/** Rules of every colour, since the page does not know which ones its pictures will use. */
export const PAGE_COLOURS = colourStyle(
  COLOURS.map((name) => `<i class="f-${name} s-${name} t-${name} o-${name}">`).join(""),
);
