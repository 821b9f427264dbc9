import { CODES, type CodeEntry, type Severity } from "./codes.ts";
import { type Diagnostic, headlineOf, type RelatedPlace, type Span } from "./diagnostic.ts";
import { makeExcerpt } from "./excerpt.ts";
import { visibleText } from "./visible.ts";

/** Parts of the full form that may be coloured. */
export type ColourRole = "error" | "warning" | "headline" | "place" | "gutter" | "note";

/** Colours a text that is already safe to print. */
export type Colour = (role: ColourRole, text: string) => string;

/** What `renderFull` needs besides the diagnostics. */
export type RenderOptions = {
  /** Text of each file, by the name that spans use; a missing file is shown without an excerpt. */
  readonly sources?: ReadonlyMap<string, string>;
  /** Colours for a terminal; none if absent. */
  readonly colour?: Colour;
};

/** Number of diagnostics shown in full; the rest are counted. */
const FULL_COUNT = 20;

/**
 * Renders diagnostics for a reader: headline, place, source lines with carets, expected values, remedy.
 *
 * Shows at most 20 diagnostics, errors first if there are more, and counts the rest. Ends with the count of errors and
 * warnings. All text of the user is made visible, so hostile source cannot control the terminal.
 *
 * @param diagnostics in the order to show them, see `sortDiagnostics`
 * @return text that ends with a line feed, or nothing if there are no diagnostics
 *
 * Fails: never.
 */
export function renderFull(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  if (diagnostics.length === 0) return "";
  const shown = selectShown(diagnostics);
  const page: Page = {
    lines: readSources(options.sources),
    colour: options.colour ?? ((_role, text) => text),
    explained: new Set(),
  };
  const blocks = shown.map((diagnostic) => renderOne(diagnostic, page));
  if (shown.length < diagnostics.length) blocks.push(`and ${diagnostics.length - shown.length} more`);
  blocks.push(countLine(diagnostics));
  return `${blocks.join("\n\n")}\n`;
}

/**
 * Renders each diagnostic on one line, `file:line:column: severity[code]: headline`, which editors make clickable.
 *
 * Fails: never.
 */
export function renderConcise(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map((diagnostic) => {
      const place = diagnostic.span ? `${placeOf(diagnostic.span)}: ` : "";
      return `${place}${diagnostic.severity}[${diagnostic.code}]: ${visibleText(headlineOf(diagnostic))}\n`;
    })
    .join("");
}

/**
 * Renders each diagnostic as a JSON object on one line, for other programs.
 *
 * Characters that a terminal would interpret are escaped, which JSON readers undo.
 *
 * Fails: never.
 */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map((diagnostic) => {
      const { code, severity, values, path, span, related, expected, help } = diagnostic;
      const line = JSON.stringify({
        code,
        severity,
        headline: headlineOf(diagnostic),
        values,
        path,
        span,
        related,
        expected,
        help,
      });
      return `${line.replace(UNSAFE_IN_JSON, escapeCharacter)}\n`;
    })
    .join("");
}

/** `1 error, 2 warnings; nothing was simulated`: the last line of the full form. */
export function countLine(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const parts = [countOf(errors, "error"), countOf(diagnostics.length - errors, "warning")].filter(
    (part) => part !== "",
  );
  return `${parts.join(", ")}${errors > 0 ? "; nothing was simulated" : ""}`;
}

/** Delete, C1 controls, Unicode line ends, and characters that hide or reorder text. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function countOf(count: number, word: string): string {
  return count === 0 ? "" : `${count} ${word}${count === 1 ? "" : "s"}`;
}

function selectShown(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= FULL_COUNT) return diagnostics;
  const rank: Record<Severity, number> = { error: 0, warning: 1 };
  const ranked = diagnostics.map((diagnostic, index) => ({ diagnostic, index }));
  ranked.sort((a, b) => rank[a.diagnostic.severity] - rank[b.diagnostic.severity]);
  return ranked
    .slice(0, FULL_COUNT)
    .sort((a, b) => a.index - b.index)
    .map(({ diagnostic }) => diagnostic);
}

/** State shared by all diagnostics of a page. */
type Page = {
  readonly lines: ReadonlyMap<string, readonly string[]>;
  readonly colour: Colour;
  /** Codes whose `more:` line has been printed. */
  readonly explained: Set<string>;
};

function readSources(
  sources: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, readonly string[]>();
  for (const [file, text] of sources ?? []) lines.set(file, text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/));
  return lines;
}

function renderOne(diagnostic: Diagnostic, page: Page): string {
  const { colour } = page;
  const entry: CodeEntry = CODES[diagnostic.code];
  const related = diagnostic.related ?? [];
  const width = gutterWidth([diagnostic.span, ...related.map((place) => place.span)]);
  const gutter = `${" ".repeat(width + 1)} `;
  const headline = visibleText(headlineOf(diagnostic));
  const lines = [
    `${colour(diagnostic.severity, `${diagnostic.severity}[${diagnostic.code}]`)}${colour("headline", `: ${headline}`)}`,
  ];
  if (diagnostic.span) {
    lines.push(
      `${" ".repeat(width + 1)}${colour("gutter", "-->")} ${colour("place", placeOf(diagnostic.span))}`,
    );
    lines.push(
      ...renderExcerpt(
        diagnostic.span,
        entry.label?.(diagnostic.values) ?? "",
        diagnostic.severity,
        width,
        page,
      ),
    );
  }
  for (const place of related) lines.push(...renderRelated(place, width, page));
  const note = (name: string, text: string): void => {
    lines.push(`${gutter}${colour("gutter", "=")} ${colour("note", `${name}:`)} ${visibleText(text)}`);
  };
  if (diagnostic.expected) note("expected", diagnostic.expected);
  if (diagnostic.help) note("help", diagnostic.help);
  if (!page.explained.has(diagnostic.code)) note("more", `gigafleet explain ${diagnostic.code}`);
  page.explained.add(diagnostic.code);
  return lines.join("\n");
}

/** A related place: its source, if available, with the note beside the carets; otherwise a line of its own. */
function renderRelated(place: RelatedPlace, width: number, page: Page): string[] {
  const { colour } = page;
  if (!place.span)
    return [
      `${" ".repeat(width + 2)}${colour("gutter", "=")} ${colour("note", "note:")} ${visibleText(place.note)}`,
    ];
  const excerpt = renderExcerpt(place.span, place.note, "note", width, page);
  const where = `${" ".repeat(width + 1)}${colour("gutter", ":::")} ${colour("place", placeOf(place.span))}`;
  return excerpt.length > 0 ? [where, ...excerpt] : [`${where} ${visibleText(place.note)}`];
}

/** The line of the span and the one before it, with carets; empty if the source is not available. */
function renderExcerpt(span: Span, label: string, role: ColourRole, width: number, page: Page): string[] {
  const source = page.lines.get(span.file);
  const line = source?.[span.line - 1];
  if (source === undefined || line === undefined) return [];
  const { colour } = page;
  const bar = colour("gutter", "|");
  const empty = `${" ".repeat(width + 2)}${bar}`;
  const numbered = (number: number, text: string): string =>
    ` ${colour("gutter", String(number).padStart(width))} ${bar} ${text}`.trimEnd();
  const lines = [empty];
  const before = source[span.line - 2];
  if (before !== undefined && before.trim() !== "")
    lines.push(numbered(span.line - 1, makeExcerpt(before, { column: 1, length: 1 }).text));
  const excerpt = makeExcerpt(line, span);
  const carets = colour(role, "^".repeat(excerpt.caretLength) + (label ? ` ${visibleText(label)}` : ""));
  lines.push(numbered(span.line, excerpt.text), `${empty} ${" ".repeat(excerpt.caretStart)}${carets}`, empty);
  return lines;
}

function gutterWidth(spans: readonly (Span | undefined)[]): number {
  return Math.max(1, ...spans.map((span) => (span ? String(span.line).length : 1)));
}

function placeOf(span: Span): string {
  return `${visibleText(span.file)}:${span.line}:${span.column}`;
}
