/** SVG as text: elements, and how wide a text is. No DOM; the same input gives the same bytes. */

type Attributes = Readonly<Record<string, string | number | undefined>>;
export type Anchor = "start" | "middle" | "end";

/** Characters to escape in text and attributes, and those that XML forbids. */
const SPECIAL = /[&<>"]|[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
/** All that is neither of them for certain: a test of it passes over most texts at once. */
const SUSPECT = /[^ !#-%'-;=?-~\u00a0-\u2fff]/;
const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text safe between tags and in attributes; characters that XML does not allow become U+FFFD. */
export function escapeText(text: string): string {
  return SUSPECT.test(text) ? text.replace(SPECIAL, (letter) => ESCAPES[letter] ?? "\ufffd") : text;
}

/** Texts safe as by `escapeText`; most have nothing to escape, and together they are looked through once. */
export function escapeTexts(texts: readonly string[]): readonly string[] {
  return SUSPECT.test(texts.join("")) ? texts.map(escapeText) : texts;
}

/** A coordinate with one decimal: finer is not seen, and the last bit of a logarithm does not change the file. */
export function round(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}

export function element(tag: string, attributes: Attributes, children = ""): string {
  return closed(tag, listed(attributes), children);
}

function closed(tag: string, attributes: string, children: string): string {
  return children === "" ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${children}</${tag}>`;
}

function listed(attributes: Attributes): string {
  let list = "";
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined && value !== "")
      list += ` ${name}="${typeof value === "number" ? round(value) : escapeText(value)}"`;
  }
  return list;
}

/** Classes of the palette, which need no escaping, and what else a mark has. */
function styled(style: string, more: Attributes | undefined): string {
  const list = style === "" ? "" : ` class="${style}"`;
  return more ? list + listed(more) : list;
}

/** A text; `style` are classes of the palette. */
export function label(x: number, y: number, text: string, style = "ink", anchor: Anchor = "start"): string {
  const side = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return closed(
    "text",
    ` x="${round(x)}" y="${round(y)}"${styled(style, undefined)}${side}`,
    escapeText(text),
  );
}

export function segment(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  style: string,
  more?: Attributes,
): string {
  const ends = ` x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"`;
  return `<line${ends}${styled(style, more)}/>`;
}

/** A rectangle, with a tooltip where there is one. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  style: string,
  tip = "",
  more?: Attributes,
): string {
  const size = ` width="${round(Math.max(0, width))}" height="${round(Math.max(0, height))}"`;
  return closed("rect", ` x="${round(x)}" y="${round(y)}"${size}${styled(style, more)}`, titleOf(tip));
}

export function circle(
  x: number,
  y: number,
  radius: number,
  style: string,
  tip = "",
  more?: Attributes,
): string {
  const place = ` cx="${round(x)}" cy="${round(y)}" r="${round(radius)}"`;
  return closed("circle", place + styled(style, more), titleOf(tip));
}

export function shape(path: string, style: string, more?: Attributes): string {
  return path === "" ? "" : `<path d="${path}"${styled(style, more)}/>`;
}

function titleOf(tip: string): string {
  return tip === "" ? "" : `<title>${escapeText(tip)}</title>`;
}

/** Diagonal lines as a fill: `id` must be one of its own for each drawing, since a hidden drawing's pattern paints nothing. */
export function hatch(id: string, colour: string, step = 5): string {
  const line = segment(0, 0, 0, step, `s-${colour}`, { "stroke-width": 1.6 });
  const size = { width: step, height: step };
  return element(
    "pattern",
    { id, ...size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    line,
  );
}

/** Advances of Helvetica in thousandths of the size, for what is not 556 (667 for capitals). */
const ADVANCES: Readonly<Record<string, number>> = {
  ...sized(222, "ijl'\u2018\u2019"),
  ...sized(278, "I.,:;/ \u00a0tf![]|"),
  ...sized(333, "r()-`\u201c\u201d"),
  ...sized(500, "ksvxyczJ"),
  ...sized(556, "\u2013\u2265"),
  ...sized(584, "+\u2212<>="),
  ...sized(722, "wCDHNRU"),
  ...sized(778, "GOQ"),
  ...sized(833, "mM"),
  ...sized(889, "%"),
  ...sized(944, "W"),
  ...sized(1000, "\u2026@"),
  "\u202f": 200,
};

function sized(width: number, letters: string): Record<string, number> {
  return Object.fromEntries([...letters].map((letter) => [letter, width]));
}

/** How wide a text is at most [px]; letters that are not Latin count as wide as an em. */
export function widthOf(text: string, size = 12, isBold = false): number {
  let sum = 0;
  for (const letter of text) sum += ADVANCES[letter] ?? otherAdvance(letter);
  return (sum / 1000) * size * (isBold ? 1.07 : 1);
}

function otherAdvance(letter: string): number {
  if (letter >= "A" && letter <= "Z") return 667;
  return letter < "\u0250" ? 556 : 1000;
}

/** A text cut to a width, with an ellipsis where something is missing. */
export function fitText(text: string, width: number, size = 12, isBold = false): string {
  if (widthOf(text, size, isBold) <= width) return text;
  const letters = [...text];
  while (letters.length > 0 && widthOf(`${letters.join("")}\u2026`, size, isBold) > width) letters.pop();
  return `${letters.join("").trimEnd()}\u2026`;
}

/** Lines of a text that fit a width, at most `most`; the last is cut. */
export function wrapLines(
  text: string,
  width: number,
  most = 3,
  size = 12,
  isBold = false,
): readonly string[] {
  const lines: string[] = [];
  let rest = text.split(/\s+/).filter(Boolean);
  while (rest.length > 0 && lines.length < most) {
    let count = 1;
    while (count < rest.length && widthOf(rest.slice(0, count + 1).join(" "), size, isBold) <= width) count++;
    if (lines.length === most - 1) count = rest.length;
    lines.push(fitText(rest.slice(0, count).join(" "), width, size, isBold));
    rest = rest.slice(count);
  }
  return lines;
}

/** Moves labels apart along an axis so that neighbours keep a distance; their order stays, and so do ends where there is room. */
export function keepApart(
  places: readonly number[],
  gaps: number | ((lower: number, upper: number) => number),
  low: number,
  high: number,
): readonly number[] {
  const order = places.map((_, index) => index).sort((a, b) => places[a] - places[b]);
  const moved = [...places];
  const gapOf = typeof gaps === "number" ? () => gaps : gaps;
  order.forEach((own, rank) => {
    const before = order[rank - 1];
    moved[own] = Math.max(moved[own], rank === 0 ? low : moved[before] + gapOf(before, own));
  });
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const [own, next] = [order[rank], order[rank + 1]];
    moved[own] = Math.min(moved[own], next === undefined ? high : moved[next] - gapOf(own, next));
  }
  return moved;
}
