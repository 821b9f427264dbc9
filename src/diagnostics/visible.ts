/** A tab of the source is shown as this many spaces. */
const TAB_WIDTH = 4;

/**
 * Invisible characters that reorder or hide neighbouring text: soft hyphen, zero widths, line and paragraph ends, bidi
 * controls, byte order mark.
 */
const HIDDEN = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;

/** Texts of printable ASCII, as nearly all are: each character is visible, and takes one column. */
const PLAIN = /^[ -~]*$/;

/** Scripts and symbols that take two columns on a terminal. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/**
 * Shows a character in a form that can affect neither the terminal nor the text around it.
 *
 * Control characters become their pictures (escape is `␛`), tabs become spaces, and characters that hide or reorder text
 * become their number, such as `<U+202E>`.
 */
export function visibleCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\t") return " ".repeat(TAB_WIDTH);
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  const isLoneSurrogate = code >= 0xd800 && code <= 0xdfff;
  if ((code > 0x7f && code < 0xa0) || isLoneSurrogate || code >= 0xe0000 || HIDDEN.test(character)) {
    return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  }
  return character;
}

/** Shows a text on one line with every character visible; see `visibleCharacter`. */
export function visibleText(text: string): string {
  if (PLAIN.test(text)) return text;
  let shown = "";
  for (const character of text) shown += visibleCharacter(character);
  return shown;
}

/** Columns that a visible text takes on a terminal: none for combining marks, two for wide scripts. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
